import { open, seal } from './crypto.ts'

/**
 * Purposes that stored values are sealed for (`seal` in `crypto.ts`: AES-256-GCM under the newest of `ENCRYPTION_KEYS`). The
 * purpose is authenticated with the value: a value that was moved to another row does not open there. These must never
 * change: stored values would no longer open.
 */
export const mfaSecretPurpose = (factorId: string): string => `mfa:${factorId}`
export const webhookSecretPurpose = 'webhook-secret'
export const webhookHeadersPurpose = (webhookId: string): string => `webhook-headers:${webhookId}`
export const gatewayConfigPurpose = (configId: string): string => `gateway-config:${configId}`
export const storedMethodPurpose = (methodId: string): string => `payment-method:${methodId}`
export const erasureIdentifiersPurpose = (erasureId: string): string =>
  `column:erasure_requests.identifiers:${erasureId}`
export const payoutAccountPurpose = (accountId: string): string =>
  `column:payout_accounts.details:${accountId}`
export const externalCalendarPurpose = (calendarId: string): string =>
  `column:external_calendars.url:${calendarId}`
export const sealedFilePurpose = (mediaId: string): string => `column:sealed_files.data_key:${mediaId}`

export interface EncryptedColumn {
  table: string
  column: string
  /** Returns the purpose that a value is sealed for, by the `id` of its row. */
  purposeOf(rowId: string): string
}

/** Every column that holds encrypted values: what `reencrypt` goes through before an old key is thrown away. */
export const encryptedColumns: readonly EncryptedColumn[] = [
  { table: 'mfa_factors', column: 'secret', purposeOf: mfaSecretPurpose },
  { table: 'webhook_subscriptions', column: 'secret', purposeOf: () => webhookSecretPurpose },
  { table: 'webhook_subscriptions', column: 'previous_secret', purposeOf: () => webhookSecretPurpose },
  { table: 'webhook_subscriptions', column: 'headers', purposeOf: webhookHeadersPurpose },
  { table: 'payment_gateway_configs', column: 'config', purposeOf: gatewayConfigPurpose },
  { table: 'payment_methods', column: 'gateway_customer_id', purposeOf: storedMethodPurpose },
  { table: 'payment_methods', column: 'gateway_payment_method_id', purposeOf: storedMethodPurpose },
  { table: 'payment_methods', column: 'gateway_email', purposeOf: storedMethodPurpose },
  { table: 'erasure_requests', column: 'identifiers', purposeOf: erasureIdentifiersPurpose },
  { table: 'payout_accounts', column: 'details', purposeOf: payoutAccountPurpose },
  { table: 'external_calendars', column: 'url', purposeOf: externalCalendarPurpose },
  { table: 'sealed_files', column: 'data_key', purposeOf: sealedFilePurpose },
]

/** Newest first: the first one encrypts. */
export function keyIdsOf(encryptionKeys: string): [newest: string, ...older: string[]] {
  const [newest, ...older] = (JSON.parse(encryptionKeys) as { id: string }[]).map(({ id }) => id)
  if (newest === undefined) throw new Error('ENCRYPTION_KEYS is empty')
  return [newest, ...older]
}

/** The same value under the newest key. */
export async function reencrypt(encryptionKeys: string, purpose: string, value: string): Promise<string> {
  return seal(encryptionKeys, purpose, await open(encryptionKeys, purpose, value))
}
