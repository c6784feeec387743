interface EventType {
  summary: string
}

/**
 * Every event that is emitted: `<machine>.<state>` for a change of state, and a few of their own. One list for the
 * webhooks a subscriber may choose, the pull API and the `webhooks` of the spec; a test holds it against the machines.
 */
export const eventTypes = {
  'task.created': { summary: 'A client has drafted a task' },
  'task.posted': { summary: 'A task was posted' },
  'task.matching': { summary: 'A tasker is being looked for' },
  'task.accepted': { summary: 'A tasker has accepted the task' },
  'task.confirmed': { summary: 'The client has confirmed the tasker' },
  'task.in_progress': { summary: 'The work has started' },
  'task.completed': { summary: 'The work is done' },
  'task.settled': { summary: 'The work is paid' },
  'task.reviewed': { summary: 'Both sides have reviewed' },
  'task.expired': { summary: 'No tasker was found in time' },
  'task.canceled_by_client': { summary: 'The client has canceled the task' },
  'task.canceled_by_tasker': { summary: 'The tasker has canceled the task' },
  'task.disputed': { summary: 'A dispute about the task is open' },
  'task.on_hold': { summary: 'The task is on hold' },
  'task.failed': { summary: 'The task could not be done' },
  'booking.offered': { summary: 'A booking was offered to a tasker by hand' },
  'booking.accepted': { summary: 'A task has become a booking' },
  'booking.confirmed': { summary: 'The client has confirmed the booking' },
  'booking.in_progress': { summary: 'The tasker has started' },
  'booking.completed': { summary: 'The tasker has completed the work' },
  'booking.canceled': { summary: 'A party has canceled the booking' },
  'booking.disputed': { summary: 'A dispute about the booking is open' },
  'offer.created': { summary: 'A tasker was invited to a task' },
  'offer.accepted': { summary: 'The tasker has accepted the offer' },
  'offer.declined': { summary: 'The tasker has declined the offer' },
  'offer.expired': { summary: 'The offer was not answered in time' },
  'offer.withdrawn': { summary: 'The offer no longer stands' },
  'tasker.applied': { summary: 'Somebody has applied as a tasker' },
  'tasker.verified': { summary: 'A tasker was verified' },
  'tasker.active': { summary: 'A tasker can be booked' },
  'tasker.at_risk': { summary: 'A tasker is close to suspension' },
  'tasker.suspended': { summary: 'A tasker was suspended' },
  'tasker.offboarded': { summary: 'A tasker has left' },
  'payment_intent.created': { summary: 'How a booking is paid was chosen' },
  'payment_intent.authorized': { summary: 'An amount is reserved' },
  'payment_intent.captured': { summary: 'A booking was paid' },
  'payment_intent.failed': { summary: 'A payment has failed' },
  'payment_intent.canceled': { summary: 'A payment was canceled' },
  'payout.created': { summary: 'A payout to a tasker is scheduled' },
  'payout.paid_in_cash': { summary: 'A tasker was paid by the client, in cash' },
  'payout.processing': { summary: 'A payout is on its way' },
  'payout.paid': { summary: 'A tasker was paid' },
  'payout.failed': { summary: 'A payout has failed' },
  'dispute.created': { summary: 'A party has opened a dispute' },
  'dispute.investigating': { summary: 'A dispute is being looked into' },
  'dispute.escalated': { summary: 'A dispute was escalated' },
  'dispute.resolved': { summary: 'A dispute was resolved' },
  'dispute.rejected': { summary: 'A dispute was rejected' },
  'dispute.refunded': { summary: 'A dispute has ended with a refund' },
  'report.created': { summary: 'Somebody has reported something' },
  'report.investigating': { summary: 'A report is being looked into' },
  'report.resolved': { summary: 'A report was resolved' },
  'report.dismissed': { summary: 'A report was dismissed' },
  'conversation.opened': { summary: 'The parties of a booking can talk' },
  'user.sign_in_blocked': { summary: 'Somebody keeps guessing at the password of an account' },
  'user.password_changed': { summary: 'The password of an account was changed' },
  'user.email_changed': { summary: 'The e-mail address of an account was changed' },
  'user.phone_changed': { summary: 'The phone number of an account was changed' },
  'user.mfa_enabled': { summary: 'An account has a new second factor' },
  'user.mfa_disabled': { summary: 'A second factor of an account was removed' },
  'user.backup_codes_changed': { summary: 'An account has new backup codes' },
  'user.backup_code_used': { summary: 'Somebody has signed in with a backup code' },
  'otp_breaker.tripped': { summary: 'Codes to a prefix are sent and not used: a channel is paused there' },
  'otp_breaker.reset': { summary: 'Staff have ended a pause in the sending of codes' },
  'review.created': { summary: 'A party has reviewed the other' },
  'verification.pending': { summary: 'A user has submitted their papers' },
  'verification.verified': { summary: 'A user is verified' },
  'verification.rejected': { summary: 'The papers of a user were refused' },
  'company.approved': { summary: 'A company was approved' },
  'company.rejected': { summary: 'A company was refused' },
  'export.ready': { summary: 'What is known of a user is ready to be downloaded' },
  'export.failed': { summary: 'What is known of a user could not be gathered' },
  'erasure.scheduled': { summary: 'A user has asked to be forgotten' },
  'erasure.canceled': { summary: 'A user stays after all' },
  'erasure.deferred': { summary: 'Something stood in the way of an erasure' },
  'erasure.completed': { summary: 'A user was forgotten' },
  'user_role.approved': { summary: 'A user was granted a role' },
  'user_role.rejected': { summary: 'The request of a user for a role was turned down' },
  'user_role.revoked': { summary: 'A role was taken from a user' },
  'user_role.expired': { summary: 'The role of a user has run out' },
  'session.opened': { summary: 'Somebody has signed in on a device that the account did not know' },
  'session.revoked': { summary: 'A session was ended' },
  'api_key.created': { summary: 'An API key was made' },
  'api_key.rotated': { summary: 'An API key was replaced' },
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
