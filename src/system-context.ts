import { waitUntil } from 'cloudflare:workers'
import { type Actor, type Context, secretsOf } from './core/context.ts'
import type { EventOf } from './core/events.ts'
import { newId } from './core/ids.ts'
import { createUnit } from './db/unit.ts'
import type { Env } from './env.ts'
import { followUp, reactBeforeAnswer } from './queues/reactions.ts'

export type SystemActor = Extract<Actor, { kind: 'system' }>

/**
 * The context of work that nobody asked for over HTTP: alarms, queue consumers, cron. One for each unit of work, so that
 * `now` and `requestId` are its own. `job` names it in the audit log.
 */
export function systemContext(env: Env, job: string, requestId: string = newId()): Context<SystemActor> {
  const actor: SystemActor = { kind: 'system', job }
  const onEvents = (events: EventOf[]) => {
    waitUntil(followUp(env, events))
    return reactBeforeAnswer(env, events)
  }
  return {
    actor,
    db: createUnit({ env, actor, requestId, onEvents }),
    now: new Date(),
    requestId,
    locale: 'en',
    ipAddress: null,
    userAgent: null,
    secrets: secretsOf(env),
  }
}
