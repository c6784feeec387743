import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { int, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { isActive } from '../../supply/catalog/categories.ts'
import { appliesIn, isValidAt } from './price-bands.ts'

const priceEstimateRow = {
  categoryId: uuid,
  city: text,
  estMinutes: int,
  minAmountMinor: int,
  maxAmountMinor: int,
  currency: text,
}
export type PriceEstimateRow = RowOf<typeof priceEstimateRow>

export interface PriceQuestion {
  categoryId: string
  city: string
  estMinutes: number
}

/** Bands to choose from and the instant to choose for: the preview of a band asks about others than those that are valid now. */
interface Market {
  bands: SQL
  at: SQL
}

const marketNow: Market = { bands: sql`pricing_bands`, at: sql`now()` }

/**
 * The band that prices the active category `c` of `which` in a city: the nearest up the tree, one of the city before one for
 * everywhere. No row where none is known.
 */
export const priceBandOf = (which: SQL, city: SQL | string, { bands, at } = marketNow): SQL => sql`
  with recursive up as (
    select c.id, c.parent_id, 0 as distance from task_categories c where ${which} and ${isActive(sql`c.id`)}
    union all
    select c.id, c.parent_id, up.distance + 1 from task_categories c join up on c.id = up.parent_id
  )
  select b.id, b.min_amount, b.max_amount, b.currency
    from up join ${bands} b on b.category_id = up.id and ${isValidAt(at)} and ${appliesIn(city)}
   order by up.distance, b.city nulls last, b.id desc limit 1`

/** An amount an hour for so many minutes; `price.sql` is the home of all such arithmetic. */
export const amountFor = (minutes: SQL | number, amountAnHour: SQL): SQL =>
  sql`khidma.amount_for(${minutes}::bigint, ${amountAnHour})`

/** The estimate that `band` gives for so many minutes, as columns. */
export const estimateOf = (band: SQL, estMinutes: number): SQL => sql`
  ${amountFor(estMinutes, sql`${band}.min_amount`)} as "minAmountMinor",
  ${amountFor(estMinutes, sql`${band}.max_amount`)} as "maxAmountMinor", ${band}.currency`

export async function estimatePrice(
  ctx: Context,
  { categoryId, city, estMinutes }: PriceQuestion,
): Promise<PriceEstimateRow> {
  const [estimate] = await ctx.db.read(rowsOf(priceEstimateRow)`
    select ${categoryId}::uuid as "categoryId", ${city}::text as city, ${estMinutes}::int as "estMinutes",
           ${estimateOf(sql`band`, estMinutes)}
      from (${priceBandOf(sql`c.id = ${categoryId}`, city)}) band`)
  if (!estimate) throw new Problem('price_unavailable')
  return estimate
}
