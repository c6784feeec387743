import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { runJobs } from '../../../../src/scheduled.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { pullEvents } from '../../../support/events.ts'
import { inHours } from '../../../support/scenes.ts'
import {
  aBooking,
  aClient,
  anOps,
  aTasker,
  type BookedStory,
  type BookingState,
  bookingStates,
  dispute,
  ok,
  pretendWorkTook,
} from '../../../support/story.ts'

const path = ({ bookingId }: Pick<BookedStory, 'bookingId'>, rest = '') => `/v1/bookings/${bookingId}${rest}`
const reason = 'The pipe behind the wall leaks as well.'
const longer = { minutes: 120, reason }

const propose = (story: BookedStory, as: Caller, body: object = longer) =>
  api(path(story, '/changes'), { as, body })
const proposed = async (story: BookedStory, as: Caller, body: object = longer) =>
  (await ok(propose(story, as, body))).body
const answer = (story: BookedStory, as: Caller, changeId: string, action: string) =>
  api(path(story, `/changes/${changeId}/${action}`), { as, method: 'POST' })
const bookingOf = async (story: BookedStory, as = story.client) => (await ok(api(path(story), { as }))).body
const changesOf = async (story: BookedStory, as = story.client) =>
  (await ok(api(path(story, '/changes'), { as }))).body.data
const hourOf = (date: string) => Date.parse(date) / 3_600_000

const passDeadline = (changeId: string) =>
  database().write([
    sql`update booking_changes set expires_at = now() - interval '1 second' where id = ${changeId}`,
  ])

describe('a proposed change', () => {
  it('changes nothing until the other side accepts it, and then price, limit and time at once', async () => {
    const story = await aBooking({ state: 'confirmed', estMaxAmount: 60_000 })
    const before = await bookingOf(story)
    const change = await proposed(story, story.tasker, { minutes: 120, rateAmountMinor: 25_000, reason })
    expect(change).toMatchObject({
      status: 'pending',
      proposedBy: 'tasker',
      reason,
      currency: 'EGP',
      before: { rateAmountMinor: 20_000, minutes: 90, maximumAmountMinor: 60_000 },
      after: {
        rateAmountMinor: 25_000,
        minutes: 120,
        startsAt: before.scheduledFrom,
        maximumAmountMinor: 80_000,
      },
      endedAt: null,
    })
    expect(hourOf(change.expiresAt) - hourOf(change.createdAt)).toBeCloseTo(24, 1)
    expect(await bookingOf(story)).toEqual(before)
    const { body } = await ok(answer(story, story.client, change.id, 'accept'))
    expect(body).toMatchObject({ status: 'accepted', after: change.after, before: change.before })
    const after = await bookingOf(story)
    expect(after).toMatchObject({
      agreedRateAmount: 25_000,
      scheduledFrom: before.scheduledFrom,
      fare: { agreedMinutes: 120, maximumAmountMinor: 80_000, estimate: { expectedAmountMinor: 50_000 } },
    })
    expect(hourOf(after.scheduledUntil) - hourOf(after.scheduledFrom)).toBe(2)
    expect(after.version).toBeGreaterThan(before.version)
    const history = (await ok(api(path(story, '/events'), { as: story.tasker }))).body.data
    expect(history.at(-1)).toMatchObject({
      from: 'confirmed',
      to: 'confirmed',
      action: 'accept_change',
      party: 'client',
    })
  })

  it.each([
    ['a higher rate raises the limit to what the agreed time costs', { rateAmountMinor: 60_000 }, 90_000],
    ['a lower rate leaves the limit', { rateAmountMinor: 10_000 }, 60_000],
    ['a shorter time lowers the limit', { minutes: 45 }, 30_000],
    ['another start leaves the limit', { startsAt: '2027-06-01T08:00:00.000Z' }, 60_000],
  ])('%s', async (_rule, terms, maximum) => {
    const story = await aBooking({ estMaxAmount: 60_000 })
    const change = await proposed(story, story.client, { ...terms, reason })
    expect(change.after.maximumAmountMinor).toBe(maximum)
  })

  it('of a fixed price moves the price, whatever the time', async () => {
    const story = await aBooking({ state: 'in_progress', pricingModel: 'fixed', rate: 30_000 })
    const change = await proposed(story, story.tasker, { rateAmountMinor: 45_000, minutes: 300, reason })
    await ok(answer(story, story.client, change.id, 'accept'))
    await ok(api(path(story, '/complete'), { as: story.tasker, method: 'POST' }))
    await pretendWorkTook(story, 20)
    expect((await bookingOf(story)).fare.final).toEqual({
      workedMinutes: 20,
      billedMinutes: null,
      baseAmountMinor: 45_000,
      amountMinor: 45_000,
      rule: 'fixed',
    })
  })

  it('that was accepted decides the fare of the work', async () => {
    const story = await aBooking({ state: 'in_progress', estMaxAmount: 30_000 })
    const change = await proposed(story, story.tasker, { minutes: 180, reason })
    await ok(answer(story, story.client, change.id, 'accept'))
    await ok(api(path(story, '/complete'), { as: story.tasker, method: 'POST' }))
    await pretendWorkTook(story, 170)
    const final = { baseAmountMinor: 56_667, amountMinor: 56_667, rule: 'time' }
    expect((await bookingOf(story)).fare).toMatchObject({ maximumAmountMinor: 60_000, final })
  })

  it.each([
    [[30], 30],
    [[30, 120], 60],
    [[120, 45, 50], 50],
  ])(
    'of the minutes to %j leaves the billed minimum of the policy, and never more than the agreed time',
    async (steps, minimumMinutes) => {
      const story = await aBooking()
      for (const minutes of steps) {
        const change = await proposed(story, story.client, { minutes, reason })
        await ok(answer(story, story.tasker, change.id, 'accept'))
      }
      expect((await bookingOf(story)).fare).toMatchObject({ agreedMinutes: steps.at(-1), minimumMinutes })
    },
  )

  it('sets no limit where none was agreed', async () => {
    const story = await aBooking({ estMaxAmount: null })
    const change = await proposed(story, story.tasker, { minutes: 240, rateAmountMinor: 30_000, reason })
    expect([change.before.maximumAmountMinor, change.after.maximumAmountMinor]).toEqual([null, null])
    await ok(answer(story, story.client, change.id, 'accept'))
    expect((await bookingOf(story)).fare).toMatchObject({
      maximumAmountMinor: null,
      estimate: { expectedAmountMinor: 120_000, mostAmountMinor: null },
    })
  })

  it('moves the start with the calendar, which refuses two bookings of a tasker at once', async () => {
    const tasker = await aTasker()
    const story = await aBooking({ tasker, startsAt: new Date('2027-03-01T08:00:00Z') })
    await aBooking({ tasker, startsAt: new Date('2027-03-01T12:00:00Z') })
    const clash = await proposed(story, story.client, { startsAt: '2027-03-01T11:30:00+00:00', reason })
    const refused = await answer(story, tasker, clash.id, 'accept')
    expect(refused).toMatchObject({ status: 409, body: { code: 'tasker_busy' } })
    expect((await changesOf(story))[0]).toMatchObject({ id: clash.id, status: 'pending' })
    await ok(answer(story, story.client, clash.id, 'withdraw'))
    const fits = await proposed(story, story.client, { startsAt: '2027-03-01T10:30:00+02:00', reason })
    await ok(answer(story, tasker, fits.id, 'accept'))
    expect(await bookingOf(story)).toMatchObject({
      scheduledFrom: '2027-03-01T08:30:00.000Z',
      scheduledUntil: '2027-03-01T10:00:00.000Z',
    })
  })

  it('is accepted and rejected by the other side only, and withdrawn by its proposer only', async () => {
    const story = await aBooking()
    const { id, allowedActions } = await proposed(story, story.client)
    expect(allowedActions).toEqual([
      { action: 'accept', allowed: false, reason: 'wrong_party' },
      { action: 'reject', allowed: false, reason: 'wrong_party' },
      { action: 'withdraw', allowed: true },
    ])
    const wrong = [
      [story.client, 'accept'],
      [story.client, 'reject'],
      [story.tasker, 'withdraw'],
    ] as const
    for (const [as, action] of wrong)
      expect(await answer(story, as, id, action)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await answer(story, await anOps(), id, 'accept')).status).toBe(403)
    for (const action of ['accept', 'reject', 'withdraw'])
      expect((await answer(story, await aTasker(), id, action)).status).toBe(404)
    // Another booking of the same people does not name it.
    const other = await aBooking({ client: story.client, startsAt: new Date(Date.now() + 99 * 3_600_000) })
    expect((await answer(other, story.tasker, id, 'accept')).status).toBe(404)
    expect((await ok(answer(story, story.tasker, id, 'reject'))).body.status).toBe('rejected')
    const again = await answer(story, story.tasker, id, 'accept')
    expect(again).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
  })

  it('is listed for both sides and staff, and for nobody else', async () => {
    const story = await aBooking()
    const first = await proposed(story, story.client)
    await ok(answer(story, story.client, first.id, 'withdraw'))
    const second = await proposed(story, story.tasker)
    for (const as of [story.client, story.tasker, await anOps()])
      expect((await changesOf(story, as)).map(({ id }: { id: string }) => id)).toEqual([second.id, first.id])
    for (const as of [await aClient(), await aTasker()]) {
      expect((await api(path(story, '/changes'), { as })).status).toBe(404)
      expect((await propose(story, as)).status).toBe(404)
    }
    expect((await propose(story, await anOps())).status).toBe(403)
  })

  it('is the only one of its booking that waits', async () => {
    const story = await aBooking()
    await proposed(story, story.client)
    const refusal = { status: 409, body: { code: 'booking_change_pending' } }
    expect(await propose(story, story.client)).toMatchObject(refusal)
    expect(await propose(story, story.tasker, { minutes: 60, reason })).toMatchObject(refusal)
  })

  it.each([{}, { minutes: 90 }, { rateAmountMinor: 20_000, minutes: 90 }])(
    'is refused where nothing changes: %j',
    async (terms) => {
      const story = await aBooking()
      const answer = await propose(story, story.client, { ...terms, reason })
      expect(answer).toMatchObject({ status: 422, body: { code: 'no_change_proposed' } })
      expect(await changesOf(story)).toEqual([])
    },
  )

  it('names no start that has passed, nor one of work that has begun', async () => {
    const story = await aBooking({ state: 'confirmed' })
    const past = await propose(story, story.client, { startsAt: '2026-01-01T08:00:00Z', reason })
    expect(past).toMatchObject({ status: 422, body: { code: 'starts_at_refused' } })
    await ok(api(path(story, '/start'), { as: story.tasker, method: 'POST' }))
    const late = await propose(story, story.client, { startsAt: '2027-03-01T08:00:00Z', reason })
    expect(late).toMatchObject({ status: 409, body: { code: 'booking_started' } })
  })

  it('cannot be accepted once its start has passed', async () => {
    const story = await aBooking({ state: 'confirmed' })
    const before = await bookingOf(story)
    const change = await proposed(story, story.client, { startsAt: inHours(30), reason })
    await database().write([
      sql`update booking_changes set starts_at = now() - interval '1 second' where id = ${change.id}`,
    ])
    const refusal = { status: 422, body: { code: 'starts_at_refused' } }
    expect(await answer(story, story.tasker, change.id, 'accept')).toMatchObject(refusal)
    expect(await bookingOf(story)).toEqual(before)
    await ok(answer(story, story.tasker, change.id, 'reject'))
  })

  it('cannot move the start of work that has begun since it was proposed', async () => {
    const story = await aBooking({ state: 'confirmed' })
    const change = await proposed(story, story.client, { startsAt: inHours(30), minutes: 120, reason })
    await ok(api(path(story, '/start'), { as: story.tasker, method: 'POST' }))
    const before = await bookingOf(story)
    const refusal = { status: 409, body: { code: 'booking_started' } }
    expect(await answer(story, story.tasker, change.id, 'accept')).toMatchObject(refusal)
    expect(await bookingOf(story)).toEqual(before)
    await ok(answer(story, story.client, change.id, 'withdraw'))
    const longerOnly = await proposed(story, story.client, longer)
    await ok(answer(story, story.tasker, longerOnly.id, 'accept'))
    expect((await bookingOf(story)).fare.agreedMinutes).toBe(120)
  })

  const open: BookingState[] = ['accepted', 'confirmed', 'in_progress']
  it.each(bookingStates.filter((state) => !open.includes(state)))(
    'is refused for a booking that is %s',
    async (state) => {
      const story = await aBooking({ state })
      const answer = await propose(story, story.client)
      expect(answer).toMatchObject({ status: 409, body: { code: 'booking_not_changeable' } })
    },
  )
})

describe('the deadline of a proposed change', () => {
  it('holds at its instant: nobody answers afterwards, and another can be proposed', async () => {
    const story = await aBooking()
    const { id } = await proposed(story, story.client)
    await passDeadline(id)
    expect((await changesOf(story))[0]).toMatchObject({ id, status: 'expired', endedAt: null })
    const answers = [
      [story.tasker, 'accept'],
      [story.tasker, 'reject'],
      [story.client, 'withdraw'],
    ] as const
    for (const [as, action] of answers)
      expect(await answer(story, as, id, action)).toMatchObject({
        status: 409,
        body: { code: 'booking_change_expired' },
      })
    const next = await proposed(story, story.tasker, { minutes: 60, reason })
    expect(await changesOf(story)).toMatchObject([
      { id: next.id, status: 'pending' },
      { id, status: 'expired', endedAt: expect.any(String) },
    ])
  })

  it('is collected by a job, which tells the proposer', async () => {
    const story = await aBooking()
    const { id } = await proposed(story, story.client)
    await passDeadline(id)
    await runJobs(env, ['endOfBookingChanges'])
    const { data } = await pullEvents(story.client)
    expect(data.filter(({ type }: { type: string }) => type === 'booking.change_expired')).toMatchObject([
      { data: { bookingChangeId: id, proposerId: story.client.userId, party: 'system' } },
    ])
  })

  it.each(['cancel', 'complete', 'dispute'])('comes with the end of the booking: %s', async (how) => {
    const story = await aBooking({ state: how === 'cancel' ? 'confirmed' : 'in_progress' })
    const { id } = await proposed(story, story.tasker)
    if (how === 'dispute') await dispute(story)
    else
      await ok(
        api(path(story, `/${how}`), {
          as: story.tasker,
          ...(how === 'cancel' ? { body: { reason: 'Flu.' } } : { method: 'POST' }),
        }),
      )
    expect(await changesOf(story)).toMatchObject([{ id, status: 'expired', endedAt: expect.any(String) }])
    const { status, body } = await answer(story, story.client, id, 'accept')
    expect([status, body.code]).toEqual([409, 'invalid_transition'])
  })
})
