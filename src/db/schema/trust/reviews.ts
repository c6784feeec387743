import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, emptyTextArray, id, stamps, time } from '../columns.ts'
import { reviewStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'
import { bookings } from '../work/bookings.ts'
import { contracts } from '../work/contracts.ts'

const entityTypeNames = ['professional', 'client', 'company'] as const
const entityType = () => text('entity_type', { enum: entityTypeNames }).notNull()

/** Both parties review a booking, each once. */
export const reviews = pgTable(
  'reviews',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    /** The contract of the booking, where it has one. */
    contractId: uuid('contract_id').references(() => contracts.id, { onDelete: 'set null' }),
    reviewerId: uuid('reviewer_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    revieweeId: uuid('reviewee_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** In which capacity they were reviewed: as a tasker, a client, or a company that is a client. */
    entityType: entityType(),
    entityId: uuid('entity_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    rating: integer('rating').notNull(),
    /** Scores from 1 to 5 by criterion. */
    criteria: jsonb('criteria').notNull().default(emptyObject).$type<Record<string, number>>(),
    tags: text('tags').array().notNull().default(emptyTextArray),
    comment: text('comment'),
    status: reviewStatus('status').notNull().default('pending'),
    /** Otherwise only the reviewed and staff read it, and it counts in no figure. */
    isPublic: boolean('is_public').notNull().default(true),
    /** The word filter has marked its text for staff. */
    screened: boolean('screened').notNull().default(false),
    /** When it becomes readable, whether or not the other side writes one. Readers judge by it. */
    publishesAt: time('publishes_at').notNull(),
    /** Until when the text of a published review can be changed. */
    editUntil: time('edit_until').notNull(),
    submittedAt: time('submitted_at').notNull().defaultNow(),
    publishedAt: time('published_at'),
    /** The last decision of staff. Flags of readers move it no more, until its text changes. */
    moderatedAt: time('moderated_at'),
    moderatedBy: uuid('moderated_by').references(() => users.id, { onDelete: 'set null' }),
    hiddenReason: text('hidden_reason'),
    appeal: text('appeal'),
    appealedAt: time('appealed_at'),
    ...stamps(),
  },
  (t) => [
    unique('reviews_booking_reviewer_key').on(t.bookingId, t.reviewerId),
    index('idx_reviews_reviewee_page').on(t.revieweeId, t.id),
    index('idx_reviews_reviewer_page').on(t.reviewerId, t.id),
    index('idx_reviews_entity').on(t.entityType, t.entityId, t.id),
    index('idx_reviews_due').on(t.publishesAt).where(sql`${t.status} = 'pending'`),
    index('idx_reviews_queue').on(t.id).where(sql`${t.status} = 'flagged'`),
    index('idx_reviews_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    check('reviews_rating', sql`${t.rating} between 1 and 5`),
    check('reviews_two_people', sql`${t.reviewerId} <> ${t.revieweeId}`),
    check('reviews_entity_type', sql`${t.entityType} in ('professional', 'client', 'company')`),
    check('reviews_criteria', sql`jsonb_typeof(${t.criteria}) = 'object'`),
    check('reviews_published', sql`${t.status} <> 'published' or ${t.publishedAt} is not null`),
  ],
)

export const reviewPhotos = pgTable(
  'review_photos',
  {
    reviewId: uuid('review_id')
      .notNull()
      .references(() => reviews.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    mediaId: uuid('media_id')
      .notNull()
      .references(() => mediaFiles.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.reviewId, t.position] }),
    index('idx_review_photos_media').on(t.mediaId),
    check('review_photos_position', sql`${t.position} between 1 and 10`),
  ],
)

/** The one answer of the reviewed. */
export const reviewAnswers = pgTable(
  'review_answers',
  {
    reviewId: uuid('review_id')
      .primaryKey()
      .references(() => reviews.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    text: text('text').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_review_answers_author').on(t.authorId),
    check('review_answers_text', sql`length(${t.text}) between 1 and 2000`),
  ],
)

export const reviewFlagReasons = [
  'offensive',
  'false',
  'private',
  'advertising',
  'off_topic',
  'other',
] as const

/** Readers who say that a review should not be there, each once. */
export const reviewFlags = pgTable(
  'review_flags',
  {
    id: id(),
    reviewId: uuid('review_id')
      .notNull()
      .references(() => reviews.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    reason: text('reason', { enum: reviewFlagReasons }).notNull(),
    note: text('note'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('review_flags_review_user_key').on(t.reviewId, t.userId),
    index('idx_review_flags_page').on(t.reviewId, t.id),
    index('idx_review_flags_user').on(t.userId),
    check(
      'review_flags_reason',
      sql`${t.reason} in ('offensive', 'false', 'private', 'advertising', 'off_topic', 'other')`,
    ),
    check('review_flags_note', sql`length(${t.note}) between 1 and 500`),
  ],
)

/**
 * Figures of the published, public reviews of somebody, folded from their rows after each change of one (`khidma.fold_ratings`). The two
 * weights are those of `as_of`: each review counts half as much after the half-life.
 */
export const ratingFigures = pgTable(
  'rating_figures',
  {
    entityType: entityType(),
    entityId: uuid('entity_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    reviewCount: integer('review_count').notNull().default(0),
    ratingSum: integer('rating_sum').notNull().default(0),
    /** Reviews by rating, from 1 to 5. */
    stars: integer('stars').array().notNull().default(sql`'{0,0,0,0,0}'::integer[]`),
    /** Count and sum of the scores by criterion. */
    criteria: jsonb('criteria')
      .notNull()
      .default(emptyObject)
      .$type<Record<string, { count: number; sum: number }>>(),
    weight: doublePrecision('weight').notNull().default(0),
    weightedSum: doublePrecision('weighted_sum').notNull().default(0),
    /** Bayesian: the weighted average with the prior of `reviews.prior_rating` mixed in. */
    rank: numeric('rank', { precision: 5, scale: 4, mode: 'number' }).notNull().default(0),
    asOf: time('as_of').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.entityType, t.entityId] }),
    index('idx_rating_figures_as_of').on(t.asOf),
    index('idx_rating_figures_entity').on(t.entityId),
    check('rating_figures_entity_type', sql`${t.entityType} in ('professional', 'client', 'company')`),
    check('rating_figures_stars', sql`cardinality(${t.stars}) = 5`),
  ],
)

export const reviewSignalKinds = ['mutual', 'ring', 'burst', 'same_device'] as const

/** Signs that a review is not honest, each once. They bring it before staff, and change nothing of it. */
export const reviewSignals = pgTable(
  'review_signals',
  {
    id: id(),
    reviewId: uuid('review_id')
      .notNull()
      .references(() => reviews.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: reviewSignalKinds }).notNull(),
    /** Numbers and hashes by which it was found. */
    details: jsonb('details').notNull().default(emptyObject).$type<Record<string, number | string>>(),
    createdAt: createdAt(),
    /** When staff decided about the review, or that the signal means nothing. */
    decidedAt: time('decided_at'),
    decidedBy: uuid('decided_by').references(() => users.id, { onDelete: 'set null' }),
  },
  (t) => [
    unique('review_signals_kind_key').on(t.reviewId, t.kind),
    index('idx_review_signals_created').on(t.createdAt),
    check('review_signals_kind', sql`${t.kind} in ('mutual', 'ring', 'burst', 'same_device')`),
    check('review_signals_details', sql`jsonb_typeof(${t.details}) = 'object'`),
  ],
)

/** Published reviews that the job has not looked at yet. */
export const reviewSignalQueue = pgTable(
  'review_signal_queue',
  {
    reviewId: uuid('review_id')
      .primaryKey()
      .references(() => reviews.id, { onDelete: 'cascade' }),
    queuedAt: time('queued_at').notNull().defaultNow(),
  },
  (t) => [index('idx_review_signal_queue_queued').on(t.queuedAt)],
)
