import type { MiddlewareHandler } from 'hono'
import { looksLikeApiKey, verifyApiKey } from '../core/api-keys.ts'
import { secretsOf, type UserActor } from '../core/context.ts'
import { Problem } from '../core/problems.ts'
import { type VerifiedToken, verifyAccessToken } from '../core/tokens.ts'
import type { Env } from '../env.ts'
import type { AppEnv, Call } from './app-env.ts'

export const socketProtocol = 'khidma.v1'
const socketTokenPrefix = 'bearer.'

const verifiedTokensLimit = 2_000
/** Tokens whose signature this isolate has checked, each until it expires: a phone sends the same one for 15 minutes. */
const verifiedTokens = new Map<
  string,
  { actor: UserActor; apiOrigin: string; signingKeys: string; expiresAtMs: number }
>()

/** Reads the caller from the access token or API key, without a round trip to the database. */
export const authentication: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('actor', { kind: 'anonymous' })
  c.set('tokenProblem', null)
  try {
    const token = tokenOf(c)
    if (token !== null) {
      const { actor, expiresAtMs } = await verified(c.env, token, c.get('startedAt'))
      c.set('actor', actor)
      c.set('tokenExpiresAtMs', expiresAtMs)
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    c.set('tokenProblem', error)
  }
  await next()
}

/** From `Authorization`; for a WebSocket of a browser, which cannot set it, from the subprotocol `bearer.<token>`. */
function tokenOf(c: Call): string | null {
  const header = c.req.header('authorization')
  if (header !== undefined) {
    const [, token] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header) ?? []
    if (!token) throw new Problem('unauthenticated')
    return token
  }
  const protocols = c.req.header('sec-websocket-protocol')
  if (protocols === undefined) return null
  const offered = protocols.split(',').map((protocol) => protocol.trim())
  return (
    offered.find((protocol) => protocol.startsWith(socketTokenPrefix))?.slice(socketTokenPrefix.length) ??
    null
  )
}

async function verified(env: Env, token: string, now: Date): Promise<VerifiedToken> {
  if (looksLikeApiKey(token)) return verifyApiKey({ pepper: env.PEPPER }, token, now)
  const known = verifiedTokens.get(token)
  if (
    known &&
    known.signingKeys === env.SIGNING_KEYS &&
    known.apiOrigin === env.API_ORIGIN &&
    now.getTime() < known.expiresAtMs
  ) {
    return known
  }
  const { actor, expiresAtMs } = await verifyAccessToken(secretsOf(env), token, now)
  if (verifiedTokens.size >= verifiedTokensLimit) {
    const [oldest] = verifiedTokens.keys()
    if (oldest !== undefined) verifiedTokens.delete(oldest)
  }
  verifiedTokens.set(token, { actor, expiresAtMs, signingKeys: env.SIGNING_KEYS, apiOrigin: env.API_ORIGIN })
  return { actor, expiresAtMs }
}
