/**
 * Descriptions of the data of events, by the name of the field; where it means another thing, by object and name, or by type and name.
 * An id that is not here is called by its name.
 */
export const eventWords: Record<string, string> = {
  from: 'State before. Absent if the object came into being.',
  to: 'State after.',
  action: 'Action that changed the state.',
  party: 'Party that made the change.',
  'contract.revised.party': 'Side that revised it.',
  'contract.signed.party': 'Side that signed it.',
  'bid.updated.party': 'Side that changed the terms.',
  'bid.countered.party': 'Side that proposed other terms.',
  'bid.counter_declined.party': 'Side that declined the other terms.',
  'dispute.evidence_added.party': 'Side that added it; `ops` is staff.',
  'dispute.offer_answered.party': 'Side that accepted it; the other one has yet to answer.',
  'session.party': '`user` if its owner ended it, otherwise absent.',
  'user_role.party': '`user` if its holder ended it, otherwise absent.',

  clientId: 'Id of the client.',
  taskerId: 'Id of the tasker.',
  'lead_refund.taskerId': 'Id of the tasker who asks for the credits.',
  'task.taskerId': 'Id of the tasker. Absent while there is none.',
  'payment_intent.clientId': 'Id of the user who pays.',
  'payment_intent.taskerId':
    'Id of the tasker who is paid. Absent if it is nobody: a top-up, a debt, an order.',
  'refund.clientId': 'Id of the user who had paid.',
  'refund.taskerId': 'Id of the tasker who was paid. Absent if it was nobody.',
  'chargeback.taskerId': 'Id of the tasker who was paid. Absent if it was nobody.',
  'report.clientId': 'Id of the user who reported.',
  'debt.taskerId': 'Id of the tasker who owes it.',

  'booking.userId': 'Id of the user who need not pay the fee.',
  'user_block.userId': 'Id of the user who blocked the other.',
  'user.userId': 'Id of the user whose account it is.',
  'order.userId': 'Id of the buyer.',
  'credit_grant.userId': 'Id of the user who has the credits.',
  'debt.userId': 'Id of the user who owed it.',
  'debt.cap_reached.userId': 'Id of the user who owes it.',
  'invoice.userId': 'Id of the buyer.',
  'subscription.userId': 'Id of the subscriber.',
  'payout.userId': 'Id of the user who is paid.',
  'payout_account.userId': 'Id of the user to whom payouts go.',
  'dispute.userId': 'Id of the user who has to respond.',
  'dispute.reported_decided.userId': 'Id of the user who had reported the booking.',
  'case.userId': 'Id of the member of staff who works on it. Absent while it is nobody.',
  'verification.userId': 'Id of the user who sent the papers.',
  'requirement.userId': 'Id of the tasker who lacks it.',
  'company.userId': 'Id of the account of the company: the same as `companyId`.',
  'company_member.userId': 'Id of the member. Absent while nobody with an account was invited.',
  'candidate_view.userId': 'Id of the candidate.',
  'job_application.userId': 'Id of the applicant.',
  'role_profile.userId': 'Id of the owner of the profile.',
  'export.userId': 'Id of the user whose data are exported.',
  'erasure.userId': 'Id of the user whose data are erased.',
  'user_role.userId': 'Id of the holder of the role.',
  'session.userId': 'Id of the user who signed in.',
  'api_key.userId': 'Id of the owner of the key.',
  'webhook.userId': 'Id of the owner of the webhook.',

  'task.offerId': 'Id of the offer by which it was accepted. Absent if there was none.',
  'lead_request.conversationId': 'Id of the conversation that the reply opened. Absent before.',
  'payment_intent.bookingId': 'Id of the booking that is paid or tipped. Absent for all else.',
  'payout.bookingId': 'Id of the booking that is paid out. Absent for all else.',
  'invoice.bookingId': 'Id of the booking whose fare it is about. Absent for all else.',
  'report.bookingId': 'Id of the booking that was reported. Absent if it is about something else.',
  'assignment.assignmentId': 'Id of the assignment: the same as `object.id`.',
  conversationIds: 'Ids of the conversations of both that are closed.',
  subjectId: 'Id of what the case is about: papers, a report, a dispute, a review, a profile.',
  blockedUserId: 'Id of the user who was blocked.',
  counterpartyId: 'Id of the side that has to answer.',
  proposerId: 'Id of the side that proposed it.',
  supplierId: 'Id of the tasker who earned the fare. Absent if we sell.',
  creditedInvoiceId: 'Id of the invoice that is credited, or of the credit note that is taken back.',
  reviewerId: 'Id of the author.',
  revieweeId: 'Id of the user who is reviewed.',
  roleProfileId: 'Id of the profile in a profession.',
  roleProfileVersionId: 'Id of the version of the profile.',
  otpBreakerId: 'Id of the pause of sign-in codes.',

  'task.kind': '`estimate`, or `final_cost` of the booking that there is.',
  'adjustment.kind': 'Kind of the adjustment.',
  'credit_grant.kind': '`paid`: bought. `bonus`: given. `plan`: part of a subscription.',
  'payout.kind':
    '`earnings` of a tasker, a `withdrawal` from a wallet, or `cash` that a tasker received and kept.',
  'case.kind': 'Kind of work that waits for a person.',
  'escrow.amount': 'Amount that was paid in, in minor units.',
  'order.amount': 'Amount that goes back, in minor units.',
  'credit_grant.amount': 'Number of credits.',
  'debt.cap_reached.amount': 'Amount above the cap, in minor units.',
  'debt.written_off.amount': 'Amount that need not be paid any more, in minor units.',
  owed: 'Amount that is owed, in minor units.',
  cap: 'Amount that a tasker may owe and still take work, in minor units.',
  currency: 'Currency of the amounts (ISO 4217).',
  purpose: 'What is paid.',
  method: 'How it is paid.',
  sourcing: 'How the tasker is found.',
  round: 'Number of the search for a tasker: a task that is posted again begins another.',
  clock: 'Step that took too long.',
  priority: 'Priority of the task.',
  day: 'Date of the occurrence that is left out, in the zone of the series.',
  noShowBy: 'Side that did not appear, where the other one canceled the booking for that.',
  lapsed: 'Deadline that passed, where that canceled the booking.',
  lateMinutes: 'Minutes that the tasker will be late.',
  acceptedBy: '`client`, or `silence` where the time to object has passed.',
  notice: 'First or second notice.',
  title: 'Title of the milestone.',
  because: '`declined` by the client, or `lost` to another. Only of those that are rejected.',
  'invoice.status': 'Status of the invoice.',
  'dispute.status': 'Status in which the dispute ended.',
  endReason: 'Why it ended. Absent before.',
  queue: 'Queue of the case.',
  missing: 'Kinds of requirements that are missing, separated by commas.',
  verificationType: 'What the papers are to prove.',
  documentType: 'Kind of the papers.',
  profession: 'Key of the profession.',
  prefix: 'Prefix of the numbers.',
  channel: 'Channel of the codes.',
  left: 'Number of backup codes that are left.',
  switches: 'Abilities that are concerned.',
  'company_member.role': 'Role of the member in the company.',
  'user_role.role': 'Name of the role.',
  payoutTo: 'Who is to earn the work of the member.',
  isAccepted: 'Whether the member has accepted it.',
  key: 'Key of the configuration.',
  rating: 'Rating, from 1 to 5.',
  'session.reason':
    'Why it ended, such as `logout`, `revoked`, `signed_out_by_staff`, `account_closed` or `refresh_token_reused`.',
  'webhook.reason': '`failing` for three days, or `gone`: its server answered with 410.',
  overlaps: 'Whether the key that was replaced still works for a while.',

  startsAt: 'Time at which the work begins.',
  'booking.dueAt': 'Time of the deadline that it reminds of.',
  'task.dueAt': 'Time at which the step was due.',
  'invoice.dueAt': 'Time at which it is due.',
  'milestone.at': 'Time at which silence releases it, or, of one that is not submitted, its deadline.',
  closesAt: 'Time at which the contract is closed if nothing happens.',
  settlesAt: 'Time at which silence confirms the payment.',
  evidenceDueAt: 'Time until which evidence can be sent.',
  respondBy: 'Time by which the user has to respond.',
  expiresAt: 'Time at which the papers end.',
  until: 'Time at which the restriction ends. Absent if it has no end.',
}

/** Objects whose name is not that of their type. */
const objectNames: Record<string, string> = { api_key: 'API key', otp_breaker: 'pause of sign-in codes' }

/** An object with its article, by the first part of a type. */
export function withArticle(object: string): string {
  const name = objectNames[object] ?? object.replaceAll('_', ' ')
  return `${/^([aeio]|u(?!ser))/i.test(name) ? 'an' : 'a'} ${name}`
}

/** The entry above that describes a field of the data of an event. */
export const entryOf = (type: string, name: string): string | undefined =>
  [`${type}.${name}`, `${type.split('.')[0]}.${name}`, name].find((entry) => entry in eventWords)

/** A description of a field of the data of an event; undefined where there is none. */
export function fieldWords(type: string, name: string): string | undefined {
  const entry = entryOf(type, name)
  if (entry !== undefined) return eventWords[entry]
  if (!/[a-z]Id$/.test(name)) return undefined
  const noun = name.replace(/Id$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return `Id of the ${noun.replace(/^api\b/, 'API')}.`
}
