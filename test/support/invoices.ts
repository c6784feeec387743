import type pg from 'pg'
import { newId } from '../../src/core/ids.ts'

/** Invoices by SQL, for tests on real connections. */

export interface PriceLine {
  name?: string
  kind?: string
  quantity?: number
  unitPrice: number
  discount?: number
  /** Rate in basis points. */
  taxRate?: number
}

/** A price as `khidma.price_of` returns it, of a tax that each line may have, on top of its price or within it. */
export function priceOf(lines: PriceLine[], inclusive = false) {
  const priced = lines.map(
    ({ name = 'Thing', kind = 'package', quantity = 1, discount = 0, taxRate = 0, unitPrice }) => {
      const rest = quantity * unitPrice - discount
      const tax = Math.floor((rest * taxRate) / (10_000 + (inclusive ? taxRate : 0)) + 0.5)
      const total = inclusive ? rest : rest + tax
      return { name, kind, quantity, unitPrice, discount, tax, total, rest, taxRate }
    },
  )
  const taxes = priced
    .filter(({ taxRate }) => taxRate > 0)
    .map(({ tax, rest, taxRate }) => ({
      name: 'VAT',
      component: 'VAT',
      rateBasisPoints: taxRate,
      base: inclusive ? rest - tax : rest,
      amount: tax,
      inclusive,
    }))
  return { lines: priced, taxes }
}

export interface ToIssue {
  buyer: string
  document?: string
  currency?: string
  price?: object
  dueAt?: string | null
  paidAt?: string | null
  supplier?: string | null
}

export async function issueInvoice(connection: pg.Client, invoice: ToIssue): Promise<string> {
  const { buyer, document = newId(), currency = 'EGP', price = priceOf([{ unitPrice: 1_000 }]) } = invoice
  const { dueAt = null, paidAt = null, supplier = null } = invoice
  const { rows } = await connection.query(
    `select khidma.issue_invoice('invoice', 'order', $1, $2, $3, $4, $5, $6, $7) as id`,
    [document, buyer, currency, JSON.stringify(price), dueAt, paidAt, supplier],
  )
  return rows[0].id
}

export interface InvoiceNumbers {
  series: string
  year: number
  count: number
  first: number
  last: number
  next: number
}

/** Numbers of each series: without a gap and a double, `count` is `last` and one below `next`. */
export async function numbersOf(connection: pg.Client): Promise<InvoiceNumbers[]> {
  const { rows } = await connection.query<InvoiceNumbers>(`
    select s.code as series, s.fiscal_year as year, count(distinct i.number)::int as count, min(i.number)::int as first,
           max(i.number)::int as last, s.next_number::int as next
      from invoice_series s left join invoices i on i.seller_id = s.seller_id and i.series = s.code and i.fiscal_year = s.fiscal_year
     group by s.seller_id, s.code, s.fiscal_year, s.next_number order by s.seller_id, s.code, s.fiscal_year`)
  return rows
}
