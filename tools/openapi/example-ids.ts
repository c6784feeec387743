/** The id that a schema gives where it says nothing of its kind; hand-written examples count on from it. */
export const anyId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'

export const isAnyId = (value: unknown): boolean =>
  typeof value === 'string' && /^019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a4\d$/.test(value)

/** An id that is the same for the same kind of object and another for another. */
export function idOf(kind: string): string {
  let hash = 0
  for (const letter of kind) hash = (hash * 31 + letter.charCodeAt(0)) % 0xffff
  return anyId.slice(0, -4) + hash.toString(16).padStart(4, '0')
}

/** Fields that name a side of the work, whatever the side does in them. A field of one schema alone is written with that. */
const sides: Record<string, string> = {
  openedBy: 'client',
  payer: 'client',
  buyer: 'client',
  reviewer: 'client',
  reporter: 'client',
  proposer: 'client',
  actorUser: 'client',
  respondent: 'tasker',
  payee: 'tasker',
  supplier: 'tasker',
  reviewee: 'tasker',
  reportedUser: 'tasker',
  counterparty: 'tasker',
  sender: 'tasker',
  assignedTo: 'tasker',
  'Contract.proposedBy': 'client',
  'BookingNote.authorId': 'tasker',
  'BookingProof.addedBy': 'tasker',
  'DisputeEvidence.addedBy': 'tasker',
  'Reaction.userId': 'client',
  'AuditEntry.actorId': 'client',
}

/** Fields that are called otherwise than the object that they name. */
const aliases: Record<string, string> = {
  'LeadRefund.requestId': 'leadRequest',
  'AuditEntry.correlationId': 'request',
  version: 'roleProfileVersion',
  publicVersion: 'roleProfileVersion',
  latestVersion: 'roleProfileVersion',
  storedMethod: 'paymentMethod',
  icon: 'categoryIcon',
  view: 'dispatchView',
  change: 'bookingChange',
  amendment: 'contractAmendment',
  hold: 'legalHold',
  waiver: 'requirementWaiver',
  template: 'taskTemplate',
  delivery: 'webhookDelivery',
  photo: 'taskPhoto',
  question: 'taskQuestion',
  document: 'verificationDocument',
  item: 'portfolioItem',
  'OrderLine.itemId': 'package',
  paymentIntent: 'payment',
  verificationRequest: 'verification',
}

/** The kind of object that a field or a parameter names: `taskIds` are of tasks. */
export function kindOfField(key: string, schemaName?: string): string {
  const kind = singular(key.replace(/Ids?$/, ''))
  const own = `${schemaName}.${key}`
  return sides[own] ?? aliases[own] ?? sides[kind] ?? aliases[kind] ?? kind
}

export const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/(ss|us)$|s$/, '$1')

/** Fields that always name a side. */
export const sideOf = (key: string, schemaName?: string): string | undefined =>
  sides[`${schemaName}.${key}`] ?? sides[key.replace(/Id$/, '')]

/** Whether a field is named above together with its schema. */
export const isOwnField = (key: string, schemaName: string | undefined): boolean =>
  `${schemaName}.${key}` in sides || `${schemaName}.${key}` in aliases
