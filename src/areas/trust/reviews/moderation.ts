import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { insertion } from '../../../db/patch.ts'
import { columnsOf, int, json, list, pick, type RowOf, rowsOf } from '../../../db/rows.ts'
import { reviewAnswers, reviewFlags, reviewSignals } from '../../../db/schema/trust/reviews.ts'
import { one, type Statement } from '../../../db/unit.ts'
import type { ReviewStatus } from './machine.ts'
import { type ReviewRow, reviewColumns, reviewRow, reviewSource, reviewView } from './reviews.ts'
import { screen, screenAnswer } from './screening.ts'

/** The one answer of the reviewed. The trigger refuses others. */
export async function answerReview(
  ctx: Context<UserActor>,
  reviewId: string,
  text: string,
): Promise<ReviewRow> {
  screenAnswer(text)
  const row = { reviewId, authorId: ctx.actor.userId, text }
  const insert = sql`insert into review_answers ${insertion(reviewAnswers, row)}`
  return one(await ctx.db.write([insert], reviewView(ctx.actor, reviewId)))
}

const flagRow = columnsOf(reviewFlags)
export type FlagRow = RowOf<typeof flagRow>

export async function flagReview(
  ctx: Context<UserActor>,
  reviewId: string,
  { reason, note }: Pick<FlagRow, 'reason' | 'note'>,
): Promise<FlagRow> {
  const id = newId(ctx.now.getTime())
  const row = { id, reviewId, userId: ctx.actor.userId, reason, note }
  const view = rowsOf(flagRow)`select ${rowColumns(reviewFlags, 'f')} from review_flags f where f.id = ${id}`
  return one(await ctx.db.write([sql`insert into review_flags ${insertion(reviewFlags, row)}`], view))
}

/** Once: staff look at it again, and what they decide then stays. */
export async function appealReview(
  ctx: Context<UserActor>,
  reviewId: string,
  appeal: string,
): Promise<ReviewRow> {
  screen({ appeal })
  const effects = [
    sql`select khidma.begin_review_appeal(${reviewId})`,
    sql`update reviews set status = 'flagged', appeal = ${appeal}, appealed_at = now() where id = ${reviewId}`,
  ]
  return one(await ctx.db.write(effects, reviewView(ctx.actor, reviewId)))
}

/** No more flags than these are counted for staff. */
const countedFlags = 1_000

const signalRow = {
  ...pick(columnsOf(reviewSignals), 'kind', 'createdAt', 'decidedAt', 'decidedBy'),
  details: json<Record<string, number | string>>(),
}
const moderatedRow = { ...reviewRow, flagCount: int, signals: list(signalRow) }
export type ModeratedReviewRow = RowOf<typeof moderatedRow>

const moderatedView = (where: SQL): Statement<ModeratedReviewRow> => rowsOf(moderatedRow)`
  select ${reviewColumns},
         (select count(*)::int from (select from review_flags f where f.review_id = r.id limit ${countedFlags}) f) as "flagCount",
         coalesce((select json_agg(json_build_object('kind', s.kind, 'details', s.details, 'createdAt', ${isoTime(sql`s.created_at`)},
                                     'decidedAt', ${isoTime(sql`s.decided_at`)}, 'decidedBy', s.decided_by) order by s.id)
                     from review_signals s where s.review_id = r.id), '[]') as signals
    from ${reviewSource} where ${where}`

export interface ReviewFilters {
  status?: ReviewStatus | undefined
  bookingId?: string | undefined
  reviewerId?: string | undefined
  revieweeId?: string | undefined
}

export function listReviews(
  ctx: Context<UserActor>,
  { status, bookingId, reviewerId, revieweeId }: ReviewFilters,
  page: PageRequest,
): Promise<ModeratedReviewRow[]> {
  const { within, orderAndLimit } = listing(page, 'r')
  const conditions = [within]
  if (status) conditions.push(sql`r.status = ${status}`)
  if (bookingId) conditions.push(sql`r.booking_id = ${bookingId}`)
  if (reviewerId) conditions.push(sql`r.reviewer_id = ${reviewerId}`)
  if (revieweeId) conditions.push(sql`r.reviewee_id = ${revieweeId}`)
  return ctx.db.read(moderatedView(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

async function decide(
  ctx: Context<UserActor>,
  reviewId: string,
  effects: SQL[],
): Promise<ModeratedReviewRow> {
  return one(await ctx.db.write(effects, moderatedView(sql`r.id = ${reviewId}`)))
}

export const publishReview = (ctx: Context<UserActor>, reviewId: string): Promise<ModeratedReviewRow> =>
  decide(ctx, reviewId, [sql`update reviews set status = 'published' where id = ${reviewId}`])

export const hideReview = (
  ctx: Context<UserActor>,
  reviewId: string,
  reason: string,
): Promise<ModeratedReviewRow> =>
  decide(ctx, reviewId, [
    sql`select khidma.give_reason(${reason})`,
    sql`update reviews set status = 'hidden' where id = ${reviewId}`,
  ])

/** The review stays as it is. */
export const dismissSignals = (ctx: Context<UserActor>, reviewId: string): Promise<ModeratedReviewRow> =>
  decide(ctx, reviewId, [sql`select khidma.dismiss_review_signals(${reviewId})`])

/** One row for the review holds the page: an unknown one is 404. */
export async function listFlags(
  ctx: Context<UserActor>,
  reviewId: string,
  page: PageRequest,
): Promise<FlagRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`f.id`)
  const rows = await ctx.db.read(rowsOf({ flags: list(flagRow) })`
    select coalesce((select json_agg(p) from (
             select ${rowColumns(reviewFlags, 'f')} from review_flags f
              where f.review_id = r.id and ${after} ${orderAndLimit}) p), '[]') as flags
      from reviews r where r.id = ${reviewId}`)
  return one(rows).flags
}
