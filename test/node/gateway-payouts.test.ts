import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { workOnEvents } from '../../src/areas/money/gateways/receiving.ts'
import { createBatch } from '../../src/areas/money/payouts/batches.ts'
import { holdPayout, retryPayout } from '../../src/areas/money/payouts/payouts.ts'
import { payoutRoutes } from '../../src/areas/money/payouts/routing.ts'
import { sendPayout } from '../../src/areas/money/payouts/sending.ts'
import { listItems, runReconciliation } from '../../src/areas/money/reconciliation/reconciliations.ts'
import { openPayoutWorld, type Payer, type PayoutWorld } from '../support/payout-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The request that moves money. */
const paths: Record<Payer, string> = {
  paystack: 'POST /transfer$',
  flutterwave: '/transfers$',
  razorpay: 'POST /v1/payouts$',
  paypal: 'POST /v1/payments/payouts$',
}

describeReal.each(Object.keys(paths) as Payer[])('payouts through %s', (gateway) => {
  let world: PayoutWorld
  const on = paths[gateway]

  beforeAll(async () => {
    world = await openPayoutWorld(gateway)
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await world.query('update payment_gateway_configs set failures = 0, paused_until = null')
    return () => vi.restoreAllMocks()
  })

  /** Time passes at the gateway, and what it tells is heard. */
  const later = async (ms = hourMs) => {
    await world.simulator.advance(ms)
    await world.simulator.settle()
  }

  it('is sent by the job, and paid when the gateway says so', async () => {
    const { id, owner } = await world.aPayout()
    expect(await world.work()).toMatchObject({ accounts: 1, payouts: 1 })
    expect(await world.stateOf(id)).toMatchObject({ status: 'processing', provider: gateway, attempts: 1 })
    expect(await world.owed(owner)).toBe(0)
    await later()
    expect(await world.stateOf(id)).toMatchObject({ status: 'paid' })
    const [event] = await world.query(
      `select outcome from gateway_events where about = 'payout' and processed_at is not null order by id desc limit 1`,
    )
    expect(event).toEqual({ outcome: 'done' })
    expect(await world.work()).toEqual({ checks: 0, accounts: 0, payouts: 0 })
    await world.balanced()
  })

  it.each(['cut', '500_after_commit', 'garble'] as const)(
    'is paid once where the answer is lost (%s)',
    async (kind) => {
      const { id } = await world.aPayout()
      world.simulator.plan({ kind, on }, { kind: 'never' })
      await world.work()
      expect(await world.stateOf(id)).toMatchObject({ status: 'processing' })
      await world.askAgain()
      await later()
      await world.askAgain()
      expect(await world.stateOf(id)).toMatchObject({ status: 'paid', attempts: 1 })
      await world.balanced()
    },
  )

  it('is paid once where the request never arrived', async () => {
    const { id } = await world.aPayout()
    world.simulator.plan({ kind: '500_before', on })
    await world.work()
    expect(await world.stateOf(id)).toMatchObject({ status: 'processing' })
    await world.askAgain()
    await later()
    expect(await world.stateOf(id)).toMatchObject({ status: 'paid', attempts: 1 })
    await world.balanced()
  })

  it('is paid once after a crash between the claim and the call', async () => {
    const { id } = await world.aPayout()
    await world.bySystem(() => world.query('select khidma.start_payout($1, $2, null)', [id, world.configId]))
    await world.work()
    expect(await world.stateOf(id)).toMatchObject({ status: 'processing' })
    await world.askAgain()
    await later()
    expect(await world.stateOf(id)).toMatchObject({ status: 'paid', attempts: 1 })
    await world.balanced()
  })

  it('is paid once however many send it', async () => {
    const payouts = [await world.aPayout(), await world.aPayout(), await world.aPayout()]
    await world.query('update payout_accounts set name_check_at = null')
    await Promise.all(Array.from({ length: 4 }, () => world.work()))
    await Promise.all(Array.from({ length: 4 }, () => world.askAgain()))
    await later()
    for (const { id } of payouts)
      expect(await world.stateOf(id)).toMatchObject({ status: 'paid', attempts: 1 })
    await world.balanced()
  })

  it('is followed by events that come twice, late, in no order, or never', async () => {
    world.simulator.plan({ kind: 'dup_event', copies: 2 }, { kind: 'reorder' })
    const payouts = [await world.aPayout(), await world.aPayout()]
    await world.work()
    await later()
    const silent = await world.aPayout()
    await world.work()
    world.simulator.plan({ kind: 'never' })
    await later()
    await later(dayMs)
    await world.askAgain()
    for (const { id } of [...payouts, silent])
      expect(await world.stateOf(id)).toMatchObject({ status: 'paid' })
    await world.balanced()
  })

  it('gives the money back where it fails, and is retried under a reference of its own', async () => {
    const { id, owner } = await world.aPayout()
    world.simulator.plan({ kind: 'payout_fails', code: 'SERVER_ERROR' })
    await world.work()
    await later()
    expect(await world.stateOf(id)).toMatchObject({ status: 'failed' })
    expect(await world.owed(owner)).toBe(50_000)
    await retryPayout(world.ops(), id, 'The bank is open again.')
    await world.work()
    await later()
    expect(await world.stateOf(id)).toMatchObject({ status: 'paid', attempts: 2 })
    await world.balanced()
  })

  it('gives the money back where it is returned, tells its owner, and is found so by reconciliation', async () => {
    const { id, owner } = await world.aPayout({ amount: 70_000 })
    world.simulator.plan({ kind: 'payout_returned_after', ms: 2 * hourMs })
    await world.work()
    await later()
    expect(await world.stateOf(id)).toMatchObject({ status: 'paid' })
    await later(2 * hourMs)
    expect(await world.stateOf(id)).toMatchObject({ status: 'returned' })
    expect(await world.owed(owner)).toBe(70_000)
    const events = await world.query<{ type: string }>(
      'select type from outbox where object_id = $1 order by id desc limit 1',
      [id],
    )
    expect(events).toEqual([{ type: 'payout.returned' }])
    await world.balanced()
  })

  it('is not sent while it is held, nor by a gateway that is paused: finance takes it', async () => {
    const [held, paused] = [await world.aPayout(), await world.aPayout()]
    await holdPayout(world.ops(), held.id, 'Looks odd.')
    await world.query(`update payment_gateway_configs set paused_until = now() + interval '1 hour'`)
    expect(await world.work()).toMatchObject({ payouts: 0 })
    const batch = await createBatch(world.ops(), world.currency)
    expect(batch).toMatchObject({ payouts: 1 })
    expect(await world.stateOf(paused.id)).toMatchObject({ status: 'processing', provider: 'manual' })
    expect(await world.stateOf(held.id)).toMatchObject({ status: 'scheduled' })
  })

  it('is not sent to an account that the gateway does not reach', async () => {
    const to = {
      kind: 'mobile_wallet',
      country: 'EG',
      network: 'x',
      phone: '+201001234567',
      holderName: 'X',
    } as const
    const unreached = world.currency === 'INR' || world.currency === 'USD'
    if (unreached) {
      const { id } = await world.aPayout({ to })
      await world.work()
      expect(await world.stateOf(id)).toMatchObject({ status: 'scheduled' })
    }
    await world.query('update payment_gateway_configs set sends_payouts = false')
    const { id } = await world.aPayout()
    expect(await world.work()).toMatchObject({ payouts: 0 })
    expect(await world.stateOf(id)).toMatchObject({ status: 'scheduled' })
    await world.query('update payment_gateway_configs set sends_payouts = true')
    await world.work()
    expect(await world.stateOf(id)).toMatchObject({ status: 'processing' })
    await later()
  })

  it('is where the gateway’s list of each day says it is', async () => {
    // Some lists are late by hours.
    await later(4 * hourMs)
    // Up to the day that it is at the gateway, at whatever hour this runs.
    const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
    const last = dayOf(world.simulator.now())
    for (let ms = Date.now() - dayMs; dayOf(ms) <= last; ms += dayMs) {
      const day = dayOf(ms)
      await runReconciliation(world.ops(), world.system, world.configId, day)
    }
    const items = await listItems(world.ops(), { isUnexplained: true }, { limit: 100, after: null })
    expect(items).toEqual([])
    const payouts = await listItems(world.ops(), {}, { limit: 100, after: null })
    expect(payouts.filter(({ kind }) => kind === 'payout').length).toBeGreaterThan(5)
  })

  it('that an event names and nobody knows is left for later', async () => {
    const [{ id }] = (await world.query(
      `insert into gateway_events (id, gateway, config_id, event_id, type, about, reference, next_at)
       values (khidma.uuid_v7(), $1, $2, 'unheard-of', 'transfer.success', 'payout', 'po-nobody', now()) returning id`,
      [gateway, world.configId],
    )) as [{ id: string }]
    expect(await workOnEvents(world.system(), id)).toBe(1)
    const [event] = await world.query(
      'select outcome, next_at > now() as waits from gateway_events where id = $1',
      [id],
    )
    expect(event).toEqual({ outcome: 'later', waits: true })
  })

  it('that succeeds after it was given back is for staff to decide', async () => {
    const { id } = await world.aPayout()
    await world.work()
    const [attempt] = await world.query<{ id: string }>(
      'select id from payout_attempts where payout_id = $1',
      [id],
    )
    await world.bySystem(() =>
      world.query(`select khidma.end_payout($1, 'failed', null, null, 'other')`, [attempt?.id]),
    )
    await retryPayout(world.ops(), id, 'It has failed.')
    await later()
    expect(await world.stateOf(id)).toMatchObject({ status: 'scheduled', review: 'late_success' })
    expect(await world.work()).toMatchObject({ payouts: 0 })
    const [via] = await routed()
    await expect(sendPayout(world.system(), via as never, id)).rejects.toMatchObject({
      code: 'payout_in_review',
    })
  })

  async function routed() {
    const { gateways } = await payoutRoutes(world.system())
    return [...gateways].map(([configId, one]) => ({ configId, gateway: one }))
  }
})

describeReal('the holder of a payout account', () => {
  let world: PayoutWorld
  beforeAll(async () => {
    world = await openPayoutWorld('paystack')
  })
  afterAll(() => world.close())

  const account = async (id: string) =>
    (
      await world.query(
        'select resolved_name as name, name_match as match, name_check_at is null as settled from payout_accounts where id = $1',
        [id],
      )
    )[0]

  it('is named by the bank before the first payout', async () => {
    const payout = await world.aPayout()
    await world.work()
    expect(await account(payout.account)).toEqual({ name: 'AMA MENSAH', match: 'exact', settled: true })
    expect(await world.stateOf(payout.id)).toMatchObject({ status: 'processing' })
  })

  it('that is somebody else stops the payout', async () => {
    const payout = await world.aPayout({ to: { ...world.destination, holderName: 'Omar Farouk' } })
    expect(await world.work()).toMatchObject({ accounts: 1, payouts: 0 })
    expect(await account(payout.account)).toMatchObject({ match: 'different' })
    const [row] = await world.query(
      'select status, held_reason as reason, held_by from payouts where id = $1',
      [payout.id],
    )
    expect(row).toEqual({
      status: 'scheduled',
      reason: 'The bank names another holder of the account.',
      held_by: null,
    })
  })

  it('that no bank names keeps nothing waiting, and one that cannot be asked waits', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const unknown = await world.aPayout({
      to: { ...world.destination, accountNumber: '0123450000' } as never,
    })
    world.simulator.plan({ kind: '500_before', on: 'GET /bank/resolve' })
    await world.work()
    expect(await account(unknown.account)).toMatchObject({ settled: false })
    expect(await world.stateOf(unknown.id)).toMatchObject({ status: 'scheduled' })
    await world.query('update payout_accounts set name_check_at = now() where name_check_at is not null')
    await world.work()
    expect(await account(unknown.account)).toEqual({ name: null, match: null, settled: true })
    expect(await world.stateOf(unknown.id)).toMatchObject({ status: 'processing' })
    vi.restoreAllMocks()
  })
})
