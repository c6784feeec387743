/**
 * Reads by staff of other people's data that must not go unseen, and the data that each shows: every person concerned gets an
 * entry in the audit log, in the round trip of the read itself. Nothing is written for other callers, or for one's own data.
 */
export const recordedReads: Readonly<Record<string, string>> = {
  'adjustments.get': 'adjustments',
  'adjustments.list': 'adjustments',
  'audit.list': 'audit_log',
  'companyProfiles.get': 'company_profiles',
  'companyProfiles.list': 'company_profiles',
  'conversations.get': 'conversations',
  'conversations.listMessages': 'conversations',
  'debts.list': 'users',
  'invoices.get': 'invoices',
  'invoices.getLink': 'invoices',
  'invoices.list': 'invoices',
  'ledger.listEntries': 'ledger_entries',
  'media.get': 'media_files',
  // By its booking.
  'payments.get': 'bookings',
  'payments.getReceipt': 'payment_intents',
  'payments.list': 'payment_intents',
  'refunds.get': 'refunds',
  'refunds.list': 'refunds',
  'payments.getById': 'payment_intents',
  'payoutBatches.download': 'payout_batches',
  'payouts.get': 'payouts',
  'payouts.list': 'payouts',
  'taxWithholdings.list': 'tax_withholdings',
  'tasks.get': 'tasks',
  'tasks.getTriage': 'tasks',
  'tasks.getArchived': 'tasks',
  'users.get': 'users',
  'users.list': 'users',
  'verifications.get': 'verification_requests',
  'verifications.list': 'verification_requests',
  'wallets.get': 'users',
}
