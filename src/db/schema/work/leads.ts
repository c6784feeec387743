import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, inQuotes, money, stamps, time } from '../columns.ts'
import { leadRefundStatus, leadRequestStatus, leadStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { tasks } from './tasks.ts'

/** How the price of a lead came about (`khidma.price_of_lead`), as it was when it was asked for. */
export interface LeadPrice {
  credits: number
  base: number
  /** The most that the client has in mind, in minor units of `currency`; null: unknown. */
  valueAmount: number | null
  currency: string
  valueCredits: number
  ageHours: number
  freshnessPercent: number
  requests: number
  competitionPercent: number
}

const taskId = () =>
  uuid('task_id')
    .notNull()
    .references(() => tasks.id, { onDelete: 'cascade' })

/** One search of a task with the sourcing `lead`: staff approve it, taskers of its category ask for it. */
export const leads = pgTable(
  'leads',
  {
    id: id(),
    taskId: taskId(),
    round: integer('round').notNull(),
    status: leadStatus('status').notNull().default('pending'),
    /** Null: by the system. */
    approvedAt: time('approved_at'),
    openedAt: time('opened_at'),
    closedAt: time('closed_at'),
    rejectReason: text('reject_reason'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('leads_task_round_key').on(t.taskId, t.round),
    // The feed.
    index('idx_leads_open').on(t.openedAt, t.id).where(sql`${t.status} = 'open'`),
    check('leads_opened', sql`${t.status} <> 'open' or ${t.openedAt} is not null`),
    check('leads_ended', sql`(${t.status} in ('rejected', 'closed')) = (${t.closedAt} is not null)`),
    check('leads_rejected', sql`${t.status} <> 'rejected' or ${t.rejectReason} is not null`),
  ],
)

/** A tasker who asks for a lead: credits are held while it is pending, and spent when the client answers. */
export const leadRequests = pgTable(
  'lead_requests',
  {
    id: id(),
    leadId: uuid('lead_id')
      .notNull()
      .references(() => leads.id, { onDelete: 'cascade' }),
    taskId: taskId(),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    status: leadRequestStatus('status').notNull().default('pending'),
    message: text('message').notNull(),
    /** For an hour or for the whole, as the task is priced; minor units of `currency`, which is the task's. */
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    minutes: integer('minutes').notNull(),
    /** Price for the tasker, and how that came about. */
    credits: money('credits').notNull(),
    price: jsonb('price').notNull().$type<LeadPrice>(),
    /** Without an answer of the client it ends then. */
    expiresAt: time('expires_at').notNull(),
    reply: text('reply'),
    repliedAt: time('replied_at'),
    acceptedAt: time('accepted_at'),
    /** The client's own refusal; the tasker asks for this lead no more. */
    declinedAt: time('declined_at'),
    declineReason: text('decline_reason'),
    /** When the credits were spent. */
    chargedAt: time('charged_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('lead_requests_one_open')
      .on(t.leadId, t.taskerId)
      .where(sql`${t.status} in ('pending', 'replied')`),
    index('idx_lead_requests_task').on(t.taskId, t.id),
    index('idx_lead_requests_lead').on(t.leadId),
    index('idx_lead_requests_tasker').on(t.taskerId, t.id),
    // The sweep.
    index('idx_lead_requests_due').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    check('lead_requests_message', sql`length(${t.message}) between 1 and 2000`),
    check('lead_requests_reply', sql`length(${t.reply}) between 1 and 2000`),
    check('lead_requests_replied', sql`${t.reply} is null or ${t.repliedAt} is not null`),
    check('lead_requests_amount', sql`${t.amount} > 0`),
    check('lead_requests_minutes', sql`${t.minutes} between 15 and 10080`),
    check('lead_requests_credits', sql`${t.credits} > 0`),
    check('lead_requests_accepted', sql`(${t.status} = 'accepted') = (${t.acceptedAt} is not null)`),
    check('lead_requests_declined', sql`${t.declinedAt} is null or ${t.status} = 'rejected'`),
    check('lead_requests_charged', sql`${t.chargedAt} is null or ${t.status} <> 'pending'`),
  ],
)

export const leadRefundReasons = [
  'unreachable',
  'duplicate',
  'fake',
  'wrong_category',
  'changed',
  'other',
] as const
export type LeadRefundReason = (typeof leadRefundReasons)[number]

/** Spent credits that a tasker asks back, as the lead was none. One a request. */
export const leadRefunds = pgTable(
  'lead_refunds',
  {
    id: id(),
    requestId: uuid('request_id')
      .notNull()
      .references(() => leadRequests.id, { onDelete: 'cascade' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    status: leadRefundStatus('status').notNull().default('pending'),
    reason: text('reason', { enum: leadRefundReasons }).notNull(),
    note: text('note'),
    credits: money('credits').notNull(),
    /** Fewer than `credits` where what granted them was refunded itself. */
    returned: money('returned'),
    decisionNote: text('decision_note'),
    decidedAt: time('decided_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('lead_refunds_one').on(t.requestId),
    index('idx_lead_refunds_tasker').on(t.taskerId, t.id),
    check('lead_refunds_reason', sql`${t.reason} in (${sql.raw(inQuotes(leadRefundReasons))})`),
    check('lead_refunds_note', sql`length(${t.note}) between 1 and 2000`),
    check('lead_refunds_credits', sql`${t.credits} > 0`),
    check(
      'lead_refunds_returned',
      sql`${t.returned} is null or ${t.returned} between 0 and ${t.credits} and ${t.status} = 'approved'`,
    ),
    check('lead_refunds_decided', sql`(${t.status} = 'pending') = (${t.decidedAt} is null)`),
  ],
)
