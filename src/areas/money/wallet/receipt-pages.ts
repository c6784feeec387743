import type { Locale } from '../../../core/context.ts'
import { escapeHtml } from '../../../core/html.ts'
import { printPage } from '../../../http/page.ts'
import { documentTexts, purposeTexts, type Texts } from './receipt-texts.ts'
import { type ReceiptRow, type StatementRow, statementLinesLimit } from './receipts.ts'

interface Format {
  locale: Locale
  texts: Texts
  money: (amount: number, currency: string) => string
  time: (iso: string) => string
}

/** Digits are Latin in both languages, as in the app's amounts, so that a figure can be copied into a search. */
function formatOf(locale: Locale, timeZone: string): Format {
  const tag = `${locale}-u-nu-latn`
  const times = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  return {
    locale,
    texts: documentTexts[locale],
    money: (amount, currency) => {
      const numbers = new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay: 'code' })
      const digits = numbers.resolvedOptions().maximumFractionDigits ?? 2
      return numbers.format(amount / 10 ** digits)
    },
    time: (iso) => times.format(new Date(iso)),
  }
}

type Row = [label: string, value: string, kind?: 'total']

/** Cells are text: they are escaped here. */
const table = (rows: Row[]): string =>
  `<table>${rows
    .map(
      ([label, value, kind]) =>
        `<tr${kind ? ` class="${kind}"` : ''}><td>${escapeHtml(label)}</td><td class="amount"><bdi>${escapeHtml(value)}</bdi></td></tr>`,
    )
    .join('')}</table>`

export function receiptPage(row: ReceiptRow, locale: Locale): string {
  const { texts, money, time } = formatOf(locale, row.timezone)
  const amount = (value: number): string => money(value, row.currency)
  const category = locale === 'ar' ? (row.categoryAr ?? row.categoryEn) : (row.categoryEn ?? row.categoryAr)
  const facts: Row[] = [
    [texts.number, row.id],
    [texts.what, purposeTexts[locale][row.purpose]],
    ...optional(texts.paidAt, row.capturedAt && time(row.capturedAt)),
    [texts.paidBy, row.payerName ?? texts.nameless],
    ...optional(
      texts.paidTo,
      row.purpose === 'booking' || row.purpose === 'tip' || row.purpose === 'contract'
        ? (row.payeeName ?? texts.nameless)
        : null,
    ),
    ...optional(texts.doneBy, row.workerName),
    [texts.method, texts.methods[row.method] ?? row.method],
    ...optional(texts.work, category),
    ...optional(texts.city, row.city),
    ...optional(texts.completedAt, row.completedAt && time(row.completedAt)),
  ]
  const sums: Row[] = [
    ...fareRows(row, texts, amount),
    [texts.paid, amount(row.amountCaptured), 'total'],
    ...taxRows(row, (kind) => kind !== 'commission', texts, amount),
    ...row.refunds.map(
      (refund): Row => [`${texts.refunded} · ${time(refund.completedAt)}`, amount(-refund.amount)],
    ),
    ...(row.refunds.length > 0
      ? [[texts.left, amount(row.amountCaptured - row.amountRefunded), 'total'] as Row]
      : []),
    ...earnedRows(row, texts, amount),
  ]
  return printPage(
    locale,
    texts.receipt,
    `<h1>${escapeHtml(texts.receipt)}</h1>${table(facts)}<h2>${escapeHtml(texts.amounts)}</h2>${table(sums)}`,
  )
}

/** How much of the payment is earned, for whoever may see that. */
function earnedRows(row: ReceiptRow, texts: Texts, amount: (value: number) => string): Row[] {
  const [commission, withheld] = [row.commission ?? 0, row.withheldTax ?? 0]
  if (commission + withheld === 0) return []
  const charged: Row[] =
    commission > 0
      ? [
          [texts.commission, amount(-commission)],
          ...taxRows(row, (kind) => kind === 'commission', texts, amount),
        ]
      : []
  return [
    ...charged,
    ...(withheld > 0 ? [[texts.withheld, amount(-withheld)] as Row] : []),
    [texts.earned, amount(row.amountCaptured - commission - withheld), 'total'],
  ]
}

/** Taxes that are within the amount above them. */
const taxRows = (
  { taxes }: ReceiptRow,
  isWanted: (kind: string) => boolean,
  texts: Texts,
  amount: (value: number) => string,
): Row[] =>
  taxes
    .filter(({ kind }) => isWanted(kind))
    .map(({ name, component, rateBasisPoints, amount: tax }) => [
      `${texts.contained}: ${component === name ? name : `${name} (${component})`} ${rateBasisPoints / 100} %`,
      amount(tax),
    ])

const optional = (label: string, value: string | null): Row[] => (value ? [[label, value]] : [])

/** How the fare came about. */
function fareRows(row: ReceiptRow, texts: Texts, amount: (value: number) => string): Row[] {
  const { fare, rate, rule, workedMinutes, billedMinutes } = row
  if (fare === null || rate === null) return []
  const addons = row.addonsAmount ?? 0
  const chosen: Row[] = addons > 0 ? [[texts.addons, amount(addons)]] : []
  if (rule === 'final_cost') return [[texts.fixedPrice, amount(fare)]]
  if (rule === 'fixed') {
    const price: Row = [texts.fixedPrice, amount(fare - addons)]
    return addons > 0 ? [price, ...chosen, [texts.fare, amount(fare)]] : [price]
  }
  return [
    [texts.rate, amount(rate)],
    [texts.worked, texts.minutes(workedMinutes ?? 0)],
    ...(rule === 'minimum' ? [[texts.minimum, texts.minutes(billedMinutes ?? 0)] as Row] : []),
    ...(rule === 'maximum' ? [[texts.ceiling, amount(fare - addons)] as Row] : []),
    ...chosen,
    [texts.fare, amount(fare)],
  ]
}

export function statementPage(row: StatementRow, month: string, locale: Locale): string {
  const { texts, money, time } = formatOf(locale, row.timezone)
  const title = `${texts.statement} ${month}`
  const accounts = row.accounts.map(({ account, currency, opening, lineCount, lines }) => {
    const amount = (value: number): string => `<bdi>${escapeHtml(money(value, currency))}</bdi>`
    const balance = (label: string, value: number): string =>
      `<tr class="total"><td colspan="3">${escapeHtml(label)}</td><td class="amount">${amount(value)}</td></tr>`
    const body = lines.map(
      (line) =>
        `<tr><td>${escapeHtml(time(line.at))}</td><td>${escapeHtml(texts.postings[line.posting as keyof Texts['postings']] ?? line.posting)}</td><td class="amount">${amount(line.amount)}</td><td class="amount">${amount(line.balanceAfter)}</td></tr>`,
    )
    const more =
      lineCount > statementLinesLimit
        ? `<p>${escapeHtml(texts.more(lineCount - statementLinesLimit))}</p>`
        : ''
    return `<h2>${escapeHtml(`${texts.accounts[account]} · ${currency}`)}</h2><table><thead><tr>${[
      texts.date,
      texts.entry,
    ]
      .map((head) => `<th scope="col">${escapeHtml(head)}</th>`)
      .join('')}${[texts.amount, texts.balance]
      .map((head) => `<th scope="col" class="amount">${escapeHtml(head)}</th>`)
      .join('')}</tr></thead><tbody>${balance(texts.opening, opening)}${body.join('')}${balance(
      more ? texts.carried : texts.closing,
      lines.at(-1)?.balanceAfter ?? opening,
    )}</tbody></table>${more}`
  })
  return printPage(
    locale,
    title,
    `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(row.name ?? texts.nameless)} · ${escapeHtml(row.timezone)}</p>${accounts.join('') || `<p>${escapeHtml(texts.nothing)}</p>`}`,
  )
}
