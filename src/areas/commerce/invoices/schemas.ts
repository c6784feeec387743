import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import {
  invoiceKinds,
  invoiceLanguages,
  invoiceLineKinds,
  type InvoiceParty as Party,
} from '../../../db/schema/commerce/invoices.ts'
import { taxStatuses } from '../../../db/schema/commerce/price-rules.ts'
import { changedQuery, createdQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  largestAmount,
  queryBoolean,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { CountryCode } from '../../people/profiles/schemas.ts'
import { type InvoiceCheckRow, type InvoiceProofRow, invoiceDifferenceKinds } from './checks.ts'
import type { InvoiceRow } from './invoices.ts'
import { invoiceMachine } from './machine.ts'
import type { SellerRow, TaxDetailsRow } from './tax-details.ts'

const Status = z.enum(invoiceMachine.states).openapi('InvoiceStatus', {
  example: 'paid',
  description:
    'Status of an invoice. `paid`: nothing is owed of it any more, as it was paid, credited or written off. A note stays `issued`.',
})
const Kind = z.enum(invoiceKinds).openapi('InvoiceKind', {
  example: 'invoice',
  description:
    'Kind of document. A debit note restores what a credit note took back, where a refund was undone.',
})

const InvoiceParty = z
  .object({
    name: z.string().nullable().openapi({ example: 'Nile Fittings LLC', description: 'Legal name.' }),
    taxId: z.string().nullable().openapi({ example: '123-456-789', description: 'Tax number.' }),
    address: z.string().nullable().openapi({ example: '1 Tahrir Square, Cairo', description: 'Address.' }),
    country: z.string().nullable().openapi({ example: 'EG', description: 'Country (ISO 3166-1 alpha-2).' }),
  })
  .openapi('InvoiceParty', { description: 'A party of an invoice, as it was at the issue.' })

const InvoiceLine = z
  .object({
    line: z.int().openapi({ example: 1, description: 'Number of the line.' }),
    kind: z.enum(invoiceLineKinds).openapi({ example: 'service', description: 'What is sold.' }),
    description: z.string().openapi({ example: 'Plumbing', description: 'In the language of the invoice.' }),
    quantity: z.int().openapi({ example: 1, description: 'How many.' }),
    unitPrice: AmountMinor.openapi({ example: 36_667, description: 'Price of one, in minor units.' }),
    discount: AmountMinor.openapi({ example: 0, description: 'Discount on the line, in minor units.' }),
    tax: AmountMinor.openapi({ example: 4_503, description: 'Taxes of the line, in minor units.' }),
    total: AmountMinor.openapi({ example: 36_667, description: 'Total with taxes, in minor units.' }),
  })
  .openapi('InvoiceLine')

const InvoiceTaxLine = z
  .object({
    name: z.string().openapi({ example: 'VAT', description: 'Name of the tax.' }),
    component: z
      .string()
      .openapi({ example: 'VAT', description: 'Part of a tax that is shared, or its kind.' }),
    rateBasisPoints: z
      .int()
      .openapi({ example: 1_400, description: 'Rate of the whole tax, in basis points.' }),
    base: AmountMinor.openapi({ example: 32_164, description: 'Amount that is taxed, in minor units.' }),
    amount: AmountMinor.openapi({ example: 4_503, description: 'Tax, in minor units.' }),
    isIncluded: z.boolean().openapi({ example: true, description: 'Whether it is within the prices.' }),
  })
  .openapi('InvoiceTaxLine')

export const Invoice = z
  .object({
    id: Id,
    kind: Kind,
    number: z.string().openapi({
      example: 'EG-F-2026-000001',
      description: 'Number: country of the seller, series, fiscal year, and a number without a gap.',
    }),
    status: Status,
    isOverdue: z
      .boolean()
      .openapi({ example: false, description: 'Whether it is unpaid and its day has passed.' }),
    documentType: z.string().openapi({
      example: 'ledger_entry',
      description:
        'What it is about: `order`, `ledger_entry`, `refund` or `chargeback`; `invoice` for a credit note of staff.',
    }),
    documentId: Id.openapi({ description: 'Object that it is about.' }),
    bookingId: Id.nullable().openapi({ description: 'Booking that it is about.' }),
    creditedInvoiceId: Id.nullable().openapi({
      example: null,
      description: 'Invoice that a credit note takes from, or that a debit note restores.',
    }),
    buyerId: Id.openapi({ description: 'User who is invoiced.' }),
    supplierId: Id.nullable().openapi({
      description: 'User who has earned the fare, on whose behalf the platform issues it.',
    }),
    seller: InvoiceParty.openapi({
      description: 'Entity of the platform that issues it.',
      example: {
        name: 'Khidma Egypt LLC',
        taxId: '987-654-321',
        address: '5 Nile Street, Cairo',
        country: 'EG',
      },
    }),
    buyer: InvoiceParty.openapi({
      description: 'The buyer, as they were at the issue.',
      example: {
        name: 'Nile Fittings LLC',
        taxId: '123-456-789',
        address: '1 Tahrir Square, Cairo',
        country: 'EG',
      },
    }),
    supplier: InvoiceParty.nullable().openapi({
      description: 'The supplier, as they were at the issue.',
      example: { name: 'Karim Adel', taxId: null, address: 'Giza', country: 'EG' },
    }),
    language: z.enum(invoiceLanguages).openapi({ example: 'en', description: 'Language of its page.' }),
    currency: Currency,
    subtotalAmount: AmountMinor.openapi({
      example: 36_667,
      description: 'Quantities times prices, in minor units.',
    }),
    discountAmount: AmountMinor.openapi({ example: 0, description: 'Discounts, in minor units.' }),
    taxAmount: AmountMinor.openapi({
      example: 4_503,
      description: 'Taxes, in minor units, those within prices as well.',
    }),
    totalAmount: AmountMinor.openapi({ example: 36_667, description: 'Total, in minor units.' }),
    withheldTaxAmount: AmountMinor.nullable().openapi({
      example: null,
      description:
        'Tax collected at source that was withheld from the supplier, in minor units, for them and staff; null: none.',
    }),
    creditedAmount: AmountMinor.openapi({
      example: 0,
      description: 'Taken back by credit notes, less debit notes, in minor units.',
    }),
    reason: z.string().nullable().openapi({
      example: null,
      description:
        'Reason of a note (`refund`, `fee_waived`, `chargeback`, `refund_reversed`, or what staff wrote), or why an invoice is void.',
    }),
    lines: z.array(InvoiceLine).openapi({ description: 'Its lines.' }),
    taxes: z.array(InvoiceTaxLine).openapi({ description: 'Its taxes.' }),
    issuedAt: Timestamp,
    dueAt: Timestamp.nullable().openapi({
      description: 'When it must be paid; null where it was paid at once.',
    }),
    paidAt: Timestamp.nullable().openapi({ description: 'Since when nothing is owed of it.' }),
    voidedAt: Timestamp.nullable().openapi({ description: 'Since when it is void.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Invoice')

export const InvoicePage = pageOf(Invoice, 'InvoicePage')

export const toInvoice = (row: InvoiceRow, actor: Actor): z.infer<typeof Invoice> => ({
  id: row.id,
  kind: row.kind,
  number: row.label,
  status: row.status,
  isOverdue: row.isOverdue,
  documentType: row.documentType,
  documentId: row.documentId,
  bookingId: row.bookingId,
  creditedInvoiceId: row.creditedInvoiceId,
  buyerId: row.buyerId,
  supplierId: row.supplierId,
  seller: toParty(row.seller),
  buyer: toParty(row.buyer),
  supplier: row.supplier && toParty(row.supplier),
  language: row.language,
  currency: row.currency,
  subtotalAmount: row.subtotal,
  discountAmount: row.discount,
  taxAmount: row.tax,
  totalAmount: row.total,
  withheldTaxAmount: isStaff(actor) || userIdOf(actor) === row.supplierId ? row.withheldTax : null,
  creditedAmount: row.creditedAmount,
  reason: row.reason,
  lines: row.lines,
  taxes: row.taxes,
  issuedAt: row.issuedAt,
  dueAt: row.dueAt,
  paidAt: row.paidAt,
  voidedAt: row.voidedAt,
  allowedActions:
    row.kind === 'invoice'
      ? allowedActions(invoiceMachine, row.status, isStaff(actor) ? 'ops' : 'buyer')
      : [],
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

const toParty = ({ name, taxId, address, country }: Party): z.infer<typeof InvoiceParty> => ({
  name,
  taxId,
  address,
  country,
})

const filters = {
  ...pageQuery,
  ...changedQuery,
  status: Status.optional().openapi({ description: 'Only those with this status.' }),
  kind: Kind.optional().openapi({ description: 'Only documents of this kind.' }),
  bookingId: relatedId('Only those of this booking.'),
  overdue: queryBoolean()
    .optional()
    .openapi({ description: 'Only those that are overdue, or only the others.' }),
}

export const InvoiceFilters = z.object({
  ...filters,
  userId: relatedId('Only those to this user.'),
  documentId: relatedId('Only those about this object.'),
  number: z
    .string()
    .max(40)
    .optional()
    .openapi({ example: 'EG-F-2026-000001', description: 'Only the one with this number.' }),
})

export const OwnInvoiceFilters = z.object({
  ...filters,
  side: z.enum(['buyer', 'supplier']).optional().openapi({
    example: 'buyer',
    description: '`buyer`: to you (without it). `supplier`: issued on your behalf to your clients.',
  }),
})

export const CompanyInvoiceFilters = z.object(filters).omit({ bookingId: true })

export const VoidInvoice = z
  .strictObject({ reason: Reason })
  .openapi('VoidInvoice', { example: { reason: 'Issued to the wrong company.' } })

export const CreditInvoice = z
  .strictObject({
    amountMinor: z.int().min(1).max(largestAmount).optional().openapi({
      example: 5_000,
      description: 'In minor units; without it, all that is left of the invoice.',
    }),
    reason: Reason,
  })
  .openapi('CreditInvoice', { example: { amountMinor: 5_000, reason: 'Half of it was not delivered.' } })

export const InvoiceLink = z
  .object({
    url: z.url().openapi({
      example: 'https://api.khidma.example/v1/invoice-page?signature=eyJhIjoxfQ.c2lnbmVk',
      description: 'Page of the invoice, for whoever has the address.',
    }),
    expiresAt: Timestamp,
  })
  .openapi('InvoiceLink')

const details = {
  legalName: z.string().trim().min(1).max(200),
  taxId: z.string().trim().min(2).max(40).nullable(),
  address: z.string().trim().min(1).max(500).nullable(),
  country: CountryCode.nullable(),
  region: z.string().trim().min(1).max(60).nullable(),
}
const described = {
  legalName: details.legalName.openapi({ example: 'Nile Fittings LLC', description: 'Name for invoices.' }),
  taxId: details.taxId.openapi({ example: '123-456-789', description: 'Tax number for invoices.' }),
  address: details.address.openapi({
    example: '1 Tahrir Square, Cairo',
    description: 'Address for invoices.',
  }),
  country: details.country.openapi({ example: 'EG', description: 'Country (ISO 3166-1 alpha-2).' }),
}
const stated = {
  ...described,
  legalName: described.legalName.nullable().openapi({
    example: 'Nile Fittings LLC',
    description: 'Name for invoices; null: the name of the account.',
  }),
  region: details.region.openapi({
    example: null,
    description: 'State or region, where a tax depends on it; null: none.',
  }),
}
const TaxStatus = z.enum(taxStatuses).openapi('TaxStatus', {
  example: 'registered',
  description: 'Ordinary, registered with a tax number, or found exempt by staff.',
})

export const SetTaxDetails = z.strictObject(stated).openapi('SetTaxDetails', {
  example: {
    legalName: 'Nile Fittings LLC',
    taxId: '123-456-789',
    address: '1 Tahrir Square, Cairo',
    country: 'EG',
    region: null,
  },
})

export const SetTaxStatus = z
  .strictObject({ status: TaxStatus })
  .openapi('SetTaxStatus', { example: { status: 'exempt' } })

export const TaxDetails = z
  .object({
    ...stated,
    status: TaxStatus,
    updatedAt: Timestamp.nullable().openapi({ description: 'Last change; null: there are none.' }),
  })
  .openapi('TaxDetails')

export const toTaxDetails = (row: TaxDetailsRow | null): z.infer<typeof TaxDetails> => ({
  legalName: row?.legalName ?? null,
  taxId: row?.taxId ?? null,
  address: row?.address ?? null,
  country: row?.country ?? null,
  region: row?.region ?? null,
  status: row?.status ?? 'ordinary',
  updatedAt: row?.updatedAt ?? null,
})

const sellerFields = {
  name: described.legalName.openapi({
    example: 'Khidma Egypt LLC',
    description: 'Legal name of the entity.',
  }),
  taxId: described.taxId.openapi({ example: '987-654-321', description: 'Its tax number.' }),
  address: described.address.openapi({ example: '5 Nile Street, Cairo', description: 'Its address.' }),
  fiscalYearStartsIn: z
    .int()
    .min(1)
    .max(12)
    .openapi({ example: 1, description: 'Month in which its fiscal year begins: numbers begin anew then.' }),
}

export const UpdateInvoiceSeller = z
  .strictObject(sellerFields)
  .partial()
  .openapi('UpdateInvoiceSeller', {
    example: { name: 'Khidma Egypt LLC', taxId: '987-654-321' },
  })

const InvoiceSeller = z
  .object({
    id: Id,
    country: z.string().openapi({ example: 'EG', description: 'Country that it issues in.' }),
    ...sellerFields,
    timezone: z.string().openapi({ example: 'Africa/Cairo', description: 'Zone of its days (IANA).' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('InvoiceSeller')

export { InvoiceSeller }

export const InvoiceSellerList = z
  .object({ items: z.array(InvoiceSeller).openapi({ description: 'One for each country that is served.' }) })
  .openapi('InvoiceSellerList')

export const toSeller = (row: SellerRow): z.infer<typeof InvoiceSeller> => row

const DifferenceKind = z.enum(invoiceDifferenceKinds).openapi('InvoiceDifferenceKind', {
  example: 'total',
  description:
    'What is compared: the sums of lines (`subtotal`, `discount`, `tax`, `total`) and of tax lines (`tax_lines`), a tax with its `rate`, the price as it is computed again from its inputs (`line`, `tax_line`, `inputs`), the digest of an invoice (`content`), its notes and their taxes (`credited`, `credited_tax`), its tax in the ledger (`tax_posted`), a series with its `numbers`, an entry of the ledger with its invoices (`invoiced`), credit notes (`credit`) and debit notes (`restored`), the tax that is withheld of a fare with its base and its refunds (`withheld`), a lost chargeback with its credit notes (`charged_back`).',
})

const InvoiceDifference = z
  .object({
    documentType: z.string().openapi({
      example: 'invoice',
      description: '`invoice`, `invoice_series`, `ledger_entry` or `chargeback`.',
    }),
    documentId: Id.openapi({ description: 'Invoice, entry or chargeback; the seller of a series.' }),
    what: DifferenceKind,
    expected: AmountMinor.openapi({ example: 36_667, description: 'What it was made of says.' }),
    found: AmountMinor.openapi({ example: 31_667, description: 'What is there.' }),
  })
  .openapi('InvoiceDifference')

const InvoiceCheck = z
  .object({
    id: Id,
    checked: z.int().openapi({ example: 812, description: 'Number of invoices that were compared.' }),
    differences: z.int().openapi({ example: 0, description: 'Number of differences.' }),
    details: z.array(InvoiceDifference).openapi({ example: [], description: 'The differences.' }),
    createdAt: Timestamp,
  })
  .openapi('InvoiceCheck')

export const InvoiceCheckPage = pageOf(InvoiceCheck, 'InvoiceCheckPage')

export const InvoiceCheckFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  differing: queryBoolean()
    .optional()
    .openapi({ description: 'Only checks that found a difference, or only the others.' }),
})

export const toInvoiceCheck = (row: InvoiceCheckRow): z.infer<typeof InvoiceCheck> => row

export const InvoiceProof = z
  .object({
    provedAt: Timestamp.nullable().openapi({
      description: 'When invoices were proved last; null: never yet.',
    }),
    differences: z.int().nullable().openapi({
      example: 0,
      description:
        'Differences that the last proof found: 0 where every document is right; null: there was none yet.',
    }),
  })
  .openapi('InvoiceProof')

export const toInvoiceProof = (row: InvoiceProofRow | null): z.infer<typeof InvoiceProof> => ({
  provedAt: row?.provedAt ?? null,
  differences: row?.differences ?? null,
})

export const ExportQuery = z.object({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, valueTexts.month)
    .openapi({ example: '2026-11', description: 'Month of issue, where the seller is.' }),
  country: CountryCode.openapi({ description: 'Country of the seller.' }),
  format: z.enum(['csv', 'ubl']).openapi({
    example: 'csv',
    description: '`csv`: a row for each document. `ubl`: UBL 2.1, one after the other.',
  }),
  after: Id.optional().openapi({
    description: 'Last document of the part before: a part has 1,000 documents at most, oldest first.',
  }),
})

export const PageQuery = z.object({
  signature: z.string().min(1).max(500).openapi({ example: 'eyJ…', description: 'Part of the link.' }),
})
