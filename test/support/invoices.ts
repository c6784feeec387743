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

/** Inputs of a price, of a tax and a discount that each line may have of its own, the tax on top of its price or within it. */
export function inputsOf(lines: PriceLine[], inclusive = false) {
  const rule = {
    version: 1,
    priority: 1,
    exclusive: false,
    scope: 'category',
    type: 'flat',
    fundedBy: 'platform',
  }
  const tax = { version: 1, name: 'VAT', kind: 'vat', inclusive, region: null, exempts: [] }
  return {
    lines: lines.map(({ name = 'Thing', kind = 'package', quantity = 1, unitPrice }, n) => ({
      line: n + 1,
      name,
      kind,
      quantity,
      unitPrice,
      categories: [`${n}`],
    })),
    discounts: lines.flatMap(({ discount = 0 }, n) =>
      discount > 0 ? [{ ...rule, ruleId: `${n}`, name: 'Less', scopeId: `${n}`, value: discount }] : [],
    ),
    taxes: lines.flatMap(({ kind = 'package', taxRate = 0 }, n) =>
      taxRate > 0
        ? [{ ...tax, ruleId: `${n}`, categoryId: `${n}`, rateBasisPoints: taxRate, appliesTo: [kind] }]
        : [],
    ),
    coupon: null,
    taxStatus: 'ordinary',
    region: null,
  }
}

export interface ToIssue {
  buyer: string
  document?: string
  currency?: string
  inputs?: object
  dueAt?: string | null
  paidAt?: string | null
  supplier?: string | null
}

export async function issueInvoice(connection: pg.Client, invoice: ToIssue): Promise<string> {
  const { buyer, document = newId(), currency = 'EGP', inputs = inputsOf([{ unitPrice: 1_000 }]) } = invoice
  const { dueAt = null, paidAt = null, supplier = null } = invoice
  const { rows } = await connection.query(
    `select khidma.issue_invoice('invoice', 'order', $1, $2, $3, khidma.price_with($4::jsonb), $5, $6, $7) as id`,
    [document, buyer, currency, JSON.stringify(inputs), dueAt, paidAt, supplier],
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
