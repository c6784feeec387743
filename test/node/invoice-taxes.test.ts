import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { asOwner } from '../support/integrity-world.ts'
import { openInvoicedBookings } from '../support/invoiced-bookings.ts'
import { describeReal } from '../support/real-postgres.ts'

interface Rule {
  kind: 'vat' | 'gst'
  rate: number
  country: string
  appliesTo: string[]
  region?: string | null
  category?: string | null
  exempts?: string[]
}

describeReal('taxes within what a booking is paid', () => {
  let books: Awaited<ReturnType<typeof openInvoicedBookings>>

  beforeAll(async () => {
    books = await openInvoicedBookings()
  })
  afterAll(() => books.close())
  beforeEach(async () => {
    await books.bySystem('update tax_rules set active = false')
    await books.bySystem('delete from tax_details')
  })

  const rule = ({ kind, rate, country, appliesTo, region = null, category = null, exempts = [] }: Rule) =>
    books.bySystem(
      `insert into tax_rules (id, name, kind, rate_basis_points, country, category_id, applies_to, is_inclusive, region, exempts, starts_at)
       values ($1, 'Tax', $2, $3, $4, $5, $6, true, $7, $8, now() - interval '1 hour')`,
      [newId(), kind, rate, country, category, appliesTo, region, exempts],
    )
  const profile = (user: string | null, region: string | null, status = 'ordinary') =>
    books.bySystem(`insert into tax_details (user_id, status, region) values ($1, $2, $3)`, [
      user,
      status,
      region,
    ])
  const taxesOf = (booking: string) =>
    books.rowsOf(
      `select l.kind, x.component, x.rate_basis_points as rate, x.base::int, x.amount::int, x.is_included as within, i.total::int
         from invoices i join invoice_lines l on l.invoice_id = i.id join invoice_tax_lines x on x.invoice_id = i.id
        where i.booking_id = $1 order by l.kind desc, x.position`,
      [booking],
    )
  const receiptOf = (payment: string) =>
    books.rowsOf(
      `select kind, component, amount::int from khidma.taxes_of_payment($1) order by kind desc, position`,
      [payment],
    )
  const balanceOf = async (account: string) =>
    Number(
      (
        await books.rowsOf(`select coalesce(sum(balance), 0) as sum from account_balances where kind = $1`, [
          account,
        ])
      )[0]?.sum,
    )
  async function paid(amount: number, method: 'cash' | 'card', currency = 'EGP') {
    const booking = await books.aBooking('completed', currency)
    return { booking, payment: await books.pay(booking, amount, method) }
  }

  it('are on the invoices of fare and commission, whose totals do not change, and on the receipt before and after', async () => {
    await rule({ kind: 'vat', rate: 1_400, country: 'EG', appliesTo: ['service', 'commission'] })
    const [earned, owed] = [await balanceOf('platform_fee'), await balanceOf('tax_payable')]
    const { booking, payment } = await paid(11_400, 'card')
    const before = await receiptOf(payment)
    await books.run()
    expect(await taxesOf(booking)).toEqual([
      {
        kind: 'service',
        component: 'VAT',
        rate: 1_400,
        base: 10_000,
        amount: 1_400,
        within: true,
        total: 11_400,
      },
      {
        kind: 'commission',
        component: 'VAT',
        rate: 1_400,
        base: 1_500,
        amount: 210,
        within: true,
        total: 1_710,
      },
    ])
    expect(await receiptOf(payment)).toEqual(before)
    expect(before).toEqual([
      { kind: 'service', component: 'VAT', amount: 1_400 },
      { kind: 'commission', component: 'VAT', amount: 210 },
    ])
    expect(await balanceOf('platform_fee')).toBe(earned + 1_710 - 210)
    expect(await balanceOf('tax_payable')).toBe(owed + 210)
    expect(await books.differences()).toEqual([])
  })

  it('are those of the category before those of all', async () => {
    const [plumbing] = await books.rowsOf<{ id: string }>(
      `select id from task_categories where slug = 'plumbing'`,
    )
    await rule({ kind: 'vat', rate: 1_400, country: 'EG', appliesTo: ['service'] })
    await rule({
      kind: 'vat',
      rate: 500,
      country: 'EG',
      appliesTo: ['service'],
      category: plumbing?.id ?? null,
    })
    await rule({ kind: 'vat', rate: 900, country: 'KG', appliesTo: ['service'] })
    const { booking } = await paid(10_500, 'cash')
    await books.run()
    expect(await taxesOf(booking)).toMatchObject([{ kind: 'service', rate: 500, amount: 500 }])
  })

  it('are GST shared within the region of whoever earned it, and whole beyond it', async () => {
    await rule({ kind: 'gst', rate: 1_800, country: 'IN', appliesTo: ['service'], region: 'Delhi' })
    await profile(books.world.client.id, 'Karnataka')
    const components = async () => {
      const { booking } = await paid(1_183, 'card', 'INR')
      await books.run()
      return (await taxesOf(booking)).map(({ component, amount }) => `${component} ${amount}`)
    }
    expect(await components()).toEqual(['IGST 180'])
    await profile(books.world.tasker.id, 'Karnataka')
    expect(await components()).toEqual(['CGST 90', 'SGST 90'])
  })

  it('are not paid by the exempt', async () => {
    await rule({
      kind: 'vat',
      rate: 1_400,
      country: 'EG',
      appliesTo: ['service', 'commission'],
      exempts: ['exempt'],
    })
    await profile(books.world.client.id, null, 'exempt')
    const { booking } = await paid(11_400, 'cash')
    await books.run()
    expect(await taxesOf(booking)).toMatchObject([{ kind: 'commission', amount: 210 }])
  })

  it('of a fee go back where it is waived, and of a void invoice with it', async () => {
    await rule({ kind: 'vat', rate: 1_400, country: 'EG', appliesTo: ['fee'] })
    const owed = await balanceOf('tax_payable')
    const booking = await books.aBooking('canceled')
    await asOwner(books.world.connection, () =>
      books.world.connection.query(
        `update bookings set cancellation_fee_amount = 1140, cancellation_fee_payer = 'client' where id = $1`,
        [booking],
      ),
    )
    await books.bySystem('select khidma.owe_fee(b, 1140) from bookings b where b.id = $1', [booking])
    await books.run()
    expect(await balanceOf('tax_payable')).toBe(owed + 140)
    const [invoice] = await books.rowsOf(`select id from invoices where booking_id = $1`, [booking])
    await books.byOps(`select khidma.void_invoice($1, 'Another name')`, [invoice?.id])
    expect(await balanceOf('tax_payable')).toBe(owed + 140)
    expect(await taxesOf(booking)).toHaveLength(2)
    await books.byOps('select khidma.give_back_fee($1, $2)', [booking, newId()])
    await books.run()
    expect(await balanceOf('tax_payable')).toBe(owed)
    expect(await books.differences()).toEqual([])
    expect(await books.rowsOf('select * from khidma.document_differences()')).toEqual([])
  })

  it('are no part of a tip: receipt, ledger and invoices have its amount to the unit, and nothing else', async () => {
    await rule({ kind: 'vat', rate: 1_400, country: 'EG', appliesTo: ['service', 'fee', 'commission'] })
    await books.bySystem(
      `insert into tax_rules (id, name, kind, rate_basis_points, country, applies_to, starts_at)
       values ($1, 'TCS', 'tcs', 100, 'EG', '{service,fee}', now() - interval '1 hour')`,
      [newId()],
    )
    for (const amount of [1, 3, 999, 12_345]) {
      const booking = await books.aBooking()
      const payment = await books.authorize(booking, amount)
      await asOwner(books.world.connection, () =>
        books.rowsOf(`update payment_intents set purpose = 'tip' where id = $1`, [payment]),
      )
      await books.bySystem('select khidma.capture_payment($1, $2)', [payment, amount])
      const lines = () =>
        books.rowsOf(
          `select a.kind, l.amount::int from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id
            where e.booking_id = $1 order by e.id, l.amount`,
          [booking],
        )
      const given = [
        { kind: 'platform_clearing', amount: -amount },
        { kind: 'tasker_payable', amount },
      ]
      expect(await lines()).toEqual(given)
      expect(await receiptOf(payment)).toEqual([])
      await books.refund(payment, amount)
      await books.run()
      expect(await lines()).toEqual([
        ...given,
        { kind: 'tasker_payable', amount: -amount },
        { kind: 'client_wallet', amount },
      ])
      expect(await books.invoicesOf(booking)).toEqual([])
    }
    expect(await books.differences()).toEqual([])
    expect(await books.rowsOf('select * from khidma.document_differences()')).toEqual([])
  })

  it('never change what receipt, invoice and books say, to the unit, at whatever rate and amount', async () => {
    const payment = fc.record({
      amount: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 10_000_000 })),
      method: fc.constantFrom('cash' as const, 'card' as const),
      rate: fc.constantFrom(0, 1, 333, 1_200, 1_400, 1_800, 10_000),
      kind: fc.constantFrom('vat' as const, 'gst' as const),
      region: fc.constantFrom(null, 'Delhi', 'Karnataka'),
      currency: fc.constantFrom('EGP', 'INR', 'KGS'),
      refunded: fc.integer({ min: 0, max: 100 }),
    })
    await profile(books.world.client.id, 'Delhi')
    await fc.assert(
      fc.asyncProperty(fc.array(payment, { minLength: 6, maxLength: 6 }), async (payments) => {
        for (const { amount, method, rate, kind, region, currency, refunded } of payments) {
          await books.bySystem('update tax_rules set active = false')
          const country = { EGP: 'EG', INR: 'IN', KGS: 'KG' }[currency] as string
          await rule({ kind, rate, country, appliesTo: ['service', 'commission'], region })
          const { booking, payment: id } = await paid(amount, method, currency)
          const before = await receiptOf(id)
          const part = Math.floor((amount * refunded) / 100)
          if (part > 0) await books.refund(id, part)
          await books.run()
          expect(await receiptOf(id)).toEqual(before)
          for (const { kind: series, total } of await books.invoicesOf(booking))
            if (series === 'service') expect(total).toBe(amount)
        }
        expect(await books.differences()).toEqual([])
        const [sums] = await books.rowsOf(`
          select (select coalesce(sum(case i.kind when 'invoice' then i.tax else -i.tax end), 0) from invoices i
                   where i.supplier_id is null and i.status <> 'void')::int as invoiced,
                 (select coalesce(sum(balance), 0) from account_balances where kind = 'tax_payable')::int as owed`)
        expect(sums?.owed).toBe(sums?.invoiced)
      }),
      { numRuns: 12, seed: 13 },
    )
  }, 120_000)
})
