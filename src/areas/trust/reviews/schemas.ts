import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { reviewFlagReasons, reviewSignalKinds } from '../../../db/schema/trust/reviews.ts'
import { changedQuery, createdQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { criteria, entityTypes } from './criteria.ts'
import { reviewMachine } from './machine.ts'
import type { FlagRow, ModeratedReviewRow } from './moderation.ts'
import type { ReputationRow } from './reputation.ts'
import type { ReviewFields, ReviewRow } from './reviews.ts'

const Rating = z
  .int()
  .min(1)
  .max(5)
  .openapi({ example: 5, description: 'Rating from 1 (poor) to 5 (excellent).' })

const ReviewTag = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, valueTexts.reviewTag)
  .openapi({ example: 'on_time', description: 'What stood out.' })

const [tagsLimit, photosLimit] = [10, 10]

const ReviewStatus = z.enum(reviewMachine.states).openapi('ReviewStatus', {
  description:
    'Status of a review. `pending`: the other side has not written theirs, and the time for it has not ended; `flagged`: it waits for staff.',
  example: 'published',
})

const ReviewedAs = z.enum(entityTypes).openapi('ReviewedAs', {
  description: 'Capacity in which somebody was reviewed.',
  example: 'professional',
})

const Score = z.int().min(1).max(5).openapi({ example: 4, description: 'Score from 1 to 5.' })

const scores = Object.fromEntries(criteria.map((name) => [name, Score.optional()])) as {
  [C in (typeof criteria)[number]]: z.ZodOptional<typeof Score>
}

const CriteriaScores = z.strictObject(scores).openapi('CriteriaScores', {
  description:
    'Scores by criterion. Which are asked is in the public configuration: `reviews.criteria_of_professionals`, `…_of_clients` and `…_of_companies`.',
  example: { quality: 5, punctuality: 4 },
})

const ReviewAnswer = z
  .object({
    text: z.string().openapi({ example: 'Thank you!', description: 'Free text.' }),
    createdAt: Timestamp,
  })
  .openapi('ReviewAnswer', { description: 'The answer of the reviewed.' })

const MediaIds = z.array(Id).openapi({ description: 'Photos, in order; see `media.get`.' })
const Comment = z.string().nullable().openapi({ example: 'Quick and clean work.', description: 'Free text.' })

export const Review = z
  .object({
    id: Id,
    bookingId: Id,
    contractId: Id.nullable().openapi({ description: 'Contract of the booking, where it has one.' }),
    reviewerId: Id.openapi({ description: 'User who wrote the review.' }),
    reviewerName: z
      .string()
      .nullable()
      .openapi({ example: 'Nour', description: 'First name of the reviewer.' }),
    revieweeId: Id.openapi({ description: 'User who was reviewed.' }),
    entityType: ReviewedAs,
    status: ReviewStatus,
    rating: Rating,
    criteria: CriteriaScores,
    tags: z.array(ReviewTag).openapi({ description: 'What stood out.' }),
    comment: Comment,
    mediaIds: MediaIds,
    isPublic: z.boolean().openapi({
      description: 'Whether others than the reviewed can read it. Only public ones count in ratings.',
    }),
    answer: ReviewAnswer.nullable().openapi({ description: 'The answer of the reviewed; null without one.' }),
    publishesAt: Timestamp.openapi({
      example: '2026-12-05T08:30:00.000Z',
      description: 'When it is published even if the other side has not written a review.',
    }),
    publishedAt: Timestamp.nullable(),
    editUntil: Timestamp.openapi({
      example: '2026-11-23T08:30:00.000Z',
      description: 'Until when the text of a published review can be changed.',
    }),
    hiddenReason: z.string().nullable().openapi({
      example: 'It names a third person.',
      description: 'Why staff have hidden it; for its author and staff.',
    }),
    appealedAt: Timestamp.nullable().openapi({ description: 'When its author has appealed.' }),
    allowedActions: AllowedActions,
    submittedAt: Timestamp.openapi({ description: 'When its author last changed it.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Review', { description: 'A review of one party of a booking by the other.' })

export const ReviewPage = pageOf(Review, 'ReviewPage')

export const OwnReviewFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  direction: z
    .enum(['given', 'received'])
    .openapi({ example: 'received', description: 'Reviews that you wrote, or that others wrote about you.' }),
})

/** As strangers read it: which booking it was, and who its author is, stays between the two. */
export const PublicReview = z
  .object({
    id: Id,
    reviewerName: z
      .string()
      .nullable()
      .openapi({ example: 'Nour', description: 'First name of the reviewer.' }),
    rating: Rating,
    criteria: CriteriaScores,
    tags: z.array(ReviewTag).openapi({ description: 'What stood out.' }),
    comment: Comment,
    mediaIds: MediaIds,
    answer: ReviewAnswer.nullable().openapi({ description: 'The answer of the reviewed; null without one.' }),
    createdAt: Timestamp,
  })
  .openapi('PublicReview', { description: 'A review, as everyone can read it.' })

export const PublicReviewPage = pageOf(PublicReview, 'PublicReviewPage')

export const PublicReviewQuery = z.object({ ...pageQuery, ...createdQuery })

const fields = {
  rating: Rating,
  criteria: CriteriaScores.optional(),
  tags: z
    .array(ReviewTag)
    .max(tagsLimit)
    .refine((tags) => new Set(tags).size === tags.length, valueTexts.eachOnce)
    .optional()
    .openapi({ description: 'What stood out.' }),
  comment: z.string().trim().min(1).max(2_000).nullable().optional().openapi({ description: 'Free text.' }),
  mediaIds: z
    .array(Id)
    .max(photosLimit)
    .refine((ids) => new Set(ids).size === ids.length, valueTexts.eachOnce)
    .optional()
    .openapi({ description: 'Photos that you have uploaded.' }),
  isPublic: z
    .boolean()
    .optional()
    .openapi({ description: 'False: only for the reviewed and staff. It counts in no rating then.' }),
}

export const CreateReview = z.strictObject(fields).openapi('CreateReview', {
  example: {
    rating: 5,
    criteria: { communication: 5 },
    tags: ['on_time', 'tidy'],
    comment: 'Quick and clean work.',
  },
})

export const UpdateReview = z
  .strictObject({ ...fields, rating: Rating.optional() })
  .openapi('UpdateReview', { example: { comment: 'Quick and clean work; came back for a detail.' } })

type Sent = z.infer<typeof UpdateReview>

/** Criteria that were sent, without absent ones. */
export const toScores = (sent: Sent['criteria']): Record<string, number> | undefined =>
  sent &&
  (Object.fromEntries(Object.entries(sent).filter(([, score]) => score !== undefined)) as Record<
    string,
    number
  >)

export const toReviewFields = ({ criteria, ...sent }: z.infer<typeof CreateReview>): ReviewFields => ({
  tags: [],
  comment: null,
  isPublic: true,
  mediaIds: [],
  ...definedOf(sent),
  rating: sent.rating,
  criteria: toScores(criteria) ?? {},
})

const definedOf = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

export const AnswerReview = z
  .strictObject({
    text: z.string().trim().min(1).max(2_000).openapi({ description: 'Free text, for everyone to read.' }),
  })
  .openapi('AnswerReview', { example: { text: 'Thank you!' } })

export const AppealReview = z
  .strictObject({ reason: Reason.openapi({ description: 'Why it should be published, for staff.' }) })
  .openapi('AppealReview', { example: { reason: 'It tells only what happened.' } })

export const HideReview = z
  .strictObject({ reason: Reason.openapi({ description: 'Shown to its author, and recorded.' }) })
  .openapi('HideReview', { example: { reason: 'It names a third person.' } })

const FlagReason = z.enum(reviewFlagReasons).openapi('ReviewFlagReason', {
  description: 'Why a review should not be there.',
  example: 'offensive',
})

export const FlagReview = z
  .strictObject({
    reason: FlagReason,
    note: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .nullable()
      .optional()
      .openapi({ description: 'Free text, for staff.' }),
  })
  .openapi('FlagReview', { example: { reason: 'offensive', note: 'It insults the tasker.' } })

export const ReviewFlag = z
  .object({
    id: Id,
    reviewId: Id,
    reason: FlagReason,
    note: z.string().nullable().openapi({ example: 'It insults the tasker.', description: 'Free text.' }),
    createdAt: Timestamp,
  })
  .openapi('ReviewFlag', { description: 'A flag of a reader on a review.' })

export const FlagsQuery = z.object(pageQuery)

export const StaffReviewFlag = ReviewFlag.extend({
  userId: Id.openapi({ description: 'User who flagged it.' }),
}).openapi('StaffReviewFlag', { description: 'A flag on a review, as staff see it.' })

export const StaffReviewFlagPage = pageOf(StaffReviewFlag, 'StaffReviewFlagPage')

const ReviewSignal = z
  .object({
    kind: z.enum(reviewSignalKinds).openapi({ example: 'ring', description: 'Kind of the sign.' }),
    details: z
      .record(z.string(), z.union([z.number(), z.string()]))
      .openapi({ example: { people: 4 }, description: 'Numbers and hashes by which it was found.' }),
    createdAt: Timestamp,
    decidedAt: Timestamp.nullable().openapi({ description: 'When staff decided; null while it is open.' }),
    decidedBy: Id.nullable().openapi({ description: 'Member of staff who decided.' }),
  })
  .openapi('ReviewSignal', { description: 'A sign that a review may not be honest.' })

export const ModeratedReview = Review.extend({
  signals: z.array(ReviewSignal).openapi({ description: 'Signs that it may not be honest, oldest first.' }),
  screened: z.boolean().openapi({ description: 'Whether the word filter has marked its text.' }),
  flagCount: z.int().openapi({ example: 3, description: 'Flags of readers; counted up to 1,000.' }),
  appeal: z.string().nullable().openapi({
    example: 'It tells only what happened.',
    description: 'Reason that its author gives against the decision.',
  }),
  moderatedAt: Timestamp.nullable().openapi({ description: 'When staff last decided about it.' }),
  moderatedBy: Id.nullable().openapi({ description: 'Member of staff who decided.' }),
}).openapi('ModeratedReview', { description: 'A review as staff see it.' })

export const ModeratedReviewPage = pageOf(ModeratedReview, 'ModeratedReviewPage')

export const ReviewFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: ReviewStatus.optional().openapi({
    description: 'Only reviews with this status; `flagged` is the queue.',
  }),
  bookingId: relatedId('Only reviews of this booking.'),
  reviewerId: relatedId('Only reviews by this user.'),
  revieweeId: relatedId('Only reviews of this user.'),
})

export const Reputation = z
  .object({
    reviewCount: z.int().openapi({ example: 36, description: 'Number of published, public reviews.' }),
    average: z
      .number()
      .nullable()
      .openapi({ example: 4.8, description: 'Average rating from 1 to 5; null without reviews.' }),
    rank: z.number().openapi({
      example: 4.71,
      description:
        'Rating to compare people by: later reviews weigh more, and few reviews are drawn to the usual rating.',
    }),
    stars: z
      .array(z.int())
      .length(5)
      .openapi({ example: [0, 1, 2, 5, 28], description: 'Number of reviews by rating, from 1 to 5.' }),
    criteria: z
      .array(
        z
          .object({
            name: z.enum(criteria).openapi({ example: 'quality', description: 'Criterion.' }),
            count: z.int().openapi({ example: 30, description: 'Number of reviews that score it.' }),
            average: z.number().openapi({ example: 4.9, description: 'Average score from 1 to 5.' }),
          })
          .openapi('CriterionFigures', { description: 'Figures of one criterion.' }),
      )
      .openapi({ description: 'Averages by criterion.' }),
  })
  .openapi('Reputation', { description: 'Figures of the reviews of somebody.' })

const round2 = (value: number): number => Math.round(value * 100) / 100

export function toReputation({ figures, priorRating }: ReputationRow): z.infer<typeof Reputation> {
  if (!figures)
    return { reviewCount: 0, average: null, rank: priorRating, stars: [0, 0, 0, 0, 0], criteria: [] }
  const { reviewCount, ratingSum, rank, stars } = figures
  const scored = criteria.flatMap((name) => {
    const of = figures.criteria[name]
    return of ? [{ name, count: of.count, average: round2(of.sum / of.count) }] : []
  })
  const average = reviewCount > 0 ? round2(ratingSum / reviewCount) : null
  return { reviewCount, average, rank, stars, criteria: scored }
}

const partyOf = (row: ReviewRow, actor: Actor): 'ops' | 'reviewer' | 'reviewee' => {
  if (isStaff(actor)) return 'ops'
  return row.reviewerId === userIdOf(actor) ? 'reviewer' : 'reviewee'
}

const toAnswer = ({ answer }: ReviewRow): z.infer<typeof ReviewAnswer> | null =>
  answer && { text: answer.text, createdAt: answer.createdAt }

/** Shows an open review as published to everybody, though the job may not have come. */
export function toReview(row: ReviewRow, actor: Actor): z.infer<typeof Review> {
  const party = partyOf(row, actor)
  const status = row.isOpen ? 'published' : row.status
  return {
    id: row.id,
    bookingId: row.bookingId,
    contractId: row.contractId,
    reviewerId: row.reviewerId,
    reviewerName: row.reviewerName,
    revieweeId: row.revieweeId,
    entityType: row.entityType,
    status,
    rating: row.rating,
    criteria: row.criteria,
    tags: row.tags,
    comment: row.comment,
    mediaIds: row.mediaIds,
    isPublic: row.isPublic,
    answer: toAnswer(row),
    publishesAt: row.publishesAt,
    publishedAt: row.publishedAt ?? (row.isOpen ? row.publishesAt : null),
    editUntil: row.editUntil,
    hiddenReason: party === 'reviewee' ? null : row.hiddenReason,
    appealedAt: party === 'reviewee' ? null : row.appealedAt,
    allowedActions: allowedActions(reviewMachine, status, party),
    submittedAt: row.submittedAt,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

export const toPublicReview = (row: ReviewRow): z.infer<typeof PublicReview> => ({
  id: row.id,
  reviewerName: row.reviewerName,
  rating: row.rating,
  criteria: row.criteria,
  tags: row.tags,
  comment: row.comment,
  mediaIds: row.mediaIds,
  answer: toAnswer(row),
  createdAt: row.createdAt,
})

export const toModeratedReview = (
  row: ModeratedReviewRow,
  actor: Actor,
): z.infer<typeof ModeratedReview> => ({
  ...toReview(row, actor),
  screened: row.screened,
  flagCount: row.flagCount,
  signals: row.signals,
  appeal: row.appeal,
  moderatedAt: row.moderatedAt,
  moderatedBy: row.moderatedBy,
})

export const toReviewFlag = (row: FlagRow): z.infer<typeof ReviewFlag> => ({
  id: row.id,
  reviewId: row.reviewId,
  reason: row.reason,
  note: row.note,
  createdAt: row.createdAt,
})

export const toStaffReviewFlag = (row: FlagRow): z.infer<typeof StaffReviewFlag> => ({
  ...toReviewFlag(row),
  userId: row.userId,
})
