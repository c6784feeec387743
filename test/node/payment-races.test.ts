import { afterAll, beforeAll, expect, it } from 'vitest'
import { confirmCash } from '../../src/areas/money/payments/cash.ts'
import { choosePayment } from '../../src/areas/money/payments/payments.ts'
import { openDispute, refundDispute, resolveDispute } from '../../src/areas/trust/disputes/disputes.ts'
import { createReview, type ReviewFields } from '../../src/areas/trust/reviews/reviews.ts'
import { cancelBooking } from '../../src/areas/work/bookings/bookings.ts'
import { startBooking } from '../../src/areas/work/bookings/life/start-codes.ts'
import { Problem } from '../../src/core/problems.ts'
import { postEntry, readAccounts, trialBalance } from '../support/books.ts'
import {
  asOwner,
  insertBooking,
  insertPayment,
  insertTask,
  openWorld,
  transaction,
} from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { describeReal } from '../support/real-postgres.ts'

const oneStar: ReviewFields = {
  rating: 1,
  criteria: {},
  tags: [],
  comment: null,
  isPublic: true,
  mediaIds: [],
}

const connections = 20
/** An hour at the world's rate of 120.00. */
const fare = 12_000

/** Counts what became of all: `done`, or the code of the refusal. */
async function outcomes(attempts: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const settled of await Promise.allSettled(attempts)) {
    const outcome =
      settled.status === 'fulfilled'
        ? 'done'
        : settled.reason instanceof Problem
          ? settled.reason.code
          : String(settled.reason)
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

describeReal('verbs that move money, from many connections', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, connections)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const as = (who: 'client' | 'tasker' | 'ops') => contexts.contextOf(world[who])
  const times = <T>(count: number, work: (index: number) => Promise<T>) =>
    Array.from({ length: count }, (_, index) => work(index))

  /** Each booking on a day of its own: the one tasker is never in two places. */
  let days = 0
  async function aBooking(status: string): Promise<{ task: string; booking: string }> {
    return asOwner(world.connection, async () => {
      days += 1
      const startsAt = new Date(Date.UTC(2027, 0, days)).toISOString()
      const task = await insertTask(world, { state: status, startsAt })
      const booking = await insertBooking(world, task, status)
      await insertPayment(world, booking, 'requires_action')
      return { task, booking }
    })
  }

  async function aPaidBooking(): Promise<{ task: string; booking: string }> {
    const story = await aBooking('completed')
    await choosePayment(as('client'), story.booking, 'cash')
    await confirmCash(as('tasker'), story.booking)
    return story
  }

  async function stateOf(booking: string) {
    const { rows } = await world.connection.query(
      `select b.status as booking, t.state as task, p.status as payment,
              (select count(*)::int from ledger_entries e where e.booking_id = b.id) as entries,
              (select count(*)::int from payouts o where o.booking_id = b.id) as payouts
         from bookings b join tasks t on t.id = b.task_id left join payment_intents p on p.booking_id = b.id
        where b.id = $1`,
      [booking],
    )
    return rows[0]
  }

  it('cash confirmed from 20 connections is posted once', async () => {
    const { booking } = await aBooking('completed')
    await choosePayment(as('client'), booking, 'cash')
    const counts = await outcomes(times(connections, () => confirmCash(as('tasker'), booking)))
    expect(counts).toEqual({ done: 1, invalid_transition: connections - 1 })
    expect(await stateOf(booking)).toEqual({
      booking: 'completed',
      task: 'settled',
      payment: 'captured',
      entries: 3,
      payouts: 1,
    })
    expect(await trialBalance(world.connection)).toBe(0)
  })

  it('a payment method chosen from 20 connections leaves one payment, held once', async () => {
    const { booking } = await aBooking('confirmed')
    const lines = [
      { account: 'platform_clearing', owner: null, amount: -12_000 },
      { account: 'client_wallet', owner: world.client.id, amount: 12_000 },
    ]
    await transaction(world.connection, world.system, () => postEntry(world.connection, { lines }))
    const methods = times(connections, (index) =>
      choosePayment(as('client'), booking, index % 2 === 0 ? 'cash' : 'wallet'),
    )
    expect(await outcomes(methods)).toEqual({ done: connections })
    await choosePayment(as('client'), booking, 'wallet')
    const { rows } = await world.connection.query(
      `select (select count(*)::int from payment_intents where booking_id = $1) as payments, sum(amount)::int as held
         from ledger_holds where status = 'held'`,
      [booking],
    )
    expect(rows).toEqual([{ payments: 1, held: 12_000 }])
    await choosePayment(as('client'), booking, 'cash')
  })

  it('a payment and the cancellation of its booking end in consistent states', async () => {
    for (let round = 0; round < 10; round++) {
      const { booking } = await aBooking('confirmed')
      await outcomes([
        choosePayment(as('client'), booking, 'cash'),
        cancelBooking(as('tasker'), booking, 'Ill.'),
        startBooking(as('tasker'), booking),
      ])
      const { booking: status, payment } = await stateOf(booking)
      expect(['canceled', 'in_progress']).toContain(status)
      expect(payment).toBe(status === 'canceled' ? 'canceled' : 'requires_action')
    }
  })

  it('simultaneous cash and dispute end paid and disputed, or disputed and unpaid', async () => {
    for (let round = 0; round < 20; round++) {
      const { booking } = await aBooking('completed')
      await choosePayment(as('client'), booking, 'cash')
      const attempts = [
        () => confirmCash(as('tasker'), booking),
        () => openDispute(as('client'), booking, { reason: 'It drips.' }),
        () => createReview(as('client'), booking, oneStar),
        () => createReview(as('tasker'), booking, oneStar),
      ]
      const counts = await outcomes(attempts.map((attempt) => attempt()))
      for (const outcome of Object.keys(counts))
        expect(['done', 'payment_not_due', 'not_reviewable']).toContain(outcome)
      const { booking: status, task, payment, entries } = await stateOf(booking)
      expect([status, task]).toEqual(['disputed', 'disputed'])
      expect([
        ['captured', 3],
        ['requires_action', 0],
      ]).toContainEqual([payment, entries])
    }
    expect(await trialBalance(world.connection)).toBe(0)
  })

  it('a dispute is opened once and refunded once under concurrent decisions', async () => {
    const { booking } = await aPaidBooking()
    const opened = await outcomes(
      times(connections, () => openDispute(as('client'), booking, { reason: 'It drips.' })),
    )
    expect(opened).toEqual({ done: 1, invalid_transition: connections - 1 })
    const { rows } = await world.connection.query('select id from disputes where booking_id = $1', [booking])
    const dispute = rows[0].id as string
    const decided = await outcomes([
      ...times(connections - 5, () => refundDispute(as('ops'), dispute, { amount: 1_000 })),
      ...times(5, () => resolveDispute(as('ops'), dispute, {})),
    ])
    expect(decided).toEqual({ done: 1, invalid_transition: connections - 1 })
    const { rows: refunds } = await world.connection.query(
      `select count(*)::int as n from ledger_entries where booking_id = $1 and entry_type = 'refund'`,
      [booking],
    )
    expect(refunds[0].n).toBeLessThanOrEqual(1)
    expect(await stateOf(booking)).toMatchObject({ booking: 'completed', task: 'settled' })
  })

  it('concurrent refunds of one tasker use the payable amount once, and owe the rest', async () => {
    const disputes: string[] = []
    for (let count = 0; count < 10; count++) {
      const { booking } = await aPaidBooking()
      disputes.push((await openDispute(as('client'), booking, { reason: 'It drips.' })).id)
    }
    const lines = [
      { account: 'platform_clearing', owner: null, amount: -25_000 },
      { account: 'tasker_payable', owner: world.tasker.id, amount: 25_000 },
    ]
    await transaction(world.connection, world.system, () => postEntry(world.connection, { lines }))
    const balances = async () =>
      Object.fromEntries((await readAccounts(world.connection)).map(({ kind, balance }) => [kind, balance]))
    const before = await balances()
    const counts = await outcomes(disputes.map((id) => refundDispute(as('ops'), id, { amount: fare })))
    expect(counts).toEqual({ done: 10 })
    const after = await balances()
    const change = (kind: string) => (after[kind] ?? 0) - (before[kind] ?? 0)
    expect(before.tasker_payable).toBe(25_000)
    expect(after.tasker_payable).toBe(0)
    expect(change('client_wallet')).toBe(10 * fare)
    expect(change('refund_receivable')).toBe(25_000 - 10 * fare)
    expect(await trialBalance(world.connection)).toBe(0)
  })
})
