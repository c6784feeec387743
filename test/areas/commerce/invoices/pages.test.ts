import { describe, expect, it } from 'vitest'
import type { InvoiceRow } from '../../../../src/areas/commerce/invoices/invoices.ts'
import { major } from '../../../../src/areas/commerce/invoices/money.ts'
import { invoicePage } from '../../../../src/areas/commerce/invoices/pages.ts'
import { ublDocument } from '../../../../src/areas/commerce/invoices/ubl.ts'
import { invoiceLanguages } from '../../../../src/db/schema/commerce/invoices.ts'
import { api } from '../../../support/api.ts'
import { monthIn } from '../../../support/months.ts'
import { anAdmin, anOps, aTasker, ok } from '../../../support/story.ts'
import { expectUbl } from '../../../support/ubl-order.ts'
import { childOf, parseXml } from '../../../support/xml.ts'
import { anInvoicedBooking, speak } from './scene.ts'

const textOf = (html: string) =>
  html
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\u00a0\u200e\u200f\u061c]/g, ' ')
    .replace(/\s+/g, ' ')

const party = { name: 'A & B <Ltd> "x"', taxId: '1-2', address: 'Line 1\n\u0007', country: 'IN' }
const row = {
  id: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  kind: 'invoice',
  label: 'IN-S-2026-000007',
  status: 'issued',
  isOverdue: true,
  documentType: 'order',
  documentId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
  creditedInvoiceId: null,
  supplierId: null,
  seller: { ...party, name: 'Khidma India' },
  buyer: party,
  supplier: null,
  language: 'en',
  currency: 'INR',
  subtotal: 3_000,
  discount: 300,
  tax: 486,
  total: 3_186,
  creditedAmount: 0,
  reason: null,
  issuedAt: '2026-11-30T00:30:00.000Z',
  dueAt: '2026-12-14T00:30:00.000Z',
  paidAt: null,
  lines: [
    {
      line: 1,
      kind: 'package',
      description: 'Ten <b>posts</b>',
      quantity: 2,
      unitPrice: 1_500,
      discount: 300,
      tax: 486,
      total: 3_186,
    },
  ],
  taxes: [
    { name: 'GST', component: 'CGST', rateBasisPoints: 1_800, base: 2_700, amount: 243, isIncluded: false },
    { name: 'GST', component: 'SGST', rateBasisPoints: 1_800, base: 2_700, amount: 243, isIncluded: false },
  ],
} as unknown as InvoiceRow

describe('the page of an invoice', () => {
  it('opens by its link without signing in, and by no other', async () => {
    const { client, tasker, fare } = await anInvoicedBooking()
    for (const as of [client, tasker, await anOps()]) {
      const { url, expiresAt } = (await ok(api(`/v1/invoices/${fare.id}/link`, { as }))).body
      expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 29 * 86_400_000)
      const { pathname, search } = new URL(url)
      const page = await api(`${pathname}${search}`)
      expect(page.status).toBe(200)
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(textOf(String(page.body))).toContain(fare.number)
      expect((await api(`${pathname}${search.slice(0, -2)}aa`)).status).toBe(404)
    }
    expect((await api(`/v1/invoices/${fare.id}/link`, { as: await aTasker() })).status).toBe(404)
    expect((await api('/v1/invoice-page?signature=a.b')).status).toBe(404)
  })

  it.each([
    ['ar-EG', 'rtl', 'فاتورة'],
    ['ru-KG', 'ltr', 'Счёт'],
    ['ky-KG', 'ltr', 'Эсеп'],
    ['hi-IN', 'ltr', 'चालान'],
    ['en-IN', 'ltr', 'Invoice'],
    ['yo-NG', 'ltr', 'Invoice'],
  ])('is in the language of its buyer: %s', async (locale, direction, word) => {
    const { client, fare } = await anInvoicedBooking({}, (clientId) => speak(clientId, locale))
    const { url } = (await ok(api(`/v1/invoices/${fare.id}/link`, { as: client }))).body
    const html = String((await api(url.slice(new URL(url).origin.length))).body)
    const language = invoiceLanguages.find((one) => locale.startsWith(`${one}-`)) ?? 'en'
    expect(html).toContain(`<html lang="${language}" dir="${direction}">`)
    expect(textOf(html)).toContain(word)
  })

  it('escapes what people wrote, and shows discounts, taxes and the total', () => {
    const html = invoicePage(row)
    expect(html).toContain('A &amp; B &lt;Ltd&gt;')
    expect(html).not.toContain('<b>posts')
    const text = textOf(html)
    for (const part of ['Overdue', 'INR 30.00', '-INR 3.00', 'GST (CGST) 18 %', 'INR 2.43', 'INR 31.86'])
      expect(text).toContain(part)
  })
})

describe('UBL 2.1', () => {
  it('is well-formed, in the order of the schema, and adds up', () => {
    const document = parseXml(ublDocument(row))
    expectUbl(document)
    const value = (...path: string[]) => childOf(document, ...path)?.text
    expect(document.attributes.xmlns).toBe('urn:oasis:names:specification:ubl:schema:xsd:Invoice-2')
    expect(value('cbc:ID')).toBe('IN-S-2026-000007')
    expect(value('cbc:InvoiceTypeCode')).toBe('380')
    expect(value('cac:AccountingCustomerParty', 'cac:Party', 'cac:PartyName', 'cbc:Name')).toBe(party.name)
    expect(value('cac:TaxTotal', 'cbc:TaxAmount')).toBe('4.86')
    expect(value('cac:LegalMonetaryTotal', 'cbc:LineExtensionAmount')).toBe('27.00')
    expect(value('cac:LegalMonetaryTotal', 'cbc:PayableAmount')).toBe('31.86')
    expect(value('cac:InvoiceLine', 'cac:Price', 'cbc:PriceAmount')).toBe('30.00')
  })

  it('says of an invoice on behalf that it is self-billed, and of a credit note what it credits', () => {
    const onBehalf = parseXml(ublDocument({ ...row, supplier: party, status: 'paid' }))
    expectUbl(onBehalf)
    expect(childOf(onBehalf, 'cbc:InvoiceTypeCode')?.text).toBe('389')
    expect(childOf(onBehalf, 'cac:PayeeParty', 'cac:PartyName', 'cbc:Name')?.text).toBe('Khidma India')
    expect(childOf(onBehalf, 'cac:LegalMonetaryTotal', 'cbc:PayableAmount')?.text).toBe('0.00')
    const note = parseXml(
      ublDocument({
        ...row,
        kind: 'credit_note',
        creditedInvoiceId: row.id,
        reason: 'refund',
      }),
    )
    expectUbl(note)
    expect(note.name).toBe('CreditNote')
    expect(childOf(note, 'cac:BillingReference', 'cac:InvoiceDocumentReference', 'cbc:ID')?.text).toBe(row.id)
    for (const [supplier, code] of [
      [null, '383'],
      [party, '527'],
    ] as const) {
      const debit = parseXml(ublDocument({ ...row, kind: 'debit_note', creditedInvoiceId: row.id, supplier }))
      expectUbl(debit)
      expect(debit.name).toBe('Invoice')
      expect(childOf(debit, 'cbc:InvoiceTypeCode')?.text).toBe(code)
      expect(childOf(debit, 'cac:BillingReference', 'cac:InvoiceDocumentReference', 'cbc:ID')?.text).toBe(
        row.id,
      )
    }
  })
})

describe('invoices.export', () => {
  const part = (as: Awaited<ReturnType<typeof anOps>>, query: string, month = monthIn('Africa/Cairo')) =>
    api(`/v1/invoice-export?month=${month}&country=EG&${query}`, { as })

  it('has every document of the month, for finance', async () => {
    const { fare, commission } = await anInvoicedBooking()
    const admin = await anAdmin()
    expect((await part(await anOps(), 'format=csv')).status).toBe(403)
    const csv = String((await ok(part(admin, 'format=csv'))).body)
      .trim()
      .split('\r\n')
    const [head = '', ...rows] = csv
    expect(head.split(',').slice(0, 3)).toEqual(['id', 'kind', 'number'])
    const line = rows.find((each) => each.startsWith(fare.id))
    expect(line).toContain(fare.number)
    expect(line).toContain(major(fare.totalAmount, fare.currency))
    expect(rows.some((each) => each.startsWith(commission.id))).toBe(true)
    expect(rows.every((each) => each.length > 36)).toBe(true)

    const ubl = parseXml(String((await ok(part(admin, 'format=ubl'))).body))
    expect(ubl.name).toBe('InvoiceExport')
    // Other tests issue invoices meanwhile.
    expect(ubl.children.length).toBeGreaterThanOrEqual(rows.length)
    ubl.children.forEach(expectUbl)

    const later = String((await ok(part(admin, `format=csv&after=${fare.id}`))).body)
    expect(later).not.toContain(fare.id)
    expect(
      String((await ok(part(admin, 'format=csv', '2020-01'))).body)
        .trim()
        .split('\r\n'),
    ).toHaveLength(1)
    expect(parseXml(String((await ok(part(admin, 'format=ubl', '2020-01'))).body)).children).toHaveLength(0)
  })
})
