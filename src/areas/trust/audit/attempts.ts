import type { RefusedAttempt } from '../../../core/attempts.ts'
import { type Actor, type Context, isStaff } from '../../../core/context.ts'
import { int, rowsOf } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'

/**
 * Limits on the rows that all isolates together may write in a minute: for one caller, for all callers without a name, and
 * for all callers with one.
 */
const limits = { perCaller: 30, anonymous: 600, known: 6_000 }

/** Says how many were written. */
export async function logAttempts(ctx: Context, attempts: RefusedAttempt[]): Promise<number> {
  const rows = await ctx.db.write(
    [],
    rowsOf({
      written: int,
    })`select khidma.log_attempts(${JSON.stringify(attempts.map(rowOf))}::jsonb, ${JSON.stringify(limits)}::jsonb) as written`,
  )
  return one(rows).written
}

function rowOf({ actor, code, isLast, ipAddress, ...attempt }: RefusedAttempt): Record<string, unknown> {
  return { ...attempt, ip: ipAddress, ...whoOf(actor), meta: { code, ...(isLast && { isLast }) } }
}

function whoOf(actor: Actor): Record<string, unknown> {
  switch (actor.kind) {
    case 'user': {
      const { userId, role, sessionId, key } = actor
      const actorType = key ? 'key' : isStaff(actor) ? 'employee' : 'user'
      const actorId = key?.keyId ?? userId
      return { actorType, actorId, actorUserId: userId, actorRole: role, sourceId: sessionId }
    }
    case 'system':
      return { actorType: 'system', actorId: actor.job, actorRole: 'system' }
    case 'provider':
      return { actorType: 'provider', actorId: actor.provider, actorRole: 'provider' }
    case 'anonymous':
      return { actorType: 'anonymous', actorId: null, actorRole: 'anonymous' }
  }
}
