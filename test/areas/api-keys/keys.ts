import { isStaff, secretsOf } from '../../../src/core/context.ts'
import { signAccessToken } from '../../../src/core/tokens.ts'
import { api, type Caller, env, signedIn } from '../../support/api.ts'

export interface MadeKey {
  id: string
  key: string
  owner: Caller
}

export async function aKey(
  scopes: string[],
  { owner, ...fields }: { owner?: Caller; [field: string]: unknown } = {},
): Promise<MadeKey> {
  const as = await withSecondFactor(owner ?? (await signedIn('client')))
  const body = { name: 'Test', scopes, expiresInDays: 30, ...fields }
  const answer = await api('/v1/me/api-keys', { as, body })
  if (answer.status !== 201) throw new Error(`Making a key answered ${answer.status} ${answer.body.code}`)
  return { id: answer.body.id, key: answer.body.key, owner: as }
}

/** As staff must show one before they make a key. */
async function withSecondFactor(caller: Caller): Promise<Caller> {
  if (!isStaff({ kind: 'user', ...caller })) return caller
  const now = new Date()
  const mfa = { hasMfa: true, mfaAt: Math.floor(now.getTime() / 1_000) }
  const { accessToken } = await signAccessToken(secretsOf(env), { ...caller, ...mfa }, now)
  return { ...caller, accessToken }
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

export const withKey = (
  path: string,
  key: string,
  { headers = {}, ...more }: Parameters<typeof api>[1] = {},
) => api(path, { ...more, headers: { ...headers, ...bearer(key) } })

/** A person's access token in place of which the key is sent. */
export const callerOf = ({ key, owner, id }: MadeKey): Caller => ({
  ...owner,
  sessionId: id,
  accessToken: key,
})
