import type { Context } from '../../../core/context.ts'
import { maybeRowJson } from '../../../db/json.ts'
import { columnsOf, nullable, number, type RowOf, rowsOf } from '../../../db/rows.ts'
import { ratingFigures } from '../../../db/schema/trust/reviews.ts'
import { one } from '../../../db/unit.ts'
import type { EntityType } from './criteria.ts'
import { subjectOf } from './reviews.ts'

const reputationRow = {
  figures: nullable(columnsOf(ratingFigures)),
  /** Rank of somebody without reviews. */
  priorRating: number,
}
export type ReputationRow = RowOf<typeof reputationRow>

/** The kept figures of somebody. */
export async function getReputation(ctx: Context, type: EntityType, id: string): Promise<ReputationRow> {
  const rows = await ctx.db.read(rowsOf(reputationRow)`
    select (select ${maybeRowJson(ratingFigures, 'f')} from rating_figures f where f.entity_type = ${type} and f.entity_id = ${id}) as figures,
           khidma.config_value('reviews.prior_rating', null, null, null)::float8 as "priorRating"
      from ${subjectOf(ctx, type, id)}`)
  return one(rows)
}
