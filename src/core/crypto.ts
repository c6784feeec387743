import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export const toBase64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** Null for text that is not canonical base64url: one value has one spelling. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? new Uint8Array(bytes) : null
}

export const sha256Hex = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex')

/**
 * HMAC-SHA256 of `text` for one `purpose`. The purpose is part of what is signed, so that a value signed for one use
 * (a cursor) is worth nothing in another (an OTP code). `secret` is base64, as in `Secrets.pepper`.
 */
export function hmac(secret: string, purpose: string, text: string): Uint8Array {
  return createHmac('sha256', Buffer.from(secret, 'base64')).update(`${purpose}\0${text}`).digest()
}

export const hmacHex = (secret: string, purpose: string, text: string): string =>
  Buffer.from(hmac(secret, purpose, text)).toString('hex')

/** Takes as long for a near miss as for a far one; only the length may leak. */
export function constantTimeEqual(left: string | Uint8Array, right: string | Uint8Array): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

export const randomToken = (bytes = 32): string => toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)))

/** Decimal digits, each equally likely: bytes of 250 and above are drawn again, as 256 is no multiple of 10. */
export function randomDigits(count: number): string {
  let digits = ''
  while (digits.length < count) {
    for (const byte of crypto.getRandomValues(new Uint8Array(Math.min(count * 2, 1_024)))) {
      if (byte < 250 && digits.length < count) digits += byte % 10
    }
  }
  return digits
}

interface EncryptionKey {
  id: string
  key: CryptoKey
}

const ringCache = new Map<string, Promise<EncryptionKey[]>>()

function ringOf(encryptionKeys: string): Promise<EncryptionKey[]> {
  let ring = ringCache.get(encryptionKeys)
  if (!ring) {
    const entries = JSON.parse(encryptionKeys) as { id: string; key: string }[]
    ring = Promise.all(
      entries.map(async ({ id, key }) => ({
        id,
        key: await crypto.subtle.importKey('raw', Buffer.from(key, 'base64'), 'AES-GCM', false, [
          'encrypt',
          'decrypt',
        ]),
      })),
    )
    ringCache.set(encryptionKeys, ring)
  }
  return ring
}

const additional = (purpose: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(purpose))

/** AES-256-GCM under the newest key, as `kid.iv.ciphertext`. `purpose` must be the same when it is opened. */
export async function seal(encryptionKeys: string, purpose: string, plaintext: string): Promise<string> {
  const [newest] = await ringOf(encryptionKeys)
  if (!newest) throw new Error('ENCRYPTION_KEYS is empty')
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const algorithm = { name: 'AES-GCM', iv, additionalData: additional(purpose) }
  const ciphertext = await crypto.subtle.encrypt(algorithm, newest.key, Buffer.from(plaintext))
  return `${newest.id}.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(ciphertext))}`
}

/** Throws for an unknown key, a changed text, or another purpose. */
export async function open(encryptionKeys: string, purpose: string, sealed: string): Promise<string> {
  const [id, ivText = '', ciphertextText = '', ...rest] = sealed.split('.')
  const key = (await ringOf(encryptionKeys)).find((candidate) => candidate.id === id)?.key
  const iv = fromBase64Url(ivText)
  const ciphertext = fromBase64Url(ciphertextText)
  if (!key || !iv || !ciphertext || rest.length > 0) throw new Error('The sealed value cannot be opened')
  const algorithm = { name: 'AES-GCM', iv, additionalData: additional(purpose) }
  return Buffer.from(await crypto.subtle.decrypt(algorithm, key, ciphertext)).toString('utf8')
}
