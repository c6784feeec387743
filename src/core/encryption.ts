import { open, seal } from './crypto.ts'

/** Where an encrypted value is kept. It is part of what is authenticated: moved to another row or column it opens nothing. */
export interface Place {
  table: string
  column: string
  rowId: string
}

const placeText = ({ table, column, rowId }: Place): string => `column:${table}.${column}:${rowId}`

/** AES-256-GCM under the newest of `ENCRYPTION_KEYS`: `<key id>.<nonce>.<ciphertext>`. */
export const encrypt = (encryptionKeys: string, place: Place, plaintext: string): Promise<string> =>
  seal(encryptionKeys, placeText(place), plaintext)

/** Throws for a key that is no longer known, for a changed value, and for one that belongs elsewhere. */
export const decrypt = (encryptionKeys: string, place: Place, value: string): Promise<string> =>
  open(encryptionKeys, placeText(place), value)

/** Stored values were sealed for these: they stay as they are. */
export const mfaSecretPurpose = (factorId: string): string => `mfa:${factorId}`
export const webhookSecretPurpose = 'webhook-secret'

export interface EncryptedColumn {
  table: string
  column: string
  /** What a value is sealed for, by the `id` of its row. */
  purposeOf(rowId: string): string
}

/** Every column that holds encrypted values: what `reencrypt` goes through before an old key is thrown away. */
export const encryptedColumns: readonly EncryptedColumn[] = [
  { table: 'mfa_factors', column: 'secret', purposeOf: mfaSecretPurpose },
  { table: 'webhook_subscriptions', column: 'secret', purposeOf: () => webhookSecretPurpose },
  { table: 'webhook_subscriptions', column: 'previous_secret', purposeOf: () => webhookSecretPurpose },
  {
    table: 'erasure_requests',
    column: 'identifiers',
    purposeOf: (rowId) => placeText({ table: 'erasure_requests', column: 'identifiers', rowId }),
  },
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
