import { z } from 'zod'

/**
 * Data of every event, by its type. The types of `events.ts` are derived from it; only tests and the documents load the schemas
 * themselves, so that no queue and no Durable Object builds them.
 */

const id = z.uuid()

/** A change of state as `khidma.record_<machine>_transition` writes it. `from` is absent where the object comes into being. */
const change = {
  from: z.string().optional(),
  to: z.string(),
  action: z.string(),
  party: z.string(),
}

const task = z.strictObject({ ...change, taskId: id, clientId: id, taskerId: id.optional() })
/** `offerId`: the offer by which its task was accepted; absent where there was none. */
const acceptedTask = task.extend({ offerId: id.optional() })
/** `noShowBy`: the side that did not appear, where the other one canceled the booking for that. */
const booking = z.strictObject({
  ...change,
  taskId: id,
  bookingId: id,
  clientId: id,
  taskerId: id,
  noShowBy: z.enum(['client', 'tasker']).optional(),
})
const bookingChange = z.strictObject({
  ...change,
  bookingId: id,
  bookingChangeId: id,
  proposerId: id,
  counterpartyId: id,
})
const offer = z.strictObject({ ...change, taskId: id, taskerId: id })
const tasker = z.strictObject({ ...change, taskerId: id })
const ofBooking = z.strictObject({ ...change, bookingId: id, clientId: id, taskerId: id })
/** Bookings and tips name the booking and the tasker; a top-up and a debt have their payer alone. */
const payment = z.strictObject({
  ...change,
  bookingId: id.optional(),
  clientId: id,
  taskerId: id.optional(),
  purpose: z.string(),
  method: z.string(),
})
const cash = z.strictObject({ bookingId: id, clientId: id, taskerId: id })
const refund = z.strictObject({ ...change, paymentId: id, clientId: id, taskerId: id.optional() })
const payout = z.strictObject({ ...change, bookingId: id.optional(), userId: id, kind: z.string() })
const stoppedPayout = z.strictObject({ userId: id, kind: z.string() })
const payoutAccount = z.strictObject({ payoutAccountId: id, userId: id })
const adjustment = z.strictObject({ ...change, kind: z.string() })
/** Amounts in minor units. */
const cappedDebt = z.strictObject({
  userId: id,
  taskerId: id,
  currency: z.string(),
  owed: z.int(),
  cap: z.int(),
  amount: z.int(),
})
const writtenOff = z.strictObject({ userId: id, currency: z.string(), amount: z.int() })
const chargeback = z.strictObject({ ...change, paymentId: id, taskerId: id.optional() })
const report = z.strictObject({ ...change, bookingId: id.optional(), clientId: id })
const verification = z.strictObject({ ...change, userId: id })
const user = z.strictObject({ userId: id })
const account = z.strictObject({ ...change, userId: id })
const breaker = z.strictObject({ otpBreakerId: id, prefix: z.string(), channel: z.string() })
const company = z.strictObject({ companyId: id, userId: id })
const dataExport = z.strictObject({ userId: id, exportId: id })
const erasure = z.strictObject({ userId: id, erasureId: id })
/** `party` is `user` where they did it themselves: they are not notified. */
const userRole = z.strictObject({
  userRoleId: id,
  userId: id,
  roleId: id,
  role: z.string(),
  party: z.literal('user').optional(),
})
const session = z.strictObject({ sessionId: id, userId: id })
const webhook = z.strictObject({ webhookId: id, userId: id })
const apiKey = z.strictObject({ apiKeyId: id, userId: id })

export const eventData = {
  'task.created': task,
  'task.posted': task,
  'task.matching': task,
  'task.accepted': acceptedTask,
  'task.confirmed': task,
  'task.in_progress': task,
  'task.completed': task,
  'task.settled': task,
  'task.reviewed': task,
  'task.expired': task,
  'task.canceled_by_client': task,
  'task.canceled_by_tasker': task,
  'task.disputed': task,
  'task.on_hold': task,
  'task.failed': task,
  'booking.offered': booking,
  'booking.accepted': booking,
  'booking.confirmed': booking,
  'booking.in_progress': booking,
  'booking.completed': booking,
  'booking.canceled': booking,
  'booking.disputed': booking,
  /** `userId` is who need not pay. */
  'booking.fee_waived': z.strictObject({ bookingId: id, taskId: id, clientId: id, taskerId: id, userId: id }),
  'booking.change_proposed': bookingChange,
  'booking.change_accepted': bookingChange,
  'booking.change_rejected': bookingChange,
  'booking.change_withdrawn': bookingChange,
  'booking.change_expired': bookingChange,
  'offer.created': offer,
  'offer.accepted': offer,
  'offer.declined': offer,
  'offer.expired': offer,
  'offer.withdrawn': offer,
  'user.suspended': account,
  'user.reinstated': account,
  'user.closed': account,
  'tasker.applied': tasker,
  'tasker.verified': tasker,
  'tasker.active': tasker,
  'tasker.at_risk': tasker,
  'tasker.suspended': tasker,
  'tasker.offboarded': tasker,
  'payment_intent.created': payment,
  'payment_intent.reopened': payment,
  'payment_intent.authorized': payment,
  'payment_intent.captured': payment,
  'payment_intent.failed': payment,
  'payment_intent.canceled': payment,
  'payment_intent.cash_reported': cash.extend({ settlesAt: z.string() }),
  'payment_intent.reminder': cash.extend({ settlesAt: z.string() }),
  'payment_intent.objected': cash,
  'refund.created': refund,
  'refund.succeeded': refund,
  'refund.failed': refund,
  'adjustment.proposed': adjustment,
  'adjustment.posted': adjustment,
  'adjustment.rejected': adjustment,
  'adjustment.withdrawn': adjustment,
  'debt.cap_reached': cappedDebt,
  'debt.written_off': writtenOff,
  'chargeback.opened': chargeback,
  'chargeback.won': chargeback,
  'chargeback.lost': chargeback,
  'chargeback.reminder': z.strictObject({
    paymentId: id,
    taskerId: id.optional(),
    evidenceDueAt: z.string(),
  }),
  'payout.created': payout,
  'payout.paid_in_cash': payout,
  'payout.processing': payout,
  'payout.paid': payout,
  'payout.failed': payout,
  'payout.canceled': payout,
  'payout.returned': payout,
  'payout.retried': payout,
  'payout.held': stoppedPayout,
  'payout.released': stoppedPayout,
  'payout_account.added': payoutAccount,
  'payout_account.refused': payoutAccount,
  'dispute.created': ofBooking,
  'dispute.investigating': ofBooking,
  'dispute.escalated': ofBooking,
  'dispute.resolved': ofBooking,
  'dispute.rejected': ofBooking,
  'dispute.refunded': ofBooking,
  'report.created': report,
  'report.investigating': report,
  'report.resolved': report,
  'report.dismissed': report,
  'conversation.opened': z.strictObject({
    conversationId: id,
    bookingId: id,
    taskId: id,
    clientId: id,
    taskerId: id,
  }),
  'user.sign_in_blocked': user,
  'user.password_changed': user,
  'user.email_changed': user,
  'user.phone_changed': user,
  'user.mfa_enabled': user,
  'user.mfa_disabled': user,
  'user.backup_codes_changed': user,
  'user.backup_code_used': user.extend({ left: z.int() }),
  'otp_breaker.tripped': breaker,
  'otp_breaker.reset': breaker,
  'review.created': z.strictObject({
    reviewId: id,
    bookingId: id,
    taskId: id,
    rating: z.int(),
    reviewerId: id,
    revieweeId: id,
  }),
  'verification.pending': verification,
  'verification.verified': verification,
  'verification.rejected': verification,
  'company.approved': company,
  'company.rejected': company,
  'export.ready': dataExport,
  'export.failed': dataExport,
  'erasure.scheduled': erasure,
  'erasure.canceled': erasure,
  'erasure.deferred': erasure,
  'erasure.completed': erasure,
  'config.changed': z.strictObject({ configEntryId: id, key: z.string() }),
  'user_role.approved': userRole,
  'user_role.rejected': userRole,
  'user_role.revoked': userRole,
  'user_role.expired': userRole,
  'session.opened': session,
  'session.revoked': session.extend({ reason: z.string(), party: z.literal('user').optional() }),
  'api_key.created': apiKey,
  /** `overlaps`: the key that was replaced works on for a while. */
  'api_key.rotated': apiKey.extend({ overlaps: z.boolean() }),
  'api_key.revoked': apiKey,
  'webhook.failing': webhook,
  /** `reason`: `failing` or, where it answered with 410, `gone`. */
  'webhook.disabled': webhook.extend({ reason: z.string() }),
  'webhook.recovered': webhook,
}

export type EventData = { [T in keyof typeof eventData]: z.infer<(typeof eventData)[T]> }
