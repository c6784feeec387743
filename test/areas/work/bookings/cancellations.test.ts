import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { FeeTerms } from '../../../../src/db/schema/work/bookings.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { pullEvents } from '../../../support/events.ts'
import { accept, offerTo } from '../../../support/matching.ts'
import { north } from '../../../support/places.ts'
import { aBooking, aClient, anAdmin, anOps, aTasker, type BookedStory, ok } from '../../../support/story.ts'
import { aReadyTasker, aTrade, post, type Trade } from '../../../support/work.ts'

const path = ({ bookingId }: Pick<BookedStory, 'bookingId'>, rest = '') => `/v1/bookings/${bookingId}${rest}`
const previewOf = async (story: BookedStory, as: Caller) =>
  (await ok(api(path(story, '/cancellation'), { as }))).body
const cancel = (story: BookedStory, as: Caller, acceptFeeMinor?: number) =>
  api(path(story, '/cancel'), { as, body: { reason: 'Something came up.', acceptFeeMinor } })
const reportNoShow = (story: BookedStory, as: Caller) =>
  api(path(story, '/report-no-show'), { as, body: { reason: 'Nobody opened the door.' } })
const bookingOf = async (story: BookedStory, as = story.client) => (await ok(api(path(story), { as }))).body

/** 20 % of the client, 10 % of the tasker; free two hours before the start, and ten minutes after the confirmation. */
const terms = {
  cancellation: {
    client: { basisPoints: 2_000, minimum: 0, maximum: null, freeMinutesBefore: 120, freeMinutesAfter: 10 },
    tasker: { basisPoints: 1_000, minimum: 0, maximum: null, freeMinutesBefore: 120, freeMinutesAfter: 10 },
  },
  noShow: {
    client: { basisPoints: 5_000, minimum: 0, maximum: null },
    tasker: { basisPoints: 2_500, minimum: 0, maximum: null },
    graceMinutes: 15,
  },
} satisfies FeeTerms

interface Scene {
  /** Minutes from now to the start. */
  startsIn?: number
  /** Minutes since the confirmation. */
  confirmedFor?: number
  feeTerms?: FeeTerms
  state?: 'accepted' | 'confirmed'
}

/** 90 minutes at 200.00 an hour: 300.00 are expected. */
async function scene({
  startsIn = 60,
  confirmedFor = 30,
  feeTerms = terms,
  state = 'confirmed',
}: Scene = {}) {
  const story = await aBooking({ state })
  await database().write([
    sql`update bookings set fee_terms = ${JSON.stringify(feeTerms)}::jsonb,
          confirmed_at = case when status = 'confirmed' then now() - make_interval(mins => ${confirmedFor}) end,
          scheduled_during = tstzrange(now() + make_interval(mins => ${startsIn}), now() + make_interval(mins => ${startsIn + 90}))
         where id = ${story.bookingId}`,
  ])
  return story
}

const limited = (limits: { minimum: number; maximum: number | null }) => ({
  cancellation: { ...terms.cancellation, client: { ...terms.cancellation.client, ...limits } },
})

describe('what a cancellation costs', () => {
  it.each([
    ['late', {}, 'client', { rule: 'late_notice', feeAmountMinor: 6_000, payer: 'client' }],
    ['late', {}, 'tasker', { rule: 'late_notice', feeAmountMinor: 3_000, payer: 'tasker' }],
    ['in time', { startsIn: 121 }, 'client', { rule: 'early_notice', feeAmountMinor: 0, payer: null }],
    ['too late by a minute', { startsIn: 119 }, 'client', { rule: 'late_notice', feeAmountMinor: 6_000 }],
    [
      'right after the confirmation',
      { confirmedFor: 9 },
      'client',
      { rule: 'just_confirmed', feeAmountMinor: 0 },
    ],
    [
      'before the confirmation',
      { state: 'accepted' },
      'client',
      { rule: 'not_confirmed', feeAmountMinor: 0 },
    ],
    ['without terms', { feeTerms: {} }, 'client', { rule: 'no_fee', feeAmountMinor: 0, basisPoints: null }],
    ['late', {}, 'ops', { rule: 'staff', feeAmountMinor: 0, payer: null }],
    [
      'at least',
      { feeTerms: limited({ minimum: 8_000, maximum: null }) },
      'client',
      { feeAmountMinor: 8_000 },
    ],
    ['at most', { feeTerms: limited({ minimum: 0, maximum: 2_500 }) }, 'client', { feeAmountMinor: 2_500 }],
    [
      'never more than the fare',
      { feeTerms: limited({ minimum: 90_000, maximum: null }) },
      'client',
      { feeAmountMinor: 30_000 },
    ],
  ] as [string, Scene, 'client' | 'tasker' | 'ops', object][])(
    '%s (%j), for the %s: is shown and charged alike',
    async (_when, given, who, expected) => {
      const story = await scene(given)
      const as = who === 'ops' ? await anOps() : story[who]
      const preview = await previewOf(story, as)
      expect(preview).toMatchObject({
        canCancel: true,
        currency: 'EGP',
        expectedFareMinor: 30_000,
        ...expected,
      })
      const { feeAmountMinor: amountMinor, payer } = preview
      const { body } = await ok(cancel(story, as, amountMinor))
      expect(body.cancellationFee).toEqual(
        amountMinor === 0
          ? null
          : { amountMinor, currency: 'EGP', payer, noShowBy: null, waivedAt: null, waiveReason: null },
      )
      expect(body.fare).toBeNull()
      expect(await previewOf(story, as)).toMatchObject({ canCancel: false, feeAmountMinor: 0 })
    },
  )

  it('is free until the later of both instants', async () => {
    const story = await scene({ startsIn: 180 })
    const { freeUntil } = await previewOf(story, story.client)
    const { scheduledFrom } = await bookingOf(story)
    expect(Date.parse(scheduledFrom) - Date.parse(freeUntil)).toBe(120 * 60_000)
    const fresh = await scene({ startsIn: 30, confirmedFor: 0 })
    const preview = await previewOf(fresh, fresh.client)
    expect(preview.rule).toBe('just_confirmed')
    const left = Date.parse(preview.freeUntil) - Date.now()
    expect(left).toBeGreaterThan(8 * 60_000)
    expect(left).toBeLessThan(11 * 60_000)
  })

  it('is never more than what the caller accepts: the booking stays', async () => {
    const story = await scene()
    const refused = await cancel(story, story.client, 5_999)
    expect(refused).toMatchObject({ status: 409, body: { code: 'cancellation_fee_higher' } })
    expect(refused.body.detail).toContain('6000')
    expect(await bookingOf(story)).toMatchObject({ status: 'confirmed', cancellationFee: null })
    expect((await cancel(story, await aTasker(), 0)).status).toBe(404)
    expect((await ok(cancel(story, story.client, 6_000))).body.status).toBe('canceled')
  })

  it('is the same where the client cancels the task', async () => {
    const story = await scene()
    const body = { reason: 'The leak stopped by itself.' }
    const cancelTask = (fields: object) =>
      api(`/v1/tasks/${story.taskId}/cancel`, { as: story.client, body: { ...body, ...fields } })
    expect(await cancelTask({ acceptFeeMinor: 0 })).toMatchObject({
      status: 409,
      body: { code: 'cancellation_fee_higher' },
    })
    await ok(cancelTask({}))
    expect((await bookingOf(story)).cancellationFee).toMatchObject({ amountMinor: 6_000, payer: 'client' })
  })

  it('is shown to both sides and staff only', async () => {
    const story = await scene()
    expect((await api(path(story, '/cancellation'), { as: await aClient() })).status).toBe(404)
  })
})

describe('the terms of fees', () => {
  const configure = async ({ id: categoryId }: Trade, key: string, value: unknown) =>
    ok(
      api('/v1/config/entries', {
        as: await anAdmin(),
        body: { key, scope: { categoryId }, value, reason: 'Test' },
      }),
    )

  it('are those of the booking’s category when it is agreed, in its currency, and stay', async () => {
    const trade = await aTrade()
    const share = { basisPoints: 3_000, minimum: { EGP: 700, NGN: 9 }, maximum: {} }
    const notice = { freeMinutesBefore: 43_200, freeMinutesAfter: 0 }
    const policy = { client: { ...share, ...notice }, tasker: { ...share, ...notice, basisPoints: 0 } }
    await configure(trade, 'bookings.cancellation_fee', policy)
    await configure(trade, 'bookings.no_show_fee', { client: share, tasker: share, graceMinutes: 20 })
    const tasker = await aReadyTasker(trade, { at: north(1) })
    const client = await signedIn('client')
    const taskId = await post(client, trade)
    const { id: bookingId } = (await ok(accept(tasker, (await offerTo(tasker, taskId)).id))).body
    const story = { bookingId, taskId, client, tasker }
    await configure(trade, 'bookings.cancellation_fee', {
      client: { ...share, ...notice, basisPoints: 1 },
      tasker: { ...share, ...notice },
    })
    await ok(api(path(story, '/confirm'), { as: client, method: 'POST' }))
    const booking = await bookingOf(story)
    expect(Date.parse(booking.noShowFrom) - Date.parse(booking.scheduledFrom)).toBe(20 * 60_000)
    const expected = booking.fare.estimate.expectedAmountMinor
    expect(await previewOf(story, client)).toMatchObject({
      rule: 'late_notice',
      basisPoints: 3_000,
      minimumAmountMinor: 700,
      maximumAmountMinor: null,
      feeAmountMinor: Math.round(expected * 0.3),
    })
  })
})

describe('a side that does not appear', () => {
  it.each([
    ['tasker', 'client', 15_000, 'canceled_by_tasker'],
    ['client', 'tasker', 7_500, 'canceled_by_client'],
  ] as const)('is reported by the %s, and the %s owes the fee', async (reporter, absent, fee, taskState) => {
    const story = await scene({ startsIn: -16 })
    const { body } = await ok(reportNoShow(story, story[reporter]))
    expect(body).toMatchObject({
      status: 'canceled',
      noShowBy: absent,
      noShowFrom: null,
      cancelReason: 'Nobody opened the door.',
      cancellationFee: { amountMinor: fee, payer: absent, noShowBy: absent },
      task: { state: taskState },
    })
    const [profile] = await database().read<{ ended: number; completed: number }>(
      sql`select bookings_ended as ended, bookings_completed as completed from tasker_profiles where user_id = ${story.tasker.userId}`,
    )
    // Only the tasker's own absence counts against them.
    expect(profile).toEqual({ ended: absent === 'tasker' ? 1 : 0, completed: 0 })
    const { data } = await pullEvents(story.client)
    const canceled = data.find(({ type }: { type: string }) => type === 'booking.canceled')
    expect(canceled.data).toMatchObject({ noShowBy: absent, party: reporter })
  })

  it('is given time: fifteen minutes after the start', async () => {
    const story = await scene({ startsIn: -14 })
    const answer = await reportNoShow(story, story.client)
    expect(answer).toMatchObject({ status: 409, body: { code: 'no_show_too_early' } })
    expect(answer.body.detail).toContain((await bookingOf(story)).noShowFrom)
    expect(await bookingOf(story)).toMatchObject({ status: 'confirmed', noShowBy: null })
  })

  it.each(['accepted', 'in_progress', 'disputed'] as const)(
    'cannot be reported of a booking that is %s',
    async (state) => {
      const story = await aBooking({ state })
      const refusal = { status: 409, body: { code: 'invalid_transition' } }
      for (const as of [story.client, story.tasker])
        expect(await reportNoShow(story, as)).toMatchObject(refusal)
    },
  )

  it('cannot be reported before the confirmation, after the start of work, by staff or by strangers', async () => {
    const story = await scene({ startsIn: -16, state: 'accepted' })
    const wrong = { status: 409, body: { code: 'invalid_transition' } }
    expect(await reportNoShow(story, story.tasker)).toMatchObject(wrong)
    await ok(api(path(story, '/confirm'), { as: story.client, method: 'POST' }))
    expect((await reportNoShow(story, await aClient())).status).toBe(404)
    expect((await reportNoShow(story, await anOps())).status).toBe(403)
    await ok(api(path(story, '/start'), { as: story.tasker, method: 'POST' }))
    expect(await reportNoShow(story, story.client)).toMatchObject(wrong)
  })
})

describe('a fee', () => {
  const waive = (story: BookedStory, as: Caller) =>
    api(path(story, '/waive-fee'), { as, body: { reason: 'The client was in hospital.' } })

  it('is waived by staff, once, with a reason that both sides see; its payer is notified', async () => {
    const story = await scene()
    const ops = await anOps()
    const nothing = { status: 409, body: { code: 'no_fee_to_waive' } }
    expect(await waive(story, ops)).toMatchObject(nothing)
    await ok(cancel(story, story.client))
    const { body } = await ok(waive(story, ops))
    expect(body.cancellationFee).toMatchObject({
      amountMinor: 6_000,
      payer: 'client',
      waivedAt: expect.any(String),
      waiveReason: 'The client was in hospital.',
    })
    expect(await waive(story, ops)).toMatchObject(nothing)
    const { data } = await pullEvents(story.client)
    expect(data.find(({ type }: { type: string }) => type === 'booking.fee_waived').data).toMatchObject({
      bookingId: story.bookingId,
      userId: story.client.userId,
    })
    const [entry] = await database().read<{ reason: string; actor: string }>(
      sql`select meta ->> 'reason' as reason, actor_user_id as actor from audit_log
           where target_id = ${story.bookingId} and action = 'bookings.update' and meta -> 'changes' ? 'fee_waived_at'`,
    )
    expect(entry).toEqual({ reason: 'The client was in hospital.', actor: ops.userId })
  })

  it('is not waived by its payer', async () => {
    const story = await scene()
    await ok(cancel(story, story.client))
    expect((await waive(story, story.client)).status).toBe(403)
  })
})
