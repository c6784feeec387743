import { escapeHtml } from '../../../core/html.ts'
import type { OpenedRow } from './openings.ts'

/** Pictures that browsers show; other files are downloads. */
const shownTypes = ['image/jpeg', 'image/png', 'image/webp']

export const viewerTypes = ['text/html', 'image/heic', 'application/pdf', 'application/octet-stream']

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

/**
 * The file with the mark behind its end, where readers of its format look for nothing: as a comment behind `%%EOF` of a PDF, and as a
 * `free` box of HEIC. It shows on no page; it tells where a copy came from.
 */
function marked(opened: OpenedRow, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = Buffer.from(markOf(opened).replace(/[\r\n]/g, ' '))
  const tail = Buffer.from(opened.mimeType === 'application/pdf' ? `\n% ${words}\n` : words)
  if (opened.mimeType !== 'image/heic') {
    return new Uint8Array(Buffer.concat(opened.mimeType === 'application/pdf' ? [bytes, tail] : [bytes]))
  }
  const box = Buffer.alloc(8)
  box.writeUInt32BE(8 + tail.length, 0)
  box.write('free', 4)
  return new Uint8Array(Buffer.concat([bytes, box, tail]))
}

const extensions: Record<string, string> = { 'application/pdf': 'pdf', 'image/heic': 'heic' }

/** Body and headers that show a document to the reviewer who opened it. */
export function shownDocument(
  opened: OpenedRow,
  bytes: Uint8Array,
): { body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>; headers: Record<string, string> } {
  const isShown = shownTypes.includes(opened.mimeType)
  const name = `document-${opened.openingId}.${extensions[opened.mimeType] ?? 'bin'}`
  return {
    body: isShown ? pageOf(opened, bytes) : marked(opened, bytes),
    headers: {
      'content-type': isShown ? 'text/html; charset=utf-8' : opened.mimeType,
      'content-disposition': isShown ? 'inline' : `attachment; filename="${name}"`,
      'content-security-policy': viewerContentSecurityPolicy,
      'cache-control': 'no-store',
    },
  }
}
