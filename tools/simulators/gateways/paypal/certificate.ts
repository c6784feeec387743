import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface SigningCertificate {
  privateKey: KeyObject
  pem: string
}

/** Made once a process: RSA keys take a while. */
let made: SigningCertificate | undefined

/** A key, and a certificate that it signs for itself, in DER by hand: node makes keys and no certificates. */
export function signingCertificate(): SigningCertificate {
  if (made) return made
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const name = sequence(set(sequence(oid('550403'), element(0x0c, Buffer.from('simulator.paypal.test')))))
  const toBeSigned = sequence(
    element(0xa0, integer(2)),
    integer(20261128),
    sha256WithRsa,
    name,
    sequence(utcTime('260101000000Z'), utcTime('460101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', toBeSigned, privateKey)
  const der = sequence(toBeSigned, sha256WithRsa, element(0x03, Buffer.concat([Buffer.of(0), signature])))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  made = {
    privateKey,
    pem: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  }
  return made
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size =
    length < 0x80
      ? Buffer.of(length)
      : length < 0x100
        ? Buffer.of(0x81, length)
        : Buffer.of(0x82, length >> 8, length & 0xff)
  return Buffer.concat([Buffer.of(tag), size, content])
}

const sequence = (...content: Buffer[]) => element(0x30, Buffer.concat(content))
const set = (...content: Buffer[]) => element(0x31, Buffer.concat(content))
const oid = (hex: string) => element(0x06, Buffer.from(hex, 'hex'))
const utcTime = (text: string) => element(0x17, Buffer.from(text))
const sha256WithRsa = sequence(oid('2a864886f70d01010b'), element(0x05, Buffer.alloc(0)))

function integer(value: number): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return element(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes)
}
