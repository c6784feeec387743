import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { one } from '../../db/unit.ts'

/** Retention of codes by e-mail, challenges, attempts and counts, at most `limit` rows of a kind. Tells what went. */
export async function purgeCredentials(ctx: Context, limit: number): Promise<Record<string, number>> {
  const rows = await ctx.db.write(
    [],
    sql<{ purged: Record<string, number> }>`select khidma.purge_credentials(${limit}) as purged`,
  )
  return one(rows).purged
}
