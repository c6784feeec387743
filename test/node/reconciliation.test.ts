import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createRefund } from '../../src/areas/money/payments/refunds.ts'
import {
  getReconciliation,
  listItems,
  resolveItem,
  runReconciliation,
} from '../../src/areas/money/reconciliation/reconciliations.ts'
import { reconcileDueDays } from '../../src/areas/money/reconciliation/runs.ts'
import { type CardPayment, type CardWorld, openCardWorld } from '../support/card-world.ts'
import { asOwner } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const dayMs = 86_400_000

describeReal('reconciliation', () => {
  let card: CardWorld
  let payments: CardPayment[]
  let today: string
  let yesterday: string

  beforeAll(async () => {
    card = await openCardWorld()
    payments = [await card.aPayment(), await card.aPayment(), await card.aPayment()]
    const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
    today = dayOf(card.simulator.now())
    yesterday = dayOf(card.simulator.now() - dayMs)
  })
  afterAll(() => card.close())
  beforeEach(() => card.query('update payment_gateway_configs set failures = 0, paused_until = null'))

  const run = (day = today) => runReconciliation(card.as('ops'), card.system, card.configId, day)
  const unexplained = () => listItems(card.as('ops'), { isUnexplained: true }, { limit: 100, after: null })
  const nth = (n: number): CardPayment => payments[n] as CardPayment
  const feesThere = () => card.there('fees')

  /** A refund that our books have as made; the gateway may know it or not. */
  async function refunded(payment: CardPayment, now = new Date()): Promise<string> {
    const { id } = await createRefund({ ...card.as('ops'), now }, payment.id, {
      amount: 1_000,
      reason: 'requested',
      destination: 'original',
    })
    return id
  }
  const made = (id: string, reference: string) =>
    card.system().db.write([sql`select khidma.end_refund(${id}, 'succeeded', ${reference}, null)`])

  it('finds a day of payments, refunds and chargebacks equal, and books the fees that nobody named, once', async () => {
    await refunded(nth(0))
    await card.work(nth(0).id)
    const reference = await card.simulator.chargeback({ reference: nth(1).reference, major: '30.00' })
    await card.simulator.settle()
    await card.simulator.endChargeback({ gatewayReference: reference, outcome: 'won' })
    await card.simulator.settle()
    expect(-(await card.balanceOf('gateway_fees'))).toBeLessThan(feesThere())
    const first = await run()
    expect(first).toMatchObject({ status: 'balanced', unexplained: 0, missingHere: 0, missingThere: 0 })
    expect(first.matched + first.feesBooked).toBe(5)
    expect(first.feesBooked).toBeGreaterThan(0)
    expect(-(await card.balanceOf('gateway_fees'))).toBe(feesThere())
    await card.balanced()
    const entries = () => card.query('select count(*)::int as n from ledger_entries')
    const before = await entries()
    expect(await run()).toMatchObject({ id: first.id, status: 'balanced', feesBooked: first.feesBooked })
    expect(await entries()).toEqual(before)
    expect(first.sums).toEqual([{ currency: 'EGP', there: 35_000, here: 35_000, fees: feesThere() }])
  })

  it('learns of a chargeback that no event named', async () => {
    card.simulator.plan({ kind: 'never' }, { kind: 'never' })
    const reference = await card.simulator.chargeback({ reference: nth(2).reference })
    await card.simulator.settle()
    const known = () => card.query('select status from chargebacks where gateway_reference = $1', [reference])
    expect(await known()).toEqual([])
    expect(await run()).toMatchObject({ status: 'balanced' })
    expect(await known()).toEqual([{ status: 'open' }])
    await card.balanced()
  })

  it('names a refund that was made elsewhere, until somebody explains it', async () => {
    const alarms = vi.spyOn(console, 'error').mockImplementation(() => {})
    await card.simulator.refundOutside({ reference: nth(0).reference, major: '10.00' })
    await card.simulator.settle()
    const found = await run()
    expect(found).toMatchObject({ status: 'unexplained', unexplained: 1, missingHere: 1 })
    expect(alarms).toHaveBeenCalledWith({
      message: 'reconciliation.unexplained',
      reconciliationId: found.id,
      gateway: 'stripe',
      day: today,
      items: 1,
    })
    alarms.mockRestore()
    const [item, ...others] = await unexplained()
    expect(others).toEqual([])
    expect(item).toMatchObject({
      outcome: 'missing_here',
      kind: 'refund',
      amountThere: -1_000,
      amountHere: null,
    })
    const id = item?.id as string
    expect(await resolveItem(card.as('ops'), id, 'Refunded on the dashboard.')).toMatchObject({
      resolvedBy: card.world.ops.id,
      note: 'Refunded on the dashboard.',
    })
    await expect(resolveItem(card.as('ops'), id, 'Twice.')).rejects.toMatchObject({
      code: 'nothing_to_resolve',
    })
    expect(await getReconciliation(card.as('ops'), found.id)).toMatchObject({
      status: 'balanced',
      missingHere: 1,
    })
    expect(await run()).toMatchObject({ status: 'balanced', missingHere: 1, unexplained: 0 })
  })

  it('names what only the books have', async () => {
    const id = await refunded(nth(0))
    await made(id, 're_nowhere')
    expect(await run()).toMatchObject({ status: 'unexplained', unexplained: 1, missingThere: 1 })
    const [item] = await unexplained()
    expect(item).toMatchObject({
      outcome: 'missing_there',
      amountThere: null,
      amountHere: -1_000,
      documentId: id,
    })
    // The gateway makes it after all.
    await asOwner(card.world.connection, () =>
      card.query('update refunds set provider_reference = null where id = $1', [id]),
    )
    await card.query(`update refunds set provider_reference = $2 where id = $1`, [
      id,
      await madeThere(id, nth(0)),
    ])
    expect(await run()).toMatchObject({ status: 'balanced', missingThere: 0 })
  })

  /** Makes a refund at the gateway under our reference. */
  async function madeThere(id: string, payment: CardPayment): Promise<string> {
    const [attempt] = await card.query<{ r: string }>(
      'select gateway_reference as r from payment_transactions where reference = $1',
      [payment.reference],
    )
    const answer = await fetch(`${card.simulator.origin}/v1/refunds`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${(card.config as { secretKey: string }).secretKey}`,
        'content-type': 'application/x-www-form-urlencoded',
        'idempotency-key': id,
      },
      body: new URLSearchParams({ payment_intent: attempt?.r ?? '', amount: '1000', 'metadata[ref]': id }),
    })
    return ((await answer.json()) as { id: string }).id
  }

  it('names another amount, and forgets it once the amounts agree', async () => {
    const id = await refunded(nth(1))
    await card.work(nth(1).id)
    const amount = (more: number) =>
      asOwner(card.world.connection, () =>
        card.query('update refunds set amount = amount + $2, from_debt = from_debt + $2 where id = $1', [
          id,
          more,
        ]),
      )
    await amount(100)
    expect(await run()).toMatchObject({ status: 'unexplained', amountDiffers: 1 })
    const [item] = await unexplained()
    expect(item).toMatchObject({ outcome: 'amount_differs', amountThere: -1_000, amountHere: -1_100 })
    await amount(-100)
    expect(await run()).toMatchObject({ status: 'balanced', amountDiffers: 0 })
  })

  it('lets another day explain what a day could not: clocks differ around midnight', async () => {
    const before = new Date(Date.now() - dayMs)
    const id = await refunded(nth(1), before)
    await made(id, await madeThere(id, nth(1)))
    await asOwner(card.world.connection, () =>
      card.query('update refunds set completed_at = $2 where id = $1', [id, before]),
    )
    const early = await run(yesterday)
    expect(early).toMatchObject({ status: 'unexplained', missingThere: 1 })
    expect(await run(today)).toMatchObject({ status: 'balanced', missingThere: 0 })
    expect(await getReconciliation(card.as('ops'), early.id)).toMatchObject({
      status: 'balanced',
      unexplained: 0,
    })
    expect(await run(yesterday)).toMatchObject({ status: 'balanced', missingThere: 0 })
    expect(await unexplained()).toEqual([])
    await card.query('delete from reconciliation_items where reconciliation_id = $1', [early.id])
    await card.query('delete from reconciliations where id = $1', [early.id])
  })

  it('fails aloud where the gateway gives no list, and is tried again', async () => {
    const alarms = vi.spyOn(console, 'error').mockImplementation(() => {})
    const noList = { kind: '500_before', on: 'balance_transactions' } as const
    card.simulator.plan(noList)
    await expect(run(yesterday)).rejects.toMatchObject({ code: 'gateway_unavailable' })
    expect(alarms).toHaveBeenCalledWith(expect.objectContaining({ message: 'reconciliation.failed' }))
    alarms.mockRestore()
    const state = () => card.query('select status, failure from reconciliations where day = $1', [yesterday])
    expect(await state()).toEqual([{ status: 'failed', failure: 'answered_500' }])
    expect(await run(yesterday)).toMatchObject({ status: 'balanced', failure: null })
  })

  it('happens once for each day that has ended', async () => {
    await card.query(`update payment_gateway_configs set activated_at = now() - interval '10 days'`)
    await card.query(
      `delete from reconciliation_items where reconciliation_id in (select id from reconciliations where day < $1)`,
      [today],
    )
    await card.query('delete from reconciliations where day < $1', [today])
    expect(await reconcileDueDays(card.system())).toEqual({ days: 3, unexplained: 0 })
    expect(await reconcileDueDays(card.system())).toEqual({ days: 0, unexplained: 0 })
    // One that failed comes again, an hour later.
    await card.query(
      `update reconciliations set status = 'failed', started_at = now() - interval '2 hours' where day < $1`,
      [today],
    )
    expect(await reconcileDueDays(card.system())).toMatchObject({ days: 3 })
  })
})
