import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { pricingBands } from '../../../db/schema/money/pricing.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { categoryStands } from '../../supply/catalog/categories.ts'

const pricingBandRow = columnsOf(pricingBands)
export type PricingBandRow = RowOf<typeof pricingBandRow>

/** Condition that a band `b` is in use: estimates use exactly what the list shows as active. */
export const isInUse = sql`b.active`

/** Condition that a band `b` prices work in this city: by the city's name, or because the band is for every city. */
export const appliesIn = (city: SQL | string): SQL => sql`(b.city is null or lower(b.city) = lower(${city}))`

const selectBands = (where: SQL): Statement<PricingBandRow> =>
  rowsOf(pricingBandRow)`select ${rowColumns(pricingBands, 'b')} from pricing_bands b where ${where}`

/**
 * First effect of every write: writers come one after the other, or two bands of a city in two currencies would wait for each
 * other (each is checked against the other only once it is written).
 */
const inTurn = sql`select pg_advisory_xact_lock(hashtextextended('pricing_bands', 0))`

const hasVersion = (id: string, version: number | null): SQL =>
  sql`select khidma.assert_version(b.version, ${version}) from pricing_bands b where b.id = ${id} for update`

export interface PricingBandFilters {
  categoryId?: string | undefined
  city?: string | undefined
  active?: boolean | undefined
}

export function listPricingBands(
  ctx: Context,
  { categoryId, city, active }: PricingBandFilters,
  page: PageRequest,
): Promise<PricingBandRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`b.id`)
  const conditions = [after]
  if (categoryId !== undefined) conditions.push(sql`b.category_id = ${categoryId}`)
  if (city !== undefined) conditions.push(appliesIn(city))
  if (active !== undefined) conditions.push(sql`${isInUse} = ${active}`)
  return ctx.db.read(selectBands(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getPricingBand(ctx: Context, id: string): Promise<PricingBandRow> {
  return one(await ctx.db.read(selectBands(sql`b.id = ${id}`)))
}

export interface NewPricingBand {
  categoryId: string
  city?: string | null | undefined
  minAmount: number
  maxAmount: number
  currency: string
}

export async function createPricingBand(ctx: Context, fields: NewPricingBand): Promise<PricingBandRow> {
  const id = newId(ctx.now.getTime())
  const insert = sql`insert into pricing_bands ${insertion(pricingBands, { id, ...fields })}`
  const effects = [inTurn, categoryStands(fields.categoryId), insert]
  return one(await ctx.db.write(effects, selectBands(sql`b.id = ${id}`)))
}

/** Estimates from now on use the new amounts; those of tasks stay. */
export async function updatePricingBand(
  ctx: Context,
  id: string,
  patch: { minAmount?: number | undefined; maxAmount?: number | undefined },
  expectedVersion: number | null,
): Promise<PricingBandRow> {
  const changes = assignments(pricingBands, patch)
  const effects = [
    inTurn,
    hasVersion(id, expectedVersion),
    sql`select khidma.refuse(409, 'price_band_retired') from pricing_bands b where b.id = ${id} and not (${isInUse})`,
  ]
  if (changes) effects.push(sql`update pricing_bands set ${changes} where id = ${id}`)
  return one(await ctx.db.write(effects, selectBands(sql`b.id = ${id}`)))
}

export async function retirePricingBand(
  ctx: Context,
  id: string,
  expectedVersion: number | null,
): Promise<PricingBandRow> {
  const effects = [
    inTurn,
    hasVersion(id, expectedVersion),
    sql`update pricing_bands b set active = false where b.id = ${id} and ${isInUse}`,
  ]
  return one(await ctx.db.write(effects, selectBands(sql`b.id = ${id}`)))
}
