import { pgEnum } from 'drizzle-orm/pg-core'
import { invoiceMachine } from '../../areas/commerce/invoices/machine.ts'
import { orderMachine } from '../../areas/commerce/orders/machine.ts'
import { subscriptionMachine } from '../../areas/commerce/subscriptions/machine.ts'
import { adjustmentMachine } from '../../areas/money/adjustments/machine.ts'
import { chargebackMachine } from '../../areas/money/chargebacks/machine.ts'
import { paymentIntentMachine, refundMachine } from '../../areas/money/payments/machine.ts'
import { payoutMachine } from '../../areas/money/payouts/machine.ts'
import { companyMemberMachine } from '../../areas/people/companies/machine.ts'
import { userMachine } from '../../areas/people/identity/machine.ts'
import { taskerMachine } from '../../areas/supply/taskers/machine.ts'
import { verificationMachine } from '../../areas/supply/verification/machine.ts'
import { caseMachine } from '../../areas/trust/cases/machine.ts'
import { disputeMachine, disputeOfferMachine } from '../../areas/trust/disputes/machine.ts'
import { reportMachine } from '../../areas/trust/reports/machine.ts'
import { reviewMachine } from '../../areas/trust/reviews/machine.ts'
import { assignmentMachine } from '../../areas/work/assignment/machine.ts'
import { bidMachine } from '../../areas/work/bids/machine.ts'
import { bookingChangeMachine, bookingMachine } from '../../areas/work/bookings/machine.ts'
import {
  contractAmendmentMachine,
  contractMachine,
  escrowMachine,
  milestoneMachine,
} from '../../areas/work/contracts/machine.ts'
import { jobApplicationMachine, jobPostingMachine } from '../../areas/work/job-postings/machine.ts'
import { leadMachine, leadRefundMachine, leadRequestMachine } from '../../areas/work/leads/machine.ts'
import { offerMachine } from '../../areas/work/matching/machine.ts'
import { taskMachine } from '../../areas/work/tasks/machine.ts'

/** The states of a machine are the values of its column's type: `machine.ts` names them once. */

export const userRole = pgEnum('user_role', ['client', 'tasker', 'ops', 'admin'])

export const taskState = pgEnum('task_state', taskMachine.states)

export const bookingStatus = pgEnum('booking_status', bookingMachine.states)

export const bookingChangeStatus = pgEnum('booking_change_status', bookingChangeMachine.states)

export const leadStatus = pgEnum('lead_status', leadMachine.states)
export const leadRequestStatus = pgEnum('lead_request_status', leadRequestMachine.states)
export const leadRefundStatus = pgEnum('lead_refund_status', leadRefundMachine.states)
export const assignmentStatus = pgEnum('assignment_status', assignmentMachine.states)
export const contractStatus = pgEnum('contract_status', contractMachine.states)
export const milestoneStatus = pgEnum('milestone_status', milestoneMachine.states)
export const escrowStatus = pgEnum('escrow_status', escrowMachine.states)
export const contractAmendmentStatus = pgEnum('contract_amendment_status', contractAmendmentMachine.states)

export const taskerStatus = pgEnum('tasker_status', taskerMachine.states)

export const messageKind = pgEnum('message_kind', ['text', 'voice', 'image', 'system'])
export const paymentMethod = pgEnum('payment_method', [
  'cash',
  'wallet',
  'card',
  'bank_transfer',
  'mobile_money',
  'reference_code',
  'qr',
  'paypal',
])
export const paymentStatus = pgEnum('payment_status', paymentIntentMachine.states)
export const ledgerEntryType = pgEnum('ledger_entry_type', [
  'authorization',
  'capture',
  'refund',
  'payout',
  'fee',
  'adjustment',
])
export const disputeStatus = pgEnum('dispute_status', disputeMachine.states)
export const disputeOfferStatus = pgEnum('dispute_offer_status', disputeOfferMachine.states)
export const chargebackStatus = pgEnum('chargeback_status', chargebackMachine.states)
export const refundStatus = pgEnum('refund_status', refundMachine.states)
/** Calls of a gateway: `unknown` may have happened, and is asked about until it is known. */
export const transactionStatus = pgEnum('transaction_status', ['initiated', 'completed', 'failed', 'unknown'])
export const holdStatus = pgEnum('hold_status', ['held', 'captured', 'released', 'expired'])
export const adjustmentStatus = pgEnum('adjustment_status', adjustmentMachine.states)
export const invoiceStatus = pgEnum('invoice_status', invoiceMachine.states)
export const subscriptionStatus = pgEnum('subscription_status', subscriptionMachine.states)
export const payoutStatus = pgEnum('payout_status', payoutMachine.states)
export const caseStatus = pgEnum('case_status', caseMachine.states)
export const reportStatus = pgEnum('report_status', reportMachine.states)
export const reviewStatus = pgEnum('review_status', reviewMachine.states)
export const sourcing = pgEnum('sourcing', ['match', 'bid', 'lead', 'assign'])
export const offerStatus = pgEnum('offer_status', offerMachine.states)
export const jobApplicationStatus = pgEnum('job_application_status', jobApplicationMachine.states)
export const jobPostingStatus = pgEnum('job_posting_status', jobPostingMachine.states)
export const orderStatus = pgEnum('order_status', orderMachine.states)
export const bidStatus = pgEnum('bid_status', bidMachine.states)
export const claimStatus = pgEnum('claim_status', ['reserved', 'used', 'returned'])
export const conversationKind = pgEnum('conversation_kind', ['booking', 'direct', 'group', 'support'])
export const accountType = pgEnum('account_type', ['individual', 'company'])
export const userStatus = pgEnum('user_status', userMachine.states)
export const companyMemberStatus = pgEnum('company_member_status', companyMemberMachine.states)
export const verificationStatus = pgEnum('verification_status', verificationMachine.states)
export const languageProficiency = pgEnum('language_proficiency', [
  'basic',
  'conversational',
  'fluent',
  'native',
])
