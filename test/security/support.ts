import { decodeJwt, importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { secretsOf } from '../../src/core/context.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import type { Operation } from '../../src/http/operation.ts'
import { type Caller, env } from '../support/api.ts'

type OwnKey = { kid: string; kty: string; crv: string; d: string; x: string }

/** Our own newest signing key, for tokens that are right but for one thing. */
export const ownKey = (JSON.parse(env.SIGNING_KEYS) as OwnKey[])[0] as OwnKey

/** A token signed with our own key, as we would; then header and claims as the attacker wants them. */
export async function forged(
  caller: Caller,
  claims: Record<string, unknown> = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const key = await importJWK({ ...ownKey }, 'EdDSA')
  const payload: Record<string, unknown> = { ...decodeJwt(caller.accessToken), ...claims }
  for (const [name, value] of Object.entries(payload)) if (value === undefined) delete payload[name]
  return new SignJWT(payload as JWTPayload)
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: ownKey.kid, ...header })
    .sign(key)
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Three parts put together by hand. */
export const assembled = (header: unknown, claims: unknown, signature = ''): string =>
  `${part(header)}.${part(claims)}.${signature}`

export const withToken = (token: string) => ({ authorization: `Bearer ${token}` })

/** The same caller, who has just shown a second factor. */
export async function steppedUp(caller: Caller): Promise<Caller> {
  const { perms = [] } = decodeJwt(caller.accessToken) as { perms?: string[] }
  const { userId, role, sessionId } = caller
  const subject = {
    userId,
    role,
    sessionId,
    permissions: perms,
    hasMfa: true,
    mfaAt: Math.floor(Date.now() / 1000),
  }
  return { ...caller, accessToken: (await signAccessToken(secretsOf(env), subject, new Date())).accessToken }
}

export const isWrite = ({ method }: Operation): boolean => method !== 'get'
