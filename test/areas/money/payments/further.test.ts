import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { adjust } from '../../../support/adjustments.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aBooking, aClient, anOps, type BookedStory, ok, withKey } from '../../../support/story.ts'

const tip = (story: BookedStory, amountMinor: number, as: Caller = story.client, headers = withKey()) =>
  api(`/v1/bookings/${story.bookingId}/tips`, { as, body: { amountMinor, method: 'wallet' }, headers })

const fill = ({ userId }: Caller, amount: number) =>
  database().write([
    adjust([
      { account: 'platform_clearing', owner: null, amount: -amount },
      { account: 'client_wallet', owner: userId, amount },
    ]),
  ])
const payableOf = async ({ tasker }: BookedStory): Promise<number> =>
  (await ok(api('/v1/me/earnings', { as: tasker }))).body.currencies[0].payableAmount

describe('a tip from the wallet', () => {
  it('pays at once, whole to the tasker, as often as the cap allows', async () => {
    const story = await aBooking({ state: 'settled' })
    await fill(story.client, 300_000)
    const { body } = await ok(tip(story, 2_000))
    expect(body).toMatchObject({
      purpose: 'tip',
      status: 'captured',
      amountCaptured: 2_000,
      method: 'wallet',
    })
    await ok(tip(story, 1_000))
    expect(await payableOf(story)).toBe(3_000)
    expect(await tip(story, 197_001)).toMatchObject({ status: 422, body: { code: 'tip_above_cap' } })
    await ok(tip(story, 197_000))
    expect(await payableOf(story)).toBe(200_000)
  })

  it('repeated with its key is one tip', async () => {
    const story = await aBooking({ state: 'settled' })
    await fill(story.client, 10_000)
    const headers = withKey()
    const first = await ok(tip(story, 2_000, story.client, headers))
    expect((await ok(tip(story, 2_000, story.client, headers))).body.id).toBe(first.body.id)
    expect(await payableOf(story)).toBe(2_000)
  })

  it('is refused before the work, long after it, from others, and above the wallet', async () => {
    const story = await aBooking({ state: 'settled' })
    expect(await tip(story, 2_000)).toMatchObject({ status: 409, body: { code: 'insufficient_balance' } })
    expect(await tip(story, 2_000, story.tasker)).toMatchObject({ status: 403 })
    expect(await tip(story, 2_000, await aClient())).toMatchObject({ status: 404 })
    expect(await tip(await aBooking(), 2_000)).toMatchObject({
      status: 409,
      body: { code: 'tip_unavailable' },
    })
    await database().write([
      sql`update bookings set completed_at = now() - interval '31 days' where id = ${story.bookingId}`,
    ])
    expect(await tip(story, 2_000)).toMatchObject({ status: 409, body: { code: 'tip_unavailable' } })
  })

  it('is read by its two parties and by staff, by its own id', async () => {
    const story = await aBooking({ state: 'settled' })
    await fill(story.client, 10_000)
    const { id } = (await ok(tip(story, 2_000))).body
    for (const as of [story.client, story.tasker, await anOps()])
      expect((await ok(api(`/v1/payments/${id}`, { as }))).body).toMatchObject({ id, purpose: 'tip' })
    expect(await api(`/v1/payments/${id}`, { as: await aClient() })).toMatchObject({ status: 404 })
  })
})

it('a top-up outside of its limits, and any without a gateway, is refused and leaves nothing', async () => {
  const as = await aClient()
  const topUp = (amountMinor: number) =>
    api('/v1/me/wallet/top-ups', {
      as,
      body: { amountMinor, currency: 'EGP', method: 'card' },
      headers: withKey(),
    })
  for (const amount of [4_999, 2_000_001])
    expect(await topUp(amount)).toMatchObject({ status: 422, body: { code: 'top_up_limit' } })
  expect(await topUp(5_000)).toMatchObject({ status: 422, body: { code: 'payment_method_unavailable' } })
  expect((await ok(api('/v1/payments', { as }))).body.data).toEqual([])
})

it('nobody pays more debts than they have', async () => {
  const { tasker } = await aBooking({ state: 'settled' })
  const owed = (await ok(api('/v1/me/earnings', { as: tasker }))).body.currencies[0].owedFeeAmount
  const pay = (amountMinor: number) =>
    api('/v1/me/debts/payments', {
      as: tasker,
      body: { amountMinor, currency: 'EGP', method: 'card' },
      headers: withKey(),
    })
  expect(owed).toBeGreaterThan(0)
  expect(await pay(owed + 1)).toMatchObject({ status: 422, body: { code: 'amount_above_debt' } })
  expect(await pay(owed)).toMatchObject({ status: 422, body: { code: 'payment_method_unavailable' } })
})
