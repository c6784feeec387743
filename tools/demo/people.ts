import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import { TOTP } from 'otpauth'
import type { OtpRequested } from '../../src/areas/people/identity/codes/schemas.ts'
import type { SignIn, Tokens } from '../../src/areas/people/identity/sessions/schemas.ts'
import type { DevMessage } from '../../src/providers/dev-outbox.ts'
import { staffTotpSecret } from '../demo-data/second-factors.ts'
import type { Answer, Caller, Client } from './client.ts'
import { eventually, pause } from './failure.ts'

export interface Person extends Caller {
  id: string
  name: string
  phone: string
  /** Where pushes to their phone go; only of those who signed in just now. */
  pushToken?: string
  refreshToken: string
}

type Requested = z.infer<typeof OtpRequested>
type SignedIn = z.infer<typeof SignIn>
type TokenPair = z.infer<typeof Tokens>

const codeTimeoutMs = 10_000
const mfaTimeoutMs = 70_000

/** A number nobody in the demo data has, so that no earlier run has left it with a limit. */
export const freshPhone = (): string => `+2010${randomInt(20_000_000, 99_999_999)}`

/** Returns an address of the range for documentation. Everybody calls from a network of their own, as people do. */
export const freshIp = (): string =>
  `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`

/** Somebody new: asks for a code, reads it from the development outbox, signs in, says their name. */
export async function newPerson(api: Client, name: string): Promise<Person> {
  const person = await signIn(api, freshPhone(), name)
  await api.call('/v1/me', { as: person, method: 'PATCH', json: { fullName: name, locale: 'en' } })
  return person
}

export async function signIn(api: Client, phone: string, name: string): Promise<Person> {
  const ip = freshIp()
  const { verificationId, code } = await requestCode(api, phone, ip)
  const pushToken = `demo-push-${randomUUID()}`
  const device = { deviceId: `demo-${phone.slice(-8)}`, platform: 'android', pushToken }
  const { accessToken, refreshToken, user } = await verified(api, ip, { phone, verificationId, code, device })
  return { id: user.id, name, phone, pushToken, ip, accessToken, refreshToken }
}

/** Asks for a code, and reads it where it would have been sent. */
export async function requestCode(
  api: Client,
  phone: string,
  ip: string,
): Promise<{ verificationId: string; code: string }> {
  const askedAt = Date.now()
  const { verificationId } = await api.call<Requested>('/v1/auth/otp/request', { ip, json: { phone } })
  const code = await eventually(`a code for ${phone} in the outbox`, codeTimeoutMs, async () => {
    const messages = await outboxOf(api, phone)
    // One second of grace: the clock that stamps the message is the runtime's.
    return messages.find(({ createdAt }) => Date.parse(createdAt) >= askedAt - 1_000)?.code
  })
  return { verificationId, code }
}

/** Staff are asked for their second factor as well. A code works once: one that an earlier run has used is waited out. */
async function verified(api: Client, ip: string, json: object): Promise<SignedIn> {
  const idempotencyKey = randomUUID()
  const first = await api.ask<SignedIn & { challenge?: { token: string } }>('/v1/auth/otp/verify', {
    ip,
    json,
    idempotencyKey,
  })
  const challenge = first.body.challenge?.token
  if (challenge === undefined) return api.call('/v1/auth/otp/verify', { ip, json, idempotencyKey })
  return withUnusedCode((code) => api.ask<SignedIn>('/v1/auth/mfa/verify', { ip, json: { challenge, code } }))
}

/** Staff confirm their second factor again. */
export async function stepUp(api: Client, person: Person): Promise<void> {
  const { token: challenge } = await api.call<{ token: string }>('/v1/auth/mfa/challenge', {
    as: person,
    method: 'POST',
  })
  const { accessToken } = await withUnusedCode((code) =>
    api.ask<{ accessToken: string }>('/v1/auth/mfa/step-up', { as: person, json: { challenge, code } }),
  )
  person.accessToken = accessToken
}

function withUnusedCode<Body>(answerWith: (code: string) => Promise<Answer<Body>>): Promise<Body> {
  const totp = new TOTP({ secret: staffTotpSecret })
  return eventually('a code of the app that nobody has used', mfaTimeoutMs, async () => {
    for (const timestamp of [Date.now(), Date.now() + totp.period * 1_000]) {
      const answer = await answerWith(totp.generate({ timestamp }))
      if (answer.status === 200) return answer.body
    }
    await pause(totp.period * 1_000)
    return undefined
  })
}

/** Returns what would have left the platform for this number, address or push token, newest first. */
export async function outboxOf(api: Client, to: string): Promise<DevMessage[]> {
  const { data } = await api.call<{ data: DevMessage[] }>(`/__dev/outbox?to=${encodeURIComponent(to)}`)
  return data
}

/** Tokens carry the role of the moment they were made in: one exchange brings the new one. */
export async function renew(api: Client, person: Person): Promise<void> {
  const { accessToken, refreshToken } = await exchange(api, person.refreshToken)
  Object.assign(person, { accessToken, refreshToken })
}

const exchange = (api: Client, refreshToken: string): Promise<TokenPair> =>
  api.call('/v1/auth/refresh', { json: { refreshToken } })
