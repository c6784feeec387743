import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { int, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { paymentPurposes } from '../../../db/schema/money/payments.ts'
import { textArray } from '../../../db/sql.ts'
import { one } from '../../../db/unit.ts'
import { rolesThatMay } from '../../people/companies/abilities.ts'
import { accountsOf, nameOfAccount, walletAccountNames } from './wallet.ts'

/** Data of the printed pages: `receipt-pages.ts` makes HTML of it. */

const receiptRow = {
  id: uuid,
  status: text,
  purpose: oneOf(paymentPurposes),
  method: text,
  currency: text,
  amountCaptured: int,
  amountRefunded: int,
  capturedAt: nullable(time),
  timezone: text,
  payerName: nullable(text),
  payeeName: nullable(text),
  /** Worked for `payeeName`, a company; null where the tasker is the payee. */
  workerName: nullable(text),
  bookingId: nullable(uuid),
  categoryEn: nullable(text),
  categoryAr: nullable(text),
  city: nullable(text),
  completedAt: nullable(time),
  rate: nullable(int),
  workedMinutes: nullable(int),
  billedMinutes: nullable(int),
  fare: nullable(int),
  /** The price of the add-ons, which is part of the fare. */
  addonsAmount: nullable(int),
  /** Decides the fare: `khidma.fare_for`. */
  rule: nullable(oneOf(['fixed', 'time', 'minimum', 'maximum', 'final_cost'])),
  /** Null for whoever does not earn the fare. */
  commission: nullable(int),
  /** Tax collected at source, for whoever sees the commission. */
  withheldTax: nullable(int),
  refunds: list({ amount: int, completedAt: time }),
  /** Within the fare, and for whoever sees the commission within that. */
  taxes: list({ kind: text, name: text, component: text, rateBasisPoints: int, amount: int }),
}
export type ReceiptRow = RowOf<typeof receiptRow>

/** The fare comes from the function that every fare comes from (`khidma.fare_of_minutes`). Times are in the reader's own zone. */
export async function getReceipt(ctx: Context<UserActor>, paymentId: string): Promise<ReceiptRow> {
  const me = userIdOf(ctx.actor)
  const mayAll = isStaff(ctx.actor)
  return one(
    await ctx.db.read(rowsOf(receiptRow)`
      select p.id, p.status, p.purpose, p.method, p.currency, p.amount_captured as "amountCaptured",
             p.amount_refunded as "amountRefunded", ${isoTime(sql`p.captured_at`)} as "capturedAt",
             (select u.timezone from users u where u.id = ${me}) as timezone,
             payer.full_name as "payerName", coalesce(company.company_name, payee.full_name) as "payeeName",
             case when company.user_id is not null then payee.full_name end as "workerName", p.booking_id as "bookingId",
             c.names ->> 'en' as "categoryEn", c.names ->> 'ar' as "categoryAr", t.city, ${isoTime(sql`b.completed_at`)} as "completedAt",
             b.agreed_rate_amount as rate, khidma.worked_minutes(b) as "workedMinutes", f.billed_minutes as "billedMinutes",
             f.amount as fare, f.rule, case when f.amount is not null then b.addons_amount end as "addonsAmount",
             case when p.purpose <> 'contract' and (k.earns or ${mayAll}) then khidma.commission_on(p, p.amount_captured) end as commission,
             case when k.earns or ${mayAll} then (select sum(w.amount)::bigint from tax_withholdings w where w.booking_id = p.booking_id and w.document_id = p.id
                                                     and w.kind = 'withheld') end as "withheldTax",
             coalesce((select json_agg(json_build_object('amount', r.amount, 'completedAt', ${isoTime(sql`coalesce(r.completed_at, r.created_at)`)})
                         order by r.id) from refunds r where r.intent_id = p.id and r.kind = 'refund'), '[]') as refunds,
             coalesce((select json_agg(json_build_object('kind', x.kind, 'name', x.name, 'component', x.component,
                         'rateBasisPoints', x.rate_basis_points, 'amount', x.amount) order by x.kind, x.position)
                         from khidma.taxes_of_payment(p.id) x where x.kind <> 'commission' or p.payee_id = ${me} or ${mayAll}), '[]') as taxes
        from payment_intents p
        join users payer on payer.id = p.payer_id left join users payee on payee.id = p.payee_id
       cross join khidma.credited_by(p) earner
        left join company_profiles company on company.user_id = earner and earner <> p.payee_id
       cross join lateral (select earner = ${me} or exists (
          select from company_members m where m.company_id = company.user_id and m.user_id = ${me} and m.status = 'active'
             and m.role = any (${textArray(rolesThatMay('seeMoney'))})) as earns) k
        left join bookings b on b.id = p.booking_id left join tasks t on t.id = b.task_id
        left join task_categories c on c.slug = t.category
        left join lateral khidma.fare_of_minutes(b, t.pricing_model, khidma.worked_minutes(b)) f
          on p.purpose = 'booking' and b.status = 'completed'
       where p.id = ${paymentId} and (${mayAll} or k.earns or ${me}::uuid in (p.payer_id, p.payee_id))`),
  )
}

const statementLine = { id: uuid, at: time, posting: text, amount: int, balanceAfter: int }
const statementAccount = {
  account: oneOf(walletAccountNames),
  currency: text,
  opening: int,
  lineCount: int,
  lines: list(statementLine),
}
const statementRow = { name: nullable(text), timezone: text, accounts: list(statementAccount) }
export type StatementRow = RowOf<typeof statementRow>

/** Lines that a page shows of one account; more of them are in `me.listWalletEntries`. */
export const statementLinesLimit = 1_000

/** Accounts of the caller over a month, `2026-11`, in their own time zone. */
export async function getStatement(ctx: Context<UserActor>, month: string): Promise<StatementRow> {
  const first = `${month}-01`
  const inMonth: SQL = sql`l.account_id = a.id and l.created_at >= z.starts and l.created_at < z.ends`
  return one(
    await ctx.db.read(rowsOf(statementRow)`
      with z as (
        select u.id, u.full_name, u.timezone, ${first}::date::timestamp at time zone u.timezone as starts,
               (${first}::date + interval '1 month') at time zone u.timezone as ends
          from users u where u.id = ${ctx.actor.userId}
      )
      select z.full_name as name, z.timezone,
             coalesce((select json_agg(s order by s.currency, s.account) from (
               select ${nameOfAccount} as account, a.currency,
                      coalesce((select l.balance_after from ledger_lines l where l.account_id = a.id and l.created_at < z.starts
                                 order by l.id desc limit 1), 0) as opening,
                      (select count(*)::int from ledger_lines l where ${inMonth}) as "lineCount",
                      coalesce((select json_agg(n order by n.id) from (
                        select l.id, ${isoTime(sql`l.created_at`)} as at, e.posting, l.amount, l.balance_after as "balanceAfter"
                          from ledger_lines l join ledger_entries e on e.id = l.entry_id where ${inMonth}
                         order by l.id limit ${statementLinesLimit}) n), '[]') as lines
                 from ledger_accounts a where ${accountsOf(sql`z.id`)} and a.created_at < z.ends) s), '[]') as accounts
        from z`),
  )
}
