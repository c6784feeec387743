import { escapeHtml } from '../core/html.ts'

/** A page of text: its style is in it, and it loads nothing but the icon. */
export const pageContentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const style = `:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
code,pre{font:0.9em ui-monospace,monospace}pre{overflow-x:auto;padding:.5rem;background:#8882}section{border-top:1px solid #8884;padding:.5rem 0}
a{color:inherit}h1,h2,h3{line-height:1.25;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;font-size:.9em}
td,th{border-bottom:1px solid #8884;padding:.25rem .5rem .25rem 0;text-align:left;vertical-align:top;overflow-wrap:break-word}
@media(max-width:40rem){th{display:none}tr,td{display:block}tr{border-bottom:1px solid #8884;padding:.25rem 0}td{border:0;padding:0}}`

/** An HTML document around content that is HTML already. */
export const htmlPage = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)} · Khidma</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${style}</style></head><body>${content}</body></html>`

const printStyle = `body{font:14px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
h1{font-size:1.4rem}h2{font-size:1rem;margin-top:1.5rem}table{border-collapse:collapse;width:100%}caption{text-align:start;font-weight:600}
section{display:inline-block;vertical-align:top;min-width:14rem;margin-inline-end:2rem}section p{margin:.25rem 0}td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem .3rem 0;text-align:start;vertical-align:top;overflow-wrap:anywhere}
td.amount,th.amount{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}tr.total td{font-weight:600;border-bottom:2px solid #111}
footer{margin-top:2rem;color:#555;font-size:.85rem}
@media print{@page{size:A4;margin:18mm}body{margin:0;padding:0;max-width:none}tr{break-inside:avoid}thead{display:table-header-group}}`

/** A document to keep or to print, in the reader's language, around content that is HTML already. */
export const printPage = (locale: string, title: string, content: string): string =>
  `<!doctype html><html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><title>${escapeHtml(title)} · Khidma</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<style>${printStyle}</style></head><body>${content}</body></html>`
