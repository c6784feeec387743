import { sql } from 'drizzle-orm'
import { newId } from '../../src/core/ids.ts'
import { insertion } from '../../src/db/patch.ts'
import { sessions } from '../../src/db/schema/people/identity.ts'
import { offers } from '../../src/db/schema/work/matching.ts'
import type { Operation } from '../../src/http/operation.ts'
import type { Relation, RelationParty } from '../../src/http/policy.ts'
import { api, type Caller, database } from '../support/api.ts'
import { roomOf } from '../support/chat.ts'
import { reportBooking } from '../support/scenes.ts'
import { aBooking, act, aPostedTask, aTasker, dispute, ok } from '../support/story.ts'
import type { WorldObject } from '../support/world/object.ts'
import { world } from '../support/world.ts'
import { parameterNames } from './call.ts'
import { withClaims } from './callers.ts'

/** The relations that let each party of an object in. */
const meantBy = {
  client: ['client', 'participant'],
  tasker: ['tasker', 'participant'],
  'offered tasker': ['offered_tasker'],
  owner: ['owner'],
  reporter: ['reporter'],
  reviewer: ['reviewer'],
  reviewee: ['reviewee'],
  recipient: ['recipient'],
  proposer: ['proposer'],
  counterparty: ['counterparty'],
  member: ['member'],
  manager: ['manager'],
} satisfies Record<string, RelationParty[]>
export type Party = keyof typeof meantBy

export interface Resource {
  what: string
  params: Record<string, string>
  query?: string
  body?: WorldObject['body']
  parties: Partial<Record<Party, Caller>>
  /** Its client, with a session of theirs that was revoked and an access token that has not ended yet. */
  revoked?: Caller
  /** Callers who are near, and have no part in it all the same. */
  outsiders?: Record<string, Caller>
}

export const isMeant = (party: Party, { who }: Relation): boolean =>
  who.some((name) => (meantBy[party] as RelationParty[]).includes(name))

/**
 * Every path parameter, with what those are to the thing whom `test/support/world.ts` makes for it, in its order. None: the
 * thing belongs to nobody (the house, or everybody). A parameter that is missing here fails the matrix.
 */
const partyNames: Record<string, readonly Party[]> = {
  addonId: [],
  addressId: ['owner'],
  adjustmentId: [],
  amendmentId: ['proposer', 'counterparty'],
  apiKeyId: ['owner'],
  avatarId: [],
  bidId: ['tasker', 'client'],
  blockedUserId: ['owner'],
  'bids.create': [],
  'bids.createAtOwnRate': [],
  assignmentId: [],
  blockId: ['tasker'],
  bookingId: ['client', 'tasker'],
  candidateId: [],
  caseId: [],
  categoryId: [],
  invoiceId: ['client', 'tasker'],
  'invoices.void': [],
  'invoices.getPage': [],
  invoiceSellerId: [],
  'invoiceSellers.update': [],
  clientId: ['tasker', 'owner'],
  changeId: ['proposer', 'counterparty'],
  chargebackId: [],
  code: [],
  companyId: ['manager'],
  'companies.get': [],
  'companies.listReviews': [],
  'companies.getReputation': [],
  'companies.handOverBooking': ['manager'],
  companyMemberId: ['member', 'manager'],
  jobApplicationId: ['owner', 'manager'],
  jobPostingId: ['manager'],
  jobCandidateId: ['manager'],
  configEntryId: [],
  contractId: ['client', 'tasker'],
  conversationId: ['client', 'tasker'],
  deadLetterId: [],
  deliveryId: ['owner'],
  departmentId: [],
  designationId: [],
  deviceId: ['owner'],
  discountRuleId: [],
  disputeId: ['client', 'tasker'],
  // The client opened it, or made it, and takes it back.
  'disputes.withdraw': ['client'],
  disputeOfferId: ['client', 'tasker'],
  'disputes.withdrawOffer': ['client'],
  employeeId: [],
  erasureId: [],
  eventId: ['recipient'],
  exportId: ['owner'],
  externalCalendarId: ['tasker'],
  factorId: ['owner'],
  feedToken: [],
  gateway: [],
  gatewayConfigId: [],
  holdId: [],
  holidayId: [],
  iconId: [],
  key: [],
  kind: ['owner'],
  languageCode: [],
  leadId: ['client'],
  'leads.get': ['tasker'],
  'leadRequests.create': ['tasker'],
  'leads.approve': [],
  'leads.reject': [],
  leadRequestId: ['tasker', 'client'],
  leadRefundId: ['tasker'],
  mediaId: ['owner'],
  milestoneId: ['client', 'tasker'],
  notificationId: ['owner'],
  offerId: ['offered tasker'],
  orderId: ['owner'],
  payoutAccountId: ['owner'],
  payoutBatchId: [],
  payoutId: ['owner'],
  // Tasks that take bids are every active tasker's to see.
  'openTasks.get': [],
  'openTasks.listQuestions': [],
  otpBreakerId: [],
  packageId: [],
  planId: [],
  subscriptionId: ['owner'],
  paymentId: ['client', 'tasker'],
  paymentMethodId: ['owner'],
  photoId: ['client'],
  portfolioImageId: [],
  portfolioItemId: ['owner'],
  pricingBandId: [],
  quoteId: ['owner'],
  reconciliationId: [],
  reconciliationItemId: [],
  questionId: ['client'],
  refundId: ['client', 'tasker'],
  reportId: ['reporter'],
  reviewId: ['reviewer', 'reviewee'],
  // A public review of a tasker is everybody's to read, and to flag.
  'reviews.flag': [],
  roleId: [],
  roleProfileId: ['owner'],
  // Public for as long as the profile is listed.
  'directory.getProfile': [],
  'portfolioItems.list': [],
  'roleProfiles.getAvatar': [],
  'services.list': [],
  seriesId: ['owner'],
  scheduleId: ['tasker'],
  scheduleOverrideId: ['tasker'],
  serviceId: ['owner'],
  'services.book': [],
  sessionId: ['owner'],
  slotHoldId: ['owner'],
  taxRuleId: [],
  taskId: ['client'],
  'taskQuestions.ask': [],
  taskerId: ['tasker'],
  'tasks.getArchived': ['client'],
  'bookings.getStartCode': ['client', 'tasker'],
  templateId: ['owner'],
  userId: [],
  userRoleId: [],
  viewId: ['owner'],
  'me.giveBackRole': ['owner'],
  verificationId: [],
  documentId: [],
  documentLinkId: [],
  verificationRequestId: ['owner'],
  requirementId: [],
  'me.attestRequirement': [],
  waiverId: [],
  webhookId: ['owner'],
  // A tasker is everybody's to see; that somebody likes them is not.
  'me.addFavourite': ['owner'],
  'me.removeFavourite': ['owner'],
  // Everybody may apply for a job that is live.
  'jobApplications.apply': [],
  // A task that is a lead.
  'tasks.getLead': ['client'],
}

const keyOf = ({ operationId, path }: Operation, table: object): string => {
  const last = parameterNames(path).at(-1) ?? ''
  return Object.hasOwn(table, operationId) ? operationId : last
}

export const partyNamesOf = (operation: Operation): readonly Party[] => {
  const names = partyNames[keyOf(operation, partyNames)]
  if (!names) throw new Error(`test/contract/resources.ts does not know {…} of ${operation.path}`)
  return names
}

/** The people of a thing from `test/support/world.ts`, each with what they are to it. */
export const partiesOf = (operation: Operation, { parties }: WorldObject): [Party, Caller][] =>
  partyNamesOf(operation).flatMap((name, n) => (parties[n] ? [[name, parties[n]] as [Party, Caller]] : []))

/**
 * One world of things that exist. What a client and a tasker have between them is one story from the task to the dispute;
 * the rest is made by `test/support/world.ts` when first asked for.
 */
export async function openWorld(): Promise<(operation: Operation) => Promise<Resource[]>> {
  const story = await theStory()
  const made = new Map<string, Promise<Resource[]>>()
  return (operation) => {
    const [what, maker] = [keyOf(operation, partyNames), keyOf(operation, world)]
    const isPublic = operation.policy === 'public'
    // Public things may come by a signature of their own.
    if (story[what] && !isPublic) return Promise.resolve(story[what])
    const resources = made.get(`${what} ${maker}`) ?? make(operation, maker).then((resource) => [resource])
    made.set(`${what} ${maker}`, resources)
    return resources
  }
}

async function make(operation: Operation, maker: string): Promise<Resource> {
  const object = await world[maker]?.()
  if (!object) throw new Error(`test/support/world/ does not know how to make {…} of ${operation.path}`)
  const names = operation.policy === 'public' ? [] : partyNamesOf(operation)
  const parties = Object.fromEntries(partiesOf(operation, object))
  const missing = names.filter((name) => !parties[name])
  if (missing.length > 0) throw new Error(`${maker}: who is its ${missing}?`)
  const { params, query, body } = object
  return { what: maker, params, parties, ...(query && { query }), ...(body && { body }) }
}

async function theStory(): Promise<Record<string, Resource[]>> {
  const { bookingId, taskId, client, tasker } = await aBooking({ state: 'settled' })
  const between = { client, tasker }
  const disputeId = await dispute({ bookingId, client })
  const report = { kind: 'harassment', description: 'Rude on the telephone.' }
  const { id: reportId } = await reportBooking(act, client, bookingId, report)
  const { conversationId } = (await ok(api(`/v1/bookings/${bookingId}`, { as: client }))).body
  const mediaId = await sentPhoto(conversationId, client)
  const offered = await anOffered(client)
  const revoked = await withRevokedSession(client)
  const [closed, open] = [
    { 'a tasker with an offer of another task': offered.tasker },
    { 'another tasker': tasker },
  ]
  const ofBooking = [
    { what: 'a booking', params: { bookingId }, parties: between, revoked, outsiders: closed },
  ]
  return {
    bookingId: ofBooking,
    taskId: [
      { what: 'a booked task', params: { taskId }, parties: between, revoked, outsiders: closed },
      {
        what: 'an offered task',
        params: { taskId: offered.taskId },
        parties: { client, 'offered tasker': offered.tasker },
        outsiders: open,
      },
    ],
    offerId: [
      {
        what: 'an offer',
        params: { offerId: offered.offerId },
        parties: { 'offered tasker': offered.tasker },
        outsiders: { ...open, 'the client of its task': client },
      },
    ],
    disputeId: [{ what: 'a dispute', params: { disputeId }, parties: between, revoked, outsiders: closed }],
    conversationId: [
      { what: 'a conversation', params: { conversationId }, parties: between, revoked, outsiders: closed },
    ],
    reportId: [
      {
        what: 'a report',
        params: { reportId },
        parties: { reporter: client },
        outsiders: { 'who is reported': tasker },
      },
    ],
    mediaId: [
      {
        what: 'a photo',
        params: { mediaId },
        parties: { owner: client, recipient: tasker },
        outsiders: closed,
      },
    ],
  }
}

async function withRevokedSession(user: Caller): Promise<Caller> {
  const sessionId = newId()
  await database().write([
    sql`insert into sessions ${insertion(sessions, { id: sessionId, userId: user.userId })}`,
  ])
  await ok(api(`/v1/me/sessions/${sessionId}`, { as: user, method: 'DELETE' }))
  return withClaims({ ...user, sessionId }, {})
}

async function anOffered(client: Caller): Promise<{ taskId: string; offerId: string; tasker: Caller }> {
  const [{ taskId }, tasker, offerId] = [await aPostedTask({ client }), await aTasker(), newId()]
  const expiresAt = sql`now() + interval '1 hour'`
  const offer = { id: offerId, taskId, taskerId: tasker.userId, wave: 1, expiresAt }
  await database().write([sql`insert into offers ${insertion(offers, offer)}`])
  return { taskId, offerId, tasker }
}

const pngBytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Uploaded, and sent in the conversation. */
async function sentPhoto(conversationId: string, as: Caller): Promise<string> {
  const body = { kind: 'image', mimeType: 'image/png', fileSize: pngBytes.byteLength }
  const { id, uploadUrl } = (await ok(api('/v1/media', { as, body }))).body
  const { pathname, search } = new URL(uploadUrl)
  const headers = { 'content-type': 'image/png' }
  await ok(api(`${pathname}${search}`, { method: 'PUT', body: pngBytes, headers }))
  const message = { kind: 'image', mediaId: id }
  await ok(api(`/v1/conversations/${conversationId}/messages`, { as, body: message }))
  await roomOf({ conversationId }).archive()
  return id
}
