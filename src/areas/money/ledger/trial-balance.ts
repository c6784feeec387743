import { sql } from 'drizzle-orm'
import { accountKinds } from '../../../core/account-kinds.ts'
import type { Context } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { int, list, nullable, oneOf, type RowOf, rowsOf, text, time } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'

const trialBalanceRow = {
  /** Null: now. */
  at: nullable(time),
  accounts: list({ account: oneOf(accountKinds), currency: text, accounts: int, balance: int }),
  totals: list({ currency: text, balance: int }),
}
export type TrialBalanceRow = RowOf<typeof trialBalanceRow>

/**
 * All accounts at one moment: one statement, so that a posting is in it wholly or not at all. A past moment is today's balances less
 * the lines since: all lines of an entry have the time of its transaction, so that each currency adds up to zero there as well.
 */
export async function getTrialBalance(ctx: Context, at: string | null): Promise<TrialBalanceRow> {
  const rows = await ctx.db.read(rowsOf(trialBalanceRow)`
    with moment as (
      select least(coalesce(${at}::timestamptz, now()), now()) as at
    ), since as (
      select l.account_id, sum(l.amount) as amount from ledger_lines l, moment m
       where ${at !== null} and l.created_at > m.at and l.id >= khidma.first_uuid_v7(m.at - interval '1 minute') group by l.account_id
    ), kinds as (
      select v.kind as account, v.currency, count(*)::int as accounts, sum(v.balance - coalesce(s.amount, 0))::bigint as balance
        from account_balances v join ledger_accounts a on a.id = v.id left join since s on s.account_id = v.id, moment m
       where a.created_at <= m.at group by v.kind, v.currency
    ), totals as (
      select currency, sum(balance)::bigint as balance from kinds group by currency
    )
    select case when ${at !== null} then ${isoTime(sql`m.at`)} end as at,
           coalesce((select json_agg(k order by k.currency, k.account) from kinds k), '[]') as accounts,
           coalesce((select json_agg(t order by t.currency) from totals t), '[]') as totals
      from moment m`)
  return one(rows)
}
