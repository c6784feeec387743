import type { Context } from '../../../core/context.ts'
import { int, list, oneOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { accountKinds } from './postings.ts'

const trialBalanceRow = {
  accounts: list({ account: oneOf(accountKinds), currency: text, accounts: int, balance: int }),
  totals: list({ currency: text, balance: int }),
}
export type TrialBalanceRow = RowOf<typeof trialBalanceRow>

/** All accounts at one moment: one statement, so that a posting is in it wholly or not at all. */
export async function getTrialBalance(ctx: Context): Promise<TrialBalanceRow> {
  const rows = await ctx.db.read(rowsOf(trialBalanceRow)`
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
