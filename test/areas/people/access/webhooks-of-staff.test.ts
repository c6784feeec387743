import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aClient, anAdmin, anOps, aPostedTask, ok } from '../../../support/story.ts'
import { aClerk, dismiss } from './support.ts'

/** They hear of what all other tests do. */
afterAll(() =>
  database().write([sql`delete from webhook_subscriptions where url = 'https://hooks.example/x'`]),
)

/** As `POST /v1/webhooks` leaves it, at an address that nobody has. */
async function aSubscription({ userId }: Caller): Promise<string> {
  const id = newId()
  await database().write([
    sql`insert into webhook_subscriptions (id, user_id, url, events, secret, created_at)
        values (${id}, ${userId}, 'https://hooks.example/x', array['*'], 'whsec_x', now() - interval '1 hour')`,
  ])
  return id
}

/** Which of them hear that a task of this client was posted. */
async function heardBy(taskId: string, subscriptions: string[]): Promise<boolean[]> {
  const [row] = await database().read<{ all: string[] }>(
    sql`select f.subscriptions as all from outbox o cross join lateral khidma.event_for_fan_out(o.id) f
         where o.object_id = ${taskId} and o.type = 'task.posted'`,
  )
  return subscriptions.map((id) => row?.all.includes(id) ?? false)
}

describe('the webhook of staff', () => {
  it('gets all events with `events.read`, and otherwise those that concern its owner', async () => {
    const people = [
      await anOps(),
      await aClerk(['tasks.read']),
      await aClerk([]),
      await aClerk(['events.read']),
    ]
    const hooks = await Promise.all(people.map(aSubscription))
    const [first] = people as [Caller]
    const { taskId } = await aPostedTask()
    expect(await heardBy(taskId, hooks)).toEqual([true, false, false, true])
    await dismiss(first.userId)
    expect(await heardBy(taskId, hooks)).toEqual([false, false, false, true])
  })
})

describe('the webhook of a suspended account', () => {
  it('gets no event until the account is reinstated', async () => {
    const [admin, client, ops] = [await anAdmin(), await aClient(), await anOps()]
    const hooks = [await aSubscription(client), await aSubscription(ops)]
    const { taskId } = await aPostedTask({ client })
    expect(await heardBy(taskId, hooks)).toEqual([true, true])
    for (const [verb, hears] of [
      ['suspend', false],
      ['reinstate', true],
    ] as const) {
      for (const { userId } of [client, ops])
        await ok(api(`/v1/users/${userId}/${verb}`, { as: admin, body: { reason: 'An audit' } }))
      expect(await heardBy(taskId, hooks)).toEqual([hears, hears])
    }
  })
})
