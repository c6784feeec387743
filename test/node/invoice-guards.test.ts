import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, transaction } from '../support/integrity-world.ts'
import { inputsOf, issueInvoice } from '../support/invoices.ts'
import { describeReal } from '../support/real-postgres.ts'

const refusal = async (attempt: Promise<unknown>): Promise<string> => {
  const error = await attempt.then(
    () => undefined,
    (reason: pg.DatabaseError) => reason,
  )
  return error ? [error.code, error.constraint].filter(Boolean).join(' ') : 'done'
}
const immutable = '23001'
describeReal('an invoice', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let buyer: string

  beforeAll(async () => {
    world = await openWorld()
    buyer = world.client.id as string
  })
  afterAll(() => world.close())

  const query = (text: string, values: unknown[] = []) => world.connection.query(text, values)
  const issue = (inputs = inputsOf([{ unitPrice: 1_000 }]), dueAt: string | null = null) =>
    transaction(world.connection, world.system, () =>
      issueInvoice(world.connection, { buyer, inputs, dueAt }),
    )
  const rowOf = async (id: string) => (await query('select * from invoices where id = $1', [id])).rows[0]

  it('has a number, a label and a digest once it is committed', async () => {
    const row = await rowOf(await issue())
    expect(row.label).toBe(`EG-S-${row.fiscal_year}-${String(row.number).padStart(6, '0')}`)
    expect(row.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(row.version).toBe(1)
  })

  it('adds up taxes on top of prices and within them', async () => {
    const onTop = inputsOf([{ unitPrice: 500, quantity: 2, discount: 100, taxRate: 1_400 }])
    expect(await rowOf(await issue(onTop))).toMatchObject({
      subtotal: '1000',
      discount: '100',
      tax: '126',
      total: '1026',
    })
    const within = inputsOf([{ unitPrice: 1_140, taxRate: 1_400 }], true)
    expect(await rowOf(await issue(within))).toMatchObject({ tax: '140', total: '1140' })
  })

  it('never changes, nor do its lines', async () => {
    const id = await issue(inputsOf([{ unitPrice: 1_000, taxRate: 1_400 }]))
    for (const statement of [
      'update invoices set total = total + 1 where id = $1',
      'update invoices set number = number + 1 where id = $1',
      `update invoices set digest = 'x' where id = $1`,
      `update invoices set buyer = '{}' where id = $1`,
      'delete from invoices where id = $1',
      'update invoice_lines set description = description where invoice_id = $1',
      'delete from invoice_lines where invoice_id = $1',
      'delete from invoice_tax_lines where invoice_id = $1',
      `update invoice_inputs set inputs = '{}' where invoice_id = $1`,
      `insert into invoice_lines (invoice_id, line, kind, description, quantity, unit_price, total) values ($1, 9, 'fee', 'x', 1, 0, 0)`,
      `insert into invoice_tax_lines select $1, 9, 'x', 'x', 0, 0, 0, false`,
    ])
      expect(await refusal(query(statement, [id])), statement).toBe(immutable)
    expect(await refusal(query('truncate invoices cascade'))).toBe(immutable)
  })

  it('spends no number by hand', async () => {
    await issue()
    for (const statement of [
      'update invoice_series set next_number = next_number + 1',
      'delete from invoice_series',
      `insert into invoice_series select seller_id, 'SC', 1999, 1 from invoice_series limit 1`,
    ])
      expect(await refusal(query(statement)), statement).toBe(immutable)
  })

  it('whose amounts are not those of its lines is refused at the commit', async () => {
    const forge = () =>
      transaction(world.connection, world.system, () =>
        query(
          `insert into invoices (id, kind, seller_id, series, fiscal_year, document_type, document_id, buyer_id, seller, buyer, language, currency,
                                 subtotal, discount, tax, total)
           select khidma.uuid_v7(), 'invoice', s.id, 'S', 2026, 'order', khidma.uuid_v7(), $1, '{}', '{}', 'en', 'EGP', 10, 0, 0, 10
             from invoice_sellers s where s.country = 'EG'`,
          [buyer],
        ),
      )
    expect(await refusal(forge())).toBe('23514 invoices_total')
  })

  it('is credited with its taxes in proportion, to the unit', async () => {
    const id = await issue(
      inputsOf([
        { unitPrice: 333, taxRate: 1_400 },
        { unitPrice: 667, taxRate: 1_400 },
      ]),
    )
    const credit = (amount: number) =>
      transaction(world.connection, world.system, () =>
        query(`select khidma.issue_credit_note($1, $2, 'Not delivered')`, [id, amount]),
      )
    for (const amount of [1, 7, 333, 799]) await credit(amount)
    const { rows } = await query(
      `select x.position, sum(x.amount)::int as amount, sum(x.base)::int as base from invoice_tax_lines x join invoices c on c.id = x.invoice_id
        where c.credited_invoice_id = $1 group by 1 order by 1`,
      [id],
    )
    expect(rows).toEqual([
      { position: 1, amount: 47, base: 333 },
      { position: 2, amount: 93, base: 667 },
    ])
    expect(await rowOf(id)).toMatchObject({ credited_amount: '1140', status: 'paid' })
    expect(await refusal(credit(1))).toBe('KH422')
  })

  it('is numbered anew in each fiscal year of its seller', async () => {
    const yearOf = async (at: string, month: number) =>
      (await query(`select khidma.fiscal_year($1, 'Asia/Kolkata', $2) as year`, [at, month])).rows[0].year
    expect(await yearOf('2026-03-31T18:29:59Z', 4)).toBe(2025)
    expect(await yearOf('2026-03-31T18:30:00Z', 4)).toBe(2026)
    expect(await yearOf('2026-12-31T18:30:00Z', 1)).toBe(2027)
  })
})
