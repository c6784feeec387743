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

/** `round` counts the searches for a tasker: a task that is posted again begins another. */
const task = z.strictObject({
  ...change,
  taskId: id,
  sourcing: z.string(),
  round: z.int(),
  clientId: id,
  taskerId: id.optional(),
})
const ownTask = z.strictObject({ taskId: id, clientId: id })
/** `offerId`: the offer by which its task was accepted; absent where there was none. */
const acceptedTask = task.extend({ offerId: id.optional() })
/** `noShowBy`: the side that did not appear, where the other one canceled the booking for that. `lapsed`: the deadline that passed. */
const booking = z.strictObject({
  ...change,
  taskId: id,
  bookingId: id,
  clientId: id,
  taskerId: id,
  noShowBy: z.enum(['client', 'tasker']).optional(),
  lapsed: z.enum(['confirmation', 'start']).optional(),
})
const aboutBooking = z.strictObject({ bookingId: id, taskId: id, clientId: id, taskerId: id })
/** `dueAt` is the instant of the deadline that it reminds of. */
const bookingReminder = aboutBooking.extend({ dueAt: z.string(), startsAt: z.string() })
const bookingChange = z.strictObject({
  ...change,
  bookingId: id,
  bookingChangeId: id,
  proposerId: id,
  counterpartyId: id,
})
const aboutDispute = z.strictObject({ disputeId: id, bookingId: id, clientId: id, taskerId: id })
const disputeOffer = aboutDispute.extend({ ...change, disputeOfferId: id })
const ofContract = z.strictObject({ contractId: id, bookingId: id, clientId: id, taskerId: id })
const contract = ofContract.extend(change)
const milestone = contract.extend({ milestoneId: id, title: z.string() })
/** `at`: when it is released, or due. */
const ofMilestone = ofContract.extend({ milestoneId: id, title: z.string(), at: z.string().optional() })
const amendment = z.strictObject({
  ...change,
  contractId: id,
  bookingId: id,
  contractAmendmentId: id,
  proposerId: id,
  counterpartyId: id,
})
const offer = z.strictObject({ ...change, taskId: id, taskerId: id })
/** `because` a rejected bid was `declined` by the client, or `lost` to another. */
const bid = z.strictObject({
  ...change,
  because: z.string().optional(),
  taskId: id,
  taskerId: id,
  clientId: id,
})
/** `conversationId`: the conversation that the reply opened. */
const leadRequest = bid.extend({ conversationId: id.optional() })
const refundOfLead = z.strictObject({ ...change, taskerId: id })
const leadOfTask = z.strictObject({ ...change, taskId: id, clientId: id })
const bidTerms = z.strictObject({ bidId: id, taskId: id, clientId: id, taskerId: id, party: z.string() })
const question = z.strictObject({ questionId: id, taskId: id, clientId: id, taskerId: id })
/** The ids of an assignment are also those of its booking and its task. */
const assignment = z.strictObject({
  ...change,
  taskId: id,
  bookingId: id,
  assignmentId: id,
  clientId: id,
  taskerId: id,
})
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
const order = z.strictObject({ ...change, userId: id })
/** `amount` of credits. */
const creditGrant = z.strictObject({ userId: id, creditGrantId: id, amount: z.int(), kind: z.string() })
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
/** `userId` is the buyer; `supplierId` earned the fare that an invoice is about. */
const ofInvoice = z.strictObject({ userId: id, bookingId: id.optional() })
const issuedInvoice = ofInvoice.extend({ supplierId: id.optional(), status: z.string() })
const ofSubscription = z.strictObject({ userId: id, planId: id })
const subscription = ofSubscription.extend({ ...change, endReason: z.string().optional() })
const chargeback = z.strictObject({ ...change, paymentId: id, taskerId: id.optional() })
const ofReview = z.strictObject({ reviewId: id, bookingId: id, reviewerId: id, revieweeId: id })
const review = ofReview.extend(change)
/** `userId`: the member of staff who works on it. */
const aboutCase = z.strictObject({ caseId: id, kind: z.string(), subjectId: id, userId: id.optional() })
const caseChange = aboutCase.extend(change)
const report = z.strictObject({ ...change, bookingId: id.optional(), clientId: id })
const aboutPapers = z.strictObject({
  verificationRequestId: id,
  verificationType: z.string(),
  documentType: z.string(),
  userId: id,
})
const verification = aboutPapers.extend(change)
const user = z.strictObject({ userId: id })
const account = z.strictObject({ ...change, userId: id })
const breaker = z.strictObject({ otpBreakerId: id, prefix: z.string(), channel: z.string() })
const company = z.strictObject({ companyId: id, userId: id })
/** `userId`: the member; absent while nobody with an account was invited. */
const companyMember = z.strictObject({
  ...change,
  companyMemberId: id,
  companyId: id,
  role: z.string(),
  userId: id.optional(),
})
const ofCompanyMember = z.strictObject({ companyMemberId: id, companyId: id, userId: id })
const jobPosting = z.strictObject({ ...change, jobPostingId: id, companyId: id })
const ofJobPosting = z.strictObject({ jobPostingId: id, companyId: id })
const ofJobApplication = z.strictObject({ jobApplicationId: id, jobPostingId: id, companyId: id, userId: id })
const jobApplication = ofJobApplication.extend(change)
const roleProfile = z.strictObject({ ...change, roleProfileId: id, userId: id, profession: z.string() })
const roleProfileVersion = z.strictObject({
  ...change,
  roleProfileId: id,
  roleProfileVersionId: id,
  userId: id,
})
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
  'task.climbed': task,
  'task.queued': task,
  'task.resumed': task,
  /** `clock`: assign, accept or start. */
  'task.sla_breached': z.strictObject({
    taskId: id,
    clock: z.string(),
    priority: z.string(),
    dueAt: z.string(),
  }),
  /** `kind`: estimate or final_cost. */
  'task.priced': z.strictObject({ taskId: id, clientId: id, taskerId: id.optional(), kind: z.string() }),
  'assignment.created': assignment,
  'assignment.confirmed': assignment,
  'assignment.accepted': assignment,
  'assignment.declined': assignment,
  'assignment.expired': assignment,
  'assignment.withdrawn': assignment,
  'assignment.revoked': assignment,
  'task.deleted': ownTask,
  'task.restored': ownTask,
  'task_series.skipped': z.strictObject({ taskSeriesId: id, clientId: id, day: z.string() }),
  'booking.offered': booking,
  'booking.offer_ended': booking,
  'booking.released': booking,
  'booking.accepted': booking,
  'booking.confirmed': booking,
  'booking.in_progress': booking,
  'booking.completed': booking,
  'booking.canceled': booking,
  'booking.disputed': booking,
  /** `userId` is who need not pay. */
  'booking.fee_waived': aboutBooking.extend({ userId: id }),
  'booking.on_the_way': aboutBooking,
  'booking.running_late': aboutBooking.extend({ lateMinutes: z.int() }),
  'booking.arrived': aboutBooking,
  'booking.noted': aboutBooking.extend({ bookingNoteId: id }),
  'booking.work_accepted': aboutBooking.extend({ acceptedBy: z.enum(['client', 'silence']) }),
  'booking.unpaid': aboutBooking,
  'booking.confirmation_reminder': bookingReminder,
  'booking.visit_reminder': bookingReminder,
  'booking.start_reminder': bookingReminder,
  'booking.completion_reminder': bookingReminder,
  'booking.acceptance_reminder': bookingReminder,
  'booking.payment_reminder': bookingReminder,
  'booking.change_proposed': bookingChange,
  'booking.change_accepted': bookingChange,
  'booking.change_rejected': bookingChange,
  'booking.change_withdrawn': bookingChange,
  'booking.change_expired': bookingChange,
  'contract.drafted': contract,
  /** `party`: who has revised, or signed, it. */
  'contract.revised': ofContract.extend({ party: z.string() }),
  'contract.signed': ofContract.extend({ party: z.string() }),
  'contract.active': contract,
  'contract.completed': contract,
  'contract.canceled': contract,
  'contract.disputed': contract,
  /** `notice`: the first or the second. */
  'contract.dormant': ofContract.extend({ notice: z.int(), closesAt: z.string() }),
  'contract.amendment_proposed': amendment,
  'contract.amendment_accepted': amendment,
  'contract.amendment_rejected': amendment,
  'contract.amendment_withdrawn': amendment,
  'contract.amendment_expired': amendment,
  'milestone.pending': milestone,
  'milestone.in_progress': milestone,
  'milestone.submitted': milestone,
  'milestone.returned': milestone,
  'milestone.overdue': milestone,
  'milestone.completed': milestone,
  'milestone.canceled': milestone,
  'milestone.due_soon': ofMilestone,
  'milestone.release_reminder': ofMilestone,
  'milestone.release_requested': ofMilestone,
  'escrow.held': contract,
  'escrow.partial_release': contract,
  'escrow.full_release': contract,
  'escrow.disputed': contract,
  /** Amount in minor units. */
  'escrow.funded': ofContract.extend({ amount: z.int(), currency: z.string() }),
  'offer.created': offer,
  'offer.accepted': offer,
  'offer.declined': offer,
  'offer.expired': offer,
  'offer.withdrawn': offer,
  'lead.created': leadOfTask,
  'lead.opened': leadOfTask,
  'lead.rejected': leadOfTask,
  'lead.closed': leadOfTask,
  'lead_refund.created': refundOfLead,
  'lead_refund.approved': refundOfLead,
  'lead_refund.rejected': refundOfLead,
  'lead_request.created': bid,
  'lead_request.replied': leadRequest,
  'lead_request.accepted': leadRequest,
  'lead_request.rejected': leadRequest,
  'lead_request.withdrawn': leadRequest,
  'lead_request.expired': leadRequest,
  'bid.created': bid,
  'bid.updated': bidTerms,
  'bid.countered': bidTerms,
  'bid.counter_declined': bidTerms,
  'bid.awarded': bid,
  'bid.revoked': bid,
  'bid.accepted': bid,
  'bid.rejected': bid,
  'bid.withdrawn': bid,
  'bid.expired': bid,
  'task.invited': z.strictObject({ invitationId: id, taskId: id, clientId: id, taskerId: id }),
  'question.asked': question,
  'question.answered': question,
  'user_block.created': z.strictObject({
    userBlockId: id,
    userId: id,
    blockedUserId: id,
    conversationIds: z.array(id),
  }),
  'user.suspended': account,
  'user.restricted': z.strictObject({
    userId: id,
    switches: z.array(z.string()),
    until: z.string().optional(),
  }),
  'user.restrictions_lifted': z.strictObject({ userId: id, switches: z.array(z.string()) }),
  'user.reinstated': account,
  'user.closed': account,
  'user.restored': account,
  'user.deactivated': account,
  'user.reactivated': account,
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
  'order.created': order,
  'order.completed': order,
  'order.canceled': order,
  'order.expired': order,
  'order.partially_refunded': z.strictObject({ userId: id, amount: z.int() }),
  'order.refunded': order,
  'credit_grant.created': creditGrant,
  'credit_grant.returned': creditGrant,
  'debt.cap_reached': cappedDebt,
  'debt.written_off': writtenOff,
  'invoice.issued': issuedInvoice,
  'invoice.credited': issuedInvoice.extend({ creditedInvoiceId: id }),
  'invoice.debited': issuedInvoice.extend({ creditedInvoiceId: id }),
  'invoice.reminder': ofInvoice.extend({ dueAt: z.string() }),
  'invoice.overdue': ofInvoice.extend({ dueAt: z.string() }),
  'invoice.paid': ofInvoice.extend(change),
  'invoice.voided': ofInvoice.extend(change),
  'subscription.created': subscription,
  'subscription.trial_began': subscription,
  'subscription.active': subscription,
  'subscription.past_due': subscription,
  'subscription.paused': subscription,
  'subscription.ended': subscription,
  'subscription.renewed': ofSubscription,
  'subscription.changed': ofSubscription,
  'subscription.change_failed': ofSubscription,
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
  'dispute.withdrawn': ofBooking,
  'dispute.response_reminder': aboutDispute.extend({ userId: id, respondBy: z.string() }),
  'dispute.overdue': aboutDispute,
  'dispute.evidence_added': aboutDispute.extend({ disputeEvidenceId: id, party: z.string() }),
  'dispute.offer_made': disputeOffer,
  'dispute.offer_answered': aboutDispute.extend({ disputeOfferId: id, party: z.string() }),
  'dispute.offer_accepted': disputeOffer,
  'dispute.offer_declined': disputeOffer,
  'dispute.offer_withdrawn': disputeOffer,
  'dispute.offer_expired': disputeOffer,
  'dispute.reported_decided': z.strictObject({
    disputeId: id,
    bookingId: id,
    reportId: id,
    userId: id,
    status: z.string(),
  }),
  'case.assigned': caseChange,
  'case.released': caseChange,
  'case.closed': caseChange,
  'case.overdue': aboutCase.extend({ queue: z.string() }),
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
  'review.created': review,
  'review.published': review.extend({ rating: z.int() }),
  'review.flagged': review,
  'review.hidden': review,
  'review.appealed': review,
  'review.answered': ofReview,
  'verification.pending': verification,
  'verification.document_requested': verification,
  'verification.expiring': aboutPapers.extend({ expiresAt: z.string() }),
  'verification.lapsed': verification,
  'verification.withdrawn': verification,
  'verification.abandoned': verification,
  'requirement.lapsed': z.strictObject({ userId: id, missing: z.string() }),
  'verification.verified': verification,
  'verification.rejected': verification,
  'company.approved': company,
  'company.rejected': company,
  'company_member.invited': companyMember,
  'company_member.active': companyMember,
  'company_member.declined': companyMember,
  'company_member.revoked': companyMember,
  'company_member.expired': companyMember,
  'company_member.left': companyMember,
  'company_member.removed': companyMember,
  'company_member.role_changed': ofCompanyMember.extend({ role: z.string() }),
  'company_member.payout_proposed': ofCompanyMember.extend({ payoutTo: z.string() }),
  'company_member.payout_answered': ofCompanyMember.extend({ payoutTo: z.string(), isAccepted: z.boolean() }),
  'candidate_view.created': z.strictObject({ candidateViewId: id, companyId: id, userId: id }),
  'job_posting.created': jobPosting,
  'job_posting.submitted': jobPosting,
  'job_posting.withdrawn': jobPosting,
  'job_posting.rejected': jobPosting,
  'job_posting.live': jobPosting,
  'job_posting.closed': jobPosting,
  'job_posting.changes_pending': ofJobPosting,
  'job_posting.changes_approved': ofJobPosting,
  'job_posting.changes_rejected': ofJobPosting,
  'job_application.applied': jobApplication,
  'job_application.shortlisted': jobApplication,
  'job_application.interview': jobApplication,
  'job_application.interview_proposed': ofJobApplication,
  'job_application.interview_chosen': ofJobApplication,
  'job_application.offered': jobApplication,
  'job_application.hired': jobApplication,
  'job_application.rejected': jobApplication,
  'job_application.ended': jobApplication,
  'job_application.withdrawn': jobApplication,
  'role_profile.created': roleProfile,
  'role_profile.submitted': roleProfile,
  'role_profile.suspended': roleProfile,
  'role_profile.reinstated': roleProfile,
  'role_profile.version_drafted': roleProfileVersion,
  'role_profile.version_pending': roleProfileVersion,
  'role_profile.version_superseded': roleProfileVersion,
  'role_profile.approved': roleProfileVersion,
  'role_profile.rejected': roleProfileVersion,
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
