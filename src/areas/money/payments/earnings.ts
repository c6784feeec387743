import type { Context, UserActor } from '../../../core/context.ts'
import { int, list, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { payoutColumns, payoutRow } from '../payouts/payouts.ts'

const currencyEarnings = {
  currency: text,
  payableAmount: int,
  owedFeeAmount: int,
  owedRefundAmount: int,
  paidOutAmount: int,
}

const earningsRow = { currencies: list(currencyEarnings), recentPayouts: list(payoutRow) }
export type EarningsRow = RowOf<typeof earningsRow>

const recentPayoutsLimit = 20

/** The balances of a tasker: what the platform owes them, what they owe it, and what they have received. */
export async function getEarnings(ctx: Context<UserActor>): Promise<EarningsRow> {
  const me = ctx.actor.userId
  const rows = await ctx.db.read(rowsOf(earningsRow)`
    with balances as (
      select currency, kind, balance from account_balances where owner_user_id = ${me}
         and kind in ('tasker_payable', 'commission_receivable', 'refund_receivable')
    ), paid as (
      select currency, sum(amount)::bigint as amount from payouts where user_id = ${me} and status = 'paid' and kind <> 'withdrawal' group by currency
    )
    select coalesce((select json_agg(c order by c.currency) from (
             select k.currency,
                    coalesce(sum(b.balance) filter (where b.kind = 'tasker_payable'), 0)::bigint as "payableAmount",
                    coalesce(-sum(b.balance) filter (where b.kind = 'commission_receivable'), 0)::bigint as "owedFeeAmount",
                    coalesce(-sum(b.balance) filter (where b.kind = 'refund_receivable'), 0)::bigint as "owedRefundAmount",
                    coalesce((select p.amount from paid p where p.currency = k.currency), 0) as "paidOutAmount"
               from (select currency from balances union select currency from paid) k
               left join balances b on b.currency = k.currency
              group by k.currency) c), '[]') as currencies,
           coalesce((select json_agg(r) from (
             select ${payoutColumns} from payouts p where p.user_id = ${me} and p.kind <> 'withdrawal'
              order by p.created_at desc, p.id desc limit ${recentPayoutsLimit}) r), '[]') as "recentPayouts"`)
  return one(rows)
}
