import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { date, int, list, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { actsFor } from '../../people/companies/members.ts'
import { payoutColumns, payoutRow } from '../payouts/payouts.ts'

const currencyEarnings = {
  currency: text,
  payableAmount: int,
  owedFeeAmount: int,
  owedRefundAmount: int,
  paidOutAmount: int,
}

export const periodLengths = ['day', 'week', 'month'] as const

/** Sums of one period, in the user's own time. */
const periodEarnings = {
  currency: text,
  startsOn: date,
  fareAmount: int,
  commissionAmount: int,
  withheldTaxAmount: int,
  tipAmount: int,
  refundAmount: int,
  nettedAmount: int,
  paidOutAmount: int,
}

const earningsRow = {
  currencies: list(currencyEarnings),
  recentPayouts: list(payoutRow),
  periods: list(periodEarnings),
}
export type EarningsRow = RowOf<typeof earningsRow>

const recentPayoutsLimit = 20

export interface EarningsPeriods {
  /** Calendar days in the user's own time; both belong to it. */
  from: string
  to: string
  by: (typeof periodLengths)[number]
}

/** Payments `p` whose money is the user's: of their own work, and of the bookings of their company that it earns. */
const earnedBy = (me: string): SQL => sql`
  (p.payee_id = ${me} or p.booking_id in (select b.id from bookings b where b.company_id = ${me} and b.payout_to = 'company'))
    and khidma.credited_by(p) = ${me}`

/**
 * Payouts of what the user has earned: what was sent to them, less amounts of a wallet, and notes that were kept of a fare that is theirs. Those
 * of a company are in the hands of its members: they are no earnings of the member.
 */
const paidOutTo = (me: string): SQL => sql`
  select o.currency, o.amount, o.paid_at from payouts o
   where o.user_id = ${me} and o.status = 'paid' and o.kind <> 'withdrawal'
     and not exists (select from bookings b where b.id = o.booking_id and b.payout_to = 'company' and b.company_id <> ${me} and o.kind = 'cash')
  union all
  select o.currency, o.amount, o.paid_at
    from bookings b join payment_intents p on p.booking_id = b.id and p.purpose = 'booking' join payouts o on o.provider_reference = p.id::text
   where b.company_id = ${me} and b.payout_to = 'company' and o.kind = 'cash' and o.status = 'paid' and o.user_id <> ${me}`

/**
 * Documents of a tasker by the period in which they took effect; milestones and netted debts by their lines, withheld tax by its own.
 * A week begins on Monday.
 */
const periodsOf = (me: string, { from, to, by }: EarningsPeriods): SQL => sql`
  with zone as (
    select u.timezone as name, ${from}::date::timestamp at time zone u.timezone as starts,
           (${to}::date + 1)::timestamp at time zone u.timezone as ends
      from users u where u.id = ${me}
  ), moves (currency, at, fare, commission, withheld, tip, refund, netted, paid_out) as (
    select p.currency, p.captured_at, case p.purpose when 'booking' then p.amount_captured else 0 end,
           khidma.commission_on(p, p.amount_captured), 0, case p.purpose when 'tip' then p.amount_captured else 0 end, 0, 0, 0
      from payment_intents p, zone z where ${earnedBy(me)} and p.status = 'captured' and p.captured_at >= z.starts and p.captured_at < z.ends
    union all
    select e.currency, e.created_at, w.fare, w.fare - l.amount, 0, 0, 0, 0, 0
      from ledger_accounts a join ledger_lines l on l.account_id = a.id join ledger_entries e on e.id = l.entry_id
     cross join lateral (select -sum(x.amount)::bigint as fare from ledger_lines x where x.entry_id = e.id and x.amount < 0) w, zone z
     where a.owner_user_id = ${me} and a.kind = 'tasker_payable' and e.posting = 'escrow_release'
       and l.created_at >= z.starts and l.created_at < z.ends
    union all
    select w.currency, w.created_at, 0, 0, case w.kind when 'returned' then -w.amount else w.amount end, 0, 0, 0, 0
      from tax_withholdings w, zone z where w.user_id = ${me} and w.created_at >= z.starts and w.created_at < z.ends
    union all
    select r.currency, r.created_at, 0, 0, 0, 0, r.from_payable + r.from_debt, 0, 0
      from payment_intents p join refunds r on r.intent_id = p.id and r.kind = 'refund', zone z
     where ${earnedBy(me)} and r.created_at >= z.starts and r.created_at < z.ends
    union all
    select l.currency, l.created_at, 0, 0, 0, 0, 0, -l.amount, 0
      from ledger_accounts a join ledger_lines l on l.account_id = a.id join ledger_entries e on e.id = l.entry_id, zone z
     where a.owner_user_id = ${me} and a.kind = 'tasker_payable' and e.posting = 'debt_netted' and l.amount < 0
       and l.created_at >= z.starts and l.created_at < z.ends
    union all
    select o.currency, o.paid_at, 0, 0, 0, 0, 0, 0, o.amount
      from (${paidOutTo(me)}) o, zone z where o.paid_at >= z.starts and o.paid_at < z.ends
  )
  select m.currency, date_trunc(${by}, m.at at time zone z.name)::date as "startsOn", sum(m.fare)::bigint as "fareAmount",
         sum(m.commission)::bigint as "commissionAmount", sum(m.withheld)::bigint as "withheldTaxAmount", sum(m.tip)::bigint as "tipAmount", sum(m.refund)::bigint as "refundAmount",
         sum(m.netted)::bigint as "nettedAmount", sum(m.paid_out)::bigint as "paidOutAmount"
    from moves m, zone z group by 1, 2`

/**
 * The balances of a tasker: what the platform owes them, what they owe it, and what they have received; with `periods`, what happened
 * in each.
 */
export const getEarnings = (ctx: Context<UserActor>, periods: EarningsPeriods | null): Promise<EarningsRow> =>
  earningsOf(ctx, ctx.actor.userId, periods)

/** The same of a company, for its people whose role lets them see its money. */
export const getCompanyEarnings = (
  ctx: Context<UserActor>,
  companyId: string,
  periods: EarningsPeriods | null,
): Promise<EarningsRow> =>
  earningsOf(ctx, companyId, periods, sql`from ${actsFor(ctx, companyId, 'seeMoney')} own`)

async function earningsOf(
  ctx: Context<UserActor>,
  me: string,
  periods: EarningsPeriods | null,
  from: SQL = sql``,
): Promise<EarningsRow> {
  const inPeriods = periods
    ? sql`(select json_agg(m order by m."startsOn", m.currency) from (${periodsOf(me, periods)}) m)`
    : sql`null::json`
  const rows = await ctx.db.read(rowsOf(earningsRow)`
    with balances as (
      select currency, kind, balance from account_balances where owner_user_id = ${me}
         and kind in ('tasker_payable', 'commission_receivable', 'refund_receivable')
    ), paid as (
      select o.currency, sum(o.amount)::bigint as amount from (${paidOutTo(me)}) o group by o.currency
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
              order by p.created_at desc, p.id desc limit ${recentPayoutsLimit}) r), '[]') as "recentPayouts",
           coalesce(${inPeriods}, '[]') as periods ${from}`)
  return one(rows)
}
