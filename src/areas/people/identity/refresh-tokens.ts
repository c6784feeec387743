import type { Context } from '../../../core/context.ts'
import { constantTimeEqual, fromBase64Url, hmac, sha256Hex, toBase64Url } from '../../../core/crypto.ts'
import { isId, newId } from '../../../core/ids.ts'

/**
 * `<id>.<HMAC of the id>`: made from the id alone, so that a replayed answer holds the same token though only its hash is
 * stored, and a token that we never made is refused without asking the database.
 */
export function refreshTokenOf(ctx: Context, id: string): string {
  return `${id}.${toBase64Url(hmac(ctx.secrets.pepper, 'refresh-token', id))}`
}

export function newRefreshToken(ctx: Context, nowMs: number): { id: string; hash: string } {
  const id = newId(nowMs)
  return { id, hash: hashOfToken(refreshTokenOf(ctx, id)) }
}

export const hashOfToken = (token: string): string => sha256Hex(token)

export function isOurRefreshToken(ctx: Context, token: string): boolean {
  const [id = '', mac = '', ...rest] = token.split('.')
  const bytes = fromBase64Url(mac)
  if (rest.length > 0 || !isId(id) || !bytes) return false
  return constantTimeEqual(bytes, hmac(ctx.secrets.pepper, 'refresh-token', id))
}
