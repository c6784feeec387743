import { lazy } from '../../../core/lazy.ts'

const standardWebhooks = lazy(() => import('standardwebhooks'))

/** Keys that sign at once: the newest, and the one that it replaces. */
const keysLimit = 2
/** A SubjectPublicKeyInfo of Ed25519 ends with the 32 bytes of the key. */
const publicKeyBytes = 32

export interface PublicKey {
  kid: string
  /** `whpk_` and the key in base64, as Standard Webhooks has it. */
  publicKey: string
}

interface SigningKey extends PublicKey {
  privateKey: CryptoKey
}

/** Keys and not the promise of them, which no other request may await. */
const rings = new Map<string, SigningKey[]>()

async function ringOf(webhookSigningKeys: string): Promise<SigningKey[]> {
  const known = rings.get(webhookSigningKeys)
  if (known) return known
  const jwks = JSON.parse(webhookSigningKeys) as (JsonWebKey & { kid: string })[]
  const ring = await Promise.all(jwks.slice(0, keysLimit).map(importKey))
  rings.set(webhookSigningKeys, ring)
  return ring
}

async function importKey({ kid, kty, crv, x = '', d }: JsonWebKey & { kid: string }): Promise<SigningKey> {
  const raw = Buffer.from(x, 'base64url')
  if (raw.byteLength !== publicKeyBytes) throw new Error(`WEBHOOK_SIGNING_KEYS: ${kid} is no Ed25519 key`)
  const jwk = { kty, crv, x, d } as JsonWebKey
  const privateKey = await crypto.subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['sign'])
  return { kid, publicKey: `whpk_${raw.toString('base64')}`, privateKey }
}

/** Keys that verify the `v1a` signatures of today, newest first. */
export const publicKeysOf = async (webhookSigningKeys: string): Promise<PublicKey[]> =>
  (await ringOf(webhookSigningKeys)).map(({ kid, publicKey }) => ({ kid, publicKey }))

export interface Signed {
  /** `webhook-id` */
  id: string
  at: Date
  body: string
}

/**
 * The headers of Standard Webhooks. `v1` (HMAC) by each of the endpoint's secrets, two while one replaces the other, and `v1a`
 * (Ed25519) by our own keys, in the same way: a receiver needs one that it can verify.
 */
export async function signatureHeaders(
  { id, at, body }: Signed,
  secrets: readonly string[],
  webhookSigningKeys: string,
): Promise<Record<string, string>> {
  const { Webhook } = await standardWebhooks()
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const symmetric = secrets.map((secret) => new Webhook(secret).sign(id, at, body))
  const content = Buffer.from(`${id}.${timestamp}.${body}`)
  const asymmetric = (await ringOf(webhookSigningKeys)).map(async ({ privateKey }) => {
    const signature = await crypto.subtle.sign('Ed25519', privateKey, content)
    return `v1a,${Buffer.from(signature).toString('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': [...symmetric, ...(await Promise.all(asymmetric))].join(' '),
  }
}
