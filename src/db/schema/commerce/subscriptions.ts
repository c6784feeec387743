import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Names, Translations } from '../../../core/translations.ts'
import { createdAt, emptyObject, id, inQuotes, money, stamps, time } from '../columns.ts'
import { subscriptionStatus } from '../enums.ts'
import { paymentMethods } from '../money/payment-methods.ts'
import { users } from '../people/identity.ts'
import { areDescriptions, areNames } from '../supply/catalog.ts'

export const cycles = ['month', 'year'] as const
export type Cycle = (typeof cycles)[number]
export const planBadges = ['plus', 'pro'] as const
export const endReasons = ['canceled', 'unpaid', 'abandoned', 'closed', 'refunded'] as const
export const chargeKinds = ['period', 'change'] as const
export const chargeStatuses = ['open', 'paid', 'void'] as const
export const chargeOutcomes = ['paid', 'failed', 'canceled'] as const

/** The features of a plan, as a subscription took them. */
export interface PlanFeatures {
  /** Basis points that the commission is lower by. */
  commissionDiscount: number
  creditsAMonth: number
  /** Null: as everybody. */
  bidsADay: number | null
  badge: (typeof planBadges)[number] | null
}

/** Plans that are sold. A subscription keeps the price and the features that it was made with until its next period. */
export const plans = pgTable(
  'plans',
  {
    id: id(),
    names: jsonb('names').notNull().$type<Names>(),
    descriptions: jsonb('descriptions').notNull().default(emptyObject).$type<Translations>(),
    /** Served country in which it is sold, ISO 3166-1 alpha-2. */
    country: text('country').notNull(),
    currency: text('currency').notNull(),
    /** Minor units; null: not sold so. 0 is free. */
    priceMonth: money('price_month'),
    priceYear: money('price_year'),
    trialDays: integer('trial_days').notNull().default(0),
    /** Basis points. */
    commissionDiscount: integer('commission_discount').notNull().default(0),
    creditsAMonth: money('credits_a_month').notNull().default(0),
    bidsADay: integer('bids_a_day'),
    badge: text('badge', { enum: planBadges }),
    /** Free plan that one who does not pay falls to; null: the subscription ends. */
    fallsTo: uuid('falls_to').references((): AnyPgColumn => plans.id, { onDelete: 'restrict' }),
    active: boolean('active').notNull().default(true),
    sortOrder: integer('sort_order').notNull().default(0),
    retiredAt: time('retired_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_plans_shown').on(t.country, t.sortOrder, t.id).where(sql`${t.retiredAt} is null`),
    index('idx_plans_falls_to').on(t.fallsTo).where(sql`${t.fallsTo} is not null`),
    check('plans_names', areNames(t.names)),
    check('plans_descriptions', areDescriptions(t.descriptions)),
    check('plans_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check(
      'plans_price',
      sql`num_nonnulls(${t.priceMonth}, ${t.priceYear}) > 0 and coalesce(${t.priceMonth}, 0) between 0 and 1000000000 and coalesce(${t.priceYear}, 0) between 0 and 1000000000`,
    ),
    check('plans_trial', sql`${t.trialDays} between 0 and 90`),
    check('plans_commission', sql`${t.commissionDiscount} between 0 and 10000`),
    check('plans_credits', sql`${t.creditsAMonth} between 0 and 10000000`),
    check('plans_bids', sql`${t.bidsADay} between 1 and 10000`),
    check('plans_badge', sql`${t.badge} in (${sql.raw(inQuotes(planBadges))})`),
    check('plans_falls_to', sql`${t.fallsTo} <> ${t.id}`),
  ],
)

/** Subscriptions; a user has one at a time. Times are those of its own clock, which a test moves ahead; `next_at` is of the real one. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    planId: uuid('plan_id')
      .notNull()
      .references(() => plans.id, { onDelete: 'restrict' }),
    cycle: text('cycle', { enum: cycles }).notNull(),
    status: subscriptionStatus('status').notNull().default('pending'),
    /** Price of a period, before discounts and taxes. */
    price: money('price').notNull(),
    currency: text('currency').notNull(),
    features: jsonb('features').notNull().$type<PlanFeatures>(),
    /** Charged at each renewal; null: the wallet. */
    storedMethodId: uuid('stored_method_id').references(() => paymentMethods.id, { onDelete: 'set null' }),
    periodStart: time('period_start').notNull(),
    periodEnd: time('period_end').notNull(),
    /** Day of the month on which periods begin, where the month has it. */
    anchorDay: integer('anchor_day').notNull(),
    cancelsAtPeriodEnd: boolean('cancels_at_period_end').notNull().default(false),
    /** Plan and cycle of the next period, where they change. */
    nextPlanId: uuid('next_plan_id').references(() => plans.id, { onDelete: 'restrict' }),
    nextCycle: text('next_cycle', { enum: cycles }),
    pausedAt: time('paused_at'),
    /** Null: until its owner resumes it. */
    pausedUntil: time('paused_until'),
    /** While it is past due: how long the plan still gives what it gives. */
    graceUntil: time('grace_until'),
    /** When the credits of the next month are given. */
    creditsAt: time('credits_at'),
    endReason: text('end_reason', { enum: endReasons }),
    endedAt: time('ended_at'),
    /** Seconds by which a test has moved its clock. */
    clockAhead: integer('clock_ahead').notNull().default(0),
    /** When something is due next; null: nothing. */
    nextAt: time('next_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('subscriptions_one_open').on(t.userId).where(sql`${t.status} <> 'ended'`),
    index('idx_subscriptions_user').on(t.userId, t.id),
    index('idx_subscriptions_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    index('idx_subscriptions_due').on(t.nextAt).where(sql`${t.nextAt} is not null`),
    index('idx_subscriptions_plan').on(t.planId, t.id),
    index('idx_subscriptions_next_plan').on(t.nextPlanId).where(sql`${t.nextPlanId} is not null`),
    index('idx_subscriptions_stored_method').on(t.storedMethodId).where(sql`${t.storedMethodId} is not null`),
    check('subscriptions_cycle', sql`${t.cycle} in (${sql.raw(inQuotes(cycles))})`),
    check('subscriptions_next_cycle', sql`${t.nextCycle} in (${sql.raw(inQuotes(cycles))})`),
    check('subscriptions_price', sql`${t.price} >= 0`),
    check('subscriptions_period', sql`${t.periodEnd} > ${t.periodStart}`),
    check('subscriptions_anchor', sql`${t.anchorDay} between 1 and 31`),
    check('subscriptions_next', sql`num_nonnulls(${t.nextPlanId}, ${t.nextCycle}) <> 1`),
    check('subscriptions_paused', sql`(${t.status} = 'paused') = (${t.pausedAt} is not null)`),
    check('subscriptions_grace', sql`(${t.status} = 'past_due') = (${t.graceUntil} is not null)`),
    check(
      'subscriptions_ended',
      sql`(${t.status} = 'ended') = (${t.endedAt} is not null and ${t.endReason} is not null)`,
    ),
    check('subscriptions_reason', sql`${t.endReason} in (${sql.raw(inQuotes(endReasons))})`),
    check('subscriptions_clock', sql`${t.clockAhead} >= 0`),
  ],
)

/** Charges of a subscription: a period, or the rest of one in a better plan. One is open at a time. */
export const subscriptionCharges = pgTable(
  'subscription_charges',
  {
    id: id(),
    subscriptionId: uuid('subscription_id')
      .notNull()
      .references(() => subscriptions.id, { onDelete: 'restrict' }),
    kind: text('kind', { enum: chargeKinds }).notNull(),
    planId: uuid('plan_id')
      .notNull()
      .references(() => plans.id, { onDelete: 'restrict' }),
    cycle: text('cycle', { enum: cycles }).notNull(),
    periodStart: time('period_start').notNull(),
    periodEnd: time('period_end').notNull(),
    /** Minor units of a whole period, before discounts and taxes. */
    price: money('price').notNull(),
    /** Minor units that are charged, before discounts and taxes: the price of the time less what of the former plan was not used. */
    amount: money('amount').notNull(),
    unused: money('unused').notNull().default(0),
    currency: text('currency').notNull(),
    status: text('status', { enum: chargeStatuses }).notNull().default('open'),
    attempts: integer('attempts').notNull().default(0),
    /** Null: none is planned, or one is under way. */
    nextAttemptAt: time('next_attempt_at'),
    settledAt: time('settled_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('subscription_charges_one_open').on(t.subscriptionId).where(sql`${t.status} = 'open'`),
    uniqueIndex('subscription_charges_one_a_period')
      .on(t.subscriptionId, t.periodStart)
      .where(sql`${t.kind} = 'period' and ${t.status} <> 'void'`),
    index('idx_subscription_charges_subscription').on(t.subscriptionId, t.id),
    check('subscription_charges_kind', sql`${t.kind} in (${sql.raw(inQuotes(chargeKinds))})`),
    check('subscription_charges_cycle', sql`${t.cycle} in (${sql.raw(inQuotes(cycles))})`),
    check('subscription_charges_status', sql`${t.status} in (${sql.raw(inQuotes(chargeStatuses))})`),
    check('subscription_charges_amount', sql`${t.amount} >= 0 and ${t.unused} >= 0`),
    check('subscription_charges_price', sql`${t.price} >= 0`),
    check('subscription_charges_period', sql`${t.periodEnd} > ${t.periodStart}`),
    check('subscription_charges_settled', sql`(${t.status} = 'open') = (${t.settledAt} is null)`),
  ],
)

/** Attempts to pay a charge, each by an order of its own. */
export const subscriptionAttempts = pgTable(
  'subscription_attempts',
  {
    id: id(),
    chargeId: uuid('charge_id')
      .notNull()
      .references(() => subscriptionCharges.id, { onDelete: 'restrict' }),
    /** The order that pays; null: there was nothing to pay, or it could not be placed. */
    documentId: uuid('document_id'),
    outcome: text('outcome', { enum: chargeOutcomes }),
    failureCode: text('failure_code'),
    /** By the clock of the subscription. */
    at: time('at').notNull(),
    endedAt: time('ended_at'),
  },
  (t) => [
    uniqueIndex('subscription_attempts_one_open').on(t.chargeId).where(sql`${t.outcome} is null`),
    index('idx_subscription_attempts_charge').on(t.chargeId, t.id),
    uniqueIndex('subscription_attempts_document').on(t.documentId).where(sql`${t.documentId} is not null`),
    check('subscription_attempts_outcome', sql`${t.outcome} in (${sql.raw(inQuotes(chargeOutcomes))})`),
    check('subscription_attempts_ended', sql`(${t.outcome} is null) = (${t.endedAt} is null)`),
  ],
)
