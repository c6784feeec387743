import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, int, list, nullable, oneOf, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { payoutBatches } from '../../../db/schema/money/payouts.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { mediaStand } from '../../people/profiles/own-rows.ts'
import { openDetails } from './accounts.ts'

/** Payouts of one batch: as many as a person can compare with a statement of their bank. */
export const batchLimit = 500

const batchRow = { ...columnsOf(payoutBatches), open: int }
export type BatchRow = RowOf<typeof batchRow>

const batchColumns: SQL = sql`${rowColumns(payoutBatches, 'b')},
  (select count(*)::int from payouts p where p.batch_id = b.id and p.status = 'processing') as open`

const batchView = (where: SQL, orderAndLimit: SQL = sql``): Statement<BatchRow> =>
  rowsOf(batchRow)`select ${batchColumns} from payout_batches b where ${where} ${orderAndLimit}`

export function listBatches(
  ctx: Context,
  { status, currency }: { status?: BatchRow['status'] | undefined; currency?: string | undefined },
  page: PageRequest,
): Promise<BatchRow[]> {
  const { within, orderAndLimit } = listing(page, 'b')
  const conditions = [within]
  if (status) conditions.push(sql`b.status = ${status}`)
  if (currency) conditions.push(sql`b.currency = ${currency}`)
  return ctx.db.read(batchView(sql.join(conditions, sql` and `), orderAndLimit))
}

export const getBatch = async (ctx: Context, id: string): Promise<BatchRow> =>
  one(await ctx.db.read(batchView(sql`b.id = ${id}`)))

/** Takes the due payouts of a currency: from now on they are under way, and nobody else sends them. */
export async function createBatch(ctx: Context<UserActor>, currency: string): Promise<BatchRow> {
  const id = newId(ctx.now.getTime())
  const open = sql`select khidma.open_payout_batch(${id}, ${currency}, ${batchLimit})`
  return one(await ctx.db.write([open], batchView(sql`b.id = ${id}`)))
}

/** Null in all: the batch has no payout that waits for the bank. */
const fileRow = {
  id: nullable(uuid),
  reference: nullable(text),
  amount: nullable(int),
  currency: nullable(text),
  accountId: nullable(uuid),
  details: nullable(text),
}
type FileRow = { [Name in keyof RowOf<typeof fileRow>]: NonNullable<RowOf<typeof fileRow>[Name]> }
const isPayout = (row: RowOf<typeof fileRow>): row is FileRow => row.id !== null

/**
 * The file that finance takes to the bank: the only place where the details of accounts leave the house. Whoever reads it is on record
 * with everybody whose account it shows (`recordedReads`). An account that opens with no key is left out, and its payout is put in review:
 * the others must not wait for it.
 */
export async function batchFile(ctx: Context, id: string): Promise<string> {
  const rows = await ctx.db.read(rowsOf(fileRow)`
    select p.id, t.reference, p.amount, p.currency, p.account_id as "accountId", a.details
      from payout_batches b left join payouts p on p.batch_id = b.id and p.status = 'processing'
      left join payout_attempts t on t.payout_id = p.id and t.number = p.attempt left join payout_accounts a on a.id = p.account_id
     where b.id = ${id} order by p.id limit ${batchLimit}`)
  if (rows.length === 0) throw new Problem('not_found')
  const lines = await Promise.all(
    rows.filter(isPayout).map(async ({ id: payoutId, reference, amount, currency, accountId, details }) => {
      const to = await openDetails(ctx, accountId, details).catch((error: unknown) => {
        logFailure('payout.account_unopenable', error, { payoutId, payoutAccountId: accountId })
        return null
      })
      if (to === null) return payoutId
      const account = 'accountNumber' in to ? to.accountNumber : 'phone' in to ? to.phone : addressOf(to)
      const bank = 'bankCode' in to ? to.bankCode : 'network' in to ? to.network : ''
      const country = 'country' in to ? to.country : ''
      return [payoutId, reference, inMajor(amount), currency, to.kind, country, bank, account, to.holderName]
    }),
  )
  const unreadable = lines.filter((line) => typeof line === 'string')
  if (unreadable.length > 0) await ctx.db.write([putInReview(unreadable)])
  const readable = lines.filter((line) => typeof line !== 'string')
  return [header, ...readable].map((line) => `${line.map(csvField).join(',')}\r\n`).join('')
}

const putInReview = (payoutIds: string[]): SQL => sql`
  update payouts set review = 'account_unreadable' where id = any (${textArray(payoutIds)}::uuid[]) and status = 'processing' and review is null`

const header = [
  'payout_id',
  'reference',
  'amount',
  'currency',
  'kind',
  'country',
  'bank_or_network',
  'account',
  'holder',
]

const addressOf = (to: { kind: 'upi'; vpa: string } | { kind: 'paypal'; email: string }): string =>
  to.kind === 'upi' ? to.vpa : to.email

/** All currencies of served countries have two digits. */
const inMajor = (amount: number): string =>
  `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`

/** RFC 4180. A spreadsheet would calculate what begins like a formula: an apostrophe makes it text. A phone number is no more than a number. */
function csvField(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^\+\d{7,15}$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const rowResults = ['done', 'unchanged', 'not_found', 'wrong_state'] as const
const rowResult = { payoutId: uuid, result: oneOf(rowResults) }
const settledBatch = { ...batchRow, results: list(rowResult) }
export type SettledBatchRow = RowOf<typeof settledBatch>

export interface BankRow {
  payoutId: string
  outcome: 'paid' | 'failed'
  reference?: string | undefined
  failureCode?: string | undefined
}

export interface BankResults {
  rows: BankRow[]
  proofMediaId?: string | undefined
}

/** Writes down how the bank answered each row. Each has a result of its own; the batch closes with the last. */
export async function settleBatch(
  ctx: Context<UserActor>,
  id: string,
  { rows, proofMediaId }: BankResults,
): Promise<SettledBatchRow> {
  const effects: SQL[] = []
  if (proofMediaId !== undefined) {
    effects.push(
      ...mediaStand(ctx.actor.userId, [proofMediaId], ['image', 'document']),
      sql`update payout_batches set proof_media_id = ${proofMediaId} where id = ${id} and status = 'open'`,
    )
  }
  // The view below sees the batch as the rows have left it; what became of each is handed on within the transaction.
  effects.push(sql`
    select set_config('khidma.results', coalesce((
      select json_agg(json_build_object('payoutId', r.payout_id, 'result', r.result) order by r.place)
        from khidma.settle_payout_batch(${id}, ${JSON.stringify(rows)}::jsonb) r), '[]')::text, true)`)
  return one(
    await ctx.db.write(
      effects,
      rowsOf(settledBatch)`
        select ${batchColumns}, current_setting('khidma.results')::json as results from payout_batches b where b.id = ${id}`,
    ),
  )
}
