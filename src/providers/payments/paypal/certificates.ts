/**
 * The public key of an X.509 certificate (PEM), as `importKey('spki', …)` takes it: WebCrypto reads keys and no certificates. Only
 * the way to the key is read; the certificate is believed because of the place that it came from.
 */
export function publicKeyOf(pem: string): Uint8Array<ArrayBuffer> | null {
  const base64 = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/.exec(pem)?.[1]
  if (!base64) return null
  try {
    const der = Uint8Array.from(atob(base64.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0))
    const [certificate] = elementsOf(der)
    const [toBeSigned] = elementsOf(certificate?.content)
    const fields = elementsOf(toBeSigned?.content).filter(({ tag }) => tag !== versionTag)
    // Serial number, algorithm, issuer, validity, subject, and then the key.
    return fields[5]?.whole ?? null
  } catch {
    return null
  }
}

interface Element {
  tag: number
  content: Uint8Array<ArrayBuffer>
  whole: Uint8Array<ArrayBuffer>
}

const versionTag = 0xa0

/** The elements of DER, one after the other. Throws where a length goes beyond the end. */
function elementsOf(der: Uint8Array<ArrayBuffer> | undefined): Element[] {
  const elements: Element[] = []
  for (let at = 0; der && at < der.length; ) {
    const { bytes, length } = lengthAt(der, at + 1)
    const start = at + 1 + bytes
    const end = start + length
    if (end > der.length) throw new RangeError('DER that is cut short')
    elements.push({ tag: der[at] ?? 0, content: der.slice(start, end), whole: der.slice(at, end) })
    at = end
  }
  return elements
}

/** Short form, or the number of bytes that hold the length and then these. */
function lengthAt(der: Uint8Array, at: number): { bytes: number; length: number } {
  const first = der[at] ?? 0
  if (first < 0x80) return { bytes: 1, length: first }
  const count = first & 0x7f
  if (count === 0 || count > 3) throw new RangeError('DER of a length that no certificate has')
  let length = 0
  for (const byte of der.slice(at + 1, at + 1 + count)) length = length * 256 + byte
  return { bytes: 1 + count, length }
}
