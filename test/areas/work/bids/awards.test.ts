import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { runJobs } from '../../../../src/scheduled.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import {
  aBid,
  aBidding,
  anOpenTask,
  award,
  type Bidding,
  bidOf,
  letAge,
  makeBid,
  onBid,
} from '../../../support/bids.ts'
import { pullEvents } from '../../../support/events.ts'
import { actorOf, anOps, ok, taskStateOf } from '../../../support/story.ts'
import { aReadyTasker, codeOf } from '../../../support/work.ts'

const compared = async ({ client, taskId }: Pick<Bidding, 'client' | 'taskId'>, query = '') =>
  (await ok(api(`/v1/tasks/${taskId}/bids${query}`, { as: client }))).body.data
const bookingOf = async (as: Caller, bookingId: string) =>
  (await ok(api(`/v1/bookings/${bookingId}`, { as }))).body
const typesOf = async (as: Caller, bidId: string): Promise<string[]> =>
  (await pullEvents(as, '?limit=100')).data
    .filter(({ object }: { object: { id: string } }) => object.id === bidId)
    .map(({ type }: { type: string }) => type)

describe('awarding a fresh bid', () => {
  it('makes the booking at its price and minutes, and closes the other bids, at once', async () => {
    const { taskId, client, taskers } = await aBidding(3)
    const [winner, loser, other] = taskers
    const lost = await aBid(loser, taskId, { amountMinor: 20_000 })
    const gone = await aBid(other, taskId)
    await ok(onBid(other, gone.id, 'withdraw'))
    const { id } = await aBid(winner, taskId, { amountMinor: 31_000, minutes: 150 })
    const { body } = await ok(award(client, id))
    expect(body).toMatchObject({ status: 'accepted', task: { state: 'accepted' } })
    const booking = await bookingOf(winner, body.bookingId)
    expect(booking).toMatchObject({
      status: 'accepted',
      bidId: id,
      agreedRateAmount: 31_000,
      client: { id: client.userId },
      tasker: { id: winner.userId },
      fare: { pricingModel: 'fixed', agreedMinutes: 150, estimate: { expectedAmountMinor: 31_000 } },
    })
    expect(booking.conversationId).not.toBeNull()
    expect(await bidOf(loser, lost.id)).toMatchObject({ status: 'rejected', declineReason: null })
    expect(await bidOf(other, gone.id)).toMatchObject({ status: 'withdrawn' })
    expect(await typesOf(loser, lost.id)).toEqual(['bid.created', 'bid.rejected'])
    expect(await typesOf(winner, id)).toEqual(['bid.created', 'bid.accepted'])
    expect(await codeOf(award(client, lost.id))).toBe('409 invalid_transition')
    expect(
      (await ok(api(`/v1/bookings/${booking.id}/confirm`, { as: client, method: 'POST' }))).body.status,
    ).toBe('confirmed')
  })

  it('is for an hour where the task is priced by the hour', async () => {
    const { taskId, client, taskers } = await aBidding(1, { pricingModel: 'hourly' })
    const { id } = await aBid(taskers[0], taskId, { amountMinor: 12_000, minutes: 180 })
    const { bookingId } = (await ok(award(client, id))).body
    expect((await bookingOf(client, bookingId)).fare).toMatchObject({
      rateAmountMinor: 12_000,
      agreedMinutes: 180,
      maximumAmountMinor: 36_000,
      estimate: { expectedAmountMinor: 36_000 },
    })
  })

  it('is refused to all but the client, at another version, and of a tasker who is taken or may not work', async () => {
    const bidding = await aBidding(2)
    const { taskId, client, taskers, trade } = bidding
    const [tasker, other] = taskers
    const { id, version } = await aBid(tasker, taskId)
    expect(await codeOf(onBid(tasker, id, 'award', undefined, version))).toBe('403 forbidden')
    expect(await codeOf(onBid(other, id, 'award', undefined, version))).toBe('404 not_found')
    expect(await codeOf(onBid(client, id, 'award'))).toBe('428 precondition_required')
    await ok(api(`/v1/bids/${id}`, { as: tasker, method: 'PATCH', body: { amountMinor: 90_000 } }))
    expect(await codeOf(onBid(client, id, 'award', undefined, version))).toBe('412 precondition_failed')
    const { startsAt } = (await ok(api(`/v1/tasks/${taskId}`, { as: client }))).body
    const second = await anOpenTask(client, trade, { startsAt })
    await ok(award(client, (await aBid(tasker, second)).id))
    expect(await codeOf(award(client, id))).toBe('409 tasker_busy')
    expect(await bidOf(tasker, id)).toMatchObject({ status: 'pending' })
    const third = await aBid(other, taskId)
    await database(actorOf(await anOps())).write([
      sql`update tasker_profiles set status = 'suspended' where user_id = ${other.userId}`,
    ])
    expect(await codeOf(award(client, third.id))).toBe('409 bidder_unavailable')
  })
})

describe('awarding an older bid', () => {
  const awarded = async (count = 1) => {
    const bidding = await aBidding(count)
    const bid = await aBid(bidding.taskers[0], bidding.taskId)
    await letAge(bid.id)
    const { body } = await ok(award(bidding.client, bid.id))
    return { ...bidding, tasker: bidding.taskers[0], bid: body }
  }

  it('waits for its tasker, who makes the booking by accepting', async () => {
    const { tasker, client, bid, taskId, taskers } = await awarded(2)
    expect(bid).toMatchObject({ status: 'awarded', bookingId: null, task: { state: 'posted' } })
    expect(bid.awardExpiresAt > new Date().toISOString()).toBe(true)
    const other = await aBid(taskers[1], taskId)
    expect(await codeOf(award(client, other.id))).toBe('409 another_bid_awarded')
    expect(await codeOf(onBid(client, bid.id, 'accept'))).toBe('403 forbidden')
    const { body } = await ok(onBid(tasker, bid.id, 'accept'))
    expect(body).toMatchObject({ status: 'accepted', bidId: bid.id, agreedRateAmount: bid.amountMinor })
    expect(await taskStateOf(taskId)).toBe('accepted')
    expect(await bidOf(taskers[1], other.id)).toMatchObject({ status: 'rejected' })
    expect(await codeOf(onBid(tasker, bid.id, 'accept'))).toBe('409 invalid_transition')
    expect(await typesOf(tasker, bid.id)).toEqual(['bid.created', 'bid.awarded', 'bid.accepted'])
  })

  it('can be taken back, and makes room for another', async () => {
    const { tasker, client, bid, taskId, taskers } = await awarded(2)
    const other = await aBid(taskers[1], taskId)
    expect((await ok(onBid(client, bid.id, 'revoke'))).body).toMatchObject({
      status: 'pending',
      awardExpiresAt: null,
    })
    expect(await codeOf(onBid(tasker, bid.id, 'accept'))).toBe('409 invalid_transition')
    expect((await ok(award(client, other.id))).body.status).toBe('accepted')
  })

  it('is over when its time has passed, before the sweep writes it down', async () => {
    const { tasker, bid, taskId, client } = await awarded()
    await database().write([sql`update bids set award_expires_at = now() where id = ${bid.id}`])
    expect(await bidOf(tasker, bid.id)).toMatchObject({ status: 'expired' })
    expect(await codeOf(onBid(tasker, bid.id, 'accept'))).toBe('409 award_over')
    await runJobs(env, ['endOfBidding'])
    expect(await typesOf(tasker, bid.id)).toEqual(['bid.created', 'bid.awarded', 'bid.expired'])
    expect(await taskStateOf(taskId)).toBe('posted')
    expect((await ok(api(`/v1/bids/${bid.id}/explanation`, { as: tasker }))).body.outcome).toBe(
      'award_expired',
    )
    // The tasker may bid again, and the client choose again.
    expect((await ok(award(client, (await aBid(tasker, taskId)).id))).body.status).toBe('accepted')
  })

  it('ends with the withdrawal of the tasker, or the task', async () => {
    const first = await awarded()
    expect((await ok(onBid(first.tasker, first.bid.id, 'withdraw'))).body.status).toBe('withdrawn')
    const { bid, client, taskId, tasker } = await awarded()
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'Done.' } }))
    expect(await bidOf(tasker, bid.id)).toMatchObject({ status: 'expired' })
    expect(await codeOf(onBid(tasker, bid.id, 'accept'))).toBe('409 invalid_transition')
  })
})

describe('the deadline', () => {
  it('ends the task and its bids, but for one that waits for its tasker', async () => {
    const bidding = await aBidding(2)
    const { taskId, client, taskers } = bidding
    const [first, second] = [await aBid(taskers[0], taskId), await aBid(taskers[1], taskId)]
    await letAge(first.id)
    await ok(award(client, first.id))
    await database().write([sql`update tasks set deadline = now() where id = ${taskId}`])
    expect(await codeOf(award(client, second.id))).toBe('409 bidding_closed')
    await runJobs(env, ['endOfBidding'])
    expect(await taskStateOf(taskId)).toBe('posted')
    await database().write([sql`update bids set award_expires_at = now() where id = ${first.id}`])
    await runJobs(env, ['endOfBidding'])
    expect(await taskStateOf(taskId)).toBe('expired')
    expect(await bidOf(taskers[1], second.id)).toMatchObject({ status: 'expired' })
    expect((await ok(api(`/v1/bids/${second.id}/explanation`, { as: taskers[1] }))).body.outcome).toBe(
      'task_ended',
    )
    const { data } = await pullEvents(client, '?limit=100')
    expect(data.map(({ type }: { type: string }) => type)).toContain('task.expired')
    await runJobs(env, ['endOfBidding'])
    expect(await typesOf(taskers[1], second.id)).toEqual(['bid.created', 'bid.expired'])
  })
})

describe('a counter-offer', () => {
  it('amends the bid once its tasker accepts, and is fresh', async () => {
    const { taskId, client, taskers } = await aBidding()
    const [tasker] = taskers
    const milestones = [{ title: 'All', amountMinor: 25_000, days: 1 }]
    const { id, version } = await aBid(tasker, taskId, { milestones })
    await letAge(id)
    const { body } = await ok(onBid(client, id, 'counter', { amountMinor: 20_000 }))
    expect(body).toMatchObject({ amountMinor: 25_000, counterOffer: { amountMinor: 20_000, minutes: 120 } })
    expect(await codeOf(onBid(client, id, 'accept-counter', undefined, body.version))).toBe('403 forbidden')
    expect(await codeOf(onBid(tasker, id, 'accept-counter', undefined, version))).toBe(
      '412 precondition_failed',
    )
    const { body: amended } = await ok(onBid(tasker, id, 'accept-counter', undefined, body.version))
    expect(amended).toMatchObject({ amountMinor: 20_000, minutes: 120, counterOffer: null, milestones: [] })
    expect((await ok(award(client, id))).body.status).toBe('accepted')
    expect(await typesOf(tasker, id)).toEqual(['bid.created', 'bid.countered', 'bid.updated', 'bid.accepted'])
  })

  it('is declined, replaced by new terms of the tasker, and gone with the award', async () => {
    const { taskId, client, taskers } = await aBidding()
    const [tasker] = taskers
    const { id } = await aBid(tasker, taskId)
    await ok(onBid(client, id, 'counter', { minutes: 60 }))
    expect((await ok(onBid(tasker, id, 'decline-counter'))).body).toMatchObject({
      minutes: 120,
      counterOffer: null,
    })
    expect(await codeOf(onBid(tasker, id, 'decline-counter'))).toBe('409 counter_missing')
    await ok(onBid(client, id, 'counter', { amountMinor: 1_000 }))
    const { body } = await ok(
      api(`/v1/bids/${id}`, { as: tasker, method: 'PATCH', body: { amountMinor: 24_000 } }),
    )
    expect(body).toMatchObject({ amountMinor: 24_000, counterOffer: null })
    await ok(onBid(client, id, 'counter', { amountMinor: 1_000 }))
    const won = (await ok(award(client, id))).body
    expect(won).toMatchObject({ status: 'accepted', amountMinor: 24_000, counterOffer: null })
    expect(await codeOf(onBid(client, id, 'counter', { amountMinor: 1_000 }))).toBe('409 bid_not_pending')
  })
})

describe('the comparison', () => {
  it('orders bids by price, rating and distance, and leaves out what was put aside', async () => {
    const bidding = await aBidding(3)
    const { taskId, taskers, client } = bidding
    const bids = []
    for (const [index, tasker] of taskers.entries())
      bids.push(await aBid(tasker, taskId, { amountMinor: [30_000, 10_000, 20_000][index] }))
    const ids = bids.map(({ id }) => id)
    await database().write([
      sql`update tasker_profiles set rating_avg = 4.5, rating_count = 3 where user_id = ${taskers[2].userId}`,
    ])
    const order = async (query: string) =>
      (await compared(bidding, query)).map(({ id }: { id: string }) => ids.indexOf(id))
    expect(await order('')).toEqual([2, 1, 0])
    expect(await order('?sort=price')).toEqual([1, 2, 0])
    expect((await order('?sort=rating'))[0]).toBe(2)
    expect(await order('?sort=distance')).toHaveLength(3)
    const [first] = await compared(bidding, '?sort=price&limit=1')
    expect(first).toMatchObject({
      amountMinor: 10_000,
      minutesAfterPosting: 0,
      tasker: { id: taskers[1].userId, ratingAvg: null, distanceKm: 0 },
    })
    const next = (await ok(api(`/v1/tasks/${taskId}/bids?sort=price&limit=1`, { as: client }))).body
      .nextCursor
    const rest = await ok(
      api(`/v1/tasks/${taskId}/bids?sort=price&limit=1&cursor=${encodeURIComponent(next)}`, { as: client }),
    )
    expect(rest.body.data[0].id).toBe(ids[2])
    await ok(onBid(client, ids[0], 'archive'))
    expect(await order('')).toEqual([2, 1])
    expect(await order('?archived=true')).toEqual([0])
    await ok(onBid(client, ids[1], 'shortlist'))
    expect(await order('?shortlisted=true')).toEqual([1])
    expect((await ok(onBid(client, ids[1], 'unshortlist'))).body.shortlistedAt).toBeNull()
    expect((await ok(onBid(client, ids[0], 'unarchive'))).body.archivedAt).toBeNull()
    expect(await order('')).toEqual([2, 1, 0])
    expect(await codeOf(api(`/v1/tasks/${taskId}/bids`, { as: taskers[0] }))).toBe('404 not_found')
  })

  it('marks bids without a trace for their tasker', async () => {
    const { taskId, taskers, client } = await aBidding()
    const { id } = await aBid(taskers[0], taskId)
    const before = await bidOf(taskers[0], id)
    await ok(onBid(client, id, 'shortlist'))
    await ok(onBid(client, id, 'archive'))
    expect(await bidOf(taskers[0], id)).toEqual(before)
    expect(await typesOf(taskers[0], id)).toEqual(['bid.created'])
    expect(await codeOf(onBid(taskers[0], id, 'shortlist'))).toBe('403 forbidden')
    expect(await codeOf(onBid(await signedIn('client'), id, 'shortlist'))).toBe('404 not_found')
  })
})

describe('an explanation', () => {
  it('tells bands from three other bids on, what the profile lacks, and why it ended', async () => {
    const { trade, client, taskers, taskId } = await aBidding(3, { skills: ['Leak Detection', 'welding'] })
    const explained = async (as: Caller, id: string) =>
      (await ok(api(`/v1/bids/${id}/explanation`, { as }))).body
    const mine = await aBid(taskers[0], taskId, { amountMinor: 10_000 })
    await database().write([
      sql`insert into tasker_skills (tasker_id, skill) values (${taskers[0].userId}, 'leak detection')`,
    ])
    await aBid(taskers[1], taskId, { amountMinor: 40_000 })
    const dear = await aBid(taskers[2], taskId, { amountMinor: 90_000 })
    expect(await explained(taskers[0], mine.id)).toEqual({
      bidId: mine.id,
      outcome: 'open',
      declineReason: null,
      rankBand: null,
      pricePosition: null,
      missingSkills: ['welding'],
    })
    const fourth = await aReadyTasker(trade)
    const { id } = await aBid(fourth, taskId, { amountMinor: 41_000 })
    expect(await explained(taskers[0], mine.id)).toMatchObject({ rankBand: 'top', pricePosition: 'low' })
    expect(await explained(taskers[2], dear.id)).toMatchObject({ rankBand: 'lower', pricePosition: 'high' })
    expect(await codeOf(api(`/v1/bids/${mine.id}/explanation`, { as: client }))).toBe('403 forbidden')
    expect(await codeOf(api(`/v1/bids/${mine.id}/explanation`, { as: fourth }))).toBe('404 not_found')
    await ok(award(client, id))
    expect(await explained(taskers[0], mine.id)).toMatchObject({ outcome: 'another_won', rankBand: 'top' })
    expect(await explained(fourth, id)).toMatchObject({ outcome: 'won' })
  })

  it('tells the same band for every price of a class, so that no price of another is found by trying', async () => {
    const { taskers, taskId } = await aBidding(4)
    for (const tasker of taskers.slice(1)) await aBid(tasker, taskId, { amountMinor: 20_000 })
    const { id } = await aBid(taskers[0], taskId, { amountMinor: 19_999 })
    const seen = new Set<string>()
    for (const amountMinor of [19_000, 19_999, 20_000, 20_001, 21_000]) {
      await ok(api(`/v1/bids/${id}`, { as: taskers[0], method: 'PATCH', body: { amountMinor } }))
      const { rankBand, pricePosition } = (await ok(api(`/v1/bids/${id}/explanation`, { as: taskers[0] })))
        .body
      seen.add(`${rankBand} ${pricePosition}`)
    }
    expect(seen.size).toBe(1)
  })
})

it('a task whose tasker has canceled keeps no bid open, and each of its bookings has a bid of its own', async () => {
  const { taskId, client, taskers } = await aBidding()
  const { id } = await aBid(taskers[0], taskId)
  const { bookingId } = (await ok(award(client, id))).body
  await ok(api(`/v1/bookings/${bookingId}/cancel`, { as: taskers[0], body: { reason: 'Ill.' } }))
  expect(await bidOf(taskers[0], id)).toMatchObject({ status: 'accepted', bookingId })
  expect(await codeOf(makeBid(taskers[0], taskId))).toBe('409 bidding_closed')
})
