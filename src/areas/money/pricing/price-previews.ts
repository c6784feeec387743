import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { int, list, nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { categoryStands } from '../../supply/catalog/categories.ts'
import {
  beginOf,
  type NewPricingBand,
  pricingBandColumns,
  pricingBandRow,
  refusePast,
} from './price-bands.ts'
import { estimateOf, priceBandOf } from './price-estimates.ts'

const amountsRow = { minAmountMinor: int, maxAmountMinor: int, currency: text }

const previewRow = {
  estMinutes: int,
  estimates: list({
    categoryId: uuid,
    slug: text,
    city: nullable(text),
    before: nullable(amountsRow),
    after: amountsRow,
  }),
  conflicts: list(pricingBandRow),
}
export type PricePreviewRow = RowOf<typeof previewRow>

/** More than any tree of categories times the cities with prices of their own. */
export const previewLimit = 1_000

/**
 * Estimates that a new band would decide, at the instant when it would begin, by the statement of the estimate itself: of its
 * category and those below it, in its city or, of a band for every city, in each city where another band of the branch is valid and
 * in all others (city null). Bands of the same scope, which would refuse it, are passed over. Writes nothing.
 */
export async function previewPricingBand(
  ctx: Context,
  band: NewPricingBand,
  estMinutes: number,
): Promise<PricePreviewRow> {
  refusePast(ctx, band)
  const { categoryId, city, minAmount, maxAmount, currency, validUntil } = band
  const at = sql`(select moment.at from moment)`
  const isOverlapping = sql`(b.valid_during && tstzrange(${at}, ${validUntil}::timestamptz))`
  const isSameScope = sql`b.category_id = ${categoryId} and lower(b.city) is not distinct from lower(${city}::text)`
  const isOtherCurrency = sql`lower(b.city) = lower(${city}::text) and b.currency <> ${currency}`
  const id = newId(ctx.now.getTime())
  const proposedBands = sql`(
    select b.id, b.category_id, b.city, b.min_amount, b.max_amount, b.currency, b.valid_during from pricing_bands b where not (${isSameScope})
    union all
    select ${id}::uuid, ${categoryId}::uuid, ${city}::text, ${minAmount}::bigint, ${maxAmount}::bigint, ${currency}::text,
           tstzrange(${at}, ${validUntil}::timestamptz))`
  const bandFor = (bands = sql`pricing_bands`) =>
    priceBandOf(sql`c.id = branch.id`, sql`place.city`, { bands, at })
  const places =
    city === null
      ? sql`select null::text as city union
            select distinct on (lower(b.city)) b.city from pricing_bands b
             where b.city is not null and b.valid_during @> ${at} and b.category_id in (select id from branch union select id from above)`
      : sql`select ${city}::text as city`
  return one(
    // In a transaction that asks the database what the caller may, as for the band itself.
    await ctx.db.write(
      [
        categoryStands(categoryId),
        sql`select khidma.refuse(422, 'price_band_order') where ${minAmount}::bigint > ${maxAmount}::bigint`,
      ],
      rowsOf(previewRow)`
      with recursive moment as materialized (select ${beginOf(band)} as at),
      branch as (
        select c.id, c.slug, 0 as depth from task_categories c where c.id = ${categoryId}
        union all
        select c.id, c.slug, branch.depth + 1 from task_categories c join branch on c.parent_id = branch.id where c.deleted_at is null
      ),
      above as (
        select c.id, c.parent_id from task_categories c where c.id = ${categoryId}
        union all
        select c.id, c.parent_id from task_categories c join above on c.id = above.parent_id
      ),
      place as (${places}),
      estimates as (
        select branch.id as "categoryId", branch.slug, place.city, branch.depth,
               (select to_json(x) from (select ${estimateOf(sql`was`, estMinutes)} from (${bandFor()}) was) x) as before,
               (select to_json(x) from (select ${estimateOf(sql`proposed`, estMinutes)}) x) as after
          from branch cross join place cross join lateral (${bandFor(proposedBands)}) proposed
         where proposed.id = ${id}
      )
      select ${estMinutes}::int as "estMinutes",
             coalesce((select json_agg(e) from (select e."categoryId", e.slug, e.city, e.before, e.after from estimates e
                order by e.depth, e.slug, e.city nulls first limit ${previewLimit}) e), '[]') as estimates,
             coalesce((select json_agg(v order by v.id) from (select ${pricingBandColumns} from pricing_bands b
                where ${isOverlapping} and ((${isSameScope}) or (${isOtherCurrency}))) v), '[]') as conflicts`,
    ),
  )
}
