import { type SQL, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createRefund } from '../../src/areas/money/payments/refunds.ts'
import { newId } from '../../src/core/ids.ts'
import { openInvoicedBookings } from '../support/invoiced-bookings.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

interface Rule {
  kind?: 'gst' | 'tcs'
  rate: number
  exempts?: string[]
  appliesTo?: string[]
  from?: string
  until?: string | null
  country?: string
}

describeReal('tax collected at source', () => {
  let books: Awaited<ReturnType<typeof openInvoicedBookings>>

  beforeAll(async () => {
    books = await openInvoicedBookings()
  })
  afterAll(() => books.close())
  beforeEach(async () => {
    await books.bySystem('update tax_rules set active = false')
    await books.bySystem('delete from tax_details')
  })

  const rule = ({
    kind = 'tcs',
    rate,
    exempts = [],
    appliesTo = ['service'],
    from = '-1 hour',
    until = null,
    country = 'IN',
  }: Rule) =>
    books.bySystem(
      `insert into tax_rules (id, name, kind, rate_basis_points, country, applies_to, is_inclusive, exempts, starts_at, ends_at)
       values ($1, $2, $2, $3, $4, $5, $6, $7, now() + $8::interval, now() + $9::interval)`,
      [newId(), kind, rate, country, appliesTo, kind !== 'tcs', exempts, from, until],
    )
  async function paid(amount: number, method: 'cash' | 'card' = 'card', currency = 'INR') {
    const booking = await books.aBooking('completed', currency)
    return { booking, payment: await books.pay(booking, amount, method) }
  }
  const withheld = async (booking: string) =>
    (await books.rowsOf<{ sum: number }>('select khidma.tax_withheld_of($1)::int as sum', [booking]))[0]?.sum
  const linesOf = (booking: string) =>
    books.rowsOf(
      `select e.posting, a.kind, l.amount::int from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
        where e.booking_id = $1 and e.document_type = 'tax_withholding' order by e.id, l.amount`,
      [booking],
    )
  async function expectSound(): Promise<void> {
    await books.run()
    expect(await books.differences()).toEqual([])
    expect(await books.rowsOf('select * from khidma.document_differences()')).toEqual([])
    const [sums] = await books.rowsOf(`
      select (select coalesce(sum(case w.kind when 'returned' then -w.amount else w.amount end), 0) from tax_withholdings w)::int as documents,
             (select coalesce(sum(balance), 0) from account_balances where kind = 'tcs_payable')::int as owed`)
    expect(sums?.owed).toBe(sums?.documents)
  }

  it('that is more than the earnings leaves a debt', async () => {
    await rule({ rate: 9_000 })
    const { booking } = await paid(10_000)
    expect(await linesOf(booking)).toMatchObject([
      { kind: 'tasker_payable', amount: -8_500 },
      { kind: 'refund_receivable', amount: -500 },
      { kind: 'tcs_payable', amount: 9_000 },
    ])
    await expectSound()
  })

  it('is withheld of the net value from who earned the fare, and returned in proportion to refunds', async () => {
    await rule({ kind: 'gst', rate: 1_800 })
    await rule({ rate: 100 })
    const { booking, payment } = await paid(11_800)
    expect(
      await books.rowsOf(
        'select kind, name, rate_basis_points as rate, gross::int, base::int, amount::int from tax_withholdings where booking_id = $1',
        [booking],
      ),
    ).toEqual([{ kind: 'withheld', name: 'tcs', rate: 100, gross: 11_800, base: 10_000, amount: 100 }])
    await books.refund(payment, 5_900)
    expect(await withheld(booking)).toBe(50)
    await books.refund(payment, 5_900)
    expect(await withheld(booking)).toBe(0)
    expect(await linesOf(booking)).toEqual([
      { posting: 'tax_withheld', kind: 'tasker_payable', amount: -100 },
      { posting: 'tax_withheld', kind: 'tcs_payable', amount: 100 },
      { posting: 'tax_returned', kind: 'tcs_payable', amount: -50 },
      { posting: 'tax_returned', kind: 'tasker_payable', amount: 50 },
      { posting: 'tax_returned', kind: 'tcs_payable', amount: -50 },
      { posting: 'tax_returned', kind: 'tasker_payable', amount: 50 },
    ])
    await expectSound()
  })

  it('of late earnings stays out of a payout with them', async () => {
    await rule({ rate: 100 })
    const amounts = async () =>
      (
        await books.rowsOf<{ owed: number; late: number }>(
          `select khidma.available('tasker_payable', $1, 'INR')::int as owed, khidma.captured_lately($1, 'INR', 2)::int as late`,
          [books.world.tasker.id],
        )
      )[0]
    const before = await amounts()
    await paid(10_000)
    const after = await amounts()
    const grown = [(after?.owed ?? 0) - (before?.owed ?? 0), (after?.late ?? 0) - (before?.late ?? 0)]
    expect(grown).toEqual([8_400, 8_400])
  })

  it('changes no invoice: what the client pays contains none of it', async () => {
    await rule({ rate: 100 })
    const { booking } = await paid(10_000)
    await books.run()
    expect(await books.invoicesOf(booking)).toMatchObject([
      { series: 'F', total: 10_000 },
      { series: 'S', total: 1_500 },
    ])
    expect(
      await books.rowsOf(
        'select 1 from invoice_tax_lines x join invoices i on i.id = x.invoice_id where i.booking_id = $1',
        [booking],
      ),
    ).toEqual([])
    await expectSound()
  })

  it('is not withheld of cash, beyond its time, in another country, or from the exempt', async () => {
    await rule({ rate: 100, exempts: ['ordinary'] })
    expect(await withheld((await paid(10_000)).booking)).toBe(0)
    await books.bySystem(
      `insert into tax_details (user_id, status, tax_id) values ($1, 'registered', '29AABCU9603R1ZM')`,
      [books.world.tasker.id],
    )
    expect(await withheld((await paid(10_000)).booking)).toBe(100)
    expect(await withheld((await paid(10_000, 'cash')).booking)).toBe(0)
    expect(await withheld((await paid(10_000, 'card', 'EGP')).booking)).toBe(0)
    await books.bySystem('update tax_rules set active = false')
    await rule({ rate: 100, from: '1 hour' })
    await rule({ rate: 100, from: '-2 hours', until: '-1 hour' })
    expect(await withheld((await paid(10_000)).booking)).toBe(0)
    await expectSound()
  })

  it('of rules for commission is refused, and its documents never change', async () => {
    await expect(rule({ rate: 100, appliesTo: ['commission'] })).rejects.toThrow('tax_rules_within')
    await rule({ rate: 100 })
    const { booking } = await paid(10_000)
    await expect(
      books.bySystem('update tax_withholdings set amount = 1 where booking_id = $1', [booking]),
    ).rejects.toThrow()
  })

  it('withheld less returned is what the books owe and what the documents say, over random histories', async () => {
    const history = fc.record({
      amount: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 10_000_000 })),
      rate: fc.constantFrom(1, 50, 100, 333, 2_000),
      gst: fc.constantFrom(0, 500, 1_800),
      refunds: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(history, { minLength: 5, maxLength: 5 }), async (histories) => {
        for (const { amount, rate, gst, refunds } of histories) {
          await books.bySystem('update tax_rules set active = false')
          await rule({ rate })
          if (gst > 0) await rule({ kind: 'gst', rate: gst })
          const { booking, payment } = await paid(amount)
          const all = (await withheld(booking)) ?? 0
          let rest = amount
          for (const percent of refunds) {
            const part = Math.min(rest, Math.ceil((amount * percent) / 100))
            if (part === 0) continue
            await books.refund(payment, part)
            rest -= part
            const returned = Math.floor((2 * all * (amount - rest) + amount) / (2 * amount))
            expect(await withheld(booking)).toBe(all - returned)
          }
          if (rest === 0) expect(await withheld(booking)).toBe(0)
        }
        await expectSound()
      }),
      { numRuns: 12, seed: 13 },
    )
  }, 120_000)

  it('is what stays sold where the settlement and refunds meet', async () => {
    await rule({ rate: 333 })
    for (let round = 0; round < 8; round++) {
      const booking = await books.aBooking('completed', 'INR')
      const payment = await books.authorize(booking, 9_999)
      const settle = (effect: SQL) => books.contexts.systemContext('cron.test').db.write([effect])
      const [captured, , settled] = await Promise.all([
        outcomeOf(settle(sql`select khidma.capture_payment(${payment}, 9999)`)),
        times(6, (k) =>
          outcomeOf(
            createRefund(books.contexts.contextOf(books.world.ops), payment, {
              amount: 1_000 + k,
              reason: 'requested',
              destination: 'wallet',
            }),
          ),
        ),
        times(2, () =>
          outcomeOf(
            settle(sql`select khidma.settle_withholding(${booking}::uuid, 'refund', ${payment}::uuid)`),
          ),
        ),
      ])
      expect(count([captured, ...settled])).toEqual({ ok: 3 })
      const [row] = await books.rowsOf<{ due: number; refunded: number }>(
        `select khidma.tax_to_withhold($1)::int as due, khidma.taken_back_of($1)::int as refunded`,
        [booking],
      )
      expect(row?.due).toBe(333 - Math.floor((2 * 333 * (row?.refunded ?? 0) + 9_999) / (2 * 9_999)))
      expect(await withheld(booking)).toBe(row?.due)
    }
    await expectSound()
  }, 60_000)
})
