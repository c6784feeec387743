import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { adjust } from '../../../support/adjustments.ts'
import { api, database } from '../../../support/api.ts'
import { aBooking, anAdmin, anOps, type BookedStory, ok, withKey } from '../../../support/story.ts'

/** The fee of a late cancellation is half of the expected fare: 90 minutes at 200.00 an hour. */
const fee = 15_000
const soon = () => new Date(Date.now() + 30 * 60_000)

/** Confirmed long ago, and about to begin; the terms are written on the booking, as they would be when it was agreed. */
async function aLateBooking(): Promise<BookedStory> {
  const story = await aBooking({ state: 'confirmed', startsAt: soon(), estMaxAmount: 30_000 })
  const share = { basisPoints: 5_000, minimum: 0, maximum: null, freeMinutesBefore: 60, freeMinutesAfter: 5 }
  const terms = {
    cancellation: { client: share, tasker: share },
    noShow: { client: share, tasker: share, graceMinutes: 15 },
  }
  await database().write([
    sql`update bookings set fee_terms = ${JSON.stringify(terms)}::jsonb, confirmed_at = now() - interval '1 day' where id = ${story.bookingId}`,
  ])
  return story
}

const cancel = (story: BookedStory, as = story.client) =>
  api(`/v1/bookings/${story.bookingId}/cancel`, { as, body: { reason: 'Changed my mind.' } })
const paymentOf = async ({ bookingId }: BookedStory) =>
  (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: await anOps() }))).body
const balanceOf = async (userId: string, kind: string) =>
  (
    await database().read<{ balance: number }>(sql`
      select coalesce(sum(a.balance), 0)::bigint as balance from account_balances a where a.owner_user_id = ${userId} and a.kind = ${kind}`)
  )[0]?.balance

describe('the fee of a cancellation', () => {
  it('is taken from what the wallet holds, less commission for the tasker, and the rest is released', async () => {
    const story = await aLateBooking()
    const { userId } = story.client
    await database().write([
      adjust([
        { account: 'platform_clearing', owner: null, amount: -50_000 },
        { account: 'client_wallet', owner: userId, amount: 50_000 },
      ]),
    ])
    await ok(
      api(`/v1/bookings/${story.bookingId}/payment`, {
        as: story.client,
        body: { method: 'wallet' },
        headers: withKey(),
      }),
    )
    await ok(cancel(story))
    expect(await paymentOf(story)).toMatchObject({ status: 'captured', amountCaptured: fee })
    expect(await balanceOf(userId, 'client_wallet')).toBe(35_000)
    expect(await balanceOf(story.tasker.userId, 'tasker_payable')).toBe(12_750)
  })

  it('is a debt where nothing is authorised, and waived it is none', async () => {
    const story = await aLateBooking()
    await ok(cancel(story))
    expect(await paymentOf(story)).toMatchObject({ status: 'canceled', amountCaptured: 0 })
    expect(await balanceOf(story.client.userId, 'fee_receivable')).toBe(-fee)
    await ok(
      api(`/v1/bookings/${story.bookingId}/waive-fee`, { as: await anAdmin(), body: { reason: 'Flood.' } }),
    )
    expect(await balanceOf(story.client.userId, 'fee_receivable')).toBe(0)
  })

  it('of a tasker is their debt to the platform', async () => {
    const story = await aLateBooking()
    await ok(cancel(story, story.tasker))
    expect(await balanceOf(story.tasker.userId, 'fee_receivable')).toBe(-fee)
    expect(await balanceOf(story.client.userId, 'fee_receivable')).toBe(0)
  })
})
