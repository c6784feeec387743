import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { one } from '../../../db/unit.ts'
import type { AccountKind } from './posting.ts'

export interface TrialBalanceRow {
  accounts: { account: AccountKind; currency: string; accounts: number; balance: number }[]
  totals: { currency: string; balance: number }[]
}

/** All accounts at one moment: one statement, so that a posting is in it wholly or not at all. */
export async function getTrialBalance(ctx: Context): Promise<TrialBalanceRow> {
  const rows = await ctx.db.read<TrialBalanceRow>(sql`
    with kinds as (
      select kind as account, currency, count(*)::int as accounts, sum(balance)::bigint as balance
        from account_balances group by kind, currency
    ), totals as (
      select currency, sum(balance)::bigint as balance from kinds group by currency
    )
    select coalesce((select json_agg(k order by k.currency, k.account) from kinds k), '[]') as accounts,
           coalesce((select json_agg(t order by t.currency) from totals t), '[]') as totals`)
  return one(rows)
}
