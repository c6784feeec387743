import { type Locale, locales } from '../../../core/context.ts'
import { escapeHtml } from '../../../core/html.ts'
import { isProblemCode, Problem, type ProblemCode, problems } from '../../../core/problems.ts'
import { htmlPage } from '../../../http/page.ts'

export interface ProblemTypeView {
  code: ProblemCode
  type: string
  status: number
  cause: string
  remedy: string
  texts: Record<Locale, { title: string; detail: string }>
}

/** An operation that answers a problem, as the build found it in the spec. */
export interface AnsweringOperation {
  operationId: string
  summary: string
  /** Its place in the reference. */
  page: string
}

export function problemType(code: string, apiOrigin: string): ProblemTypeView {
  if (!isProblemCode(code)) throw new Problem('not_found')
  const { status, title, detail, cause, remedy } = problems[code]
  const texts = { en: { title: title.en, detail: detail.en }, ar: { title: title.ar, detail: detail.ar } }
  return { code, type: `${apiOrigin}/problems/${code}`, status, cause, remedy, texts }
}

export const allProblemTypes = (apiOrigin: string): ProblemTypeView[] =>
  Object.keys(problems).map((code) => problemType(code, apiOrigin))

const direction: Record<Locale, string> = { en: 'ltr', ar: 'rtl' }

/** The reference of one code, for people. All texts come from our own catalogue. */
export function problemPage(
  { code, status, cause, remedy, texts }: ProblemTypeView,
  operations: AnsweringOperation[],
): string {
  const sections = locales.map(
    (
      locale,
    ) => `<section lang="${locale}" dir="${direction[locale]}"><h2>${escapeHtml(texts[locale].title)}</h2>
<p>${escapeHtml(texts[locale].detail)}</p></section>`,
  )
  const explanation = `<h2>Cause</h2><p>${withCode(cause)}</p><h2>Remedy</h2><p>${withCode(remedy)}</p>`
  return htmlPage(
    code,
    `<p><a href="/problems">Problems</a></p><h1><code>${code}</code> ${status}</h1>${explanation}${sections.join('')}${answeredBy(operations)}`,
  )
}

function answeredBy(operations: AnsweringOperation[]): string {
  if (operations.length === 0) return ''
  const items = operations.map(
    ({ operationId, summary, page }) =>
      `<li><a href="${escapeHtml(page)}"><code>${escapeHtml(operationId)}</code></a> ${escapeHtml(summary)}</li>`,
  )
  return `<section><h2>Answered by</h2><ul>${items.join('')}</ul><p><a href="/docs">Reference</a></p></section>`
}

export function problemIndexPage(all: ProblemTypeView[]): string {
  const items = all.map(
    ({ code, status, texts }) =>
      `<section><a href="/problems/${code}"><code>${code}</code></a> ${status}<br>${escapeHtml(texts.en.title)}</section>`,
  )
  return htmlPage(
    'Problems',
    `<h1>Problems</h1><p>Every refusal of this API, by its <code>code</code>.</p>${items.join('')}`,
  )
}

/** A sentence whose words in backticks are code. */
const withCode = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
