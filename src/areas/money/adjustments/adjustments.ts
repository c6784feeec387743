import { type SQL, sql } from 'drizzle-orm'
import type { AccountKind } from '../../../core/account-kinds.ts'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { insertion } from '../../../db/patch.ts'
import { columnsOf, json, nullable, type RowOf, rowsOf } from '../../../db/rows.ts'
import { adjustments } from '../../../db/schema/money/adjustments.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { mediaStand } from '../../people/profiles/own-rows.ts'
import type { DifferenceKind } from '../ledger/checks.ts'
import type { AdjustmentStatus } from './machine.ts'

/** A line as it is stored, and as `khidma.post_entry` takes it. */
export interface CorrectionLine {
  account: AccountKind
  /** A user, or null. */
  owner: string | null
  /** A gateway, or null. */
  name: string | null
  amount: number
}

/** Missing of a document, by the kind of difference, in minor units. */
export type Explained = Partial<Record<DifferenceKind, number>>

const adjustmentRow = {
  ...columnsOf(adjustments),
  lines: nullable(json<CorrectionLine[]>()),
  explained: nullable(json<Explained>()),
}
export type AdjustmentRow = RowOf<typeof adjustmentRow>

const adjustmentView = (where: SQL): Statement<AdjustmentRow> =>
  rowsOf(adjustmentRow)`select ${rowColumns(adjustments, 'a')} from adjustments a where ${where}`

interface Proposal {
  currency: string
  reason: string
  documentMediaId?: string | undefined
}

export interface Correction extends Proposal {
  kind: 'correction'
  lines: CorrectionLine[]
  explainsDocumentId?: string | undefined
}

export interface WriteOff extends Proposal {
  kind: 'write_off'
  userId: string
  commissionAmount: number
  refundAmount: number
  feeAmount: number
}

/** A payout that succeeded beside the books: the payout says how much, and by which gateway. */
export interface SecondPayout extends Omit<Proposal, 'currency'> {
  kind: 'second_payout'
  payoutId: string
}

/** Nothing is posted until somebody else approves. */
export async function proposeAdjustment(
  ctx: Context<UserActor>,
  proposal: Correction | SecondPayout | WriteOff,
): Promise<AdjustmentRow> {
  const id = newId(ctx.now.getTime())
  const { userId } = ctx.actor
  const effects = [
    ...mediaStand(userId, [proposal.documentMediaId], ['document', 'image']),
    insertionOf(id, userId, proposal),
  ]
  return one(await ctx.db.write(effects, adjustmentView(sql`a.id = ${id}`)))
}

function insertionOf(id: string, proposedBy: string, proposal: Correction | SecondPayout | WriteOff): SQL {
  if (proposal.kind === 'second_payout') {
    const { payoutId, reason, documentMediaId = null } = proposal
    return sql`select khidma.propose_second_payout(${id}, ${payoutId}, ${reason}, ${documentMediaId}::uuid, ${proposedBy})`
  }
  const lines = proposal.kind === 'correction' ? sql`${JSON.stringify(proposal.lines)}::jsonb` : undefined
  return sql`insert into adjustments ${insertion(adjustments, { ...proposal, id, proposedBy, lines })}`
}

export async function getAdjustment(ctx: Context, id: string): Promise<AdjustmentRow> {
  return one(await ctx.db.read(adjustmentView(sql`a.id = ${id}`)))
}

export interface AdjustmentFilters {
  status?: AdjustmentStatus | undefined
  kind?: AdjustmentRow['kind'] | undefined
  userId?: string | undefined
}

export function listAdjustments(
  ctx: Context,
  { status, kind, userId }: AdjustmentFilters,
  page: PageRequest,
): Promise<AdjustmentRow[]> {
  const { within, orderAndLimit } = listing(page, 'a')
  const conditions = [within]
  if (status) conditions.push(sql`a.status = ${status}`)
  if (kind) conditions.push(sql`a.kind = ${kind}`)
  if (userId) conditions.push(sql`a.user_id = ${userId}`)
  return ctx.db.read(adjustmentView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

/** Decides on what somebody else has proposed. Of two decisions at once the row's lock takes one, and the machine refuses the other. */
export async function decideAdjustment(
  ctx: Context<UserActor>,
  id: string,
  status: 'posted' | 'rejected',
  note: string | undefined,
): Promise<AdjustmentRow> {
  const decide = sql`
    update adjustments set status = ${status}, decision_note = ${note ?? null} where id = ${id}`
  return one(await ctx.db.write([decide], adjustmentView(sql`a.id = ${id}`)))
}

/** The trigger refuses it to everybody but the proposer. */
export async function withdrawAdjustment(ctx: Context<UserActor>, id: string): Promise<AdjustmentRow> {
  const withdraw = sql`update adjustments set status = 'withdrawn' where id = ${id}`
  return one(await ctx.db.write([withdraw], adjustmentView(sql`a.id = ${id}`)))
}
