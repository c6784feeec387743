import { type SQL, sql } from 'drizzle-orm'
import { isoTime } from '../../../db/json.ts'
import { bool, int, list, nullable, type RowOf, text, time, uuid } from '../../../db/rows.ts'

/** Lines that a statement lists; its sums are of all. */
const linesLimit = 200

const line = { posting: text, bookingId: nullable(uuid), amount: int, createdAt: time }
const statement = {
  since: nullable(time),
  openingBalance: int,
  closingBalance: int,
  lines: list(line),
  hasMoreLines: bool,
  nettedCommission: int,
  nettedRefunds: int,
  nettedFees: int,
}
export const statementRow = { statement: nullable(statement) }
export type StatementRow = RowOf<typeof statement>

/**
 * The statement of a payout: the lines of its owner's account in the books since the payout before it. The closing balance was kept when
 * the payout was made, under the lock of the account; the opening one follows from the lines, so that the sums always fit.
 */
export const statementColumns: SQL = sql`
  (select json_build_object(
     'since', ${isoTime(sql`s.since`)}, 'openingBalance', p.balance - coalesce(t.total, 0), 'closingBalance', p.balance,
     'lines', coalesce(t.lines, '[]'), 'hasMoreLines', coalesce(t.count, 0) > ${sql.raw(String(linesLimit))},
     'nettedCommission', coalesce(n.commission, 0), 'nettedRefunds', coalesce(n.refunds, 0), 'nettedFees', coalesce(n.fees, 0))
   from (select max(o.created_at) as since from payouts o
          where o.user_id = p.user_id and o.kind = p.kind and o.currency = p.currency and o.created_at < p.created_at) s
   cross join lateral (
     select sum(l.amount)::bigint as total, count(*) as count, json_agg(json_build_object(
              'posting', l.posting, 'bookingId', l.booking_id, 'amount', l.amount, 'createdAt', ${isoTime(sql`l.created_at`)})
              order by l.id) filter (where l.place <= ${sql.raw(String(linesLimit))}) as lines
       from (select l.id, l.amount, l.created_at, e.posting, e.booking_id, row_number() over (order by l.id) as place
               from ledger_accounts a join ledger_lines l on l.account_id = a.id join ledger_entries e on e.id = l.entry_id
              where a.kind = khidma.payout_source(p.kind) and a.owner_user_id = p.user_id and a.owner_name is null
                and a.currency = p.currency and l.created_at <= p.created_at and (s.since is null or l.created_at > s.since)) l) t
   cross join lateral (
     select sum(d.amount) filter (where a.kind = 'commission_receivable')::bigint as commission,
            sum(d.amount) filter (where a.kind = 'refund_receivable')::bigint as refunds,
            sum(d.amount) filter (where a.kind = 'fee_receivable')::bigint as fees
       from debt_nettings g join ledger_entries e on e.document_id = g.id and e.posting = 'debt_netted'
       join ledger_lines d on d.entry_id = e.id join ledger_accounts a on a.id = d.account_id
      where p.kind = 'earnings' and g.user_id = p.user_id and g.currency = p.currency and g.created_at <= p.created_at
        and (s.since is null or g.created_at > s.since)) n
   where p.balance is not null) as statement`
