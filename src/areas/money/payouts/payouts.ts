import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, list, nullable, oneOf, pick, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { nameMatches, payoutAccountKinds, payoutAttempts, payouts } from '../../../db/schema/money/payouts.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { assertRecent, lockAccount } from '../../people/profiles/own-rows.ts'
import { statementColumns, statementRow } from './statements.ts'

const account = {
  id: uuid,
  kind: oneOf(payoutAccountKinds),
  lastFour: nullable(text),
  holderName: nullable(text),
  resolvedName: nullable(text),
  nameMatch: nullable(oneOf(nameMatches)),
}

export const payoutRow = {
  ...columnsOf(payouts),
  /** Ours, of the current attempt. */
  reference: nullable(text),
  account: nullable(account),
}
export type PayoutRow = RowOf<typeof payoutRow>

const accountOf = (id: SQL): SQL => sql`
  (select json_build_object('id', a.id, 'kind', a.kind, 'lastFour', a.last_four, 'holderName', a.holder_name,
                            'resolvedName', a.resolved_name, 'nameMatch', a.name_match)
     from payout_accounts a where a.id = ${id})`

/** Columns of a payout as every view shows it; `p` is the payout. */
export const payoutColumns: SQL = sql`${rowColumns(payouts, 'p')},
  (select t.reference from payout_attempts t where t.payout_id = p.id and t.number = p.attempt) as reference,
  ${accountOf(sql`p.account_id`)} as account`

const visibleTo = (actor: Actor): SQL =>
  isStaff(actor) || actor.kind === 'system' ? sql`true` : sql`p.user_id = ${userIdOf(actor)}::uuid`

const payoutView = (actor: Actor, where: SQL, orderAndLimit: SQL = sql``): Statement<PayoutRow> =>
  rowsOf(
    payoutRow,
  )`select ${payoutColumns} from payouts p where ${visibleTo(actor)} and ${where} ${orderAndLimit}`

const attempt = pick(
  columnsOf(payoutAttempts),
  'number',
  'provider',
  'reference',
  'gatewayReference',
  'status',
  'rawStatus',
  'failureCode',
  'isSettled',
  'createdAt',
  'completedAt',
)
const payoutDetail = { ...payoutRow, ...statementRow, attempts: list({ ...attempt, account }) }
export type PayoutDetailRow = RowOf<typeof payoutDetail>

const attemptsColumn = sql`
  coalesce((select json_agg(json_build_object('number', t.number, 'provider', t.provider, 'reference', t.reference,
              'gatewayReference', t.gateway_reference, 'status', t.status, 'rawStatus', t.raw_status, 'failureCode', t.failure_code,
              'isSettled', t.is_settled, 'account', ${accountOf(sql`t.account_id`)},
              'createdAt', ${isoTime(sql`t.created_at`)}, 'completedAt', ${isoTime(sql`t.completed_at`)}) order by t.number)
     from payout_attempts t where t.payout_id = p.id), '[]') as attempts`

export async function getPayout(ctx: Context, id: string): Promise<PayoutDetailRow> {
  return one(
    await ctx.db.read(rowsOf(payoutDetail)`
      select ${payoutColumns}, ${statementColumns}, ${attemptsColumn} from payouts p where ${visibleTo(ctx.actor)} and p.id = ${id}`),
  )
}

export interface PayoutFilters {
  status?: PayoutRow['status'] | undefined
  kind?: PayoutRow['kind'] | undefined
  userId?: string | undefined
  bookingId?: string | undefined
  batchId?: string | undefined
  currency?: string | undefined
  provider?: string | undefined
  /** Only payouts that staff have stopped, or only the others. */
  held?: boolean | undefined
  /** Only payouts that staff must look at, or only the others. */
  review?: boolean | undefined
  /** Ours or the gateway's, of any attempt. */
  reference?: string | undefined
}

/** Refuses filters by what only staff can read to everybody else. */
export async function listPayouts(
  ctx: Context,
  filters: PayoutFilters,
  page: PageRequest,
): Promise<PayoutRow[]> {
  const { within, orderAndLimit } = listing(page, 'p')
  const { status, kind, userId, bookingId, batchId, currency, provider, held, review, reference } = filters
  if (!isStaff(ctx.actor) && (batchId !== undefined || review !== undefined)) throw new Problem('forbidden')
  const conditions = [within]
  if (status) conditions.push(sql`p.status = ${status}`)
  if (kind) conditions.push(sql`p.kind = ${kind}`)
  if (userId) conditions.push(sql`p.user_id = ${userId}`)
  if (bookingId) conditions.push(sql`p.booking_id = ${bookingId}`)
  if (batchId) conditions.push(sql`p.batch_id = ${batchId}`)
  if (currency) conditions.push(sql`p.currency = ${currency}`)
  if (provider) conditions.push(sql`p.provider = ${provider}`)
  if (held !== undefined) conditions.push(sql`(p.held_at is not null) = ${held}`)
  if (review !== undefined) conditions.push(sql`(p.review is not null) = ${review}`)
  if (reference)
    conditions.push(sql`(p.provider_reference = ${reference} or p.id in (
      select t.payout_id from payout_attempts t where t.reference = ${reference}
      union select t.payout_id from payout_attempts t where t.gateway_reference = ${reference}))`)
  return ctx.db.read(payoutView(ctx.actor, sql.join(conditions, sql` and `), orderAndLimit))
}

export interface NewWithdrawal {
  amount: number
  currency: string
  /** Without one, the default account of the currency. */
  accountId?: string | undefined
}

/** Takes money out of the caller's wallet, by a recent proof of who they are: held at once, sent with the next payouts. */
export async function withdraw(
  ctx: Context<UserActor>,
  { amount, currency, accountId }: NewWithdrawal,
): Promise<PayoutRow> {
  const { userId } = ctx.actor
  const id = newId(ctx.now.getTime())
  const effects = [
    assertRecent(ctx.actor),
    ...lockAccount(userId),
    sql`select khidma.withdraw(${id}, ${userId}, ${accountId ?? null}::uuid, ${currency}, ${amount})`,
  ]
  return one(await ctx.db.write(effects, payoutView(ctx.actor, sql`p.id = ${id}`)))
}

const changed = async (
  ctx: Context<UserActor>,
  id: string,
  reason: string,
  effect: SQL,
): Promise<PayoutRow> =>
  one(
    await ctx.db.write(
      [sql`select khidma.give_reason(${reason})`, effect],
      payoutView(ctx.actor, sql`p.id = ${id}`),
    ),
  )

/** Stops a scheduled payout: its amount stays held. */
export const holdPayout = (ctx: Context<UserActor>, id: string, reason: string): Promise<PayoutRow> =>
  changed(ctx, id, reason, sql`select khidma.set_payout_held(${id}, ${reason})`)

export const releasePayout = (ctx: Context<UserActor>, id: string, reason: string): Promise<PayoutRow> =>
  changed(ctx, id, reason, sql`select khidma.set_payout_held(${id}, null)`)

/** Gives up a scheduled payout, held or not: its amount is its owner's to be paid out again. */
export const cancelPayout = (ctx: Context<UserActor>, id: string, reason: string): Promise<PayoutRow> =>
  changed(ctx, id, reason, sql`select khidma.give_up_payout(${id}, 'canceled')`)

/** Schedules a failed payout again. */
export const retryPayout = (ctx: Context<UserActor>, id: string, reason: string): Promise<PayoutRow> =>
  changed(ctx, id, reason, sql`select khidma.retry_payout(${id})`)

export interface Decision {
  outcome: 'paid' | 'failed' | 'returned'
  reason: string
  reference?: string | undefined
  failureCode?: string | undefined
}

/** A person says what became of a payout that no gateway tells of. */
export const decidePayout = (
  ctx: Context<UserActor>,
  id: string,
  { outcome, reason, reference, failureCode }: Decision,
): Promise<PayoutRow> =>
  changed(
    ctx,
    id,
    reason,
    sql`select khidma.decide_payout(${id}, ${outcome}, ${reference ?? null}, ${failureCode ?? null})`,
  )
