import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { jobs } from '../../../../src/areas/money/payments/jobs.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { adjust } from '../../../support/adjustments.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import {
  aBooking,
  aClient,
  anAdmin,
  anOps,
  aTasker,
  type BookedStory,
  dispute,
  ok,
  pay,
  taskStateOf,
  withKey,
} from '../../../support/story.ts'

const fare = 20_000
const path = ({ bookingId }: BookedStory) => `/v1/bookings/${bookingId}/payment`
const post = (story: BookedStory, step: string, as: Caller, body: object | undefined = undefined) =>
  api(`${path(story)}${step}`, { as, method: 'POST', ...(body && { body }), headers: withKey() })
const choose = (story: BookedStory, method: string) => post(story, '', story.client, { method })
const paymentOf = async (story: BookedStory) => (await ok(api(path(story), { as: story.client }))).body

const hoursUntil = (time: string) => (Date.parse(time) - Date.now()) / 3_600_000
/** As if it were so many hours later for this payment. */
const letPass = (story: BookedStory, hours: number) =>
  database().write([
    sql`update payment_intents set settles_at = settles_at - make_interval(mins => ${Math.round(hours * 60)}) where booking_id = ${story.bookingId}`,
  ])
const sweep = () => jobs.settleCash.run(systemContext(env, 'cron.settleCash'), {})

describe('cash never gets stuck', () => {
  it('where nobody says anything: silence settles it after three days, commission and all', async () => {
    const story = await aBooking({ state: 'completed' })
    const waiting = await paymentOf(story)
    expect(hoursUntil(waiting.settlesAt)).toBeCloseTo(72, 0)
    await letPass(story, 71)
    await sweep()
    expect(await taskStateOf(story.taskId)).toBe('completed')
    await letPass(story, 1.1)
    await sweep()
    expect(await paymentOf(story)).toMatchObject({
      status: 'captured',
      amountCaptured: fare,
      settlesAt: null,
    })
    expect(await taskStateOf(story.taskId)).toBe('settled')
    const { body } = await ok(api('/v1/me/earnings', { as: story.tasker }))
    expect(body.currencies).toMatchObject([{ owedFeeAmount: 3_000, paidOutAmount: fare }])
  })

  it('where the client says that they have paid: the tasker has a day to object', async () => {
    const story = await aBooking({ state: 'completed' })
    expect((await post(story, '/report-cash', story.tasker)).status).toBe(403)
    expect((await post(story, '/report-cash', await aClient())).status).toBe(404)
    const { body } = await ok(post(story, '/report-cash', story.client))
    expect(hoursUntil(body.settlesAt)).toBeCloseTo(24, 0)
    // Saying it again wins no time.
    await letPass(story, 5)
    const again = await ok(post(story, '/report-cash', story.client))
    expect(hoursUntil(again.body.settlesAt)).toBeCloseTo(19, 0)
    await letPass(story, 20)
    await sweep()
    expect(await paymentOf(story)).toMatchObject({ status: 'captured' })
  })

  it('where the tasker objects: only staff settle it, with what was paid', async () => {
    const story = await aBooking({ state: 'completed' })
    await ok(post(story, '/report-cash', story.client))
    const reason = { reason: 'They left.' }
    expect((await post(story, '/object-to-cash', story.client, reason)).status).toBe(403)
    const objected = await ok(post(story, '/object-to-cash', story.tasker, reason))
    expect(objected.body).toMatchObject({ review: 'cash_objection', settlesAt: null })
    await sweep()
    expect(await paymentOf(story)).toMatchObject({ status: 'requires_action' })
    const decision = { amountMinor: 12_000, reason: 'Both sent us the receipt.' }
    for (const as of [story.client, story.tasker])
      expect((await post(story, '/settle-cash', as, decision)).status).toBe(403)
    const ops = await anOps()
    const inReview = await ok(api('/v1/payments?review=true', { as: ops }))
    expect(inReview.body.data.map(({ id }: { id: string }) => id)).toContain(objected.body.id)
    const settled = await ok(post(story, '/settle-cash', ops, decision))
    expect(settled.body).toMatchObject({ status: 'captured', amountCaptured: 12_000, review: null })
    expect(await taskStateOf(story.taskId)).toBe('settled')
    expect(await post(story, '/settle-cash', ops, decision)).toMatchObject({ status: 409 })
  })

  it('where no fare is known: staff name it', async () => {
    const story = await aBooking({ state: 'completed', rate: null })
    expect(await paymentOf(story)).toMatchObject({ review: 'no_fare' })
    await letPass(story, 100)
    await sweep()
    expect(await paymentOf(story)).toMatchObject({ status: 'requires_action' })
    const ops = await anOps()
    expect(await post(story, '/settle-cash', ops, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'fare_unavailable' },
    })
    await ok(post(story, '/settle-cash', ops, { amountMinor: 7_000, reason: 'Agreed by both.' }))
    expect(await paymentOf(story)).toMatchObject({ status: 'captured', amountCaptured: 7_000, review: null })
  })

  it('but waits for a dispute, and begins its wait anew after it', async () => {
    const story = await aBooking({ state: 'completed' })
    const id = await dispute(story)
    await letPass(story, 100)
    await sweep()
    expect(await paymentOf(story)).toMatchObject({ status: 'requires_action' })
    await ok(api(`/v1/disputes/${id}/resolve`, { as: await anOps(), body: {} }))
    expect(hoursUntil((await paymentOf(story)).settlesAt)).toBeCloseTo(72, 0)
  })

  it('reminds both sides once before the end', async () => {
    const story = await aBooking({ state: 'completed' })
    await sweep()
    const remindedAt = async () =>
      (
        await database().read<{ at: string | null }>(
          sql`select reminded_at as at from payment_intents where booking_id = ${story.bookingId}`,
        )
      )[0]?.at
    expect(await remindedAt()).toBeNull()
    await letPass(story, 49)
    await sweep()
    const first = await remindedAt()
    expect(first).not.toBeNull()
    await sweep()
    expect(await remindedAt()).toBe(first)
  })
})

describe('a wallet', () => {
  async function withWallet(
    amount: number,
    state: 'accepted' | 'completed' = 'accepted',
  ): Promise<BookedStory> {
    const story = await aBooking({ state, estMaxAmount: 30_000 })
    await database().write([
      adjust([
        { account: 'platform_clearing', owner: null, amount: -amount },
        { account: 'client_wallet', owner: story.client.userId, amount },
      ]),
    ])
    return story
  }
  const walletOf = async ({ client }: BookedStory) =>
    (
      await database().read<{ balance: number; held: number }>(sql`
        select b.balance, b.held from ledger_balances b join ledger_accounts a on a.id = b.account_id
         where a.kind = 'client_wallet' and a.owner_user_id = ${client.userId}`)
    )[0]

  it('holds what a booking can cost, and pays the fare at completion', async () => {
    const story = await withWallet(50_000)
    const { body } = await ok(choose(story, 'wallet'))
    expect(body).toMatchObject({ method: 'wallet', status: 'authorized', amountAuthorized: 30_000 })
    expect(await walletOf(story)).toEqual({ balance: 50_000, held: 30_000 })
    const steps: [string, Caller][] = [
      ['confirm', story.client],
      ['start', story.tasker],
      ['complete', story.tasker],
    ]
    for (const [step, as] of steps)
      await ok(api(`/v1/bookings/${story.bookingId}/${step}`, { as, method: 'POST' }))
    expect(await paymentOf(story)).toMatchObject({ status: 'captured', amountCaptured: fare })
    expect(await walletOf(story)).toEqual({ balance: 30_000, held: 0 })
    expect(await taskStateOf(story.taskId)).toBe('settled')
    const { body: earnings } = await ok(api('/v1/me/earnings', { as: story.tasker }))
    expect(earnings.currencies).toMatchObject([{ payableAmount: 17_000, owedFeeAmount: 0 }])
  })

  it('that does not reach is refused, and nothing is held', async () => {
    const story = await withWallet(29_999)
    expect(await choose(story, 'wallet')).toMatchObject({
      status: 409,
      body: { code: 'insufficient_balance' },
    })
    expect(await walletOf(story)).toEqual({ balance: 29_999, held: 0 })
    expect(await paymentOf(story)).toMatchObject({ method: 'cash', status: 'requires_action' })
  })

  it('is released by another method, by a cancellation, and pays at once after the work', async () => {
    const story = await withWallet(50_000)
    await ok(choose(story, 'wallet'))
    expect(await ok(choose(story, 'cash'))).toMatchObject({
      body: { method: 'cash', status: 'requires_action', amountAuthorized: 0 },
    })
    expect(await walletOf(story)).toEqual({ balance: 50_000, held: 0 })
    await ok(choose(story, 'wallet'))
    await ok(api(`/v1/bookings/${story.bookingId}/cancel`, { as: story.client, body: { reason: 'Ill.' } }))
    expect(await paymentOf(story)).toMatchObject({ status: 'canceled' })
    expect(await walletOf(story)).toEqual({ balance: 50_000, held: 0 })
    const late = await withWallet(50_000, 'completed')
    expect(await ok(choose(late, 'wallet'))).toMatchObject({
      body: { status: 'captured', amountCaptured: fare },
    })
    expect(await choose(late, 'cash')).toMatchObject({ status: 409, body: { code: 'already_paid' } })
  })
})

describe('a refund by staff', () => {
  const refund = (id: string, as: Caller, body: object) =>
    api(`/v1/payments/${id}/refunds`, { as, body, headers: withKey() })

  it('goes back in parts, never more than was paid, and is a document of its own', async () => {
    const story = await aBooking({ state: 'completed' })
    await pay(story)
    const { id } = await paymentOf(story)
    const admin = await anAdmin()
    const body = { amountMinor: 15_000, reason: 'requested' }
    expect((await refund(id, await anOps(), body)).status).toBe(403)
    expect((await refund(id, story.client, body)).status).toBe(403)
    const first = await refund(id, admin, body)
    expect(first).toMatchObject({
      status: 201,
      body: { amount: 15_000, destination: 'wallet', status: 'succeeded', bookingId: story.bookingId },
    })
    expect(await refund(id, admin, body)).toMatchObject({ status: 422, body: { code: 'amount_above_paid' } })
    const rest = await refund(id, admin, { reason: 'duplicate' })
    expect(rest).toMatchObject({ status: 201, body: { amount: 5_000 } })
    expect(await paymentOf(story)).toMatchObject({ amountRefunded: fare })
    for (const as of [story.client, story.tasker, admin])
      expect((await ok(api(`/v1/refunds/${first.body.id}`, { as }))).body.amount).toBe(15_000)
    expect((await api(`/v1/refunds/${first.body.id}`, { as: await aTasker() })).status).toBe(404)
    const { body: listed } = await ok(api(`/v1/refunds?paymentId=${id}`, { as: story.client }))
    expect(listed.data.map(({ amount }: { amount: number }) => amount)).toEqual([5_000, 15_000])
  })
})
