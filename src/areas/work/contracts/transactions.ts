import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { int, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { contractVisibleTo } from './contracts.ts'

export const transactionTypes = ['escrow_hold', 'escrow_release', 'refund', 'fee'] as const
export const transactionStatuses = ['pending', 'completed', 'failed'] as const

const transactionRow = {
  id: uuid,
  type: oneOf(transactionTypes),
  status: oneOf(transactionStatuses),
  amount: int,
  /** Part of a release that is the platform's. */
  commissionAmount: nullable(int),
  currency: text,
  /** User from whom the money is, or for whom. */
  userId: nullable(uuid),
  milestoneId: nullable(uuid),
  paymentId: nullable(uuid),
  refundId: nullable(uuid),
  /** The gateway's name of the payment or refund. */
  providerReference: nullable(text),
  createdAt: time,
  processedAt: nullable(time),
}
export type TransactionRow = RowOf<typeof transactionRow>

/**
 * Lists the moves of a contract's money, from the books: its entries on escrow, each with its document. A refund is pending until its
 * gateway has made it.
 */
export async function listTransactions(
  ctx: Context,
  contractId: string,
  page: PageRequest,
): Promise<TransactionRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`e.id`)
  const rows = await ctx.db.read(rowsOf({ transactions: list(transactionRow) })`
    select coalesce((select json_agg(t) from (
             select e.id,
                    case when e.posting like 'escrow_funded%' then 'escrow_hold' when e.posting = 'escrow_release' then 'escrow_release'
                         when e.posting = 'escrow_arbitration' then 'fee' else 'refund' end as type,
                    case r.status when 'pending' then 'pending' when 'failed' then 'failed' else 'completed' end as status,
                    m.amount, case when e.posting = 'escrow_release' then m.commission end as "commissionAmount", e.currency,
                    case when e.posting = 'escrow_release' then c.tasker_id when e.posting <> 'escrow_arbitration' then c.client_id end as "userId",
                    case e.document_type when 'milestone' then e.document_id end as "milestoneId",
                    coalesce(r.intent_id, p.id) as "paymentId", r.id as "refundId",
                    coalesce(r.provider_reference, p.provider_reference) as "providerReference",
                    ${isoTime(sql`e.created_at`)} as "createdAt",
                    case when r.id is null then ${isoTime(sql`e.created_at`)} else ${isoTime(sql`r.completed_at`)} end as "processedAt"
               from ledger_entries e
              cross join lateral (select max(abs(l.amount)) filter (where a.kind = 'escrow')::bigint as amount,
                                         coalesce(sum(l.amount) filter (where a.kind = 'platform_fee'), 0)::bigint as commission
                                    from ledger_lines l join ledger_accounts a on a.id = l.account_id where l.entry_id = e.id) m
               left join refunds r on e.document_type = 'refund' and r.id = e.document_id
               left join payment_intents p on e.document_type = 'payment_intent' and p.id = e.document_id
              where e.booking_id = c.booking_id and e.posting like 'escrow\\_%' and m.amount is not null and ${after} ${orderAndLimit}) t), '[]')
             as transactions
      from contracts c where c.id = ${contractId} and ${contractVisibleTo(ctx.actor)}`)
  return one(rows).transactions
}
