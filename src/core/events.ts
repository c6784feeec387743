interface EventType {
  summary: string
}

/**
 * Every event that is emitted: `<machine>.<state>` for a change of state, and a few of their own. One list for the
 * webhooks a subscriber may choose, the pull API and the `webhooks` of the spec; a test holds it against the machines.
 */
export const eventTypes = {
  'task.created': { summary: 'A client drafted a task' },
  'task.posted': { summary: 'A task was posted' },
  'task.matching': { summary: 'The search for a tasker started' },
  'task.accepted': { summary: 'A tasker accepted the task' },
  'task.confirmed': { summary: 'The client confirmed the tasker' },
  'task.in_progress': { summary: 'The work started' },
  'task.completed': { summary: 'The work was completed' },
  'task.settled': { summary: 'The task was settled' },
  'task.reviewed': { summary: 'Both parties left a review' },
  'task.expired': { summary: 'No tasker was found in time' },
  'task.canceled_by_client': { summary: 'The client canceled the task' },
  'task.canceled_by_tasker': { summary: 'The tasker canceled the task' },
  'task.disputed': { summary: 'A dispute about the task was opened' },
  'task.on_hold': { summary: 'The task was put on hold' },
  'task.failed': { summary: 'The task could not be carried out' },
  'booking.offered': { summary: 'A booking was offered to a tasker manually' },
  'booking.accepted': { summary: 'A task became a booking' },
  'booking.confirmed': { summary: 'The client confirmed the booking' },
  'booking.in_progress': { summary: 'The tasker started the work' },
  'booking.completed': { summary: 'The tasker completed the work' },
  'booking.canceled': { summary: 'The booking was canceled' },
  'booking.disputed': { summary: 'A dispute about the booking was opened' },
  'offer.created': { summary: 'A task was offered to a tasker' },
  'offer.accepted': { summary: 'The tasker accepted the offer' },
  'offer.declined': { summary: 'The tasker declined the offer' },
  'offer.expired': { summary: 'The offer was not answered in time' },
  'offer.withdrawn': { summary: 'The offer was withdrawn' },
  'tasker.applied': { summary: 'A user applied as a tasker' },
  'tasker.verified': { summary: 'A tasker was verified' },
  'tasker.active': { summary: 'A tasker was activated' },
  'tasker.at_risk': { summary: 'A tasker was flagged as at risk of suspension' },
  'tasker.suspended': { summary: 'A tasker was suspended' },
  'tasker.offboarded': { summary: 'A tasker left the platform' },
  'payment_intent.created': { summary: 'A payment method was chosen' },
  'payment_intent.authorized': { summary: 'An amount was authorized' },
  'payment_intent.captured': { summary: 'A booking was paid' },
  'payment_intent.failed': { summary: 'A payment failed' },
  'payment_intent.canceled': { summary: 'A payment was canceled' },
  'payout.created': { summary: 'A payout to a tasker was scheduled' },
  'payout.paid_in_cash': { summary: 'A tasker was paid by the client in cash' },
  'payout.processing': { summary: 'A payout is being processed' },
  'payout.paid': { summary: 'A payout was made' },
  'payout.failed': { summary: 'A payout failed' },
  'dispute.created': { summary: 'A party opened a dispute' },
  'dispute.investigating': { summary: 'A dispute is being investigated' },
  'dispute.escalated': { summary: 'A dispute was escalated' },
  'dispute.resolved': { summary: 'A dispute was resolved' },
  'dispute.rejected': { summary: 'A dispute was rejected' },
  'dispute.refunded': { summary: 'A dispute was resolved with a refund' },
  'report.created': { summary: 'A user or a booking was reported' },
  'report.investigating': { summary: 'A report is being investigated' },
  'report.resolved': { summary: 'A report was resolved' },
  'report.dismissed': { summary: 'A report was dismissed' },
  'conversation.opened': { summary: 'The conversation of a booking was opened' },
  'user.sign_in_blocked': { summary: 'Repeated wrong passwords were entered for an account' },
  'user.password_changed': { summary: 'The password of an account was changed' },
  'user.email_changed': { summary: 'The e-mail address of an account was changed' },
  'user.phone_changed': { summary: 'The phone number of an account was changed' },
  'user.mfa_enabled': { summary: 'A second factor was added to an account' },
  'user.mfa_disabled': { summary: 'A second factor was removed from an account' },
  'user.backup_codes_changed': { summary: 'The backup codes of an account were regenerated' },
  'user.backup_code_used': { summary: 'A backup code was used to sign in' },
  'otp_breaker.tripped': {
    summary: 'A channel was paused for a number prefix because its codes are not used',
  },
  'otp_breaker.reset': { summary: 'Staff ended a pause of sign-in codes early' },
  'review.created': { summary: 'A party reviewed the other' },
  'verification.pending': { summary: 'A user submitted an identity document' },
  'verification.verified': { summary: 'The identity of a user was verified' },
  'verification.rejected': { summary: 'An identity document was rejected' },
  'company.approved': { summary: 'A company was approved' },
  'company.rejected': { summary: 'A company was rejected' },
  'export.ready': { summary: 'A data export is ready for download' },
  'export.failed': { summary: 'A data export failed' },
  'erasure.scheduled': { summary: 'The erasure of an account was scheduled' },
  'erasure.canceled': { summary: 'The erasure of an account was canceled' },
  'erasure.deferred': { summary: 'The erasure of an account was deferred' },
  'erasure.completed': { summary: 'An account was erased' },
  'user_role.approved': { summary: 'A user was granted a role' },
  'user_role.rejected': { summary: 'A role request was rejected' },
  'user_role.revoked': { summary: 'A role of a user was revoked' },
  'user_role.expired': { summary: 'A role of a user expired' },
  'session.opened': { summary: 'A user signed in on a new device' },
  'session.revoked': { summary: 'A session was ended' },
  'api_key.created': { summary: 'An API key was created' },
  'api_key.rotated': { summary: 'An API key was rotated' },
  'api_key.revoked': { summary: 'An API key was revoked' },
} as const satisfies Record<string, EventType>

export type EventTypeName = keyof typeof eventTypes

/** What the database tells of an event. */
export interface EventRow {
  id: string
  type: string
  createdAt: string
  seq: number
  objectType: string
  objectId: string
  objectSeq: number
  data: Record<string, unknown>
}

/** The one envelope of every event, pushed or pulled. */
export interface EventEnvelope {
  id: string
  type: EventTypeName
  createdAt: string
  sequence: number
  object: { type: string; id: string; sequence: number }
  data: Record<string, unknown>
}

export const toEnvelope = (row: EventRow): EventEnvelope => ({
  id: row.id,
  type: row.type as EventTypeName,
  createdAt: row.createdAt,
  sequence: row.seq,
  object: { type: row.objectType, id: row.objectId, sequence: row.objectSeq },
  data: row.data,
})
