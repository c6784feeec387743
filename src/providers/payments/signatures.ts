/**
 * Signatures of events over the raw bytes of a body: parsed and written again they are other bytes. `crypto.subtle.verify`
 * compares in constant time.
 */

export interface SignedBytes {
  hash: 'SHA-256' | 'SHA-512'
  /** Several while one is being replaced: any may fit. */
  secrets: readonly string[]
  message: Uint8Array
}

export const verifyHmacHex = (signed: SignedBytes, signature: string | null): Promise<boolean> =>
  verifyHmac(signed, bytesOfHex(signature))

export const verifyHmacBase64 = (signed: SignedBytes, signature: string | null): Promise<boolean> =>
  verifyHmac(signed, bytesOfBase64(signature))

async function verifyHmac(
  { hash, secrets, message }: SignedBytes,
  signature: Uint8Array<ArrayBuffer> | null,
): Promise<boolean> {
  if (signature === null) return false
  for (const secret of secrets) {
    // An empty secret is a setting that is missing, and every forger knows it.
    if (secret === '') continue
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(secret),
      { name: 'HMAC', hash },
      false,
      ['verify'],
    )
    if (await crypto.subtle.verify('HMAC', key, signature, new Uint8Array(message))) return true
  }
  return false
}

/** Null for text that is no hex of whole bytes. */
export function bytesOfHex(text: string | null): Uint8Array<ArrayBuffer> | null {
  if (text === null || text.length === 0 || text.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Null for text that is no padded base64. */
export function bytesOfBase64(text: string | null): Uint8Array<ArrayBuffer> | null {
  if (text === null || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** `prefix` and the raw body in one piece, as several gateways sign them. */
export function withPrefix(prefix: string, raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(prefix)
  const message = new Uint8Array(head.length + raw.length)
  message.set(head)
  message.set(raw, head.length)
  return message
}
