import type { Secrets } from '../../../core/context.ts'
import { constantTimeEqual, hmac, toBase64Url } from '../../../core/crypto.ts'
import { Problem } from '../../../core/problems.ts'

/** What the bearer of a signed address may take away. */
export interface ExportGrant {
  exportId: string
  /** Unix seconds. */
  expires: number
}

export const linkSeconds = 900

export function exportUrl(secrets: Secrets, grant: ExportGrant): string {
  const query = new URLSearchParams({
    expires: String(grant.expires),
    signature: signatureOf(secrets, grant),
  })
  return `${secrets.apiOrigin}/v1/exports/${grant.exportId}/file?${query}`
}

/** What we did not sign shows nothing; what we did, and is over, is told so. */
export function assertExportGranted(
  secrets: Secrets,
  grant: ExportGrant,
  signature: string,
  now: Date,
): void {
  if (!constantTimeEqual(signature, signatureOf(secrets, grant))) throw new Problem('not_found')
  if (grant.expires * 1_000 <= now.getTime()) throw new Problem('link_expired')
}

const signatureOf = (secrets: Secrets, { exportId, expires }: ExportGrant): string =>
  toBase64Url(hmac(secrets.pepper, 'export', JSON.stringify([exportId, expires])))
