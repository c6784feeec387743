import type { Switch } from '../core/switches.ts'
import type { Operation } from './operation.ts'

/** Writes of words, files and pictures that others read, by the chapter of the operation. */
const posting: readonly string[] = [
  'Conversations',
  'Reviews',
  'Tasks',
  'Repeated tasks',
  'Professions',
  'Media',
  'Job postings',
]
/** Writes that begin an engagement, or move money that is not due. */
const transacting: readonly string[] = ['Offers', 'Bids', 'Leads', 'Contracts']

/** Operations whose chapter says something else about them than they do. */
const exceptions: Readonly<Record<string, Switch | null>> = {
  // A socket writes.
  'conversations.connect': 'post',
  'conversations.markRead': 'read',
  'taskQuestions.ask': 'post',
  'taskQuestions.answer': 'post',
  'bookings.addNote': 'post',
  'me.updateProfile': 'post',
  'me.putCompanyProfile': 'post',
  'me.putCandidateProfile': 'post',
  'me.updateTaskerProfile': 'post',
  'companies.update': 'post',
  'me.updateClientProfile': 'post',
  'tasks.post': 'transact',
  'tasks.repost': 'transact',
  'tasks.rematch': 'transact',
  'taskTemplates.createTask': 'transact',
  'slots.hold': 'transact',
  'slots.renew': 'transact',
  'slots.book': 'transact',
  'services.book': 'transact',
  'bookings.accept': 'transact',
  'me.applyAsTasker': 'transact',
  'me.topUpWallet': 'transact',
  'tips.create': 'transact',
  'me.withdraw': 'transact',
  'me.addPayoutAccount': 'transact',
  'me.setDefaultPayoutAccount': 'transact',
  'jobApplications.apply': 'transact',
  // Ends what was begun, or answers what waits: never refused, so that nothing is left open behind a restriction.
  'tasks.cancel': null,
  'tasks.delete': null,
  'tasks.removePhoto': null,
  'taskSeries.end': null,
  'taskTemplates.delete': null,
  'services.delete': null,
  'portfolioItems.delete': null,
  'roleProfiles.delete': null,
  'offers.decline': null,
  'bids.withdraw': null,
  'bids.decline': null,
  'bids.revoke': null,
  'bids.declineCounter': null,
  'leadRequests.withdraw': null,
  'leadRequests.decline': null,
  'jobPostings.withdraw': null,
  'jobPostings.close': null,
  'jobApplications.reject': null,
  'jobApplications.withdraw': null,
  'leadRefunds.create': null,
  'contracts.cancel': null,
  'contracts.rejectAmendment': null,
  'contracts.withdrawAmendment': null,
  // Work that was agreed under a contract goes on, and is paid.
  'contracts.keepOpen': null,
  'contracts.startMilestone': null,
  'contracts.submitMilestone': null,
  'contracts.approveMilestone': null,
  'contracts.returnMilestone': null,
  'contracts.requestRelease': null,
  // Evidence in disputes, reports and verifications, and proofs of the work, are files.
  'media.create': null,
  'media.upload': null,
  'media.get': null,
  // An account can always be seen, and its restrictions with it.
  'me.get': null,
  'auth.logout': null,
  // Reads that are sent as a POST.
  'pricing.estimate': 'read',
  'discountRules.backtest': 'read',
  'orders.quote': 'read',
  // Ends what was begun.
  'orders.cancel': null,
  'orders.place': 'transact',
  'orders.pay': 'transact',
  'slots.check': 'read',
}

/**
 * Chapters that no restriction closes: one's account and data, safety, money that is due, and the course of bookings that were agreed.
 * Restricting is no suspension: whoever has work with somebody must be able to end it.
 */
const alwaysOpen: readonly string[] = [
  'Authentication',
  'Me',
  'Privacy',
  'Trust',
  'Bookings',
  'Payments',
  'Wallet',
  'Payouts',
  'Notifications',
  'API keys',
]

/**
 * The ability that an operation needs, by its class: writes of content need `post`, engagements and money `transact`, all else `read`. Null:
 * open to everybody who may call it. The one place that decides it.
 */
export function switchOf({ operationId, tag, method, policy }: Operation): Switch | null {
  if (policy === 'public' || !policy.roles.some((role) => role === 'client' || role === 'tasker')) return null
  const exception = exceptions[operationId]
  if (exception !== undefined) return exception
  if (method !== 'get') {
    if (posting.includes(tag)) return 'post'
    if (transacting.includes(tag)) return 'transact'
  }
  return alwaysOpen.includes(tag) ? null : 'read'
}

export const switchExceptions = Object.keys(exceptions)
