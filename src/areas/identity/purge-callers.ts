import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { one } from '../../db/unit.ts'

/** Retention of devices, sessions and API keys, at most `limit` rows of a kind. Tells what went. */
export async function purgeCallers(ctx: Context, limit: number): Promise<Record<string, number>> {
  const rows = await ctx.db.write(
    [],
    sql<{ purged: Record<string, number> }>`select khidma.purge_callers(${limit}) as purged`,
  )
  return one(rows).purged
}
