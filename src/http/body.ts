import { hasCardNumber, hasManyDigits } from '../core/card-numbers.ts'
import { escapePointer } from '../core/invalid-values.ts'
import { Problem } from '../core/problems.ts'
import { said } from '../core/said.ts'
import { valueTexts } from '../core/value-texts.ts'
import type { Call } from './app-env.ts'

export const bodyLimitBytes = 256 * 1024
export const depthLimit = 32

const jsonMediaType = /^application\/(?:[a-z0-9.-]+\+)?json$/i

/**
 * Reads the JSON body of a call, refusing what no operation accepts, and leaves its text for the validator. Where a body
 * may be left out, none is `{}`.
 */
export async function readJsonBody(c: Call, isOptional = false): Promise<unknown> {
  const mediaType = c.req.header('content-type')?.split(';')[0]?.trim() ?? ''
  if (isOptional && mediaType === '') {
    // The copy is read: the validator looks at the request itself, and takes one without a body, or with an empty one, as `{}`.
    if ((await readBytes(c.req.raw.clone())).byteLength > 0) throw new Problem('unsupported_media_type')
    return {}
  }
  if (!jsonMediaType.test(mediaType)) throw new Problem('unsupported_media_type')
  const bytes = await readBytes(c.req.raw)
  const text = isOptional && bytes.byteLength === 0 ? '{}' : decode(bytes)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (cause) {
    throw new Problem('malformed_json', { cause })
  }
  if (mayBeHostile(text)) refuseHostileValues(body)
  const cache: { text?: unknown } = c.req.bodyCache
  cache.text = Promise.resolve(text)
  return body
}

/** The body as it came, for what is signed byte by byte. */
export const readRawBody = (c: Call): Promise<Uint8Array> => readBytes(c.req.raw)

/** Stops at the limit: what lies beyond is never read into memory. */
async function readBytes(request: Request): Promise<Uint8Array> {
  const declared = request.headers.get('content-length')
  if (declared !== null) {
    if (Number(declared) > bodyLimitBytes) throw tooLarge()
    return new Uint8Array(await request.arrayBuffer())
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > bodyLimitBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const tooLarge = () => new Problem('body_too_large', { values: { limit: bodyLimitBytes } })

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new Problem('malformed_json', { cause })
  }
}

/**
 * Tells whether the values must be searched: hostile text can only come from an escape, hostile depth only from many
 * brackets, the number of a card only from many digits.
 */
const mayBeHostile = (text: string): boolean =>
  text.includes('\\u') || (text.match(/[[{]/g)?.length ?? 0) > depthLimit || hasManyDigits(text)

const tooDeep = said({
  en: `is nested deeper than ${depthLimit} levels`,
  ar: `متداخل لأكثر من ${depthLimit} مستوى`,
})
export const nullCharacter = said({
  en: 'must not contain a null character',
  ar: 'يجب ألا يحتوي على الحرف الصفري',
})
const malformedText = said({
  en: 'must be well-formed Unicode',
  ar: 'يجب أن يكون نص Unicode صحيحًا',
})

/** Null bytes and lone surrogates cannot be stored by Postgres; depth is what recursive code pays for; cards are not for us. */
function refuseHostileValues(body: unknown): void {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: body, pointer: '', depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next
    if (typeof value === 'string') refuseText(value, pointer)
    if (typeof value !== 'object' || value === null) continue
    if (depth >= depthLimit) throw invalid(pointer, tooDeep)
    for (const [key, child] of Object.entries(value)) {
      refuseText(key, pointer)
      open.push({ value: child, pointer: `${pointer}/${escapePointer(key)}`, depth: depth + 1 })
    }
  }
}

function refuseText(text: string, pointer: string): void {
  if (text.includes('\0')) throw invalid(pointer, nullCharacter)
  if (!text.isWellFormed()) throw invalid(pointer, malformedText)
  if (hasCardNumber(text)) throw invalid(pointer, valueTexts.noCardNumber)
}

const invalid = (pointer: string, message: string) =>
  new Problem('invalid_request', { errors: [{ pointer, message }] })

/** RFC 6901. */
