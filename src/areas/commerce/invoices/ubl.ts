import type { InvoiceParty } from '../../../db/schema/commerce/invoices.ts'
import type { InvoiceRow } from './invoices.ts'
import { major } from './money.ts'

/**
 * UBL 2.1 (ISO/IEC 19845), elements in the order of its schemas. An invoice on behalf of a supplier is self-billed (UN/EDIFACT 1001: 389,
 * credit note 261, debit note 527), and the operator its payee. A debit note is an `Invoice` of its type, as EN 16931 and Peppol have it.
 */

const oasis = 'urn:oasis:names:specification:ubl:schema:xsd'
const typeCodes = {
  invoice: ['380', '389'],
  credit_note: ['381', '261'],
  debit_note: ['383', '527'],
} as const

type Node = string | false | null

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** XML 1.0 knows no other control characters than these three, and no half of a pair. */
const impossible = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const escapeXml = (text: string): string =>
  text.replace(impossible, '\uFFFD').replace(/[&<>"]/g, (character) => entities[character] ?? character)

const cbc = (name: string, value: string | number | null, attributes = ''): Node =>
  value === null ? null : `<cbc:${name}${attributes}>${escapeXml(String(value))}</cbc:${name}>`
const cac = (name: string, ...children: Node[]): Node => {
  const content = children.filter(Boolean).join('')
  return content === '' ? null : `<cac:${name}>${content}</cac:${name}>`
}

const party = ({ name, taxId, address, country }: InvoiceParty): Node =>
  cac(
    'Party',
    cac('PartyName', cbc('Name', name ?? '—')),
    cac(
      'PostalAddress',
      cac('AddressLine', cbc('Line', address)),
      cac('Country', cbc('IdentificationCode', country)),
    ),
    taxId !== null &&
      cac(
        'PartyTaxScheme',
        cbc('RegistrationName', name),
        cbc('CompanyID', taxId),
        cac('TaxScheme', cbc('ID', 'VAT')),
      ),
    cac('PartyLegalEntity', cbc('RegistrationName', name ?? '—')),
  )

/** The content of a party, without the element around it. */
const payee = (seller: InvoiceParty): Node =>
  (party(seller) || '').replace(/^<cac:Party>|<\/cac:Party>$/g, '')

const day = (time: string): string => time.slice(0, 10)

/** One document with its own namespaces. */
export function ublDocument(row: InvoiceRow): string {
  const isCredit = row.kind === 'credit_note'
  const name = isCredit ? 'CreditNote' : 'Invoice'
  const amount = (tag: string, value: number): Node =>
    cbc(tag, major(value, row.currency), ` currencyID="${row.currency}"`)
  const typeCode = typeCodes[row.kind][row.supplier ? 1 : 0]
  const notes = [row.reason, row.status === 'void' ? 'VOID' : null].map((note) => cbc('Note', note))
  const paid = row.status === 'issued' ? 0 : row.total
  const children: Node[] = [
    cbc('UBLVersionID', '2.1'),
    cbc('ID', row.label),
    cbc('UUID', row.id),
    cbc('IssueDate', day(row.issuedAt)),
    cbc('IssueTime', row.issuedAt.slice(11)),
    !isCredit && row.dueAt !== null && cbc('DueDate', day(row.dueAt)),
    cbc(isCredit ? 'CreditNoteTypeCode' : 'InvoiceTypeCode', typeCode),
    ...notes,
    cbc('DocumentCurrencyCode', row.currency),
    cbc('LineCountNumeric', row.lines.length),
    row.creditedInvoiceId !== null &&
      cac(
        'BillingReference',
        cac('InvoiceDocumentReference', cbc('ID', row.creditedInvoiceId), cbc('UUID', row.creditedInvoiceId)),
      ),
    cac('AdditionalDocumentReference', cbc('ID', row.documentId), cbc('DocumentType', row.documentType)),
    cac('AccountingSupplierParty', party(row.supplier ?? row.seller)),
    cac('AccountingCustomerParty', party(row.buyer)),
    row.supplier !== null && cac('PayeeParty', payee(row.seller)),
    cac(
      'TaxTotal',
      amount('TaxAmount', row.tax),
      ...row.taxes.map((tax) =>
        cac(
          'TaxSubtotal',
          amount('TaxableAmount', tax.base),
          amount('TaxAmount', tax.amount),
          cac(
            'TaxCategory',
            cbc('ID', 'S'),
            cbc('Name', tax.component),
            cbc('Percent', tax.rateBasisPoints / 100),
            cac('TaxScheme', cbc('ID', tax.component), cbc('Name', tax.name)),
          ),
        ),
      ),
    ),
    cac(
      'LegalMonetaryTotal',
      amount('LineExtensionAmount', row.total - row.tax),
      amount('TaxExclusiveAmount', row.total - row.tax),
      amount('TaxInclusiveAmount', row.total),
      paid > 0 && amount('PrepaidAmount', paid),
      amount('PayableAmount', row.total - paid),
    ),
    ...row.lines.map((line) => {
      const allowance =
        line.discount > 0 &&
        cac(
          'AllowanceCharge',
          cbc('ChargeIndicator', 'false'),
          cbc('AllowanceChargeReason', 'Discount'),
          amount('Amount', line.discount),
        )
      const tax = cac('TaxTotal', amount('TaxAmount', line.tax))
      return cac(
        `${name}Line`,
        cbc('ID', line.line),
        cbc(isCredit ? 'CreditedQuantity' : 'InvoicedQuantity', line.quantity, ' unitCode="C62"'),
        amount('LineExtensionAmount', line.total - line.tax),
        // UBL orders them otherwise in a line of a credit note than in one of an invoice.
        ...(isCredit ? [tax, allowance] : [allowance, tax]),
        cac('Item', cbc('Description', line.kind), cbc('Name', line.description)),
        // The price of all together, without taxes: that of one may not be a whole number of minor units.
        cac(
          'Price',
          amount('PriceAmount', line.total - line.tax + line.discount),
          cbc('BaseQuantity', line.quantity, ' unitCode="C62"'),
        ),
      )
    }),
  ]
  return `<${name} xmlns="${oasis}:${name}-2" xmlns:cac="${oasis}:CommonAggregateComponents-2" xmlns:cbc="${oasis}:CommonBasicComponents-2">${children.filter(Boolean).join('')}</${name}>\n`
}
