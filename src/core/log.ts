/**
 * Codes of failures that somebody may have to look at. Alerts name a code, so it never changes. docs/operations.md says for
 * each code what has happened and what to do; a test holds the two together.
 */
export const failureCodes = [
  'audit.refusal_write_failed',
  'audit.seal_overdue',
  'calendar.fetch_failed',
  'channel.acknowledgement_failed',
  'channel.frame_failed',
  'chargeback.evidence_due',
  'check.call_failed',
  'conversation.archive_restored',
  'conversation.frame_failed',
  'email_code.refused',
  'encryption.unopenable',
  'erasure.overdue',
  'export.abort_failed',
  'export.failed',
  'gateway.call_failed',
  'gateway.event_failed',
  'gateway.work_failed',
  'invitation.refused',
  'invoices.differ',
  'job.failed',
  'job.report_failed',
  'job.rows_failed',
  'ledger.documents_differ',
  'matcher.advance_failed',
  'matcher.alarm_failed',
  'matcher.tell_failed',
  'mfa.factor_unopenable',
  'notification.channel_failed',
  'notification.refused',
  'otp.send_failed',
  'otp_breaker.tripped',
  'papers.delete_failed',
  'papers.unopenable',
  'payout.account_unopenable',
  'payout.answer_differs',
  'payout.call_failed',
  'plans.missing',
  'queue.message_failed',
  'queue.send_failed',
  'reaction.failed',
  'readiness.part_failed',
  'reconciliation.failed',
  'reconciliation.unexplained',
  'removal.overdue',
  'request.failed',
  'subscription.step_failed',
  'timer.failed',
  'webhook.attempt_lost',
  'webhook.not_sent',
] as const

export type FailureCode = (typeof failureCodes)[number]

/** `data`: ids and counts, nothing that people wrote. */
export function logFailure(code: FailureCode, error: unknown, data: Record<string, unknown> = {}): void {
  console.error({ message: code, ...data, error: describe(error) })
}

/** The same where nothing was thrown. */
export function logAlarm(code: FailureCode, data: Record<string, unknown> = {}): void {
  console.error({ message: code, ...data })
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? String(error)) : String(error)
