import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { one } from '../../db/unit.ts'

/** Adds the lines of finished transactions to the balances of platform accounts, so that readers add up a short tail. */
export async function rollUpBalances(ctx: Context): Promise<number> {
  const rows = await ctx.db.write([], sql<{ accounts: number }>`select khidma.roll_up_balances() as accounts`)
  return one(rows).accounts
}
