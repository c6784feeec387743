import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createWhole } from '../database/pid-lock.ts'

export interface DevelopmentSecrets {
  PEPPER: string
  SIGNING_KEYS: string
  ENCRYPTION_KEYS: string
  WEBHOOK_SIGNING_KEYS: string
}

/** This machine's own development secrets: made at the first start, kept, so that tokens outlive a restart. */
export async function developmentSecrets(path: string): Promise<DevelopmentSecrets> {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    // The first of two starts at once wins: the other must not replace the keys that the database is sealed with.
    createWhole(path, JSON.stringify(await newSecrets()), 0o600)
  }
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Partial<DevelopmentSecrets>
  const secrets = { ...(await newSecrets()), ...kept }
  // A file of an older checkout has not all of them.
  if (Object.keys(secrets).length > Object.keys(kept).length) replace(path, JSON.stringify(secrets))
  return secrets
}

function replace(path: string, content: string): void {
  const draft = `${path}.${process.pid}.draft`
  writeFileSync(draft, content, { mode: 0o600 })
  renameSync(draft, path)
}

const randomBase64 = (bytes: number) =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64')

async function newSigningKeys(): Promise<string> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const jwk = (await crypto.subtle.exportKey('jwk', pair.privateKey)) as JsonWebKey
  const kid = `dev-${randomBase64(6)}`
  return JSON.stringify([{ kid, kty: jwk.kty, crv: jwk.crv, alg: 'EdDSA', use: 'sig', d: jwk.d, x: jwk.x }])
}

async function newSecrets(): Promise<DevelopmentSecrets> {
  return {
    PEPPER: randomBase64(32),
    SIGNING_KEYS: await newSigningKeys(),
    ENCRYPTION_KEYS: JSON.stringify([{ id: 'k1', key: randomBase64(32) }]),
    WEBHOOK_SIGNING_KEYS: await newSigningKeys(),
  }
}
