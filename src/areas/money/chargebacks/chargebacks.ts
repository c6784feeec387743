import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, nullable, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { chargebacks } from '../../../db/schema/money/chargebacks.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import type { ChargebackEvidence, GatewayName } from '../../../providers/payments/gateway.ts'
import { type KeptEvidence, kept, keptEvidence, sendEvidence } from './learning.ts'

const chargebackRow = { ...columnsOf(chargebacks), bookingId: nullable(uuid), payeeId: nullable(uuid) }
export type ChargebackRow = RowOf<typeof chargebackRow>

const view = (where: SQL, orderAndLimit: SQL = sql``): Statement<ChargebackRow> => rowsOf(chargebackRow)`
  select ${rowColumns(chargebacks, 'c')}, p.booking_id as "bookingId", p.payee_id as "payeeId"
    from chargebacks c join payment_intents p on p.id = c.intent_id where ${where} ${orderAndLimit}`

export interface ChargebackFilters {
  status?: ChargebackRow['status'] | undefined
  gateway?: GatewayName | undefined
  gatewayReference?: string | undefined
  paymentId?: string | undefined
  bookingId?: string | undefined
}

export function listChargebacks(
  ctx: Context,
  { status, gateway, gatewayReference, paymentId, bookingId }: ChargebackFilters,
  page: PageRequest,
): Promise<ChargebackRow[]> {
  const { within, orderAndLimit } = listing(page, 'c')
  const conditions = [within]
  if (status) conditions.push(sql`c.status = ${status}`)
  if (gateway) conditions.push(sql`c.gateway = ${gateway}`)
  if (gatewayReference) conditions.push(sql`c.gateway_reference = ${gatewayReference}`)
  if (paymentId) conditions.push(sql`c.intent_id = ${paymentId}`)
  if (bookingId) conditions.push(sql`p.booking_id = ${bookingId}`)
  return ctx.db.read(view(sql.join(conditions, sql` and `), orderAndLimit))
}

export const getChargeback = async (ctx: Context, id: string): Promise<ChargebackRow> =>
  one(await ctx.db.read(view(sql`c.id = ${id}`)))

/**
 * Answers a chargeback: the evidence is written, then sent, then marked as sent. A crash or an answer that never comes leaves it to
 * the sweep, which sends the same again.
 */
export async function submitEvidence(
  ctx: Context<UserActor>,
  id: string,
  { statement, documentUrls }: ChargebackEvidence,
): Promise<ChargebackRow> {
  const keep = sql`select khidma.keep_evidence(${id}, ${statement}, ${textArray(documentUrls)})`
  const begun = await ctx.db.step<KeptEvidence>([keep], keptEvidence(sql`c.id = ${id}`))
  if (begun === null) return one(await ctx.db.write([], view(sql`c.id = ${id}`)))
  const evidence = one(begun)
  const sent = await sendEvidence(ctx, evidence)
  const row = one(await ctx.db.write([kept(evidence, sent)], view(sql`c.id = ${id}`)))
  if (sent === 'unknown') throw new Problem('gateway_unavailable', { retryAfterSeconds: 300 })
  if (sent !== 'sent') throw new Problem('evidence_refused')
  return row
}
