import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import {
  aBooking,
  aClient,
  anOps,
  aTasker,
  type BookedStory,
  type BookingOptions,
  bookingStates,
  chooseCash,
  dispute,
  ok,
  pay,
  pretendWorkTook,
  taskStateOf,
  withKey,
} from '../../../support/story.ts'

const path = ({ bookingId }: Pick<BookedStory, 'bookingId'>) => `/v1/bookings/${bookingId}/payment`
const choose = (story: BookedStory, as: Caller, method = 'cash') =>
  api(path(story), { as, body: { method }, headers: withKey() })
const confirm = (story: BookedStory, as = story.tasker, headers = withKey()) =>
  api(`${path(story)}/confirm-cash`, { as, method: 'POST', headers })

const entriesOf = async ({ bookingId }: Pick<BookedStory, 'bookingId'>) => {
  const { body } = await ok(api(`/v1/ledger/entries?bookingId=${bookingId}`, { as: await anOps() }))
  return body.data as { type: string; reference: string; currency: string; lines: Line[] }[]
}
interface Line {
  account: string
  ownerUserId: string | null
  amount: number
  balanceAfter: number | null
}

describe('choosing how to pay', () => {
  it('is for the client of the booking: returns 403 to the tasker and staff, 404 to others', async () => {
    const story = await aBooking()
    expect(await choose(story, story.tasker)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await choose(story, await anOps())).status).toBe(403)
    expect((await choose(story, await aClient())).status).toBe(404)
    expect((await choose({ ...story, bookingId: newId() }, story.client)).status).toBe(404)
    const { body } = await ok(choose(story, story.client))
    expect(body).toMatchObject({
      bookingId: story.bookingId,
      method: 'cash',
      status: 'requires_action',
      amountDue: null,
      amountCaptured: 0,
      currency: 'EGP',
    })
  })

  it('requires an Idempotency-Key, has one effect and replays its answer', async () => {
    const story = await aBooking()
    const body = { method: 'cash' }
    const without = await api(path(story), { as: story.client, body })
    expect(without).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } })
    const headers = withKey()
    const first = await api(path(story), { as: story.client, body, headers })
    const again = await api(path(story), { as: story.client, body, headers })
    expect(first.status).toBe(200)
    expect(again).toMatchObject({ status: 200, body: first.body })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })

  it('is done before it is asked: the payment is made with the booking, in the usual method', async () => {
    const story = await aBooking()
    const { body } = await ok(api(path(story), { as: story.client }))
    expect(body).toMatchObject({
      purpose: 'booking',
      method: 'cash',
      status: 'requires_action',
      settlesAt: null,
    })
    expect((await choose(story, story.client, 'gold')).status).toBe(400)
  })

  const payable = ['accepted', 'confirmed', 'in_progress', 'completed']
  it.each(['accepted', 'confirmed', 'in_progress', 'completed', 'canceled', 'disputed'] as const)(
    'while the booking is %s',
    async (state) => {
      const story = await aBooking({ state })
      const answer = await choose(story, story.client)
      if (payable.includes(state)) expect(answer.status).toBe(200)
      else expect(answer).toMatchObject({ status: 409, body: { code: 'booking_not_payable' } })
    },
  )
})

describe('reading a payment', () => {
  it('is for the parties and staff; shows the fare as due once the work is done', async () => {
    const story = await aBooking({ state: 'in_progress' })
    await chooseCash(story)
    expect((await api(path(story), { as: await aTasker() })).status).toBe(404)
    const working = await ok(api(path(story), { as: story.tasker }))
    expect(working.body).toMatchObject({ amountDue: null })
    expect(working.body.allowedActions).toEqual([
      { action: 'confirm-cash', allowed: false, reason: 'wrong_state' },
      { action: 'settle-cash', allowed: false, reason: 'wrong_party' },
    ])
    await ok(api(`/v1/bookings/${story.bookingId}/complete`, { as: story.tasker, method: 'POST' }))
    const ops = await anOps()
    for (const as of [story.client, story.tasker, ops]) {
      const { body } = await ok(api(path(story), { as }))
      expect(body.amountDue).toBe(20_000)
      const verdict = (isTheirs: boolean) =>
        isTheirs ? { allowed: true } : { allowed: false, reason: 'wrong_party' }
      expect(body.allowedActions).toEqual([
        { action: 'confirm-cash', ...verdict(as === story.tasker) },
        { action: 'settle-cash', ...verdict(as === ops) },
      ])
    }
  })
})

describe('confirming cash', () => {
  it('is for the tasker of the booking', async () => {
    const story = await aBooking({ state: 'completed' })
    await chooseCash(story)
    expect((await confirm(story, await aTasker())).status).toBe(404)
    // Another tasker's role, but the client's part: the refusal is of the part.
    for (const as of [story.client, await anOps()]) expect((await confirm(story, as)).status).toBe(403)
    const owner = await aTasker()
    const own = await aBooking({ client: owner, state: 'completed' })
    await chooseCash(own)
    expect(await confirm(own, owner)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await entriesOf(story)).toEqual([])
    expect(await entriesOf(own)).toEqual([])
  })

  it.each(bookingStates)('of a booking that is %s', async (state) => {
    const early = state === 'settled' || state === 'reviewed' || state === 'canceled' || state === 'disputed'
    const story = await aBooking({
      state: state === 'canceled' || state === 'disputed' ? 'confirmed' : state,
    })
    if (!early || state === 'canceled' || state === 'disputed') await chooseCash(story)
    if (state === 'canceled') {
      await ok(api(`/v1/bookings/${story.bookingId}/cancel`, { as: story.client, body: { reason: 'No.' } }))
    }
    if (state === 'disputed') {
      await ok(api(`/v1/bookings/${story.bookingId}/start`, { as: story.tasker, method: 'POST' }))
      await dispute(story)
    }
    const before = await entriesOf(story)
    const answer = await confirm(story)
    if (state === 'completed') {
      expect(answer).toMatchObject({
        status: 200,
        body: { status: 'captured', amountCaptured: 20_000, amountDue: null },
      })
      return
    }
    const code =
      state === 'settled' || state === 'reviewed' || state === 'canceled'
        ? 'invalid_transition'
        : 'payment_not_due'
    expect(answer).toMatchObject({ status: 409, body: { code } })
    expect(await entriesOf(story)).toEqual(before)
  })

  it('needs no chosen method, but a key', async () => {
    const story = await aBooking({ state: 'completed' })
    const bare = await api(`${path(story)}/confirm-cash`, { as: story.tasker, method: 'POST' })
    expect(bare).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } })
  })

  it('posts fare, payout and commission, settles the task and writes the payout, in one round trip', async () => {
    const story = await aBooking({ state: 'completed', workedMinutes: 95 })
    await chooseCash(story)
    const answer = await confirm(story)
    // 95 min at 200.00 an hour: 316.67; 15 % of it: 47.50.
    const fare = 31_667
    const commission = 4_750
    expect(answer).toMatchObject({ status: 200, body: { amountCaptured: fare, currency: 'EGP' } })
    expect(answer.headers.get('server-timing')).toContain('round-trips=1')
    expect(await taskStateOf(story.taskId)).toBe('settled')

    const client = story.client.userId
    const tasker = story.tasker.userId
    const entries = await entriesOf(story)
    const linesOf = (type: string) =>
      entries.filter((entry) => entry.type === type).flatMap(({ lines }) => lines)
    expect(entries.map(({ type }) => type).sort()).toEqual(['capture', 'fee', 'payout'])
    expect(new Set(entries.map(({ reference }) => reference))).toEqual(
      new Set([`payment_intent:${answer.body.id}`]),
    )
    expect(linesOf('capture')).toMatchObject([
      { account: 'client_cash', ownerUserId: client, amount: -fare, balanceAfter: null },
      { account: 'tasker_payable', ownerUserId: tasker, amount: fare, balanceAfter: fare },
    ])
    expect(linesOf('payout')).toMatchObject([
      { account: 'tasker_payable', ownerUserId: tasker, amount: -fare, balanceAfter: 0 },
      { account: 'client_cash', ownerUserId: client, amount: fare, balanceAfter: null },
    ])
    expect(linesOf('fee')).toMatchObject([
      { account: 'commission_receivable', ownerUserId: tasker, amount: -commission },
      { account: 'platform_fee', ownerUserId: null, amount: commission },
    ])

    const { body } = await ok(api('/v1/me/earnings', { as: story.tasker }))
    expect(body).toMatchObject({
      currencies: [
        {
          currency: 'EGP',
          payableAmount: 0,
          owedFeeAmount: commission,
          owedRefundAmount: 0,
          paidOutAmount: fare,
        },
      ],
      recentPayouts: [
        { bookingId: story.bookingId, amount: fare, currency: 'EGP', status: 'paid', provider: 'cash' },
      ],
    })
  })

  it('posts once, however often and with whichever key it is called', async () => {
    const story = await aBooking({ state: 'completed' })
    await chooseCash(story)
    const headers = withKey()
    const first = await confirm(story, story.tasker, headers)
    const again = await confirm(story, story.tasker, headers)
    expect(again).toMatchObject({ status: 200, body: first.body })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const others = await Promise.all([1, 2, 3].map(() => confirm(story)))
    for (const other of others)
      expect(other).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
    expect(await entriesOf(story)).toHaveLength(3)
  })

  it('admits one of several simultaneous calls with different keys', async () => {
    const story = await aBooking({ state: 'completed' })
    await chooseCash(story)
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(story)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)])
    expect(await entriesOf(story)).toHaveLength(3)
  })

  const fares: [string, BookingOptions, number][] = [
    ['less than the minimum: the minimum', { workedMinutes: 20, minimumMinutes: 45, rate: 10_000 }, 7_500],
    ['a minute begun is a minute', { workedMinutes: 60.5, rate: 6_000 }, 6_100],
    ['half a piastre rounds up', { workedMinutes: 61, rate: 30, minimumMinutes: 1 }, 31],
    ['never more than the estimate', { workedMinutes: 600, estMaxAmount: 50_000 }, 50_000],
    ['without an estimate there is no cap', { workedMinutes: 600, estMaxAmount: null }, 200_000],
    ['a fixed price is the price', { workedMinutes: 600, pricingModel: 'fixed', rate: 77_700 }, 77_700],
  ]
  it.each(fares)('of hourly work: %s', async (_name, options, fare) => {
    const story = await aBooking({ ...options, state: 'completed' })
    await chooseCash(story)
    expect((await ok(api(path(story), { as: story.client }))).body.amountDue).toBe(fare)
    expect((await ok(confirm(story))).body.amountCaptured).toBe(fare)
  })

  it('posts no commission where the fare is too small for one', async () => {
    const story = await aBooking({ state: 'completed', rate: 3, minimumMinutes: 60 })
    await chooseCash(story)
    expect((await ok(confirm(story))).body.amountCaptured).toBe(3)
    expect((await entriesOf(story)).map(({ type }) => type).sort()).toEqual(['capture', 'payout'])
    expect(await taskStateOf(story.taskId)).toBe('settled')
  })

  it.each([{ rate: null }, { estMaxAmount: 100, rate: 1, minimumMinutes: 1 }])(
    'of no fare is refused, not posted: %o',
    async (options) => {
      const story = await aBooking({ ...options, state: 'completed' })
      await pretendWorkTook(story, 0)
      await chooseCash(story)
      expect(await confirm(story)).toMatchObject({ status: 409, body: { code: 'fare_unavailable' } })
      expect(await entriesOf(story)).toEqual([])
      expect(await taskStateOf(story.taskId)).toBe('completed')
    },
  )
})

describe('earnings', () => {
  it('are listed by currency, and are empty before the first payment', async () => {
    const tasker = await aTasker()
    expect((await ok(api('/v1/me/earnings', { as: tasker }))).body).toEqual({
      currencies: [],
      periods: [],
      recentPayouts: [],
    })
    const later = new Date(Date.now() + 72 * 3_600_000)
    const egp = await aBooking({ tasker, state: 'completed' })
    const ngn = await aBooking({ tasker, state: 'completed', currency: 'NGN', rate: 40_000, startsAt: later })
    for (const story of [egp, ngn]) await pay(story)
    const { body } = await ok(api('/v1/me/earnings', { as: tasker }))
    expect(body.currencies).toEqual([
      { currency: 'EGP', payableAmount: 0, owedFeeAmount: 3_000, owedRefundAmount: 0, paidOutAmount: 20_000 },
      { currency: 'NGN', payableAmount: 0, owedFeeAmount: 6_000, owedRefundAmount: 0, paidOutAmount: 40_000 },
    ])
    expect(body.recentPayouts.map(({ bookingId }: { bookingId: string }) => bookingId)).toEqual([
      ngn.bookingId,
      egp.bookingId,
    ])
  })

  it('are for taskers', async () => {
    expect((await api('/v1/me/earnings', { as: await aClient() })).status).toBe(403)
    expect((await api('/v1/me/earnings')).status).toBe(401)
  })
})
