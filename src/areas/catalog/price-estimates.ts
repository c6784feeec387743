import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { Problem } from '../../core/problems.ts'

export interface PriceEstimateRow {
  categoryId: string
  city: string
  estMinutes: number
  minAmountMinor: number
  maxAmountMinor: number
  currency: string
}

export interface PriceQuestion {
  categoryId: string
  city: string
  estMinutes: number
}

/**
 * The nearest band up the tree, one of the city before one for everywhere, times the hours. Integers throughout: an
 * amount an hour × minutes / 60, rounded half up to the minor unit.
 */
export async function estimatePrice(
  ctx: Context,
  { categoryId, city, estMinutes }: PriceQuestion,
): Promise<PriceEstimateRow> {
  const [estimate] = await ctx.db.read<PriceEstimateRow>(sql`
    with recursive up as (
      select id, parent_id, 0 as distance from task_categories where id = ${categoryId} and deleted_at is null and active
      union all
      select c.id, c.parent_id, up.distance + 1 from task_categories c join up on c.id = up.parent_id
    )
    select ${categoryId}::uuid as "categoryId", ${city}::text as city, ${estMinutes}::int as "estMinutes",
           (b.min_amount * ${estMinutes}::bigint + 30) / 60 as "minAmountMinor",
           (b.max_amount * ${estMinutes}::bigint + 30) / 60 as "maxAmountMinor", b.currency
      from up join pricing_bands b on b.category_id = up.id and b.active
       and (b.city is null or lower(b.city) = lower(${city}))
      order by up.distance, b.city nulls last, b.id desc
      limit 1`)
  if (!estimate) throw new Problem('price_unavailable')
  return estimate
}
