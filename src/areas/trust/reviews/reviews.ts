import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { maybeRowJson, rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { bool, columnsOf, list, nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { reviewAnswers, reviews } from '../../../db/schema/trust/reviews.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { mediaStand } from '../../people/profiles/own-rows.ts'
import type { EntityType } from './criteria.ts'
import { screen } from './screening.ts'

export const reviewRow = {
  ...columnsOf(reviews),
  reviewerName: nullable(text),
  answer: nullable(columnsOf(reviewAnswers)),
  mediaIds: list(uuid),
  /** Whether others than its author can read it: its instant may have passed before the job came. */
  isOpen: bool,
}
export type ReviewRow = RowOf<typeof reviewRow>

/** Columns of review `r`. The first name is enough for strangers. */
export const reviewColumns: SQL = sql`
  ${rowColumns(reviews, 'r')}, nullif(split_part(trim(u.full_name), ' ', 1), '') as "reviewerName",
  ${maybeRowJson(reviewAnswers, 'a')} as answer,
  coalesce((select json_agg(p.media_id order by p.position) from review_photos p where p.review_id = r.id), '[]') as "mediaIds",
  khidma.is_review_open(r) as "isOpen"`

export const reviewSource: SQL = sql`
  reviews r join users u on u.id = r.reviewer_id left join review_answers a on a.review_id = r.id`

const selectReviews = (where: SQL): Statement<ReviewRow> =>
  rowsOf(reviewRow)`select ${reviewColumns} from ${reviewSource} where ${where}`

/** Its author's, and of the reviewed as soon as it is open. */
const visibleTo = (actor: Actor): SQL =>
  isStaff(actor)
    ? sql`true`
    : sql`(r.reviewer_id = ${userIdOf(actor)} or (r.reviewee_id = ${userIdOf(actor)} and khidma.is_review_open(r)))`

export const reviewView = (actor: Actor, reviewId: string): Statement<ReviewRow> =>
  selectReviews(sql`r.id = ${reviewId} and ${visibleTo(actor)}`)

export interface ReviewFields {
  rating: number
  criteria: Record<string, number>
  tags: string[]
  comment: string | null
  isPublic: boolean
  mediaIds: string[]
}

/** Triggers see to the rest: who may (404), when (409), the reviewed, the publication of both, the end of the task. */
export async function createReview(
  ctx: Context<UserActor>,
  bookingId: string,
  { rating, criteria, tags, comment, isPublic, mediaIds }: ReviewFields,
): Promise<ReviewRow> {
  const id = newId(ctx.now.getTime())
  const reviewerId = ctx.actor.userId
  const row = {
    ...{ id, bookingId, reviewerId, rating, comment, isPublic },
    criteria: jsonOf(criteria),
    tags: textArray(tags),
    screened: screen({ comment }),
  }
  const effects = [
    ...mediaStand(reviewerId, mediaIds, ['image']),
    sql`insert into reviews ${insertion(reviews, row)}`,
    ...photos(id, mediaIds),
  ]
  return one(await ctx.db.write(effects, reviewView(ctx.actor, id)))
}

const jsonOf = (scores: Record<string, number>): SQL => sql`${JSON.stringify(scores)}::jsonb`

const photos = (id: string, mediaIds: string[] | undefined): SQL[] =>
  mediaIds === undefined ? [] : [sql`select khidma.set_review_photos(${id}, ${sql.param(mediaIds)}::uuid[])`]

export const getReview = async (ctx: Context, reviewId: string): Promise<ReviewRow> =>
  one(await ctx.db.read(reviewView(ctx.actor, reviewId)))

export type ReviewPatch = { [K in keyof ReviewFields]?: ReviewFields[K] | undefined }

/** A new text is screened anew, and readers may flag it anew. */
export async function updateReview(
  ctx: Context<UserActor>,
  reviewId: string,
  { rating, criteria, tags, comment, isPublic, mediaIds }: ReviewPatch,
  expectedVersion: number | null,
): Promise<ReviewRow> {
  const touchesScores = rating !== undefined || criteria !== undefined || isPublic !== undefined
  const changes = assignments(reviews, {
    ...(rating !== undefined && { rating }),
    ...(criteria !== undefined && { criteria: jsonOf(criteria) }),
    ...(isPublic !== undefined && { isPublic }),
    ...(tags !== undefined && { tags: textArray(tags) }),
    ...(comment !== undefined && {
      comment,
      screened: screen({ comment }),
      moderatedAt: null,
      moderatedBy: null,
    }),
  })
  const effects = [
    ...mediaStand(ctx.actor.userId, mediaIds ?? [], ['image']),
    sql`select khidma.begin_review_edit(${reviewId}, ${expectedVersion}, ${touchesScores})`,
  ]
  if (changes || mediaIds)
    effects.push(
      sql`update reviews set submitted_at = now() ${changes ? sql`, ${changes}` : sql``} where id = ${reviewId}`,
      ...photos(reviewId, mediaIds),
    )
  return one(await ctx.db.write(effects, reviewView(ctx.actor, reviewId)))
}

/** Reviews by the caller, or of the caller as far as they are open. */
export function listOwnReviews(
  ctx: Context<UserActor>,
  { direction }: { direction: 'given' | 'received' },
  page: PageRequest,
): Promise<ReviewRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const own =
    direction === 'given'
      ? sql`r.reviewer_id = ${ctx.actor.userId}`
      : sql`r.reviewee_id = ${ctx.actor.userId} and khidma.is_review_open(r)`
  return ctx.db.read(selectReviews(sql`${own} and ${within} ${orderAndLimit}`))
}

/** The somebody who is read about must be there, in that capacity, and theirs to see who asks: else 404. */
export const subjectOf = ({ actor }: Context, type: EntityType, id: string): SQL => {
  if (type === 'professional') return sql`tasker_profiles s where s.user_id = ${id}`
  if (type === 'company') return sql`company_profiles s where s.user_id = ${id} and s.status = 'active'`
  const mine = sql`(s.id = ${userIdOf(actor)} or khidma.may_see_client(s.id, ${userIdOf(actor)}))`
  return sql`users s where s.id = ${id} and ${isStaff(actor) ? sql`true` : mine}`
}

/** Lists what the others say of somebody, as far as it is open and public. One row for them holds the page: an unknown one is 404. */
export async function listReviewsOf(
  ctx: Context,
  type: EntityType,
  id: string,
  page: PageRequest,
): Promise<ReviewRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const about = sql`r.entity_type = ${type} and r.entity_id = ${id} and r.is_public and khidma.is_review_open(r)`
  const rows = await ctx.db.read(
    rowsOf({ reviews: list(reviewRow) })`select coalesce((select json_agg(s) from (
            ${selectReviews(sql`${about} and ${within} ${orderAndLimit}`)}) s), '[]') as reviews
          from ${subjectOf(ctx, type, id)}`,
  )
  return one(rows).reviews
}
