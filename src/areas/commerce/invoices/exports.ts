import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import type { InvoiceRow } from './invoices.ts'
import { invoiceView } from './invoices.ts'
import { major } from './money.ts'
import { ublDocument } from './ubl.ts'

export type ExportFormat = 'csv' | 'ubl'
export const exportFormats = {
  csv: { mediaType: 'text/csv; charset=utf-8', extension: 'csv' },
  ubl: { mediaType: 'application/xml; charset=utf-8', extension: 'xml' },
} as const

/** Documents of one part: what an isolate and one round trip bear. */
const partSize = 1_000

export interface ExportedPart {
  month: string
  country: string
  after?: string | undefined
}

/** Documents of a seller's month of issue, oldest first. The bounds on the id let its index serve, and leave room for zones. */
export function exportedInvoices(
  ctx: Context,
  { month, country, after }: ExportedPart,
): Promise<InvoiceRow[]> {
  const first = `${month}-01`
  return ctx.db.read(
    invoiceView(sql`
      i.id in (select x.id from invoices x join invoice_sellers s on s.id = x.seller_id
                where s.country = ${country}
                  and x.issued_at >= ${first}::date::timestamp at time zone s.timezone
                  and x.issued_at < (${first}::date + interval '1 month') at time zone s.timezone
                  and x.id >= khidma.first_uuid_v7(${first}::date::timestamptz - interval '2 days')
                  and x.id < khidma.first_uuid_v7(${first}::date::timestamptz + interval '34 days')
                  and (${after ?? null}::uuid is null or x.id > ${after ?? null}::uuid)
                order by x.id limit ${partSize})
      order by i.id`),
  )
}

const columns: [string, (row: InvoiceRow) => string | number | null][] = [
  ['id', (row) => row.id],
  ['kind', (row) => row.kind],
  ['number', (row) => row.label],
  ['status', (row) => row.status],
  ['issued_at', (row) => row.issuedAt],
  ['due_at', (row) => row.dueAt],
  ['paid_at', (row) => row.paidAt],
  ['voided_at', (row) => row.voidedAt],
  ['credited_invoice_id', (row) => row.creditedInvoiceId],
  ['document_type', (row) => row.documentType],
  ['document_id', (row) => row.documentId],
  ['booking_id', (row) => row.bookingId],
  ['seller_name', (row) => row.seller.name],
  ['seller_tax_id', (row) => row.seller.taxId],
  ['supplier_name', (row) => row.supplier?.name ?? null],
  ['supplier_tax_id', (row) => row.supplier?.taxId ?? null],
  ['buyer_name', (row) => row.buyer.name],
  ['buyer_tax_id', (row) => row.buyer.taxId],
  ['buyer_country', (row) => row.buyer.country],
  ['lines', (row) => row.lines.map(({ kind }) => kind).join(' ')],
  ['currency', (row) => row.currency],
  ['subtotal', (row) => major(row.subtotal, row.currency)],
  ['discount', (row) => major(row.discount, row.currency)],
  ['tax', (row) => major(row.tax, row.currency)],
  ['total', (row) => major(row.total, row.currency)],
  ['credited', (row) => major(row.creditedAmount, row.currency)],
  [
    'taxes',
    (row) =>
      row.taxes
        .map((tax) => `${tax.component} ${tax.rateBasisPoints / 100}%: ${major(tax.amount, row.currency)}`)
        .join('; '),
  ],
]

/** RFC 4180. A spreadsheet would calculate what begins like a formula: an apostrophe makes it text. */
function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const csvLine = (fields: (string | number | null)[]): string => `${fields.map(csvField).join(',')}\r\n`

const frames: Record<ExportFormat, { head: string; body: (row: InvoiceRow) => string; foot: string }> = {
  csv: {
    head: csvLine(columns.map(([name]) => name)),
    body: (row) => csvLine(columns.map(([, of]) => of(row))),
    foot: '',
  },
  ubl: {
    head: '<?xml version="1.0" encoding="UTF-8"?>\n<InvoiceExport xmlns="urn:khidma:invoice-export:1">\n',
    body: ublDocument,
    foot: '</InvoiceExport>\n',
  },
}

const rowsPerChunk = 100

/** The file, made while it is sent: never the whole text at once. */
export function exportStream(format: ExportFormat, rows: InvoiceRow[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const { head, body, foot } = frames[format]
  let next = 0
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(head))
    },
    pull(controller) {
      const chunk = rows.slice(next, next + rowsPerChunk)
      next += chunk.length
      const text = chunk.map(body).join('') + (next >= rows.length ? foot : '')
      if (text !== '') controller.enqueue(encoder.encode(text))
      if (next >= rows.length) controller.close()
    },
  })
}
