/**
 * Reads by staff of other people's data that must not go unseen, and the data that each shows: every person concerned gets an
 * entry in the audit log, in the round trip of the read itself. Nothing is written for other callers, or for one's own data.
 */
export const recordedReads: Readonly<Record<string, string>> = {
  'audit.list': 'audit_log',
  'companyProfiles.get': 'company_profiles',
  'companyProfiles.list': 'company_profiles',
  'conversations.get': 'conversations',
  'conversations.listMessages': 'conversations',
  'media.get': 'media_files',
  'payments.getById': 'payment_intents',
  'payoutBatches.download': 'payout_batches',
  'payouts.get': 'payouts',
  'payouts.list': 'payouts',
  'tasks.get': 'tasks',
  'users.get': 'users',
  'users.list': 'users',
  'verifications.get': 'user_verifications',
  'verifications.list': 'user_verifications',
}
