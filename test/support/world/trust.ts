import { sql } from 'drizzle-orm'
import { newId } from '../../../src/core/ids.ts'
import { api, database, signedIn } from '../api.ts'
import { aContract, start } from '../contracts.ts'
import { aFile } from '../profiles.ts'
import * as scenes from '../scenes.ts'
import { aBooking, act, anOps, type BookedStory, dispute, ok, review } from '../story.ts'
import { ofBooking, type World, type WorldObject } from './object.ts'

const ofDispute = async (story: BookedStory) => ({
  params: { disputeId: await dispute(story) },
  parties: [story.client, story.tasker],
})

/** An offer about a paid booking, made by staff or the client. */
async function anOffer(by: 'ops' | 'client') {
  const story = await aBooking({ state: 'settled' })
  const disputeId = await dispute(story)
  const offer = await act<{ id: string }>(
    by === 'ops' ? await anOps() : story.client,
    `/v1/disputes/${disputeId}/offers`,
    {
      body: { clientAmountMinor: 8_000, taskerAmountMinor: 12_000 },
    },
  )
  const parties = by === 'ops' ? [story.client, story.tasker] : [story.client]
  return { params: { disputeId, disputeOfferId: offer.id }, parties }
}

async function aHiddenReview() {
  const story = await aBooking({ state: 'settled' })
  const id = await review(story, story.client)
  await ok(api(`/v1/reviews/${id}/hide`, { as: await anOps(), body: { reason: 'It names a third person.' } }))
  return { params: { reviewId: id }, parties: [story.client, story.tasker] }
}

/** Disputes, reports and reviews. */
export const trust: World = {
  blockedUserId: async () => {
    const [user, other] = [await signedIn('client'), await signedIn('tasker')]
    await ok(api('/v1/me/blocks', { as: user, body: { userId: other.userId } }))
    return { params: { blockedUserId: other.userId }, parties: [user] }
  },
  'me.blockUser': async () => ({
    params: {},
    parties: [await signedIn('client')],
    body: { userId: (await signedIn('tasker')).userId },
  }),
  caseId: aCase,
  'cases.release': async () => {
    const object = await aCase()
    await ok(api(`/v1/cases/${object.params.caseId}/take`, { as: await anOps(), method: 'POST' }))
    return object
  },
  'cases.assign': async () => {
    const assigneeId = (await anOps()).userId
    return { ...(await aCase()), body: { assigneeId } }
  },
  'cases.decideSecondLook': async () => aCase('second_look'),
  disputeId: async () => {
    const story = await aBooking({ state: 'completed' })
    return { params: { disputeId: await dispute(story) }, parties: [story.client, story.tasker] }
  },
  disputeOfferId: async () => anOffer('ops'),
  'disputes.withdrawOffer': async () => anOffer('client'),
  'disputes.withdraw': async () => {
    const story = await aBooking({ state: 'completed' })
    return { params: { disputeId: await dispute(story) }, parties: [story.client] }
  },
  'disputes.offer': async () => ofDispute(await aBooking({ state: 'settled' })),
  'disputes.appeal': async () => {
    const object = await ofDispute(await aBooking({ state: 'settled' }))
    await act(await anOps(), `/v1/disputes/${object.params.disputeId}/reject`, { body: {} })
    return object
  },
  reportId: async () => {
    const { bookingId, client } = await aBooking()
    const report = { kind: 'harassment', description: 'Rude on the telephone.' }
    const { id } = await scenes.reportBooking(act, client, bookingId, report)
    return { params: { reportId: id }, parties: [client] }
  },
  'reports.addEvidence': async () => {
    const { bookingId, client } = await aBooking()
    const { id } = await scenes.reportBooking(act, client, bookingId, { kind: 'safety', description: 'Gas.' })
    return { params: { reportId: id }, parties: [client], body: { mediaId: await aFile(client) } }
  },
  'reports.resolveBySuspension': async () => {
    const [reporter, reported] = [await signedIn('client'), await signedIn('client')]
    const body = { reportedUserId: reported.userId, kind: 'safety', description: 'Gas.' }
    const { id } = (await ok(api('/v1/reports', { as: reporter, body }))).body
    return { params: { reportId: id }, parties: [reporter] }
  },
  // Published, as both have reviewed.
  reviewId: async () => {
    const story = await aBooking({ state: 'settled' })
    const id = await review(story, story.client)
    await review(story, story.tasker)
    return { params: { reviewId: id }, parties: [story.client, story.tasker] }
  },
  'reviews.dismissSignals': async () => {
    const story = await aBooking({ state: 'settled' })
    const id = await review(story, story.client)
    await database().write([
      sql`insert into review_signals (id, review_id, kind) values (${newId()}, ${id}, 'mutual')`,
    ])
    return { params: { reviewId: id }, parties: [story.client, story.tasker] }
  },
  'reviews.publish': aHiddenReview,
  'reviews.appeal': aHiddenReview,
  clientId: async () => {
    const { client, tasker } = await aBooking()
    return { params: { clientId: client.userId }, parties: [tasker, client] }
  },
  'reviews.create': async () => ofBooking(await aBooking({ state: 'completed' })),
  // Paid, since the example questions an amount.
  'disputes.open': async () => ofBooking(await aBooking({ state: 'settled' })),
  'disputes.split': async () => {
    const story = await aContract()
    await ok(start(story))
    return { params: { disputeId: await dispute(story) }, parties: [story.client, story.tasker] }
  },
  'disputes.refund': async () => {
    const story = await aBooking({ state: 'settled' })
    return { params: { disputeId: await dispute(story) }, parties: [story.client, story.tasker] }
  },
}

/** A case about nothing in particular. */
async function aCase(kind = 'moderation'): Promise<WorldObject> {
  const subjectId = newId()
  const db = database()
  await db.write([sql`select khidma.open_case(${kind}, 'review', ${subjectId}, 'moderation', null)`])
  const [opened] = await db.read<{ id: string }>(sql`select id from cases where subject_id = ${subjectId}`)
  return { params: { caseId: opened?.id ?? '' }, parties: [] }
}
