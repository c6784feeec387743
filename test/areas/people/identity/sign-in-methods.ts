import { sql } from 'drizzle-orm'
import { TOTP } from 'otpauth'
import { emailCodeHashOf } from '../../../../src/areas/people/identity/codes/codes.ts'
import { countedUnder } from '../../../../src/areas/people/identity/codes/counted.ts'
import { randomDigits } from '../../../../src/core/crypto.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { anAddress, anonymous, bearer, fromAddress, type SignedInPerson } from './sign-in.ts'

export const anEmail = (): string => `p-${newId()}@example.com`
export const aUsername = (): string => `u-${newId().slice(-12)}`
export const goodPassword = 'a lantern over the old bridge'
export const otherPassword = 'seven quiet herons at noon'

/** Puts another code in the place of the one mailed, which is known to the mailbox alone. */
export async function codeOf(id: string): Promise<string> {
  const code = randomDigits(8)
  const hash = emailCodeHashOf(anonymous(), id, code)
  await database().write([sql`update email_codes set code_hash = ${hash} where id = ${id}`])
  return code
}

/** Time passes for an address: another code can be asked for. */
export const mailRests = (email: string) =>
  database().write([sql`delete from otp_sends where key = ${countedUnder(anonymous(), 'address', email)}`])

export interface PasswordPerson extends SignedInPerson {
  email: string
  username: string
  password: string
  /** Where they registered from. */
  ip: string
}

export async function registered({
  email = anEmail(),
  username = aUsername(),
  password = goodPassword,
}: {
  email?: string
  /** Null: none. */
  username?: string | null
  password?: string
} = {}): Promise<PasswordPerson> {
  const ip = anAddress()
  const headers = fromAddress(ip)
  const named = { email, password, ...(username !== null && { username }) }
  const asked = await api('/v1/auth/register', { body: named, headers })
  if (asked.status !== 202) throw new Error(`Registering answered ${asked.status} ${asked.body.code}`)
  const { registrationId } = asked.body
  const body = { registrationId, code: await codeOf(registrationId) }
  const answer = await api('/v1/auth/register/confirm', { body, headers })
  if (answer.status !== 200) throw new Error(`Confirming answered ${answer.status} ${answer.body.code}`)
  return { ...answer.body, email, username: username ?? '', password, ip, phone: '' }
}

export const registeredByEmail = (): Promise<PasswordPerson> => registered({ username: null })

export const logIn = (identifier: string, password: string, ip = anAddress(), more: object = {}) =>
  api('/v1/auth/login', { body: { identifier, password, ...more }, headers: fromAddress(ip) })

export type Signed = { accessToken: string }

export const call = (as: Signed, path: string, body?: object, method = 'POST') =>
  api(path, { method, headers: bearer(as), ...(body && { body }) })

/** Returns the code that the app on the phone shows so many steps of 30 s from now: good for the step before and after as well. */
export const totpCode = (secret: string, steps = 0, now = Date.now()): string =>
  new TOTP({ secret }).generate({ timestamp: now + steps * 30_000 })

export interface Enrolled {
  secret: string
  factorId: string
  backupCodes: string[]
  accessToken: string
}

/**
 * Takes the code of the step before now, so that the one of now is still unused. Where a step ends on the way it is too
 * old, and the next one is taken.
 */
export async function enrolled(as: Signed): Promise<Enrolled> {
  const { enrolment, secret } = (await call(as, '/v1/me/mfa/totp', { label: 'My phone' })).body
  for (;;) {
    const code = totpCode(secret, -1)
    const { status, body } = await call(as, '/v1/me/mfa/totp/confirm', { enrolment, code })
    if (status === 201) return { secret, ...body }
    if (totpCode(secret, -1) === code) throw new Error(`Confirming answered ${status} ${body.code}`)
  }
}

export const asSigned = (caller: Caller): Signed => ({ accessToken: caller.accessToken })

/** `200 ok`, `403 mfa_required` … */
export const outcomeOf = ({ status, body }: { status: number; body: { code?: string } }): string =>
  `${status} ${body?.code ?? 'ok'}`
