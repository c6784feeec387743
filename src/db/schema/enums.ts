import { pgEnum } from 'drizzle-orm/pg-core'
import { adjustmentMachine } from '../../areas/money/adjustments/machine.ts'
import { chargebackMachine } from '../../areas/money/chargebacks/machine.ts'
import { paymentIntentMachine, refundMachine } from '../../areas/money/payments/machine.ts'
import { payoutMachine } from '../../areas/money/payouts/machine.ts'
import { userMachine } from '../../areas/people/identity/machine.ts'
import { taskerMachine } from '../../areas/supply/taskers/machine.ts'
import { verificationMachine } from '../../areas/supply/verification/machine.ts'
import { disputeMachine } from '../../areas/trust/disputes/machine.ts'
import { reportMachine } from '../../areas/trust/reports/machine.ts'
import { bookingChangeMachine, bookingMachine } from '../../areas/work/bookings/machine.ts'
import { offerMachine } from '../../areas/work/matching/machine.ts'
import { taskMachine } from '../../areas/work/tasks/machine.ts'

/** The states of a machine are the values of its column's type: `machine.ts` names them once. */

export const userRole = pgEnum('user_role', ['client', 'tasker', 'ops', 'admin'])

export const taskState = pgEnum('task_state', taskMachine.states)

export const bookingStatus = pgEnum('booking_status', bookingMachine.states)

export const bookingChangeStatus = pgEnum('booking_change_status', bookingChangeMachine.states)

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
export const chargebackStatus = pgEnum('chargeback_status', chargebackMachine.states)
export const refundStatus = pgEnum('refund_status', refundMachine.states)
/** Calls of a gateway: `unknown` may have happened, and is asked about until it is known. */
export const transactionStatus = pgEnum('transaction_status', ['initiated', 'completed', 'failed', 'unknown'])
export const holdStatus = pgEnum('hold_status', ['held', 'captured', 'released', 'expired'])
export const adjustmentStatus = pgEnum('adjustment_status', adjustmentMachine.states)
export const payoutStatus = pgEnum('payout_status', payoutMachine.states)
export const reportStatus = pgEnum('report_status', reportMachine.states)
export const sourcing = pgEnum('sourcing', ['match', 'bid', 'lead', 'assign'])
export const offerStatus = pgEnum('offer_status', offerMachine.states)
export const conversationKind = pgEnum('conversation_kind', ['booking', 'direct', 'group', 'support'])
export const accountType = pgEnum('account_type', ['individual', 'company'])
export const userStatus = pgEnum('user_status', userMachine.states)
export const verificationStatus = pgEnum('verification_status', verificationMachine.states)
export const languageProficiency = pgEnum('language_proficiency', [
  'basic',
  'conversational',
  'fluent',
  'native',
])
