import { sql } from 'drizzle-orm'
import { secretsOf, type UserRole } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import { type Caller, database, env } from './api.ts'

/** The caller with the access token that they would get now, after both factors. */
export async function staffToken(caller: Caller): Promise<Caller> {
  const { userId, sessionId } = caller
  const [claims] = await database().read<{ role: UserRole; permissions: string[] }>(
    sql`select c.role, c.permissions from khidma.claims_of(${userId}) c`,
  )
  if (!claims) throw new Error('No such user')
  const now = new Date()
  const subject = { userId, sessionId, ...claims, hasMfa: true, mfaAt: Math.floor(now.getTime() / 1000) }
  const { accessToken } = await signAccessToken(secretsOf(env), subject, now)
  return { ...caller, role: claims.role, accessToken }
}

/** Returns a unique name without digits, derived from an id. */
export const aRoleName = () =>
  `r_${newId()
    .replaceAll('-', '')
    .replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')}`
