import { escapeHtml } from '../../../core/html.ts'
import type { InvoiceParty } from '../../../db/schema/commerce/invoices.ts'
import { printPage } from '../../../http/page.ts'
import type { InvoiceRow } from './invoices.ts'
import { digitsOf } from './money.ts'
import { type PageTexts, pageTexts } from './page-texts.ts'

/** Digits are Latin in every language, as in the app's amounts, so that a figure can be copied into a search. */
function formatOf({ language, currency }: InvoiceRow) {
  const tag = `${language}-u-nu-latn`
  const amounts = new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay: 'code' })
  const days = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  const unit = 10 ** digitsOf(currency)
  return {
    money: (amount: number): string => amounts.format(amount / unit),
    day: (iso: string): string => days.format(new Date(iso)),
  }
}

const isolated = (text: string): string => `<bdi>${escapeHtml(text)}</bdi>`

const fact = (label: string, value: string | null): string =>
  value === null ? '' : `<tr><th scope="row">${escapeHtml(label)}</th><td>${isolated(value)}</td></tr>`

const partyOf = (label: string, { name, taxId, address, country }: InvoiceParty, texts: PageTexts): string =>
  `<section><h2>${escapeHtml(label)}</h2><p>${[
    isolated(name ?? texts.nameless),
    address && isolated(address),
    country && isolated(country),
    taxId && `${escapeHtml(texts.taxId)}: ${isolated(taxId)}`,
  ]
    .filter(Boolean)
    .join('<br>')}</p></section>`

function stateOf({ status, isOverdue, kind }: InvoiceRow, texts: PageTexts): string | null {
  if (kind !== 'invoice') return null
  if (status !== 'issued') return texts.states[status]
  return texts.states[isOverdue ? 'overdue' : 'unpaid']
}

/** The invoice as a page to print or to keep as a PDF, in the language in which it was issued. */
export function invoicePage(row: InvoiceRow): string {
  const texts = pageTexts[row.language]
  const { money, day } = formatOf(row)
  const cell = (value: string): string => `<td class="amount">${isolated(value)}</td>`
  const sum = (label: string, value: number, isTotal = false): string =>
    `<tr${isTotal ? ' class="total"' : ''}><td colspan="4">${escapeHtml(label)}</td>${cell(money(value))}</tr>`
  const title = { invoice: texts.invoice, credit_note: texts.creditNote, debit_note: texts.debitNote }[
    row.kind
  ]
  const state = stateOf(row, texts)
  const heads = [texts.item, texts.quantity, texts.price, texts.discount, texts.amount]
  const lines = row.lines.map(
    ({ kind, description, quantity, unitPrice, discount }) =>
      `<tr><td>${escapeHtml(texts.kinds[kind])}${description === kind ? '' : ` · ${isolated(description)}`}</td>${[String(quantity), money(unitPrice), money(discount), money(quantity * unitPrice - discount)].map(cell).join('')}</tr>`,
  )
  const taxes = row.taxes.map((tax) =>
    sum(
      `${tax.component === tax.name ? tax.name : `${tax.name} (${tax.component})`} ${tax.rateBasisPoints / 100} %${tax.isIncluded ? `, ${texts.included}` : ''}`,
      tax.amount,
    ),
  )
  return printPage(
    row.language,
    `${title} ${row.label}`,
    `<h1>${escapeHtml(title)}</h1><table>${[
      fact(texts.number, row.label),
      fact(texts.issuedOn, day(row.issuedAt)),
      fact(texts.dueOn, row.status === 'issued' && row.dueAt ? day(row.dueAt) : null),
      fact(texts.paidOn, row.paidAt && day(row.paidAt)),
      fact(texts.reason, row.reason && (texts.reasons[row.reason] ?? row.reason)),
    ].join('')}</table>${state ? `<p><strong>${escapeHtml(state)}</strong></p>` : ''}${
      row.supplier
        ? partyOf(texts.supplier, row.supplier, texts) + partyOf(texts.onBehalf, row.seller, texts)
        : partyOf(texts.seller, row.seller, texts)
    }${partyOf(texts.buyer, row.buyer, texts)}<table><thead><tr>${heads
      .map((head, index) => `<th scope="col"${index > 0 ? ' class="amount"' : ''}>${escapeHtml(head)}</th>`)
      .join('')}</tr></thead><tbody>${lines.join('')}${sum(texts.subtotal, row.subtotal)}${
      row.discount > 0 ? sum(texts.discount, -row.discount) : ''
    }${taxes.join('')}${sum(texts.total, row.total, true)}${
      row.creditedAmount > 0
        ? sum(texts.credited, -row.creditedAmount) + sum(texts.left, row.total - row.creditedAmount, true)
        : ''
    }</tbody></table>`,
  )
}
