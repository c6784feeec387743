import { pgEnum } from 'drizzle-orm/pg-core'

export const userRole = pgEnum('user_role', ['client', 'tasker', 'ops', 'admin'])

export const taskState = pgEnum('task_state', [
  'draft',
  'posted',
  'matching',
  'accepted',
  'confirmed',
  'in_progress',
  'completed',
  'settled',
  'reviewed',
  'expired',
  'canceled_by_client',
  'canceled_by_tasker',
  'disputed',
  'on_hold',
  'failed',
])

export const bookingStatus = pgEnum('booking_status', [
  'offered',
  'accepted',
  'confirmed',
  'in_progress',
  'completed',
  'canceled',
  'disputed',
])

export const taskerStatus = pgEnum('tasker_status', [
  'applied',
  'verified',
  'active',
  'at_risk',
  'suspended',
  'offboarded',
])

export const messageKind = pgEnum('message_kind', ['text', 'voice', 'image', 'system'])
export const paymentMethod = pgEnum('payment_method', ['cash', 'wallet', 'card'])
export const paymentStatus = pgEnum('payment_status', [
  'requires_action',
  'authorized',
  'captured',
  'failed',
  'canceled',
])
export const ledgerEntryType = pgEnum('ledger_entry_type', [
  'authorization',
  'capture',
  'refund',
  'payout',
  'fee',
  'adjustment',
])
export const disputeStatus = pgEnum('dispute_status', [
  'open',
  'investigating',
  'resolved',
  'rejected',
  'refunded',
  'escalated',
])
export const payoutStatus = pgEnum('payout_status', ['scheduled', 'processing', 'paid', 'failed'])
export const reportStatus = pgEnum('report_status', ['open', 'investigating', 'resolved', 'dismissed'])
export const sourcing = pgEnum('sourcing', ['match', 'bid', 'lead', 'assign'])
export const offerStatus = pgEnum('offer_status', ['pending', 'accepted', 'declined', 'expired', 'withdrawn'])
export const conversationKind = pgEnum('conversation_kind', ['booking', 'direct', 'group', 'support'])
export const accountType = pgEnum('account_type', ['individual', 'company'])
export const userStatus = pgEnum('user_status', ['active', 'suspended', 'closed'])
export const verificationStatus = pgEnum('verification_status', [
  'unverified',
  'pending',
  'verified',
  'rejected',
])
export const languageProficiency = pgEnum('language_proficiency', [
  'basic',
  'conversational',
  'fluent',
  'native',
])
