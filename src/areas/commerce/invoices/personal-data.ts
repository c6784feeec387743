import { sql } from 'drizzle-orm'
import {
  exported,
  kept,
  keptHidden,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import {
  invoiceChecks,
  invoiceInputs,
  invoiceLines,
  invoiceProgress,
  invoiceSellers,
  invoiceSeries,
  invoices,
  invoiceTaxLines,
  taxDetails,
  taxWithholdings,
} from '../../../db/schema/commerce/invoices.ts'

/** The books stay, and name nobody: an erasure takes names, tax numbers and addresses from invoices, and leaves the rest. */
export const personalData: PersonalTable[] = [
  personalTable(invoices, {
    of: ({ user }) => sql`${user} in (t.buyer_id, t.supplier_id)`,
    erasure: 'keep',
    why: 'books',
    columns: {
      series: kept,
      label: kept,
      documentType: kept,
      seller: kept,
      buyer: {
        erased: 'khidma.party_left(buyer, buyer_id)',
        exported: ({ user }) => sql`case when t.buyer_id = ${user} then t.buyer end`,
      },
      supplier: {
        erased: 'khidma.party_left(supplier, supplier_id)',
        exported: ({ user }) => sql`case when t.supplier_id = ${user} then t.supplier end`,
      },
      currency: kept,
      reason: { masked: true },
      digest: keptHidden,
      sellerId: keptHidden,
      nextReminderAt: keptHidden,
    },
  }),
  personalTable(invoiceLines, {
    of: ({ user }) =>
      sql`t.invoice_id in (select i.id from invoices i where ${user} in (i.buyer_id, i.supplier_id))`,
    erasure: 'keep',
    why: 'books',
    columns: { description: kept },
  }),
  personalTable(invoiceTaxLines, {
    of: ({ user }) =>
      sql`t.invoice_id in (select i.id from invoices i where ${user} in (i.buyer_id, i.supplier_id))`,
    erasure: 'keep',
    why: 'books',
    columns: { name: kept, component: kept },
  }),
  personalTable(invoiceInputs, {
    of: ({ user }) =>
      sql`t.invoice_id in (select i.id from invoices i where ${user} in (i.buyer_id, i.supplier_id))`,
    erasure: 'keep',
    why: 'books',
    columns: { inputs: keptHidden },
  }),
  personalTable(taxWithholdings, {
    of: ownedBy(taxWithholdings.userId),
    erasure: 'keep',
    why: 'books',
    columns: { documentType: kept, name: kept, currency: kept, inputs: keptHidden },
  }),
  personalTable(taxDetails, {
    of: ownedBy(taxDetails.userId),
    erasure: 'delete',
    columns: {
      legalName: exported,
      taxId: exported,
      address: exported,
      country: exported,
      region: exported,
    },
  }),
  personalTable(invoiceSellers, {
    erasure: 'keep',
    why: 'books',
    columns: { country: kept, name: kept, taxId: kept, address: kept, timezone: kept },
  }),
  personalTable(invoiceSeries, { erasure: 'keep', why: 'books', columns: { code: kept } }),
  personalTable(invoiceProgress, { erasure: 'keep', why: 'books' }),
  personalTable(invoiceChecks, { erasure: 'keep', why: 'books', columns: { details: keptHidden } }),
]
