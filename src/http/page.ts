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

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
