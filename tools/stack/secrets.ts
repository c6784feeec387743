import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createWhole } from '../database/pid-lock.ts'

export interface DevelopmentSecrets {
  PEPPER: string
  SIGNING_KEYS: string
  ENCRYPTION_KEYS: string
}

/** This machine's own development secrets: made at the first start, kept, so that tokens outlive a restart. */
export async function developmentSecrets(path: string): Promise<DevelopmentSecrets> {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    // The first of two starts at once wins: the other must not replace the keys that the database is sealed with.
    createWhole(path, JSON.stringify(await newSecrets()), 0o600)
  }
  return JSON.parse(readFileSync(path, 'utf8')) as DevelopmentSecrets
}

const randomBase64 = (bytes: number) =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64')

async function newSecrets(): Promise<DevelopmentSecrets> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const jwk = (await crypto.subtle.exportKey('jwk', pair.privateKey)) as JsonWebKey
  const kid = `dev-${randomBase64(6)}`
  return {
    PEPPER: randomBase64(32),
    SIGNING_KEYS: JSON.stringify([
      { kid, kty: jwk.kty, crv: jwk.crv, alg: 'EdDSA', use: 'sig', d: jwk.d, x: jwk.x },
    ]),
    ENCRYPTION_KEYS: JSON.stringify([{ id: 'k1', key: randomBase64(32) }]),
  }
}
