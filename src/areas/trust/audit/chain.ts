import type { Context } from '../../../core/context.ts'
import { bool, date, int, list, nullable, oneOf, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'

const dayHead = {
  day: date,
  rows: int,
  /** Hex. */
  head: text,
}
export type DayHead = RowOf<typeof dayHead>

const sealReport = {
  sealed: int,
  /** Rows that had waited for longer than five minutes: the sealer did not run. */
  overdue: int,
  /** The days of the last week that have ended: their heads belong where the database cannot reach. */
  closed: list(dayHead),
}
export type SealReport = RowOf<typeof sealReport>

/** Chains what is committed and not yet chained, at most `limit` rows. A second sealer at the same time does nothing. */
export async function sealAuditLog(ctx: Context, limit: number): Promise<SealReport> {
  return one(await ctx.db.write([], rowsOf(sealReport)`select * from khidma.seal_audit(${limit}, false)`))
}

const breakReasons = ['changed', 'missing', 'reordered', 'unsealed'] as const
export type BreakReason = (typeof breakReasons)[number]

const verification = {
  verified: int,
  redacted: int,
  sealedLate: int,
  throughDay: nullable(date),
  throughPosition: nullable(int),
  complete: bool,
  broken: nullable({
    id: nullable(uuid),
    day: date,
    position: nullable(int),
    reason: oneOf(breakReasons),
  }),
  days: list({ ...dayHead, purged: bool }),
}
export type Verification = RowOf<typeof verification>

export interface VerificationRange {
  /** UTC days, both included. */
  from: string
  to: string
  after?: { day: string; position: number } | undefined
  maxRows: number
}

/** Seals what waits, then walks the chain and stops at the first row that is not as it was sealed. */
export async function verifyAuditLog(
  ctx: Context,
  { from, to, after, maxRows }: VerificationRange,
): Promise<Verification> {
  const rows = await ctx.db.write(
    [],
    rowsOf(verification)`
    select v.verified, v.redacted, v.sealed_late as "sealedLate", v.through_day as "throughDay",
           v.through_position as "throughPosition", v.complete, v.broken, v.days
      from khidma.verify_audit(${from}::date, ${to}::date, ${after?.day ?? null}::date,
                               ${after?.position ?? null}::bigint, ${maxRows}) v`,
  )
  return one(rows)
}
