import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, json, oneOf, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { reconciliationItems, reconciliations } from '../../../db/schema/money/reconciliation.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { type GatewayName, gatewayNames } from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { alarm, beginning, comparing, failing, learnListed, listDay } from './runs.ts'

export interface Sum {
  currency: string
  there: number
  here: number
  fees: number
}

const reconciliationRow = { ...columnsOf(reconciliations), sums: json<Sum[]>() }
export type ReconciliationRow = RowOf<typeof reconciliationRow>

const view = (where: SQL): Statement<ReconciliationRow> =>
  rowsOf(reconciliationRow)`select ${rowColumns(reconciliations, 'r')} from reconciliations r where ${where}`

export interface ReconciliationFilters {
  gateway?: GatewayName | undefined
  gatewayConfigId?: string | undefined
  status?: ReconciliationRow['status'] | undefined
  day?: string | undefined
}

export function listReconciliations(
  ctx: Context,
  { gateway, gatewayConfigId, status, day }: ReconciliationFilters,
  page: PageRequest,
): Promise<ReconciliationRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const conditions = [within]
  if (gateway) conditions.push(sql`r.gateway = ${gateway}`)
  if (gatewayConfigId) conditions.push(sql`r.config_id = ${gatewayConfigId}`)
  if (status) conditions.push(sql`r.status = ${status}`)
  if (day) conditions.push(sql`r.day = ${day}::date`)
  return ctx.db.read(view(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export const getReconciliation = async (ctx: Context, id: string): Promise<ReconciliationRow> =>
  one(await ctx.db.read(view(sql`r.id = ${id}`)))

/**
 * Reconciles a day now, again if it was. What the gateway lists and we have missed is learnt by the system, not by who asks: staff
 * move no payment.
 */
export async function runReconciliation(
  ctx: Context<UserActor>,
  system: () => Context,
  configId: string,
  day: string,
): Promise<ReconciliationRow> {
  const { effects, view: begunView } = beginning(configId, day, ctx.actor.userId)
  const begun = await ctx.db.step(effects, begunView)
  const result = view(sql`r.config_id = ${configId} and r.day = ${day}::date`)
  if (begun === null) return one(await ctx.db.write([], result))
  const started = one(begun)
  const listed = await listDay(ctx, started)
  if (listed instanceof GatewayError) {
    await ctx.db.step([failing(started, listed)], result)
    throw new Problem('gateway_unavailable', { retryAfterSeconds: 60 })
  }
  await learnListed(system(), started, listed)
  const row = one(await ctx.db.write([comparing(started, listed)], result))
  alarm(row)
  return row
}

const itemRow = { ...columnsOf(reconciliationItems), gateway: oneOf(gatewayNames), configId: uuid }
export type ItemRow = RowOf<typeof itemRow>

const itemView = (where: SQL): Statement<ItemRow> => rowsOf(itemRow)`
  select ${rowColumns(reconciliationItems, 'i')}, r.gateway, r.config_id as "configId"
    from reconciliation_items i join reconciliations r on r.id = i.reconciliation_id where ${where}`

export interface ItemFilters {
  reconciliationId?: string | undefined
  outcome?: ItemRow['outcome'] | undefined
  kind?: ItemRow['kind'] | undefined
  gatewayReference?: string | undefined
  isUnexplained?: boolean | undefined
}

const isUnexplainedItem = sql`i.resolved_at is null and i.outcome in ('missing_here', 'missing_there', 'amount_differs')`

export function listItems(
  ctx: Context,
  { reconciliationId, outcome, kind, gatewayReference, isUnexplained }: ItemFilters,
  page: PageRequest,
): Promise<ItemRow[]> {
  const { within, orderAndLimit } = listing(page, 'i')
  const conditions = [within]
  if (reconciliationId) conditions.push(sql`i.reconciliation_id = ${reconciliationId}`)
  if (outcome) conditions.push(sql`i.outcome = ${outcome}`)
  if (kind) conditions.push(sql`i.kind = ${kind}`)
  if (gatewayReference) conditions.push(sql`i.gateway_reference = ${gatewayReference}`)
  if (isUnexplained !== undefined)
    conditions.push(isUnexplained ? sql`(${isUnexplainedItem})` : sql`not (${isUnexplainedItem})`)
  return ctx.db.read(itemView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

/** Explains an item: somebody has looked, and says what it is. */
export async function resolveItem(ctx: Context<UserActor>, id: string, note: string): Promise<ItemRow> {
  return one(
    await ctx.db.write([sql`select khidma.resolve_item(${id}, ${note})`], itemView(sql`i.id = ${id}`)),
  )
}
