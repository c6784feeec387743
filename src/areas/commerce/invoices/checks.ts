import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, json, type RowOf, rowsOf } from '../../../db/rows.ts'
import { invoiceChecks } from '../../../db/schema/commerce/invoices.ts'

export const invoiceDifferenceKinds = [
  'subtotal',
  'discount',
  'tax',
  'total',
  'tax_lines',
  'rate',
  'content',
  'credited',
  'credited_tax',
  'numbers',
  'invoiced',
  'credit',
] as const

/** An invoice that is not what it was made of, or an entry without one (`khidma.invoice_differences`). */
export interface InvoiceDifference {
  documentType: string
  documentId: string
  what: (typeof invoiceDifferenceKinds)[number]
  expected: number
  found: number
}

const checkRow = { ...columnsOf(invoiceChecks), details: json<InvoiceDifference[]>() }
export type InvoiceCheckRow = RowOf<typeof checkRow>

export function listInvoiceChecks(
  ctx: Context,
  { differing }: { differing?: boolean | undefined },
  page: PageRequest,
): Promise<InvoiceCheckRow[]> {
  const { within, orderAndLimit } = listing(page, 'k')
  const wanted = differing === undefined ? sql`true` : sql`(k.differences > 0) = ${differing}`
  return ctx.db.read(
    rowsOf(
      checkRow,
    )`select ${rowColumns(invoiceChecks, 'k')} from invoice_checks k where ${within} and ${wanted} ${orderAndLimit}`,
  )
}
