import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, int, json, type RowOf, rowsOf, time } from '../../../db/rows.ts'
import { invoiceChecks } from '../../../db/schema/commerce/invoices.ts'

export const invoiceDifferenceKinds = [
  'subtotal',
  'discount',
  'tax',
  'total',
  'tax_lines',
  'rate',
  'line',
  'tax_line',
  'inputs',
  'content',
  'credited',
  'credited_tax',
  'tax_posted',
  'numbers',
  'invoiced',
  'credit',
  'restored',
  'withheld',
  'charged_back',
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

const proofRow = { provedAt: time, differences: int }
export type InvoiceProofRow = RowOf<typeof proofRow>

/** The last proof, for everybody: how many differences there were, and nothing of what was sold. */
export async function getInvoiceProof(ctx: Context): Promise<InvoiceProofRow | null> {
  const [row = null] = await ctx.db.read(
    rowsOf(proofRow)`
      select ${isoTime(sql`k.created_at`)} as "provedAt", k.differences from invoice_checks k order by k.id desc limit 1`,
  )
  return row
}
