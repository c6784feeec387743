import type { Actor, Context, UserActor, UserRole } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { createUnit, type Idempotency } from '../../src/db/unit.ts'
import type { Env } from '../../src/env.ts'
import { localUrl } from '../../tools/database/real.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { startNeonLocal } from '../../tools/neon-local/server.ts'
import { contextSecrets } from './secrets.ts'

export interface NodeContexts {
  /** A context of its own for each call, as a request would have; the database role is the application's. */
  contextOf(person: { id: string | null; role: string }, idempotency?: Idempotency): Context<UserActor>
  /** The same for a job. */
  systemContext(job: string): Context
  /** The next round trips take effect, and their answers never come. */
  loseReplies(count: number): void
  close(): Promise<void>
}

/** Runs verbs in Node against a real database, each on a connection of its own. */
export async function openContexts(ownerUrl: string, poolSize: number): Promise<NodeContexts> {
  const backend = postgresBackend({ url: ownerUrl, poolSize })
  const shim = await startNeonLocal({ backend })
  const env = {
    DATABASE_URL: localUrl(new URL(ownerUrl).pathname.slice(1)),
    DATABASE_HTTP: shim.url,
  } as Env
  function contextFor<A extends Actor>(actor: A, idempotency: Idempotency | null = null): Context<A> {
    const requestId = newId()
    return {
      actor,
      db: createUnit({ env, actor, requestId, idempotency }),
      now: new Date(),
      requestId,
      locale: 'en',
      ipAddress: null,
      userAgent: null,
      secrets: contextSecrets,
    }
  }
  return {
    contextOf({ id, role }, idempotency) {
      if (id === null) throw new Error('A person has an id.')
      return contextFor<UserActor>(
        { kind: 'user', userId: id, role: role as UserRole, sessionId: newId() },
        idempotency,
      )
    },
    systemContext: (job) => contextFor({ kind: 'system', job }),
    loseReplies: (count) => shim.loseReplies(count),
    async close() {
      await shim.close()
      await backend.close()
    },
  }
}
