import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, inQuotes, money, stamps, time } from '../columns.ts'
import { invoiceStatus } from '../enums.ts'
import { ledgerEntries } from '../money/ledger.ts'
import { users } from '../people/identity.ts'
import { bookings } from '../work/bookings.ts'
import { taxStatuses } from './price-rules.ts'

export const invoiceKinds = ['invoice', 'credit_note', 'debit_note'] as const
export const invoiceLineKinds = ['package', 'service', 'fee', 'commission', 'plan'] as const
export const invoiceLanguages = ['en', 'ar', 'ru', 'ky', 'hi'] as const
export type InvoiceLanguage = (typeof invoiceLanguages)[number]

/** A party as it was when the invoice was issued. */
export interface InvoiceParty {
  name: string | null
  taxId: string | null
  address: string | null
  /** ISO 3166-1 alpha-2. */
  country: string | null
}

/** Legal entities of the operator: one a country, which issues there. */
export const invoiceSellers = pgTable(
  'invoice_sellers',
  {
    id: id(),
    country: text('country').notNull().unique('invoice_sellers_country_key'),
    name: text('name').notNull(),
    taxId: text('tax_id'),
    address: text('address'),
    /** IANA: the day of an invoice is the day there. */
    timezone: text('timezone').notNull(),
    /** Month in which its fiscal year begins. */
    fiscalYearStartsIn: smallint('fiscal_year_starts_in').notNull().default(1),
    ...stamps(),
  },
  (t) => [
    check('invoice_sellers_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('invoice_sellers_timezone', sql`khidma.is_timezone(${t.timezone})`),
    check('invoice_sellers_fiscal_year', sql`${t.fiscalYearStartsIn} between 1 and 12`),
  ],
)

/** Counters. A number is spent by the commit of the invoice that takes it, and by nothing else. */
export const invoiceSeries = pgTable(
  'invoice_series',
  {
    sellerId: uuid('seller_id')
      .notNull()
      .references(() => invoiceSellers.id, { onDelete: 'restrict' }),
    /** `S` sales of the operator, `F` fares on behalf of those who earn them; with `C` credit notes of each, with `D` debit notes. */
    code: text('code').notNull(),
    /** Named by the calendar year in which it begins. */
    fiscalYear: integer('fiscal_year').notNull(),
    nextNumber: bigint('next_number', { mode: 'number' }).notNull().default(1),
  },
  (t) => [
    primaryKey({ name: 'invoice_series_pkey', columns: [t.sellerId, t.code, t.fiscalYear] }),
    check('invoice_series_code', sql`${t.code} in ('S', 'F', 'SC', 'FC', 'SD', 'FD')`),
    check('invoice_series_next', sql`${t.nextNumber} >= 1`),
  ],
)

/** Invoices, credit notes and debit notes. But for their status they never change. */
export const invoices = pgTable(
  'invoices',
  {
    id: id(),
    kind: text('kind', { enum: invoiceKinds }).notNull(),
    sellerId: uuid('seller_id')
      .notNull()
      .references(() => invoiceSellers.id, { onDelete: 'restrict' }),
    series: text('series').notNull(),
    fiscalYear: integer('fiscal_year').notNull(),
    /** Given at the commit: null only within the transaction that issues it. */
    number: bigint('number', { mode: 'number' }),
    /** Number as it is written: `EG-S-2026-000001`. */
    label: text('label').unique('invoices_label_key'),
    /** Object that it is about: an order, an entry of the ledger, … */
    documentType: text('document_type').notNull(),
    documentId: uuid('document_id').notNull(),
    bookingId: uuid('booking_id').references(() => bookings.id, { onDelete: 'restrict' }),
    /** Invoice that a credit note takes from, or that a debit note restores. */
    creditedInvoiceId: uuid('credited_invoice_id'),
    /** How much of the invoice of a note was credited before it. */
    creditedBefore: money('credited_before'),
    buyerId: uuid('buyer_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** Earner of a fare, on whose behalf the operator issues. */
    supplierId: uuid('supplier_id').references(() => users.id, { onDelete: 'restrict' }),
    seller: jsonb('seller').notNull().$type<InvoiceParty>(),
    buyer: jsonb('buyer').notNull().$type<InvoiceParty>(),
    supplier: jsonb('supplier').$type<InvoiceParty>(),
    language: text('language', { enum: invoiceLanguages }).notNull(),
    currency: text('currency').notNull(),
    /** Σ of quantity times price. */
    subtotal: money('subtotal').notNull(),
    discount: money('discount').notNull(),
    /** Σ of the tax lines, those within the prices as well. */
    tax: money('tax').notNull(),
    total: money('total').notNull(),
    /** Σ of its credit notes, less its debit notes. */
    creditedAmount: money('credited_amount').notNull().default(0),
    status: invoiceStatus('status').notNull().default('issued'),
    /** Reason of a credit note, or why it is void. */
    reason: text('reason'),
    issuedAt: time('issued_at').notNull().defaultNow(),
    dueAt: time('due_at'),
    paidAt: time('paid_at'),
    voidedAt: time('voided_at'),
    /** When its buyer is reminded next. */
    nextReminderAt: time('next_reminder_at'),
    /** SHA-256 of what never changes, lines and taxes as well. */
    digest: text('digest'),
    ...stamps(),
  },
  (t) => [
    unique('invoices_number_key').on(t.sellerId, t.series, t.fiscalYear, t.number),
    foreignKey({
      name: 'invoices_credited_invoice_id_invoices_id_fk',
      columns: [t.creditedInvoiceId],
      foreignColumns: [t.id],
    }).onDelete('restrict'),
    // A document has one invoice for each of those who owe for it; a void one makes place for another.
    uniqueIndex('invoices_one_of_document')
      .on(t.documentId, t.documentType, t.buyerId)
      .where(sql`${t.kind} = 'invoice' and ${t.status} <> 'void'`),
    uniqueIndex('invoices_one_note_of_document')
      .on(t.documentId, t.creditedInvoiceId, t.kind)
      .where(sql`${t.kind} <> 'invoice' and ${t.documentType} in ('ledger_entry', 'chargeback')`),
    index('idx_invoices_unnumbered').on(t.id).where(sql`${t.number} is null`),
    index('idx_invoices_buyer').on(t.buyerId, t.id),
    index('idx_invoices_supplier').on(t.supplierId, t.id).where(sql`${t.supplierId} is not null`),
    index('idx_invoices_booking').on(t.bookingId).where(sql`${t.bookingId} is not null`),
    index('idx_invoices_credited').on(t.creditedInvoiceId).where(sql`${t.creditedInvoiceId} is not null`),
    index('idx_invoices_unpaid')
      .on(t.buyerId, t.currency)
      .where(sql`${t.status} = 'issued' and ${t.kind} = 'invoice'`),
    index('idx_invoices_reminders').on(t.nextReminderAt).where(sql`${t.nextReminderAt} is not null`),
    index('idx_invoices_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    check('invoices_kind', sql`${t.kind} in (${sql.raw(inQuotes(invoiceKinds))})`),
    check(
      'invoices_note',
      sql`(${t.kind} <> 'invoice') = (${t.creditedInvoiceId} is not null) and (${t.kind} = 'invoice' or ${t.status} = 'issued' and ${t.creditedAmount} = 0)`,
    ),
    check(
      'invoices_credited_before',
      sql`(${t.creditedBefore} is not null) = (${t.kind} <> 'invoice') and (${t.creditedBefore} is null or ${t.creditedBefore} >= 0)`,
    ),
    check(
      'invoices_series',
      sql`${t.series} = case when ${t.supplierId} is null then 'S' else 'F' end || case ${t.kind} when 'credit_note' then 'C' when 'debit_note' then 'D' else '' end`,
    ),
    check('invoices_supplier', sql`(${t.supplierId} is null) = (${t.supplier} is null)`),
    check('invoices_language', sql`${t.language} in (${sql.raw(inQuotes(invoiceLanguages))})`),
    check(
      'invoices_amounts',
      sql`${t.subtotal} >= 0 and ${t.discount} between 0 and ${t.subtotal} and ${t.tax} >= 0 and ${t.total} >= 0`,
    ),
    check('invoices_credited', sql`${t.creditedAmount} between 0 and ${t.total}`),
    check('invoices_paid', sql`(${t.status} = 'paid') = (${t.paidAt} is not null)`),
    check('invoices_void', sql`(${t.status} = 'void') = (${t.voidedAt} is not null)`),
    check('invoices_named_whole', sql`num_nulls(${t.number}, ${t.label}, ${t.digest}) in (0, 3)`),
    check(
      'invoices_reminders',
      sql`${t.nextReminderAt} is null or ${t.status} = 'issued' and ${t.dueAt} is not null`,
    ),
  ],
)

export const invoiceLines = pgTable(
  'invoice_lines',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id, { onDelete: 'restrict' }),
    line: integer('line').notNull(),
    kind: text('kind', { enum: invoiceLineKinds }).notNull(),
    /** In the language of the invoice, as far as there is a text in it. */
    description: text('description').notNull(),
    quantity: integer('quantity').notNull(),
    unitPrice: money('unit_price').notNull(),
    discount: money('discount').notNull().default(0),
    /** Its taxes, those within the price as well. */
    tax: money('tax').notNull().default(0),
    /** Quantity times price, less the discount, with the taxes on top of it. */
    total: money('total').notNull(),
  },
  (t) => [
    primaryKey({ name: 'invoice_lines_pkey', columns: [t.invoiceId, t.line] }),
    check('invoice_lines_kind', sql`${t.kind} in (${sql.raw(inQuotes(invoiceLineKinds))})`),
    check(
      'invoice_lines_amounts',
      sql`${t.quantity} >= 1 and ${t.unitPrice} >= 0 and ${t.discount} >= 0 and ${t.tax} >= 0`,
    ),
    check(
      'invoice_lines_total',
      sql`${t.total} - ${t.quantity} * ${t.unitPrice} + ${t.discount} between 0 and ${t.tax} and ${t.total} >= ${t.tax}`,
    ),
  ],
)

/** Taxes of an invoice: one for each rule, or for each government that shares it. */
export const invoiceTaxLines = pgTable(
  'invoice_tax_lines',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id, { onDelete: 'restrict' }),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    /** Part of a tax that is shared, `CGST` and `SGST`, or its kind. */
    component: text('component').notNull(),
    /** Rate of the whole tax. */
    rateBasisPoints: integer('rate_basis_points').notNull(),
    /** Amount that is taxed, without this tax. */
    base: money('base').notNull(),
    amount: money('amount').notNull(),
    /** Within the prices, not on top of them. */
    isIncluded: boolean('is_included').notNull(),
  },
  (t) => [
    primaryKey({ name: 'invoice_tax_lines_pkey', columns: [t.invoiceId, t.position] }),
    check(
      'invoice_tax_lines_amounts',
      sql`${t.rateBasisPoints} between 0 and 10000 and ${t.base} >= 0 and ${t.amount} >= 0`,
    ),
  ],
)

/** Inputs of the price of an invoice: `khidma.price_with` computes it again from them alone. */
export const invoiceInputs = pgTable('invoice_inputs', {
  invoiceId: uuid('invoice_id')
    .primaryKey()
    .references(() => invoices.id, { onDelete: 'restrict' }),
  inputs: jsonb('inputs').notNull(),
})

/** Name and address that a user wants on invoices: the law's, where they differ from the profile's. */
export const taxDetails = pgTable(
  'tax_details',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    legalName: text('legal_name'),
    taxId: text('tax_id'),
    address: text('address'),
    country: text('country'),
    ...stamps(),
    /** `exempt` is set by staff alone. */
    status: text('status', { enum: taxStatuses }).notNull().default('ordinary'),
    region: text('region'),
  },
  (t) => [
    check('tax_details_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('tax_details_status', sql`${t.status} in (${sql.raw(inQuotes(taxStatuses))})`),
    check('tax_details_registered', sql`${t.status} <> 'registered' or ${t.taxId} is not null`),
  ],
)

export const withholdingKinds = ['withheld', 'returned', 'restored'] as const

/** Tax collected at source of fares: withheld from who has earned them, returned with what is refunded. Append-only; each posts itself. */
export const taxWithholdings = pgTable(
  'tax_withholdings',
  {
    id: id(),
    kind: text('kind', { enum: withholdingKinds }).notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'restrict' }),
    /** Payment, milestone or contract that paid the fare; refund or chargeback that took it back. */
    documentType: text('document_type').notNull(),
    documentId: uuid('document_id').notNull(),
    /** Entry of the fare; null unless it is `withheld`. */
    entryId: uuid('entry_id').references(() => ledgerEntries.id, { onDelete: 'restrict' }),
    name: text('name'),
    rateBasisPoints: integer('rate_basis_points'),
    /** The fare. */
    gross: money('gross'),
    /** Net value: the fare without its sales taxes. */
    base: money('base'),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    /** Inputs of `khidma.price_with`: of the price of the `fare`, and of what is `withheld`. */
    inputs: jsonb('inputs'),
    createdAt: createdAt(),
  },
  (t) => [
    check('tax_withholdings_kind', sql`${t.kind} in (${sql.raw(inQuotes(withholdingKinds))})`),
    check(
      'tax_withholdings_amount',
      sql`${t.amount} > 0 and ${t.base} >= ${t.amount} and ${t.gross} >= ${t.base}`,
    ),
    check(
      'tax_withholdings_supply',
      sql`(${t.kind} = 'withheld') = (${t.entryId} is not null)
        and num_nulls(${t.entryId}, ${t.name}, ${t.rateBasisPoints}, ${t.gross}, ${t.base}, ${t.inputs}) in (0, 6)`,
    ),
    // withhold_tax: once for an entry
    uniqueIndex('tax_withholdings_one_of_entry').on(t.entryId).where(sql`${t.entryId} is not null`),
    // payments.getReceipt, tax_to_withhold
    index('idx_tax_withholdings_booking').on(t.bookingId),
    // me.listTaxWithholdings
    index('idx_tax_withholdings_user').on(t.userId, t.id),
  ],
)

/** Entries of the books until this moment have their invoices. One row. */
export const invoiceProgress = pgTable(
  'invoice_progress',
  {
    isOnly: boolean('is_only').primaryKey().default(true),
    /** Older entries are not invoiced: they are of a time before invoices. */
    startedAt: time('started_at').notNull().defaultNow(),
    invoicedUntil: time('invoiced_until').notNull().defaultNow(),
  },
  (t) => [check('invoice_progress_one', sql`${t.isOnly}`)],
)

/** Results of the daily proof of invoices. */
export const invoiceChecks = pgTable(
  'invoice_checks',
  {
    id: id(),
    /** Invoices and entries that were looked at. */
    checked: integer('checked').notNull(),
    differences: integer('differences').notNull(),
    details: jsonb('details').notNull(),
    createdAt: createdAt(),
  },
  (t) => [check('invoice_checks_counts', sql`${t.checked} >= 0 and ${t.differences} >= 0`)],
)
