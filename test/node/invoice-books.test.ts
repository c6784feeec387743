import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { checkInvoices } from '../../src/areas/commerce/invoices/jobs.ts'
import { newId } from '../../src/core/ids.ts'
import { postEntry } from '../support/books.ts'
import { eventually } from '../support/eventually.ts'
import { asOwner, transaction } from '../support/integrity-world.ts'
import { openInvoicedBookings, randomOf } from '../support/invoiced-bookings.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('invoices of the books', () => {
  let books: Awaited<ReturnType<typeof openInvoicedBookings>>
  const random = randomOf(20_261_130)

  beforeAll(async () => {
    books = await openInvoicedBookings()
  })
  afterAll(() => books.close())

  it('are the fare to the client and the commission to who earned it', async () => {
    const booking = await books.aBooking()
    await books.pay(booking, 30_000, 'card')
    expect(await books.run()).toMatchObject({ issued: 2 })
    expect(await books.run()).toMatchObject({ issued: 0, credited: 0 })
    expect(await books.invoicesOf(booking)).toEqual([
      { kind: 'invoice', series: 'F', total: 30_000, status: 'paid', line: 'service' },
      { kind: 'invoice', series: 'S', total: 4_500, status: 'paid', line: 'commission' },
    ])
  })

  it('that cannot be issued stop no other, and are issued once they can, however long that takes', async () => {
    const [bad, good] = [await books.aBooking(), await books.aBooking()]
    await books.pay(bad, 20_000, 'card')
    await books.pay(good, 30_000, 'card')
    const { connection } = books.world
    await connection.query(
      `create function poison() returns trigger language plpgsql as $$ begin raise 'poisoned'; end $$`,
    )
    await connection.query(
      `create trigger a_poison before insert on invoices for each row when (new.booking_id = '${bad}') execute function poison()`,
    )
    // The entries are older than what each run looks at again.
    const hoursPass = () =>
      asOwner(connection, () =>
        connection.query(
          `update invoice_progress set invoiced_until = least(invoiced_until + interval '3 hours', now() + interval '3 hours')
                           where invoiced_until > (select max(created_at) from ledger_entries where booking_id = $1)`,
          [bad],
        ),
      )
    for (let time = 0; time < 2; time += 1) {
      expect(await books.run()).toMatchObject({ issued: time === 0 ? 2 : 0 })
      await hoursPass()
    }
    expect([await books.invoicesOf(bad), (await books.invoicesOf(good)).length]).toEqual([[], 2])
    // Nor does it stop the proof of the night, which issues what the runs have missed.
    const late = await books.aBooking()
    await books.pay(late, 40_000, 'card')
    const alarm = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect(await books.nightly()).toMatchObject({ checks: 1, failedRows: expect.any(Number) })
    expect(alarm).toHaveBeenCalledWith(expect.objectContaining({ message: 'invoices.differ' }))
    alarm.mockRestore()
    expect([await books.invoicesOf(bad), (await books.invoicesOf(late)).length]).toEqual([[], 2])
    await connection.query('drop trigger a_poison on invoices')
    expect(await books.run()).toMatchObject({ issued: 2 })
    expect(await books.invoicesOf(bad)).toHaveLength(2)
    expect(await books.nightly()).toMatchObject({ checks: 1, differences: 0 })
    await asOwner(connection, () =>
      connection.query('update invoice_progress set invoiced_until = least(invoiced_until, now())'),
    )
  })

  it('of commission on cash are due, and paid when the debt is', async () => {
    const booking = await books.aBooking()
    await books.pay(booking, 10_000, 'cash')
    await books.run()
    const commission = async () => (await books.invoicesOf(booking)).find(({ series }) => series === 'S')
    expect(await commission()).toMatchObject({ total: 1_500, status: 'issued' })
    await books.bySystem(
      `select khidma.post_debts('debt_netted', 'debt_netting', $1, $2, null, 'EGP', 1500)`,
      [newId(), books.world.tasker.id],
    )
    expect(await books.run()).toMatchObject({ settled: 1 })
    expect(await commission()).toMatchObject({ status: 'paid' })
  })

  it('are credited by a refund and by a fee that is waived, not by the refund of a tip', async () => {
    const booking = await books.aBooking()
    const payment = await books.pay(booking, 8_000, 'card')
    const tip = await books.pay(booking, 900, 'card').catch(() => null)
    expect(tip).toBeNull()
    await books.run()
    await books.refund(payment, 3_000)
    expect(await books.run()).toMatchObject({ issued: 0, credited: 1 })
    expect(await books.invoicesOf(booking)).toContainEqual({
      kind: 'credit_note',
      series: 'FC',
      total: 3_000,
      status: 'issued',
      line: 'service',
    })

    const canceled = await books.aBooking('canceled')
    await asOwner(books.world.connection, () =>
      books.world.connection.query(
        `update bookings set cancellation_fee_amount = 2000, cancellation_fee_payer = 'client' where id = $1`,
        [canceled],
      ),
    )
    await books.bySystem('select khidma.owe_fee(b, 2000) from bookings b where b.id = $1', [canceled])
    await books.run()
    expect(await books.invoicesOf(canceled)).toEqual([
      { kind: 'invoice', series: 'S', total: 2_000, status: 'issued', line: 'fee' },
    ])
    await transaction(books.world.connection, books.world.ops, () =>
      books.world.connection.query('select khidma.give_back_fee($1, $2)', [canceled, newId()]),
    )
    await books.run()
    expect(await books.invoicesOf(canceled)).toEqual([
      { kind: 'invoice', series: 'S', total: 2_000, status: 'paid', line: 'fee' },
      { kind: 'credit_note', series: 'SC', total: 2_000, status: 'issued', line: 'fee' },
    ])
  })

  it('add up to the entries over random bookings', async () => {
    for (let count = 0; count < 60; count++) {
      const booking = await books.aBooking()
      const amount = 1 + random(90_000)
      const payment = await books.pay(booking, amount, random(2) === 0 ? 'cash' : 'card')
      if (random(3) === 0) await books.refund(payment, 1 + random(amount))
      if (random(4) === 0) await books.run()
    }
    await books.run()
    await books.run()
    expect(await books.differences()).toEqual([])
    const [sums] = await books.rowsOf(`
      select (select sum(i.total) from invoices i where i.series = 'F')::int as fares,
             (select sum(l.amount) from ledger_lines l join ledger_entries e on e.id = l.entry_id
               where e.posting in ('cash_fare', 'gateway_capture') and l.amount > 0)::int as "entriesOfFares",
             (select sum(i.total) from invoices i where i.series = 'FC')::int as credits,
             (select sum(l.amount) from ledger_lines l join ledger_entries e on e.id = l.entry_id
               where e.posting = 'refund_to_wallet' and l.amount > 0)::int as refunds,
             (select sum(i.total) from invoices i join invoice_lines l on l.invoice_id = i.id where l.kind = 'commission')::int as commission,
             (select sum(l.amount) from ledger_lines l join ledger_entries e on e.id = l.entry_id join ledger_accounts a on a.id = l.account_id
               where a.kind = 'platform_fee' and e.posting in ('cash_commission', 'gateway_capture'))::int as "entriesOfCommission"`)
    expect(sums?.fares).toBe(sums?.entriesOfFares)
    expect(sums?.credits).toBe(sums?.refunds)
    expect(sums?.commission).toBe(sums?.entriesOfCommission)
  }, 60_000)

  it('that were missed are issued by the nightly proof, which finds nothing then', async () => {
    await books.bySystem(`update invoice_progress set invoiced_until = now() + interval '3 hours'`)
    const booking = await books.aBooking()
    const payment = await books.pay(booking, 5_000, 'card')
    await books.refund(payment, 2_000)
    expect(await books.run()).toMatchObject({ issued: 0 })
    expect(await books.differences()).toHaveLength(2)
    expect(await books.nightly()).toEqual({ checks: 1, differences: 0 })
    expect((await books.invoicesOf(booking)).map(({ series, total }) => [series, total])).toEqual([
      ['F', 5_000],
      ['S', 750],
      ['FC', 2_000],
    ])
    await books.bySystem('update invoice_progress set invoiced_until = now()')
  })

  it('of what is posted while the nightly proof waits are left to the next one', async () => {
    const [missed, meanwhile] = [await books.aBooking(), await books.aBooking()]
    await books.bySystem(`update invoice_progress set invoiced_until = now() + interval '3 hours'`)
    await books.pay(missed, 7_000, 'card')
    const other = new pg.Client(books.world.ownerUrl)
    await other.connect()
    await other.query('begin')
    await other.query('select from invoice_series for update')
    const proof = books.nightly()
    await eventually('a proof that waits for the numbers', async () => {
      const waiting = 'select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid'
      return ((await other.query(waiting)).rowCount ?? 0) > 0
    })
    await books.pay(meanwhile, 8_000, 'card')
    await other.query('rollback')
    expect(await proof).toEqual({ checks: 1, differences: 0 })
    await other.end()
    expect(await books.invoicesOf(missed)).toHaveLength(2)
    expect(await books.invoicesOf(meanwhile)).toEqual([])
    expect(await books.nightly()).toEqual({ checks: 1, differences: 0 })
    expect(await books.invoicesOf(meanwhile)).toHaveLength(2)
    await books.bySystem('update invoice_progress set invoiced_until = now()')
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
    const booking = await books.aBooking()
    await books.pay(booking, 5_000, 'card')
    await books.run()
    const [invoice] = await books.rowsOf(
      `select id from invoices where booking_id = $1 order by id limit 1`,
      [booking],
    )
    await books.nightly()
    await books.world.connection.query('begin')
    try {
      await books.world.connection.query('set local session_replication_role = replica')
      await books.world.connection.query(statement, [invoice?.id])
      expect((await books.differences()).map((difference) => difference.what)).toContain(what)
    } finally {
      await books.world.connection.query('rollback')
    }
  })

  it('raise an alarm where they differ, until they are right again', async () => {
    const alarm = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const change = (by: number) =>
      asOwner(books.world.connection, () =>
        books.world.connection.query(
          `update invoices set discount = discount + $1, updated_at = now() where id = (select min(id::text)::uuid from invoices)`,
          [by],
        ),
      )
    await change(1)
    expect(await books.nightly()).toMatchObject({ checks: 1, differences: 2 })
    expect(alarm).toHaveBeenCalledWith(
      expect.objectContaining({ message: 'invoices.differ', differences: 2 }),
    )
    expect(await books.nightly()).toMatchObject({ differences: 2 })
    await change(-1)
    expect(await books.nightly()).toMatchObject({ differences: 0 })
    expect(await checkInvoices(books.contexts.systemContext('cron.checkInvoices'))).toEqual({
      checks: 0,
      differences: 0,
    })
    alarm.mockRestore()
  })

  it('are of entries that are sales, and of no other', async () => {
    await transaction(books.world.connection, books.world.system, () =>
      postEntry(books.world.connection, {
        lines: [
          { account: 'platform_clearing', owner: null, amount: -100 },
          { account: 'client_wallet', owner: books.world.client.id, amount: 100 },
        ],
      }),
    )
    expect(await books.run()).toMatchObject({ issued: 0, credited: 0 })
  })
})
