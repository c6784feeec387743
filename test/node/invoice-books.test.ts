import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { checkInvoices, invoiceEntries } from '../../src/areas/commerce/invoices/jobs.ts'
import { newId } from '../../src/core/ids.ts'
import { postEntry } from '../support/books.ts'
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

/** Deterministic, so that a failure can be looked at again. */
function randomOf(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describeReal('invoices of the books', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  const random = randomOf(20_261_130)

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 4)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const rowsOf = async (text: string, values: unknown[] = []) =>
    (await world.connection.query(text, values)).rows
  const differences = () => rowsOf('select what, expected::int, found::int from khidma.invoice_differences()')
  const bySystem = (text: string, values: unknown[] = []) =>
    transaction(world.connection, world.system, () => world.connection.query(text, values))
  const run = () => invoiceEntries(contexts.systemContext('cron.invoiceEntries'))
  /** The proof of another day. */
  async function nightly() {
    await asOwner(world.connection, () =>
      world.connection.query(`update invoice_checks set created_at = created_at - interval '1 day'`),
    )
    return checkInvoices(contexts.systemContext('cron.checkInvoices'))
  }
  const invoicesOf = (booking: string) =>
    rowsOf(
      `select i.kind, i.series, i.total::int, i.status, l.kind as line from invoices i join invoice_lines l on l.invoice_id = i.id
        where i.booking_id = $1 order by i.id`,
      [booking],
    )

  async function aBooking(status = 'completed') {
    return asOwner(world.connection, async () => {
      const task = await insertTask(world, {
        state: status === 'canceled' ? 'canceled_by_client' : 'completed',
      })
      return insertBooking(world, task, status)
    })
  }
  async function pay(booking: string, amount: number, method: 'cash' | 'card') {
    const payment = await asOwner(world.connection, () => insertPayment(world, booking, 'requires_action'))
    if (method === 'card')
      await asOwner(world.connection, () =>
        world.connection.query(
          `update payment_intents set method = 'card', provider = 'stripe', status = 'authorized', amount_authorized = $2 where id = $1`,
          [payment, amount],
        ),
      )
    await bySystem('select khidma.capture_payment($1, $2)', [payment, amount])
    return payment
  }
  const refund = (payment: string, amount: number) =>
    transaction(world.connection, world.ops, () =>
      world.connection.query(`select khidma.open_refund($1, $2, $3, 'requested', 'wallet', null, null)`, [
        newId(),
        payment,
        amount,
      ]),
    )

  it('are the fare to the client and the commission to who earned it', async () => {
    const booking = await aBooking()
    await pay(booking, 30_000, 'card')
    expect(await run()).toMatchObject({ issued: 2 })
    expect(await run()).toMatchObject({ issued: 0, credited: 0 })
    expect(await invoicesOf(booking)).toEqual([
      { kind: 'invoice', series: 'F', total: 30_000, status: 'paid', line: 'service' },
      { kind: 'invoice', series: 'S', total: 4_500, status: 'paid', line: 'commission' },
    ])
  })

  it('of commission on cash are due, and paid when the debt is', async () => {
    const booking = await aBooking()
    await pay(booking, 10_000, 'cash')
    await run()
    const commission = async () => (await invoicesOf(booking)).find(({ series }) => series === 'S')
    expect(await commission()).toMatchObject({ total: 1_500, status: 'issued' })
    await bySystem(`select khidma.post_debts('debt_netted', 'debt_netting', $1, $2, null, 'EGP', 1500)`, [
      newId(),
      world.tasker.id,
    ])
    expect(await run()).toMatchObject({ settled: 1 })
    expect(await commission()).toMatchObject({ status: 'paid' })
  })

  it('are credited by a refund and by a fee that is waived, not by the refund of a tip', async () => {
    const booking = await aBooking()
    const payment = await pay(booking, 8_000, 'card')
    const tip = await pay(booking, 900, 'card').catch(() => null)
    expect(tip).toBeNull()
    await run()
    await refund(payment, 3_000)
    expect(await run()).toMatchObject({ issued: 0, credited: 1 })
    expect(await invoicesOf(booking)).toContainEqual({
      kind: 'credit_note',
      series: 'FC',
      total: 3_000,
      status: 'issued',
      line: 'service',
    })

    const canceled = await aBooking('canceled')
    await asOwner(world.connection, () =>
      world.connection.query(
        `update bookings set cancellation_fee_amount = 2000, cancellation_fee_payer = 'client' where id = $1`,
        [canceled],
      ),
    )
    await bySystem('select khidma.owe_fee(b, 2000) from bookings b where b.id = $1', [canceled])
    await run()
    expect(await invoicesOf(canceled)).toEqual([
      { kind: 'invoice', series: 'S', total: 2_000, status: 'issued', line: 'fee' },
    ])
    await transaction(world.connection, world.ops, () =>
      world.connection.query('select khidma.give_back_fee($1, $2)', [canceled, newId()]),
    )
    await run()
    expect(await invoicesOf(canceled)).toEqual([
      { kind: 'invoice', series: 'S', total: 2_000, status: 'paid', line: 'fee' },
      { kind: 'credit_note', series: 'SC', total: 2_000, status: 'issued', line: 'fee' },
    ])
  })

  it('add up to the entries over random bookings', async () => {
    for (let count = 0; count < 60; count++) {
      const booking = await aBooking()
      const amount = 1 + random(90_000)
      const payment = await pay(booking, amount, random(2) === 0 ? 'cash' : 'card')
      if (random(3) === 0) await refund(payment, 1 + random(amount))
      if (random(4) === 0) await run()
    }
    await run()
    await run()
    expect(await differences()).toEqual([])
    const [sums] = await rowsOf(`
      select (select sum(i.total) from invoices i where i.series = 'F')::int as fares,
             (select sum(l.amount) from ledger_lines l join ledger_entries e on e.id = l.entry_id
               where e.posting in ('cash_fare', 'gateway_capture') and l.amount > 0)::int as "entriesOfFares",
             (select sum(i.total) from invoices i where i.series = 'FC')::int as credits,
             (select sum(l.amount) from ledger_lines l join ledger_entries e on e.id = l.entry_id
               where e.posting = 'refund_to_wallet' and l.amount > 0)::int as refunds,
             (select sum(i.total) from invoices i join invoice_lines l on l.invoice_id = i.id where l.kind = 'commission')::int as commission,
             (select sum(l.amount) from ledger_lines l join ledger_entries e on e.id = l.entry_id join ledger_accounts a on a.id = l.account_id
               where a.kind = 'platform_fee' and e.posting in ('cash_commission', 'gateway_capture'))::int as "entriesOfCommission"`)
    expect(sums.fares).toBe(sums.entriesOfFares)
    expect(sums.credits).toBe(sums.refunds)
    expect(sums.commission).toBe(sums.entriesOfCommission)
  }, 60_000)

  it('that were missed are issued by the nightly proof, which finds nothing then', async () => {
    await bySystem(`update invoice_progress set invoiced_until = now() + interval '3 hours'`)
    const booking = await aBooking()
    await pay(booking, 5_000, 'card')
    expect(await run()).toMatchObject({ issued: 0 })
    expect(await differences()).toHaveLength(2)
    expect(await nightly()).toEqual({ checks: 1, differences: 0 })
    expect(await invoicesOf(booking)).toHaveLength(2)
    await bySystem('update invoice_progress set invoiced_until = now()')
  })

  it.each([
    ['a line', 'content', `update invoice_lines set description = 'Something else' where invoice_id = $1`],
    [
      'the amount of a line',
      'total',
      'update invoice_lines set unit_price = unit_price + 1, total = total + 1 where invoice_id = $1',
    ],
    [
      'an invoice with its lines',
      'invoiced',
      `with l as (update invoice_lines set unit_price = unit_price - 1, total = total - 1 where invoice_id = $1)
       update invoices set subtotal = subtotal - 1, total = total - 1, updated_at = now() where id = $1`,
    ],
    [
      'its taxes',
      'rate',
      `with t as (insert into invoice_tax_lines values ($1, 1, 'VAT', 'VAT', 1400, 1000, 141, true)), l as (update invoice_lines set tax = 141 where invoice_id = $1)
       update invoices set tax = 141 where id = $1`,
    ],
    ['its number', 'numbers', 'update invoices set number = 1000000 where id = $1'],
  ])('finds that somebody has changed %s past the triggers', async (_what, what, statement) => {
    const booking = await aBooking()
    await pay(booking, 5_000, 'card')
    await run()
    const [invoice] = await rowsOf(`select id from invoices where booking_id = $1 order by id limit 1`, [
      booking,
    ])
    await nightly()
    await world.connection.query('begin')
    try {
      await world.connection.query('set local session_replication_role = replica')
      await world.connection.query(statement, [invoice?.id])
      expect((await differences()).map((difference) => difference.what)).toContain(what)
    } finally {
      await world.connection.query('rollback')
    }
  })

  it('raise an alarm where they differ, until they are right again', async () => {
    const alarm = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const change = (by: number) =>
      asOwner(world.connection, () =>
        world.connection.query(
          `update invoices set discount = discount + $1, updated_at = now() where id = (select min(id::text)::uuid from invoices)`,
          [by],
        ),
      )
    await change(1)
    expect(await nightly()).toMatchObject({ checks: 1, differences: 2 })
    expect(alarm).toHaveBeenCalledWith(
      expect.objectContaining({ message: 'invoices.differ', differences: 2 }),
    )
    expect(await nightly()).toMatchObject({ differences: 2 })
    await change(-1)
    expect(await nightly()).toMatchObject({ differences: 0 })
    expect(await checkInvoices(contexts.systemContext('cron.checkInvoices'))).toEqual({
      checks: 0,
      differences: 0,
    })
    alarm.mockRestore()
  })

  it('are of entries that are sales, and of no other', async () => {
    await transaction(world.connection, world.system, () =>
      postEntry(world.connection, {
        lines: [
          { account: 'platform_clearing', owner: null, amount: -100 },
          { account: 'client_wallet', owner: world.client.id, amount: 100 },
        ],
      }),
    )
    expect(await run()).toMatchObject({ issued: 0, credited: 0 })
  })
})
