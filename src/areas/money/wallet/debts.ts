import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { bool, int, list, nullable, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'

const debt = {
  currency: text,
  commissionAmount: int,
  refundAmount: int,
  feeAmount: int,
  owedAmount: int,
  since: time,
  /** Null: no cap. */
  cap: nullable(int),
}

/** Debts by user and currency: `id` is the user. `r` are accounts of debts, those of `where` and below zero. */
const debtsBy = (where: SQL): SQL => sql`
  select r.owner_user_id as user_id, r.currency,
         coalesce(sum(-r.balance) filter (where r.kind = 'commission_receivable'), 0)::bigint as commission,
         coalesce(sum(-r.balance) filter (where r.kind = 'refund_receivable'), 0)::bigint as refund,
         coalesce(sum(-r.balance) filter (where r.kind = 'fee_receivable'), 0)::bigint as fee,
         sum(-r.balance)::bigint as owed,
         date_trunc('milliseconds', min(khidma.unpaid_since(r.id, -r.balance))) as since
    from account_balances r
   where r.kind in ('commission_receivable', 'refund_receivable', 'fee_receivable') and r.balance < 0 and ${where}
   group by r.owner_user_id, r.currency`

const debtColumns = sql`
  d.currency, d.commission as "commissionAmount", d.refund as "refundAmount", d.fee as "feeAmount", d.owed as "owedAmount",
  ${isoTime(sql`d.since`)} as since, khidma.debt_cap(d.user_id, d.currency) as cap`

const debtsRow = { debts: list(debt) }
export type DebtsRow = RowOf<typeof debtsRow>

export async function getOwnDebts(ctx: Context<UserActor>): Promise<DebtsRow> {
  const own = debtsBy(sql`r.owner_user_id = ${ctx.actor.userId}`)
  return one(
    await ctx.db.read(rowsOf(debtsRow)`
      select coalesce((select json_agg(o order by o.currency) from (select ${debtColumns} from (${own}) d) o), '[]') as debts`),
  )
}

const debtorRow = { id: uuid, ...debt, isOverCap: bool }
export type DebtorRow = RowOf<typeof debtorRow>

export interface DebtFilters {
  currency?: string | undefined
  userId?: string | undefined
  minAmount?: number | undefined
  overCap?: boolean | undefined
}

/** All who owe, the longest first. For staff: the policy of its operation says so. */
export function listDebts(
  ctx: Context,
  { currency, userId, minAmount, overCap }: DebtFilters,
  page: PageRequest,
): Promise<DebtorRow[]> {
  const accounts = [sql`true`]
  if (currency) accounts.push(sql`r.currency = ${currency}`)
  if (userId) accounts.push(sql`r.owner_user_id = ${userId}`)
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`d.since`, type: 'timestamptz', direction: 'asc' },
    { by: sql`d.user_id`, type: 'uuid', direction: 'asc' },
    { by: sql`d.currency`, type: 'text', direction: 'asc' },
  ])
  const conditions = [after]
  const isOver = sql`coalesce(d.owed > khidma.debt_cap(d.user_id, d.currency), false)`
  if (minAmount !== undefined) conditions.push(sql`d.owed >= ${minAmount}`)
  if (overCap !== undefined) conditions.push(sql`${isOver} = ${overCap}`)
  return ctx.db.read(rowsOf(debtorRow)`
    select d.user_id as id, ${debtColumns}, ${isOver} as "isOverCap"
      from (${debtsBy(sql.join(accounts, sql` and `))}) d where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`)
}
