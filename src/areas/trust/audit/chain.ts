import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { one } from '../../../db/unit.ts'

export interface SealReport {
  sealed: number
  /** Rows that had waited for longer than five minutes: the sealer did not run. */
  overdue: number
  /** The days of the last week that have ended: their heads belong where the database cannot reach. */
  closed: DayHead[]
}

export interface DayHead {
  day: string
  rows: number
  /** Hex. */
  head: string
}

/** Chains what is committed and not yet chained, at most `limit` rows. A second sealer at the same time does nothing. */
export async function sealAuditLog(ctx: Context, limit: number): Promise<SealReport> {
  return one(await ctx.db.write<SealReport>([], sql`select * from khidma.seal_audit(${limit}, false)`))
}

export type BreakReason = 'changed' | 'missing' | 'reordered' | 'unsealed'

export interface Verification {
  verified: number
  redacted: number
  sealedLate: number
  throughDay: string | null
  throughPosition: number | null
  complete: boolean
  broken: { id: string | null; day: string; position: number | null; reason: BreakReason } | null
  days: (DayHead & { purged: boolean })[]
}

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
  const rows = await ctx.db.write<Verification>(
    [],
    sql`
    select v.verified, v.redacted, v.sealed_late as "sealedLate", v.through_day as "throughDay",
           v.through_position as "throughPosition", v.complete, v.broken, v.days
      from khidma.verify_audit(${from}::date, ${to}::date, ${after?.day ?? null}::date,
                               ${after?.position ?? null}::bigint, ${maxRows}) v`,
  )
  return one(rows)
}
