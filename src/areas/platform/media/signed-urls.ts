import type { Secrets } from '../../../core/context.ts'
import { constantTimeEqual, hmac, toBase64Url } from '../../../core/crypto.ts'
import { Problem } from '../../../core/problems.ts'

/** Grant of a signed address to its bearer: all that the operation behind it needs to know without asking a database. */
export interface Grant {
  use: 'upload' | 'download'
  mediaId: string
  storageKey: string
  mimeType: string
  fileSize: number
  /** Unix seconds. */
  expires: number
}

export const grantSeconds = 900

export function signedUrl(secrets: Secrets, grant: Grant): string {
  const { use, mediaId, storageKey, mimeType, fileSize, expires } = grant
  const query = new URLSearchParams({
    key: storageKey,
    type: mimeType,
    size: String(fileSize),
    expires: String(expires),
    signature: signatureOf(secrets, grant),
  })
  return `${secrets.apiOrigin}/v1/media/${mediaId}/${use === 'upload' ? 'content' : 'file'}?${query}`
}

/** Throws `not_found` for an address that we did not sign, and `link_expired` for one that we signed and that is over. */
export function assertGranted(secrets: Secrets, grant: Grant, signature: string, now: Date): void {
  if (!constantTimeEqual(signature, signatureOf(secrets, grant))) throw new Problem('not_found')
  if (grant.expires * 1_000 <= now.getTime()) throw new Problem('link_expired')
}

const signatureOf = (
  secrets: Secrets,
  { use, mediaId, storageKey, mimeType, fileSize, expires }: Grant,
): string =>
  toBase64Url(
    hmac(secrets.pepper, 'media', JSON.stringify([use, mediaId, storageKey, mimeType, fileSize, expires])),
  )
