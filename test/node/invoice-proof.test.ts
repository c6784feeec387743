import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { asOwner } from '../support/integrity-world.ts'
import { openInvoicedBookings } from '../support/invoiced-bookings.ts'
import { describeReal } from '../support/real-postgres.ts'

/** Inputs whose every tax has other terms. */
const withTaxes = (terms: string) =>
  `(select jsonb_set(inputs, '{taxes}', jsonb_agg(t || ${terms} order by n)) from jsonb_array_elements(inputs -> 'taxes') with ordinality x (t, n))`

describeReal('the proof of a day', () => {
  let books: Awaited<ReturnType<typeof openInvoicedBookings>>
  const ids: Record<string, string> = {}

  /** An order for a plan and a package with a discount and taxes on top, paid from the wallet. */
  async function anOrder(kind: 'package' | 'plan') {
    const id = newId()
    const buyer = books.world.client.id
    await books.bySystem(`select khidma.order_lines($1, $2, 'EG', 'EGP', now() + interval '1 hour', $3)`, [
      id,
      buyer,
      JSON.stringify([
        { line: 1, kind, itemId: newId(), name: 'First', quantity: 3, unitPrice: 3_333 },
        { line: 2, kind, itemId: newId(), name: 'Second', quantity: 1, unitPrice: 10_001 },
      ]),
    ])
    const [document] = await books.rowsOf<{ total: string }>(
      `select d.total from orders o join price_documents d on d.id = o.document_id where o.id = $1`,
      [id],
    )
    await books.bySystem(
      `select khidma.post_entry(khidma.uuid_v7(), 'capture', null, $3, 'EGP', jsonb_build_array(
         jsonb_build_object('account', 'platform_clearing', 'name', 'stripe', 'amount', -$2::bigint),
         jsonb_build_object('account', 'client_wallet', 'owner', $1::uuid, 'amount', $2::bigint)))`,
      [buyer, document?.total, newId()],
    )
    await books.bySystem(
      `select khidma.charge_order($1, null, d, now() + interval '1 hour') from orders o join price_documents d on d.id = o.document_id where o.id = $1`,
      [id],
    )
    const [invoice] = await books.rowsOf<{ id: string }>(`select id from invoices where document_id = $1`, [
      id,
    ])
    return { order: id, invoice: invoice?.id as string }
  }

  beforeAll(async () => {
    books = await openInvoicedBookings()
    for (const [rate, kinds, inclusive] of [
      [1_400, '{service,fee,commission}', true],
      [1_400, '{package}', false],
      [700, '{plan}', true],
    ])
      await books.bySystem(
        `insert into tax_rules (id, name, kind, rate_basis_points, country, applies_to, is_inclusive) values ($1, 'VAT', 'vat', $2, 'EG', $3, $4)`,
        [newId(), rate, kinds, inclusive],
      )
    await books.bySystem(
      `insert into discount_rules (id, name, scope, discount_type, discount_value) values ($1, 'A third', 'global', 'percent', 3333)`,
      [newId()],
    )
    const card = await books.aBooking()
    const payment = await books.pay(card, 33_333, 'card')
    await books.pay(await books.aBooking(), 9_999, 'cash')
    await books.refund(payment, 777)
    const canceled = await books.aBooking('canceled')
    await asOwner(books.world.connection, () =>
      books.rowsOf(
        `update bookings set cancellation_fee_amount = 1234, cancellation_fee_payer = 'client' where id = $1`,
        [canceled],
      ),
    )
    await books.bySystem('select khidma.owe_fee(b, 1234) from bookings b where b.id = $1', [canceled])
    await books.run()
    await books.byOps('select khidma.give_back_fee($1, $2)', [canceled, newId()])
    await books.run()
    const { order, invoice } = await anOrder('package')
    ids.order = invoice
    ids.plan = (await anOrder('plan')).invoice
    await books.byOps(`select khidma.issue_credit_note($1, 101, 'Not delivered')`, [invoice])
    await books.byOps(`select khidma.issue_credit_note($1, 1001, 'Not delivered')`, [ids.plan])
    const refunded = await anOrder('package')
    await books.byOps('select khidma.refund_order($1, $2, null, $3, false, false)', [
      newId(),
      refunded.order,
      'Not wanted',
    ])
    expect(order).toBeDefined()
    const first = (where: string) =>
      books.rowsOf<{ id: string }>(
        `select i.id from invoices i join invoice_lines l on l.invoice_id = i.id where ${where} order by i.id limit 1`,
      )
    for (const [name, where] of Object.entries({
      fare: `l.kind = 'service' and i.kind = 'invoice'`,
      commission: `l.kind = 'commission' and i.status = 'issued'`,
      fee: `l.kind = 'fee' and i.kind = 'invoice'`,
      credit: `i.kind = 'credit_note' and i.tax > 0`,
    }))
      ids[name] = (await first(where))[0]?.id as string
  }, 120_000)
  afterAll(() => books.close())

  it('finds nothing on an honest day: fares, commission, fees, orders, plans and credit notes', async () => {
    expect(Object.values(ids).filter(Boolean)).toHaveLength(6)
    expect(await books.nightly()).toEqual({ checks: 1, differences: 0 })
    const [check] = await books.rowsOf<{ checked: number }>(
      'select checked from invoice_checks order by id desc',
    )
    expect(check?.checked).toBeGreaterThan(10)
    expect(
      await books.rowsOf('select * from khidma.document_differences() where document_type is not null'),
    ).toEqual([])
  })

  const tampered = [
    ['the rate of its tax', withTaxes(`'{"rateBasisPoints": 1500}'`), ['tax_line', 'line']],
    ['the price of its line', `jsonb_set(inputs, '{lines,0,unitPrice}', '1')`, ['line']],
    ['the name of its line', `jsonb_set(inputs, '{lines,0,name}', '"Another"')`, ['line']],
    ['its taxes', `jsonb_set(inputs, '{taxes}', '[]')`, ['tax_line', 'line']],
    ['who is exempt', withTaxes(`'{"exempts": ["ordinary"]}'`), ['tax_line']],
  ] as const
  it.each(
    ['fare', 'commission', 'fee', 'order', 'plan'].flatMap((what) =>
      tampered.map(([name, change, found]) => ({ what, name, change, found })),
    ),
  )(
    'finds that somebody has changed $name of $what, in its snapshot alone',
    async ({ what, change, found }) => {
      await books.world.connection.query('begin')
      try {
        await books.world.connection.query('set local session_replication_role = replica')
        await books.world.connection.query(
          `update invoice_inputs set inputs = ${change} where invoice_id = $1`,
          [ids[what]],
        )
        const kinds = (await books.differences()).map((difference) => difference.what)
        expect(kinds).toEqual(expect.arrayContaining([...found, 'content']))
      } finally {
        await books.world.connection.query('rollback')
      }
    },
  )

  it.each([
    ['a snapshot that is gone', 'fare', 'delete from invoice_inputs where invoice_id = $1', 'inputs'],
    [
      'another snapshot than that of the order',
      'order',
      `update invoice_inputs set inputs = inputs || '{"at": null}' where invoice_id = $1`,
      'inputs',
    ],
    [
      'two lines that have changed places, with the same sums',
      'order',
      `update invoice_lines l set (kind, description, quantity, unit_price, discount, tax, total) = (o.kind, o.description, o.quantity, o.unit_price, o.discount, o.tax, o.total)
         from invoice_lines o where l.invoice_id = $1 and o.invoice_id = $1 and o.line = 3 - l.line`,
      'line',
    ],
    [
      'the tax of a credit note',
      'credit',
      `with t as (update invoice_tax_lines set amount = amount - 1, base = base + 1 where invoice_id = $1),
            l as (update invoice_lines set tax = tax - 1 where invoice_id = $1)
       update invoices set tax = tax - 1, updated_at = now() where id = $1`,
      'tax_line',
    ],
    [
      'the tax of a commission that the books do not have',
      'commission',
      `update ledger_lines set amount = amount + sign(amount) where entry_id in (select id from ledger_entries where document_id = $1)`,
      'tax_posted',
    ],
  ])('finds %s', async (_name, what, statement, found) => {
    await books.world.connection.query('begin')
    try {
      await books.world.connection.query('set local session_replication_role = replica')
      await books.world.connection.query(statement, [ids[what]])
      expect((await books.differences()).map((difference) => difference.what)).toContain(found)
    } finally {
      await books.world.connection.query('rollback')
    }
  })

  it('raises an alarm at night, which ends when the snapshot is right again', async () => {
    const alarm = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const change = (price: number) =>
      asOwner(books.world.connection, () =>
        books.rowsOf(
          `update invoice_inputs set inputs = jsonb_set(inputs, '{lines,0,unitPrice}', $2::text::jsonb) where invoice_id = $1`,
          [ids.fare, price],
        ),
      )
    await change(33_334)
    expect((await books.nightly()).differences).toBeGreaterThan(0)
    expect(alarm).toHaveBeenCalledWith(expect.objectContaining({ message: 'invoices.differ' }))
    await change(33_333)
    expect(await books.nightly()).toMatchObject({ differences: 0 })
    alarm.mockRestore()
  })
})
