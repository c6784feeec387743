import { type Locale, locales } from '../../../core/context.ts'
import { isProblemCode, Problem, type ProblemCode, problems } from '../../../core/problems.ts'

export interface ProblemTypeView {
  code: ProblemCode
  type: string
  status: number
  texts: Record<Locale, { title: string; detail: string }>
}

/** An operation that answers a problem, as the build found it in the spec. */
export interface AnsweringOperation {
  operationId: string
  summary: string
}

export function problemType(code: string, apiOrigin: string): ProblemTypeView {
  if (!isProblemCode(code)) throw new Problem('not_found')
  const { status, title, detail } = problems[code]
  const texts = { en: { title: title.en, detail: detail.en }, ar: { title: title.ar, detail: detail.ar } }
  return { code, type: `${apiOrigin}/problems/${code}`, status, texts }
}

export const allProblemTypes = (apiOrigin: string): ProblemTypeView[] =>
  Object.keys(problems).map((code) => problemType(code, apiOrigin))

export const pageContentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const style = `:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
code{font:0.95em ui-monospace,monospace}section{border-top:1px solid #8884;padding:0.5rem 0}a{color:inherit}h1,h2{line-height:1.25}`

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} · Khidma</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head><body>${content}</body></html>`

const direction: Record<Locale, string> = { en: 'ltr', ar: 'rtl' }

/** The reference of one code, for people. All texts come from our own catalogue. */
export function problemPage(
  { code, status, texts }: ProblemTypeView,
  operations: AnsweringOperation[],
): string {
  const sections = locales.map(
    (
      locale,
    ) => `<section lang="${locale}" dir="${direction[locale]}"><h2>${escapeHtml(texts[locale].title)}</h2>
<p>${escapeHtml(texts[locale].detail)}</p></section>`,
  )
  return page(
    code,
    `<p><a href="/problems">Problems</a></p><h1><code>${code}</code> ${status}</h1>${sections.join('')}${answeredBy(operations)}`,
  )
}

function answeredBy(operations: AnsweringOperation[]): string {
  if (operations.length === 0) return ''
  const items = operations.map(
    ({ operationId, summary }) => `<li><code>${escapeHtml(operationId)}</code> ${escapeHtml(summary)}</li>`,
  )
  return `<section><h2>Answered by</h2><ul>${items.join('')}</ul><p><a href="/docs">Reference</a></p></section>`
}

export function problemIndexPage(all: ProblemTypeView[]): string {
  const items = all.map(
    ({ code, status, texts }) =>
      `<section><a href="/problems/${code}"><code>${code}</code></a> ${status}<br>${escapeHtml(texts.en.title)}</section>`,
  )
  return page(
    'Problems',
    `<h1>Problems</h1><p>Every refusal of this API, by its <code>code</code>.</p>${items.join('')}`,
  )
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
