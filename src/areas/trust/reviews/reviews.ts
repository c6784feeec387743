import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { insertion } from '../../../db/patch.ts'
import { columnsOf, list, nullable, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { reviews } from '../../../db/schema/trust/reviews.ts'
import { one, type Statement } from '../../../db/unit.ts'

const reviewRow = { ...columnsOf(reviews), reviewerName: nullable(text) }
export type ReviewRow = RowOf<typeof reviewRow>

/** The first name is enough for strangers. */
const selectReviews = (where: SQL): Statement<ReviewRow> => rowsOf(reviewRow)`
  select ${rowColumns(reviews, 'r')}, nullif(split_part(trim(u.full_name), ' ', 1), '') as "reviewerName"
    from reviews r join users u on u.id = r.reviewer_id where ${where}`

export interface ReviewFields {
  rating: number
  tags: string[]
  comment: string | null
}

/** Triggers see to the rest: who may (404), when (409), the reviewee, the tasker's rating, the end of the task. */
export async function createReview(
  ctx: Context<UserActor>,
  bookingId: string,
  { rating, tags, comment }: ReviewFields,
): Promise<ReviewRow> {
  const id = newId(ctx.now.getTime())
  const reviewerId = ctx.actor.userId
  const tagList = sql`array(select jsonb_array_elements_text(${JSON.stringify(tags)}::jsonb))`
  const insert = sql`insert into reviews ${insertion(reviews, { id, bookingId, reviewerId, rating, tags: tagList, comment })}`
  return one(await ctx.db.write([insert], selectReviews(sql`r.id = ${id}`)))
}

/** Lists what clients say of a tasker. One row for the tasker holds the page: a user who is no tasker is 404. */
export async function listTaskerReviews(
  ctx: Context,
  taskerId: string,
  page: PageRequest,
): Promise<ReviewRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const asTasker = sql`r.reviewee_id = p.user_id
    and exists (select from bookings b where b.id = r.booking_id and b.tasker_id = p.user_id)`
  const rows = await ctx.db.read(
    rowsOf({ reviews: list(reviewRow) })`select coalesce((select json_agg(s) from (
            ${selectReviews(sql`${asTasker} and ${within} ${orderAndLimit}`)}) s), '[]') as reviews
          from tasker_profiles p where p.user_id = ${taskerId}`,
  )
  return one(rows).reviews
}
