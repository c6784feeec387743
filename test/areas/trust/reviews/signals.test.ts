import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { findReviewSignals, purgeReviewSignals } from '../../../../src/areas/trust/reviews/jobs.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { configure } from '../../../support/bids.ts'
import { aBooking, aClient, anOps, aTasker, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const job = () => findReviewSignals(systemContext(env, 'test'), 1_000)
beforeEach(job)

let days = 1
/** A booking of the two that both have reviewed; returns the review by the client. */
async function reviewedBy(client: Caller, tasker: Caller): Promise<string> {
  const startsAt = new Date(Date.now() + days++ * 86_400_000)
  const { bookingId } = await aBooking({ client, tasker, startsAt, state: 'reviewed' })
  const of = await reviewsOf(`bookingId=${bookingId}&reviewerId=${client.userId}`)
  return of[0].id
}

const reviewsOf = async (query: string) =>
  (await ok(api(`/v1/reviews?${query}`, { as: await anOps() }))).body.data
const signalsOf = async (reviewId: string) => {
  const rows = await database().read<{ kind: string; details: object }>(
    sql`select kind, details from review_signals where review_id = ${reviewId} order by kind`,
  )
  return rows.map(({ kind }) => kind)
}
const casesOf = (reviewId: string) =>
  database().read<{ status: string; decision: string | null }>(
    sql`select status, decision from cases where kind = 'moderation' and subject_id = ${reviewId} order by id`,
  )

describe('the signals of reviews', () => {
  it('are none for the clients of a tasker, who are reviewed back', async () => {
    const tasker = await aTasker()
    const reviews = [await reviewedBy(await aClient(), tasker), await reviewedBy(await aClient(), tasker)]
    await job()
    for (const review of reviews) expect(await signalsOf(review)).toEqual([])
  })

  it("are mutual for two who are each other's client", async () => {
    const [one, other] = [await aTasker(), await aTasker()]
    await reviewedBy(one, other)
    const back = await reviewedBy(other, one)
    await job()
    expect(await signalsOf(back)).toEqual(['mutual'])
  })

  it('are a ring for three who review among themselves alone, until one of them has others', async () => {
    const people = [await aTasker(), await aTasker(), await aTasker()] as const
    const [a, b, c] = people
    await reviewedBy(a, b)
    await reviewedBy(b, c)
    const last = await reviewedBy(c, a)
    await job()
    expect(await signalsOf(last)).toEqual(['ring'])
    await reviewedBy(await aClient(), b)
    const later = await reviewedBy(a, c)
    await job()
    expect(await signalsOf(later)).not.toContain('ring')
  })

  it('are a burst for many reviews of one person at once, against what is usual', async () => {
    await configure('reviews.signal_burst', { hours: 24, least: 3, factor: 5 }, {})
    const tasker = await aTasker()
    const reviews: string[] = []
    for (let n = 0; n < 3; n += 1) reviews.push(await reviewedBy(await aClient(), tasker))
    await job()
    expect(await Promise.all(reviews.map(signalsOf))).toEqual([[], [], ['burst']])
    // Usual for somebody who got as many on other days.
    const busy = await aTasker()
    const usual: string[] = []
    for (let n = 0; n < 4; n += 1) usual.push(await reviewedBy(await aClient(), busy))
    await database().write([
      sql`update reviews set submitted_at = now() - interval '3 days' where reviewee_id = ${busy.userId} and id <> ${usual[3]}`,
    ])
    await job()
    expect(await signalsOf(usual[3] as string)).toEqual([])
  })

  it('are the same device where both have signed in from it, by its hash alone', async () => {
    const [client, tasker] = [await aClient(), await aTasker()]
    await database().write([
      sql`update sessions set device_id = 'phone-of-both' where user_id in (${client.userId}, ${tasker.userId})`,
    ])
    const review = await reviewedBy(client, tasker)
    await job()
    const [{ signals }] = await reviewsOf(`reviewerId=${client.userId}`)
    expect(signals).toMatchObject([{ kind: 'same_device', decidedAt: null }])
    expect(signals[0].details.deviceSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(signals)).not.toContain('phone-of-both')
    expect(await signalsOf(review)).toEqual(['same_device'])
  })

  it('are found by the kinds that are configured', async () => {
    await configure('reviews.signal_kinds', ['ring'], {})
    const [one, other] = [await aTasker(), await aTasker()]
    await reviewedBy(one, other)
    const back = await reviewedBy(other, one)
    await job()
    expect(await signalsOf(back)).toEqual([])
    await configure('reviews.signal_kinds', ['mutual', 'ring', 'burst', 'same_device'], {})
  })
})

describe('a review with signals', () => {
  async function aSuspect(): Promise<{ id: string; tasker: Caller }> {
    const [client, tasker] = [await aClient(), await aTasker()]
    await database().write([
      sql`update sessions set device_id = ${client.userId} where user_id in (${client.userId}, ${tasker.userId})`,
    ])
    const id = await reviewedBy(client, tasker)
    await job()
    return { id, tasker }
  }
  const dismiss = async (id: string, as?: Caller) =>
    api(`/v1/reviews/${id}/dismiss-signals`, { as: as ?? (await anOps()), method: 'POST' })

  it('stays published and counts, and waits for moderation', async () => {
    const { id, tasker } = await aSuspect()
    const { data } = (await ok(api(`/v1/taskers/${tasker.userId}/reviews`))).body
    expect(data.map((review: { id: string }) => review.id)).toContain(id)
    expect(data[0].signals).toBeUndefined()
    expect((await ok(api(`/v1/taskers/${tasker.userId}/reputation`))).body.reviewCount).toBe(1)
    expect(await casesOf(id)).toMatchObject([{ status: 'open' }])
  })

  it('is left as it is once staff dismiss the signals, which are not found again', async () => {
    const { id, tasker } = await aSuspect()
    expect((await dismiss(id, tasker)).status).toBe(403)
    expect((await ok(dismiss(id))).body.signals).toMatchObject([{ decidedAt: expect.any(String) }])
    expect(await casesOf(id)).toMatchObject([{ status: 'closed', decision: 'dismissed' }])
    expect(await codeOf(dismiss(id))).toBe('409 no_open_signals')
    await database().write([sql`insert into review_signal_queue (review_id) values (${id})`])
    await job()
    expect(await casesOf(id)).toHaveLength(1)
  })

  it('is decided with its signals when staff hide it', async () => {
    const { id } = await aSuspect()
    await ok(api(`/v1/reviews/${id}/hide`, { as: await anOps(), body: { reason: 'Their own phone.' } }))
    expect(await casesOf(id)).toMatchObject([{ status: 'closed', decision: 'hidden' }])
    const [open] = await database().read<{ open: number }>(
      sql`select count(*)::int as open from review_signals where review_id = ${id} and decided_at is null`,
    )
    expect(open?.open).toBe(0)
  })

  it('loses them after their period', async () => {
    const { id } = await aSuspect()
    await database().write([
      sql`update review_signals set created_at = now() - interval '366 days' where review_id = ${id}`,
    ])
    await purgeReviewSignals(systemContext(env, 'test'), 10)
    expect(await signalsOf(id)).toEqual([])
  })
})
