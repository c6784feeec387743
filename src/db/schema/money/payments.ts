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
import { createdAt, id, inQuotes, money, stamps, time, updatedAt, version } from '../columns.ts'
import { orders } from '../commerce/orders.ts'
import { paymentMethod, paymentStatus, refundStatus, transactionStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { disputes } from '../trust/disputes.ts'
import { bookings } from '../work/bookings.ts'
import { paymentGatewayConfigs } from './gateways.ts'
import { paymentMethods } from './payment-methods.ts'

export const paymentPurposes = ['booking', 'tip', 'top_up', 'debt', 'contract', 'order'] as const
export type PaymentPurpose = (typeof paymentPurposes)[number]
export const paymentReviews = [
  'overpaid',
  'underpaid',
  'late',
  'cash_objection',
  'no_fare',
  'unknown',
] as const
type PaymentReview = (typeof paymentReviews)[number]
/** `authorize` and `charge` are attempts to pay; the others are further calls about one. */
export const transactionKinds = ['authorize', 'charge', 'capture', 'void', 'refund'] as const
type TransactionKind = (typeof transactionKinds)[number]
export const refundReasons = [
  'requested',
  'dispute',
  'duplicate',
  'overpaid',
  'canceled',
  'unused',
  'late',
] as const
type RefundReason = (typeof refundReasons)[number]

/** One thing that is to be paid, by one payer; `paymentTransactions` are the attempts. */
export const paymentIntents = pgTable(
  'payment_intents',
  {
    id: id(),
    purpose: text('purpose').$type<PaymentPurpose>().notNull().default('booking'),
    /** Bookings, their tips and the funding of their contracts have one. */
    bookingId: uuid('booking_id').references(() => bookings.id, { onDelete: 'restrict' }),
    /** Order that is paid. */
    orderId: uuid('order_id').references(() => orders.id, { onDelete: 'restrict' }),
    payerId: uuid('payer_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The tasker; null where the platform or the payer's own wallet is paid. */
    payeeId: uuid('payee_id').references(() => users.id, { onDelete: 'restrict' }),
    method: paymentMethod('method').notNull(),
    status: paymentStatus('status').notNull().default('requires_action'),
    /** The gateway; `cash` and `wallet` are our own. */
    provider: text('provider'),
    /** The gateway's name of the payment. */
    providerReference: text('provider_reference'),
    /** To be paid; null for a booking whose fare is not known yet. */
    amount: money('amount'),
    amountAuthorized: money('amount_authorized').notNull().default(0),
    amountCaptured: money('amount_captured').notNull().default(0),
    /** Given back of what was captured, by refunds that are pending or have succeeded. */
    amountRefunded: money('amount_refunded').notNull().default(0),
    /** Authorised, and never captured: the hold's rest, or what was prepaid and goes back. */
    amountReleased: money('amount_released').notNull().default(0),
    /** The gateway cannot hold: `authorized` means charged, and in escrow. */
    isPrepaid: boolean('is_prepaid').notNull().default(false),
    currency: text('currency').notNull().default('EGP'),
    /** The payer's next step; a `NextAction` of `src/providers/payments/gateway.ts`. */
    nextAction: jsonb('next_action'),
    failureCode: text('failure_code'),
    /** The gateway's own word. */
    rawStatus: text('raw_status'),
    /** How long the payer has for what is next. */
    expiresAt: time('expires_at'),
    holdExpiresAt: time('hold_expires_at'),
    /** The attempt that counts: what comes of earlier ones is released. */
    transactionId: uuid('transaction_id').references((): AnyPgColumn => paymentTransactions.id, {
      onDelete: 'restrict',
    }),
    /** Set while the gateway is to be asked to capture `amount`. */
    captureDueAt: time('capture_due_at'),
    /** Cash: when silence says that it was paid. */
    settlesAt: time('settles_at'),
    remindedAt: time('reminded_at'),
    /** Cash: when the client said that they have paid. */
    cashReportedAt: time('cash_reported_at'),
    objection: text('objection'),
    /** Why staff must look at it. */
    review: text('review').$type<PaymentReview>(),
    capturedAt: time('captured_at'),
    /** Key of the request that made it: a repeat goes on with it. */
    requestKey: text('request_key'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    // One payment a booking; tips are further ones.
    uniqueIndex('payment_intents_booking_id_key').on(t.bookingId).where(sql`${t.purpose} = 'booking'`),
    // Money for a contract is asked for once at a time.
    uniqueIndex('payment_intents_contract_open')
      .on(t.bookingId)
      .where(sql`${t.purpose} = 'contract' and ${t.status} in ('requires_action', 'failed')`),
    // An order is paid once, and asked for once at a time.
    uniqueIndex('payment_intents_order_open')
      .on(t.orderId)
      .where(sql`${t.orderId} is not null and ${t.status} <> 'canceled'`),
    index('idx_payment_intents_order').on(t.orderId).where(sql`${t.orderId} is not null`),
    check('payment_intents_order', sql`(${t.orderId} is not null) = (${t.purpose} = 'order')`),
    index('idx_payment_intents_booking').on(t.bookingId),
    index('idx_payment_intents_payer').on(t.payerId, t.id),
    index('idx_payment_intents_payee').on(t.payeeId, t.id),
    index('idx_payment_intents_status').on(t.status),
    // payments.list with updatedSince, for staff (`updatedKey` in src/db/listing.ts)
    index('idx_payment_intents_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    index('idx_payment_intents_due').on(t.settlesAt).where(sql`${t.settlesAt} is not null`),
    uniqueIndex('payment_intents_request_key')
      .on(t.payerId, t.requestKey)
      .where(sql`${t.requestKey} is not null`),
    index('idx_payment_intents_expiry')
      .on(t.expiresAt)
      .where(sql`${t.purpose} <> 'booking' and ${t.status} = 'requires_action'`),
    index('idx_payment_intents_capture').on(t.captureDueAt).where(sql`${t.captureDueAt} is not null`),
    index('idx_payment_intents_review').on(t.review).where(sql`${t.review} is not null`),
    check('payment_intents_purpose', sql`${t.purpose} in (${sql.raw(inQuotes(paymentPurposes))})`),
    check(
      'payment_intents_booking',
      sql`(${t.bookingId} is not null) = (${t.purpose} in ('booking', 'tip', 'contract')) and (${t.payeeId} is not null) = (${t.purpose} in ('booking', 'tip', 'contract'))`,
    ),
    check('payment_intents_review', sql`${t.review} in (${sql.raw(inQuotes(paymentReviews))})`),
    check(
      'payment_intents_amounts',
      sql`0 <= ${t.amountAuthorized} and 0 <= ${t.amountCaptured} and 0 <= ${t.amountReleased}
        and ${t.amountCaptured} + ${t.amountReleased} <= ${t.amountAuthorized}
        and 0 <= ${t.amountRefunded} and ${t.amountRefunded} <= ${t.amountCaptured}`,
    ),
  ],
)

/** One call of a gateway: written before it, so that a crash leaves a reference to ask by. */
export const paymentTransactions = pgTable(
  'payment_transactions',
  {
    id: id(),
    intentId: uuid('intent_id').references(() => paymentIntents.id, { onDelete: 'restrict' }),
    kind: text('kind').$type<TransactionKind>().notNull(),
    gateway: text('gateway').notNull(),
    configId: uuid('config_id').references(() => paymentGatewayConfigs.id, { onDelete: 'restrict' }),
    /** Ours: the key of idempotency, and what the gateway is asked by. */
    reference: text('reference').notNull().unique('payment_transactions_reference_key'),
    gatewayReference: text('gateway_reference'),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    status: transactionStatus('status').notNull().default('initiated'),
    rawStatus: text('raw_status'),
    failureCode: text('failure_code'),
    /** Facts of the gateway, without secrets and personal data; what was asked is `kind`, `amount` and `reference`. */
    response: jsonb('response'),
    /** The payer agreed that the gateway keeps their method. */
    savesMethod: boolean('saves_method').notNull().default(false),
    /** The stored method that is charged. */
    methodId: uuid('method_id').references(() => paymentMethods.id, { onDelete: 'restrict' }),
    /** The books have what it moved. */
    isBooked: boolean('is_booked').notNull().default(false),
    /** Set while what it authorised or took is to be released. */
    releaseDueAt: time('release_due_at'),
    /** How often the gateway was asked what became of it, and when it is asked again. */
    checks: integer('checks').notNull().default(0),
    nextCheckAt: time('next_check_at'),
    completedAt: time('completed_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_payment_transactions_intent').on(t.intentId, t.id),
    index('idx_payment_transactions_gateway').on(t.gateway, t.gatewayReference),
    index('idx_payment_transactions_release').on(t.releaseDueAt).where(sql`${t.releaseDueAt} is not null`),
    index('idx_payment_transactions_checks').on(t.nextCheckAt).where(sql`${t.nextCheckAt} is not null`),
    check('payment_transactions_kind', sql`${t.kind} in (${sql.raw(inQuotes(transactionKinds))})`),
    check('payment_transactions_amount', sql`${t.amount} >= 0`),
  ],
)

/** Money that goes back: of a captured payment (`refund`), or of a prepayment that was not earned (`return`). */
export const refunds = pgTable(
  'refunds',
  {
    id: id(),
    intentId: uuid('intent_id')
      .notNull()
      .references(() => paymentIntents.id, { onDelete: 'restrict' }),
    /** The attempt whose money goes back. */
    transactionId: uuid('transaction_id').references(() => paymentTransactions.id, { onDelete: 'restrict' }),
    disputeId: uuid('dispute_id').references(() => disputes.id, { onDelete: 'restrict' }),
    kind: text('kind').$type<'refund' | 'return'>().notNull(),
    amount: money('amount').notNull(),
    /** Its sources: money that the tasker was owed, and else their debt; or what a contract held. */
    fromPayable: money('from_payable').notNull().default(0),
    fromDebt: money('from_debt').notNull().default(0),
    fromEscrow: money('from_escrow').notNull().default(0),
    /** Income of the platform that goes back, with its taxes. */
    fromPlatform: money('from_platform').notNull().default(0),
    currency: text('currency').notNull(),
    reason: text('reason').$type<RefundReason>().notNull(),
    note: text('note'),
    /** `original`: by the gateway, to the method that paid. */
    destination: text('destination').$type<'original' | 'wallet'>().notNull(),
    status: refundStatus('status').notNull().default('pending'),
    provider: text('provider'),
    providerReference: text('provider_reference'),
    failureCode: text('failure_code'),
    requestedBy: uuid('requested_by'),
    /** When the gateway is asked again. */
    nextAt: time('next_at'),
    completedAt: time('completed_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_refunds_intent').on(t.intentId, t.id),
    index('idx_refunds_dispute').on(t.disputeId).where(sql`${t.disputeId} is not null`),
    // Reconciliation
    index('idx_refunds_gateway_reference')
      .on(t.providerReference)
      .where(sql`${t.providerReference} is not null`),
    // refunds.list with updatedSince (`updatedKey` in src/db/listing.ts)
    index('idx_refunds_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    index('idx_refunds_pending').on(t.createdAt).where(sql`${t.status} = 'pending'`),
    // `sweep` in src/areas/money/gateways/work.ts
    index('idx_refunds_rechecks')
      .on(t.nextAt)
      .where(sql`${t.status} = 'succeeded' and ${t.nextAt} is not null`),
    check(
      'refunds_amount',
      sql`${t.amount} > 0 and ${t.fromPayable} >= 0 and ${t.fromDebt} >= 0 and ${t.fromEscrow} >= 0 and ${t.fromPlatform} >= 0`,
    ),
    check('refunds_kind', sql`${t.kind} in ('refund', 'return')`),
    check(
      'refunds_sources',
      sql`case when ${t.kind} = 'refund' then ${t.fromPayable} + ${t.fromDebt} + ${t.fromEscrow} + ${t.fromPlatform} = ${t.amount} else ${t.fromPayable} + ${t.fromDebt} + ${t.fromEscrow} + ${t.fromPlatform} = 0 end`,
    ),
    check('refunds_reason', sql`${t.reason} in (${sql.raw(inQuotes(refundReasons))})`),
    check('refunds_destination', sql`${t.destination} in ('original', 'wallet')`),
  ],
)
