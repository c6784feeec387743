import { escapeHtml } from '../../../core/html.ts'
import { lazy } from '../../../core/lazy.ts'
import type { OpenedRow } from './openings.ts'

const pdfStamp = lazy(() => import('./pdf-stamp.ts'))

/** Pictures that browsers show; a PDF is a download. Papers are of no other type: `khidma.seal_file`. */
const shownTypes = ['image/jpeg', 'image/png', 'image/webp']

export const viewerTypes = ['text/html', 'application/pdf']

/** Without scripts, forms, frames or anything from elsewhere, in an origin of its own, whatever the bytes are. */
export const viewerContentSecurityPolicy =
  "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const style = `html,body{margin:0;background:#222}figure{position:relative;margin:0;overflow:hidden;display:inline-block}
img{display:block;max-width:100%}div{position:absolute;inset:-50%;transform:rotate(-30deg);display:flex;flex-wrap:wrap;
align-content:space-around;justify-content:space-around;gap:3rem;pointer-events:none;font:600 18px/1 system-ui,sans-serif;
color:#fff;mix-blend-mode:difference;opacity:.45}span{white-space:nowrap}@media print{body{display:none}}`

/** So many marks cover a photo of a card at every zoom. */
const marksCount = 120

const markOf = ({ reviewer, openedAt, openingId }: OpenedRow): string =>
  `${reviewer} · ${openedAt} · ${openingId}`

/** Base64 of pieces whose length is a multiple of three, joined, is base64 of the whole. */
const encodedBytes = 196_608

/** A page that shows a picture under the name of the reviewer, in pieces: its base64 never lies in memory as a whole. */
function pageOf(opened: OpenedRow, bytes: Uint8Array): ReadableStream<Uint8Array> {
  const mark = escapeHtml(markOf(opened))
  const encoder = new TextEncoder()
  const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${mark}</title><meta name="robots" content="noindex">
<style>${style}</style></head><body><figure><img alt="" src="data:${opened.mimeType};base64,`
  const foot = `"><div aria-hidden="true">${`<span>${mark}</span>`.repeat(marksCount)}</div></figure></body></html>`
  let at = -1
  return new ReadableStream({
    pull(controller) {
      if (at < 0) {
        controller.enqueue(encoder.encode(head))
        at = 0
      } else if (at < bytes.length) {
        const piece = Buffer.from(bytes.subarray(at, at + encodedBytes)).toString('base64')
        controller.enqueue(encoder.encode(piece))
        at += encodedBytes
      } else {
        controller.enqueue(encoder.encode(foot))
        controller.close()
      }
    },
  })
}

/** A scan of papers is smaller. Above it, reading all objects of a file would cost a Worker its memory. */
const stampedBytes = 10_000_000

/**
 * The PDF with the mark across each page. One that cannot be read, asks for a password or is larger than a scan has the mark as a comment
 * behind `%%EOF`, which no page shows.
 */
async function stamped(opened: OpenedRow, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { stampPages } = await pdfStamp()
  const mark = markOf(opened)
  const pages = bytes.length > stampedBytes ? null : await stampPages(bytes, mark)
  if (pages) return pages
  return new Uint8Array(Buffer.concat([bytes, Buffer.from(`\n% ${mark.replace(/[\r\n]/g, ' ')}\n`)]))
}

/** Body and headers that show a document to the reviewer who opened it. */
export async function shownDocument(
  opened: OpenedRow,
  bytes: Uint8Array,
): Promise<{
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>
  headers: Record<string, string>
}> {
  const isShown = shownTypes.includes(opened.mimeType)
  return {
    body: isShown ? pageOf(opened, bytes) : await stamped(opened, bytes),
    headers: {
      'content-type': isShown ? 'text/html; charset=utf-8' : 'application/pdf',
      'content-disposition': isShown ? 'inline' : `attachment; filename="document-${opened.openingId}.pdf"`,
      'content-security-policy': viewerContentSecurityPolicy,
      'cache-control': 'no-store',
    },
  }
}
