import type { Context } from './context.ts'
import { constantTimeEqual, fromBase64Url, hmac, toBase64Url } from './crypto.ts'
import { isId } from './ids.ts'

/**
 * `<id>.<HMAC of the id>`: made from the id alone, so that a replayed answer holds the same token though it is not stored, and
 * a token that we never made is refused without asking the database.
 */
export const signedId = (ctx: Context, purpose: string, id: string): string =>
  `${id}.${toBase64Url(hmac(ctx.secrets.pepper, purpose, id))}`

/** Null for what we never made. */
export function idSignedIn(ctx: Context, purpose: string, token: string): string | null {
  const [id = '', mac = '', ...rest] = token.split('.')
  const bytes = fromBase64Url(mac)
  if (rest.length > 0 || !isId(id) || !bytes) return null
  return constantTimeEqual(bytes, hmac(ctx.secrets.pepper, purpose, id)) ? id : null
}

/**
 * Content that one operation hands to the caller, who brings it to the next one, so that the next needs no read before its
 * one round trip. Signed for one purpose, valid until `expiresAt`. Made from stored values alone, so that a replay hands out
 * the same content. Its holder can read it: secrets go in sealed.
 */
export interface Carried {
  expiresAt: string
}

export function carry<T extends Carried>(ctx: Context, purpose: string, content: T): string {
  const text = toBase64Url(Buffer.from(JSON.stringify(content)))
  return `${text}.${toBase64Url(hmac(ctx.secrets.pepper, `carried:${purpose}`, text))}`
}

/** Null for what we never made, or what is over. */
export function carried<T extends Carried>(ctx: Context, purpose: string, token: string): T | null {
  const [text = '', signature = '', ...rest] = token.split('.')
  const bytes = fromBase64Url(signature)
  if (rest.length > 0 || !bytes) return null
  if (!constantTimeEqual(bytes, hmac(ctx.secrets.pepper, `carried:${purpose}`, text))) return null
  const content = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as T
  return ctx.now.getTime() < Date.parse(content.expiresAt) ? content : null
}
