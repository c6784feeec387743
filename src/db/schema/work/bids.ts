import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyArray, geographyPoint, id, money, stamps, time, updatedAt } from '../columns.ts'
import { bidStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'
import { tasks } from './tasks.ts'

/** A stage that a bidder proposes; their amounts sum up to the bid's. */
export interface ProposedMilestone {
  title: string
  /** Minor units of the bid's currency. */
  amountMinor: number
  /** Days after the start by which it is done. */
  days: number
}

const taskId = () =>
  uuid('task_id')
    .notNull()
    .references(() => tasks.id, { onDelete: 'cascade' })
const taskerId = () =>
  uuid('tasker_id')
    .notNull()
    .references(() => users.id, { onDelete: 'restrict' })

/** A tasker's own proposal for a task. */
export const bids = pgTable(
  'bids',
  {
    id: id(),
    taskId: taskId(),
    taskerId: taskerId(),
    status: bidStatus('status').notNull().default('pending'),
    /** For an hour or for the whole, as the task is priced; minor units of `currency`, which is the task's. */
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    minutes: integer('minutes').notNull(),
    /** Null: the tasker said yes at their own rate. */
    message: text('message'),
    milestones: jsonb('milestones').notNull().default(emptyArray).$type<ProposedMilestone[]>(),
    /** Part of the price that the tasker wants before the work begins. */
    upfrontBasisPoints: integer('upfront_basis_points').notNull().default(0),
    /** Other terms that the client proposed, until the tasker answers. */
    counterAmount: money('counter_amount'),
    counterMinutes: integer('counter_minutes'),
    counteredAt: time('countered_at'),
    /** When the tasker last said that they would do it on these terms: a fresh word needs no second one. */
    affirmedAt: time('affirmed_at').notNull().defaultNow(),
    awardedAt: time('awarded_at'),
    /** The tasker can accept the award until then. */
    awardExpiresAt: time('award_expires_at'),
    acceptedAt: time('accepted_at'),
    /** When the client, or whatever closed the task, first answered. */
    respondedAt: time('responded_at'),
    /** The client's own refusal; the tasker bids on this task no more. */
    declinedAt: time('declined_at'),
    declineReason: text('decline_reason'),
    /** Hidden with its task. */
    deletedAt: time('deleted_at'),
    ...stamps(),
  },
  (t) => [
    // One bid a tasker and task; another one only where the last has ended.
    uniqueIndex('bids_one_open').on(t.taskId, t.taskerId).where(sql`${t.status} in ('pending', 'awarded')`),
    uniqueIndex('bids_one_awarded').on(t.taskId).where(sql`${t.status} = 'awarded'`),
    // The same text for several tasks at a time, whatever its case, spaces and punctuation.
    uniqueIndex('bids_one_text')
      .on(t.taskerId, sql`md5(lower(regexp_replace(${t.message}, '[[:space:][:punct:]]+', '', 'g')))`)
      .where(sql`${t.status} in ('pending', 'awarded')`),
    index('idx_bids_task').on(t.taskId, t.id),
    index('idx_bids_tasker').on(t.taskerId, t.id),
    // bids.list with updatedSince, for staff (`updatedKey` in src/db/listing.ts)
    index('idx_bids_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    // The sweep.
    index('idx_bids_awards_due').on(t.awardExpiresAt).where(sql`${t.status} = 'awarded'`),
    check('bids_amount', sql`${t.amount} > 0`),
    check('bids_minutes', sql`${t.minutes} between 15 and 10080`),
    check('bids_message', sql`length(${t.message}) between 1 and 4000`),
    check('bids_upfront', sql`${t.upfrontBasisPoints} between 0 and 10000`),
    check(
      'bids_counter',
      sql`(${t.counteredAt} is null) = (${t.counterAmount} is null) and (${t.counteredAt} is null) = (${t.counterMinutes} is null)`,
    ),
    check('bids_counter_terms', sql`${t.counterAmount} > 0 and ${t.counterMinutes} between 15 and 10080`),
    check('bids_awarded', sql`${t.status} <> 'awarded' or ${t.awardExpiresAt} is not null`),
    check('bids_accepted', sql`(${t.status} = 'accepted') = (${t.acceptedAt} is not null)`),
    check('bids_declined', sql`${t.declinedAt} is null or ${t.status} = 'rejected'`),
  ],
)

/** Files of the tasker's that show their work, in order. */
export const bidPortfolio = pgTable(
  'bid_portfolio',
  {
    bidId: uuid('bid_id')
      .notNull()
      .references(() => bids.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    mediaId: uuid('media_id')
      .notNull()
      .references(() => mediaFiles.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.bidId, t.position] }),
    index('idx_bid_portfolio_media').on(t.mediaId),
    check('bid_portfolio_position', sql`${t.position} between 1 and 10`),
  ],
)

/** The client's own marks on a bid. In a table of their own: neither the version nor the last change of a bid may tell its tasker. */
export const bidMarks = pgTable(
  'bid_marks',
  {
    bidId: uuid('bid_id')
      .primaryKey()
      .references(() => bids.id, { onDelete: 'cascade' }),
    shortlistedAt: time('shortlisted_at'),
    /** Put aside, and still open. */
    archivedAt: time('archived_at'),
    updatedAt: updatedAt(),
  },
  (t) => [check('bid_marks_one', sql`${t.shortlistedAt} is null or ${t.archivedAt} is null`)],
)

/** A client's request to one tasker to bid. */
export const bidInvitations = pgTable(
  'bid_invitations',
  { id: id(), taskId: taskId(), taskerId: taskerId(), createdAt: createdAt() },
  (t) => [
    unique('bid_invitations_task_tasker_key').on(t.taskId, t.taskerId),
    index('idx_bid_invitations_tasker').on(t.taskerId, t.id),
  ],
)

/** Asked by a tasker before bidding, and answered by the client, for all taskers to read. */
export const taskQuestions = pgTable(
  'task_questions',
  {
    id: id(),
    taskId: taskId(),
    taskerId: taskerId(),
    question: text('question').notNull(),
    answer: text('answer'),
    answeredAt: time('answered_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_task_questions_task').on(t.taskId, t.id),
    index('idx_task_questions_tasker').on(t.taskerId),
    check('task_questions_question', sql`length(${t.question}) between 1 and 1000`),
    check('task_questions_answer', sql`length(${t.answer}) between 1 and 2000`),
    check('task_questions_answered', sql`${t.answeredAt} is not null or ${t.answer} is null`),
  ],
)

/**
 * Index that the feed reads: one row for each task that takes bids, kept by a trigger on tasks (`khidma.keep_open_task`). The place
 * is coarse: whatever the feed filters or measures by, no sequence of questions finds a door.
 */
export const openTasks = pgTable(
  'open_tasks',
  {
    taskId: uuid('task_id')
      .primaryKey()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    category: text('category').notNull(),
    subcategory: text('subcategory'),
    place: geographyPoint('place').notNull(),
    isRemote: boolean('is_remote').notNull(),
    /** In lower case. */
    skills: text('skills').array().notNull(),
    currency: text('currency').notNull(),
    /** The most that the client has in mind: of the budget, else of the estimate. */
    mostAmount: money('most_amount'),
    postedAt: time('posted_at').notNull().defaultNow(),
    deadline: time('deadline').notNull(),
    /** Only taskers who are invited see it. */
    invitedOnly: boolean('invited_only').notNull().default(false),
  },
  (t) => [
    index('idx_open_tasks_posted').on(t.postedAt, t.taskId),
    index('idx_open_tasks_category').on(t.category, t.postedAt, t.taskId),
    // The sweep.
    index('idx_open_tasks_deadline').on(t.deadline),
    index('idx_open_tasks_place').using('gist', t.place),
    index('idx_open_tasks_skills').using('gin', t.skills),
  ],
)
