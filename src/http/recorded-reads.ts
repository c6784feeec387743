/**
 * What staff read of others and must not read unseen, and what is shown there: each person whose it is gets an entry in the
 * audit log, in the trip of the read itself. Of everybody else's calls, and of what is one's own, nothing is written.
 */
export const recordedReads: Readonly<Record<string, string>> = {
  'audit.list': 'audit_log',
  'companyProfiles.get': 'company_profiles',
  'companyProfiles.list': 'company_profiles',
  'conversations.get': 'conversations',
  'conversations.listMessages': 'conversations',
  'media.get': 'media_files',
  'tasks.get': 'tasks',
  'users.get': 'users',
  'users.list': 'users',
  'verifications.get': 'user_verifications',
  'verifications.list': 'user_verifications',
}
