import { z } from 'zod'
import type { Machine } from '../core/machine.ts'
import { creditKinds } from '../db/schema/commerce/credits.ts'
import { endReasons } from '../db/schema/commerce/subscriptions.ts'
import { paymentMethod, sourcing } from '../db/schema/enums.ts'
import { adjustmentKinds } from '../db/schema/money/adjustments.ts'
import { paymentPurposes } from '../db/schema/money/payments.ts'
import { payoutKinds } from '../db/schema/money/payouts.ts'
import { memberRoles } from '../db/schema/people/companies.ts'
import { verificationTypes } from '../db/schema/supply/verification.ts'
import { invoiceMachine } from './commerce/invoices/machine.ts'
import { orderMachine } from './commerce/orders/machine.ts'
import { subscriptionMachine } from './commerce/subscriptions/machine.ts'
import { adjustmentMachine } from './money/adjustments/machine.ts'
import { chargebackMachine } from './money/chargebacks/machine.ts'
import { paymentIntentMachine, refundMachine } from './money/payments/machine.ts'
import { payoutMachine } from './money/payouts/machine.ts'
import { companyMemberMachine } from './people/companies/machine.ts'
import { otpChannels } from './people/identity/limits.ts'
import { userMachine } from './people/identity/machine.ts'
import { roleProfileMachine, roleProfileVersionMachine } from './supply/professions/machine.ts'
import { taskerMachine } from './supply/taskers/machine.ts'
import { allDocumentTypes } from './supply/verification/documents.ts'
import { verificationMachine } from './supply/verification/machine.ts'
import { caseKinds } from './trust/cases/kinds.ts'
import { caseMachine } from './trust/cases/machine.ts'
import { disputeMachine, disputeOfferMachine } from './trust/disputes/machine.ts'
import { reportMachine } from './trust/reports/machine.ts'
import { reviewMachine } from './trust/reviews/machine.ts'
import { assignmentMachine } from './work/assignment/machine.ts'
import { bidMachine } from './work/bids/machine.ts'
import { bookingChangeMachine, bookingMachine } from './work/bookings/machine.ts'
import {
  contractAmendmentMachine,
  contractMachine,
  escrowMachine,
  milestoneMachine,
} from './work/contracts/machine.ts'
import { jobApplicationMachine, jobPostingMachine } from './work/job-postings/machine.ts'
import { leadMachine, leadRefundMachine, leadRequestMachine } from './work/leads/machine.ts'
import { offerMachine } from './work/matching/machine.ts'
import { taskMachine } from './work/tasks/machine.ts'

/** Shapes that the data of several events have. See `event-data.ts`. */

export const id = z.uuid()

export const time = z.iso.datetime()
export const side = z.enum(['client', 'tasker'])

/** Every party of a machine. */
export const parties = [
  'client',
  'tasker',
  'owner',
  'member',
  'manager',
  'applicant',
  'reviewer',
  'reporter',
  'proposer',
  'counterparty',
  'buyer',
  'ops',
  'provider',
  'system',
] as const

/** A change of state as `khidma.record_<machine>_transition` writes it. `from` is absent where the object comes into being. */
export function changeOf<State extends string>({ states, transitions }: Machine<State>) {
  const actions = transitions.map(({ name }) => name) as [string, ...string[]]
  return {
    from: z.enum(states).optional(),
    to: z.enum(states),
    action: z.enum([...new Set(actions)]),
    party: z.enum(parties),
  }
}

/** `round` counts the searches for a tasker: a task that is posted again begins another. */
export const task = z.strictObject({
  ...changeOf(taskMachine),
  taskId: id,
  sourcing: z.enum(sourcing.enumValues),
  round: z.int(),
  clientId: id,
  taskerId: id.optional(),
})
export const ownTask = z.strictObject({ taskId: id, clientId: id })
/** `offerId`: the offer by which its task was accepted; absent where there was none. */
export const acceptedTask = task.extend({ offerId: id.optional() })
/** `noShowBy`: the side that did not appear, where the other one canceled the booking for that. `lapsed`: the deadline that passed. */
export const booking = z.strictObject({
  ...changeOf(bookingMachine),
  taskId: id,
  bookingId: id,
  clientId: id,
  taskerId: id,
  noShowBy: side.optional(),
  lapsed: z.enum(['confirmation', 'start']).optional(),
})
export const aboutBooking = z.strictObject({ bookingId: id, taskId: id, clientId: id, taskerId: id })
/** `dueAt` is the instant of the deadline that it reminds of. */
export const bookingReminder = aboutBooking.extend({ dueAt: time, startsAt: time })
export const bookingChange = z.strictObject({
  ...changeOf(bookingChangeMachine),
  bookingId: id,
  bookingChangeId: id,
  proposerId: id,
  counterpartyId: id,
})
export const aboutDispute = z.strictObject({ disputeId: id, bookingId: id, clientId: id, taskerId: id })
export const disputeOffer = aboutDispute.extend({ ...changeOf(disputeOfferMachine), disputeOfferId: id })
export const ofContract = z.strictObject({ contractId: id, bookingId: id, clientId: id, taskerId: id })
export const contract = ofContract.extend(changeOf(contractMachine))
export const escrow = ofContract.extend(changeOf(escrowMachine))
export const milestone = ofContract.extend({
  ...changeOf(milestoneMachine),
  milestoneId: id,
  title: z.string(),
})
/** `at`: when it is released, or due. */
export const ofMilestone = ofContract.extend({ milestoneId: id, title: z.string(), at: time.optional() })
export const amendment = z.strictObject({
  ...changeOf(contractAmendmentMachine),
  contractId: id,
  bookingId: id,
  contractAmendmentId: id,
  proposerId: id,
  counterpartyId: id,
})
export const offer = z.strictObject({ ...changeOf(offerMachine), taskId: id, taskerId: id })
/** `because` a rejected bid was `declined` by the client, or `lost` to another. */
export const bid = z.strictObject({
  ...changeOf(bidMachine),
  because: z.enum(['declined', 'lost']).optional(),
  taskId: id,
  taskerId: id,
  clientId: id,
})
/** `conversationId`: the conversation that the reply opened. */
export const newLeadRequest = bid.extend(changeOf(leadRequestMachine))
export const leadRequest = newLeadRequest.extend({ conversationId: id.optional() })
export const refundOfLead = z.strictObject({ ...changeOf(leadRefundMachine), taskerId: id })
export const leadOfTask = z.strictObject({ ...changeOf(leadMachine), taskId: id, clientId: id })
export const bidTerms = z.strictObject({ bidId: id, taskId: id, clientId: id, taskerId: id, party: side })
export const question = z.strictObject({ questionId: id, taskId: id, clientId: id, taskerId: id })
/** The ids of an assignment are also those of its booking and its task. */
export const assignment = z.strictObject({
  ...changeOf(assignmentMachine),
  taskId: id,
  bookingId: id,
  assignmentId: id,
  clientId: id,
  taskerId: id,
})
export const tasker = z.strictObject({ ...changeOf(taskerMachine), taskerId: id })
export const ofBooking = z.strictObject({
  ...changeOf(disputeMachine),
  bookingId: id,
  clientId: id,
  taskerId: id,
})
/** Bookings and tips name the booking and the tasker; a top-up and a debt have their payer alone. */
export const payment = z.strictObject({
  ...changeOf(paymentIntentMachine),
  bookingId: id.optional(),
  clientId: id,
  taskerId: id.optional(),
  purpose: z.enum(paymentPurposes),
  method: z.enum(paymentMethod.enumValues),
})
export const cash = z.strictObject({ bookingId: id, clientId: id, taskerId: id })
export const refund = z.strictObject({
  ...changeOf(refundMachine),
  paymentId: id,
  clientId: id,
  taskerId: id.optional(),
})
export const payout = z.strictObject({
  ...changeOf(payoutMachine),
  bookingId: id.optional(),
  userId: id,
  kind: z.enum(payoutKinds),
})
export const stoppedPayout = z.strictObject({ userId: id, kind: z.enum(payoutKinds) })
export const payoutAccount = z.strictObject({ payoutAccountId: id, userId: id })
export const adjustment = z.strictObject({ ...changeOf(adjustmentMachine), kind: z.enum(adjustmentKinds) })
export const order = z.strictObject({ ...changeOf(orderMachine), userId: id })
/** `amount` of credits. */
export const creditGrant = z.strictObject({
  userId: id,
  creditGrantId: id,
  amount: z.int(),
  kind: z.enum(creditKinds),
})
/** Amounts in minor units. */
export const cappedDebt = z.strictObject({
  userId: id,
  taskerId: id,
  currency: z.string(),
  owed: z.int(),
  cap: z.int(),
  amount: z.int(),
})
export const writtenOff = z.strictObject({ userId: id, currency: z.string(), amount: z.int() })
/** `userId` is the buyer; `supplierId` earned the fare that an invoice is about. */
export const ofInvoice = z.strictObject({ userId: id, bookingId: id.optional() })
export const issuedInvoice = ofInvoice.extend({
  supplierId: id.optional(),
  status: z.enum(invoiceMachine.states),
})
export const ofSubscription = z.strictObject({ userId: id, planId: id })
export const subscription = ofSubscription.extend({
  ...changeOf(subscriptionMachine),
  endReason: z.enum(endReasons).optional(),
})
export const chargeback = z.strictObject({
  ...changeOf(chargebackMachine),
  paymentId: id,
  taskerId: id.optional(),
})
export const ofReview = z.strictObject({ reviewId: id, bookingId: id, reviewerId: id, revieweeId: id })
export const review = ofReview.extend(changeOf(reviewMachine))
/** `userId`: the member of staff who works on it. */
export const aboutCase = z.strictObject({
  caseId: id,
  kind: z.enum(caseKinds),
  subjectId: id,
  userId: id.optional(),
})
export const caseChange = aboutCase.extend(changeOf(caseMachine))
export const report = z.strictObject({ ...changeOf(reportMachine), bookingId: id.optional(), clientId: id })
export const aboutPapers = z.strictObject({
  verificationRequestId: id,
  verificationType: z.enum(verificationTypes),
  documentType: z.enum(allDocumentTypes),
  userId: id,
})
export const verification = aboutPapers.extend(changeOf(verificationMachine))
export const user = z.strictObject({ userId: id })
export const account = z.strictObject({ ...changeOf(userMachine), userId: id })
export const breaker = z.strictObject({ otpBreakerId: id, prefix: z.string(), channel: z.enum(otpChannels) })
export const company = z.strictObject({ companyId: id, userId: id })
/** `userId`: the member; absent while nobody with an account was invited. */
export const companyMember = z.strictObject({
  ...changeOf(companyMemberMachine),
  companyMemberId: id,
  companyId: id,
  role: z.enum(memberRoles),
  userId: id.optional(),
})
export const ofCompanyMember = z.strictObject({ companyMemberId: id, companyId: id, userId: id })
export const jobPosting = z.strictObject({ ...changeOf(jobPostingMachine), jobPostingId: id, companyId: id })
export const ofJobPosting = z.strictObject({ jobPostingId: id, companyId: id })
export const ofJobApplication = z.strictObject({
  jobApplicationId: id,
  jobPostingId: id,
  companyId: id,
  userId: id,
})
export const jobApplication = ofJobApplication.extend(changeOf(jobApplicationMachine))
export const roleProfile = z.strictObject({
  ...changeOf(roleProfileMachine),
  roleProfileId: id,
  userId: id,
  profession: z.string(),
})
export const roleProfileVersion = z.strictObject({
  ...changeOf(roleProfileVersionMachine),
  roleProfileId: id,
  roleProfileVersionId: id,
  userId: id,
})
export const dataExport = z.strictObject({ userId: id, exportId: id })
export const erasure = z.strictObject({ userId: id, erasureId: id })
/** `party` is `user` where they did it themselves: they are not notified. */
export const userRole = z.strictObject({
  userRoleId: id,
  userId: id,
  roleId: id,
  role: z.string(),
  party: z.literal('user').optional(),
})
export const session = z.strictObject({ sessionId: id, userId: id })
export const webhook = z.strictObject({ webhookId: id, userId: id })
export const apiKey = z.strictObject({ apiKeyId: id, userId: id })
