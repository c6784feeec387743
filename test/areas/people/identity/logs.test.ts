import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deliverEmailCode, deliverOtp } from '../../../../src/areas/people/identity/codes/deliver.ts'
import { register } from '../../../../src/areas/people/identity/passwords/credentials.ts'
import { api, env } from '../../../support/api.ts'
import { whileDatabaseIsDown } from '../../../support/faults.ts'
import {
  anAddress,
  anonymous,
  aPhone,
  bearer,
  down,
  fromAddress,
  otherThan,
  refresh,
  requestCode,
  verify,
} from './sign-in.ts'
import { anEmail, codeOf, enrolled, logIn, otherPassword, registered } from './sign-in-methods.ts'

const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
let logged: unknown[] = []

beforeEach(() => {
  logged = []
  for (const method of methods)
    vi.spyOn(console, method).mockImplementation((...given) => void logged.push(...given))
})
afterEach(() => {
  vi.restoreAllMocks()
})

it('logs contain no number, code or token, in success or failure', async () => {
  const phone = aPhone()
  const { code, message } = await requestCode(phone)
  await api('/v1/auth/otp/request', { body: { phone }, headers: fromAddress(anAddress()) })
  await verify(phone, otherThan(code))
  const refused = await whileDatabaseIsDown(async () => {
    const answer = await verify(phone, code)
    await api('/v1/auth/otp/request', { body: { phone: aPhone() }, headers: fromAddress(anAddress()) })
    return answer
  })
  expect(refused.status).toBe(503)

  const unreachable = { ...env, ...down.sms, ...down.whatsapp, ...down.voice }
  const failure = await deliverOtp(unreachable, message).catch((error: unknown) => error)
  logged.push(failure)
  await deliverOtp(env, message)

  const { body } = await verify(phone, code)
  await api('/v1/me', { headers: bearer(body), method: 'PATCH', body: { email: 'broken' } })
  await refresh(body.refreshToken)
  await refresh(body.refreshToken)
  await api('/v1/auth/logout', { method: 'POST', headers: bearer(body) })

  // The refusing database was reported: the spy sees what the Worker logs.
  const text = logged.map(textOf).join('\n')
  expect(text).toContain('temporarily_unavailable')
  for (const secret of [
    phone,
    phone.slice(1),
    code,
    otherThan(code),
    body.accessToken,
    body.refreshToken,
    'provider-secret',
  ]) {
    expect(text).not.toContain(secret)
  }
})

it('logs contain no password, address, code or TOTP secret', async () => {
  const person = await registered()
  const { secret, backupCodes } = await enrolled(person)
  const login = await logIn(person.email, person.password)
  const { token } = login.body.challenge
  const answer = (code: string) => api('/v1/auth/mfa/verify', { body: { challenge: token, code } })
  await answer(backupCodes[0] ?? '')
  await logIn(person.email, otherPassword)
  const down503 = await whileDatabaseIsDown(async () => {
    const refused = await logIn(person.username, person.password)
    await api('/v1/auth/register', { body: { email: person.email, password: otherPassword } })
    return refused
  })
  expect(down503.status).toBe(503)
  const { message, id } = await register(anonymous(), { email: anEmail(), password: otherPassword })
  const failing = { ...env, EMAIL_API_URL: 'http://127.0.0.1:9/email', EMAIL_API_KEY: 'provider-secret' }
  logged.push(await deliverEmailCode(failing, message).catch((error: unknown) => error))

  const text = logged.map(textOf).join('\n')
  expect(text).toContain('temporarily_unavailable')
  const hidden = [
    person.password,
    otherPassword,
    person.email,
    secret,
    ...backupCodes,
    token,
    'provider-secret',
  ]
  for (const value of [...hidden, await codeOf(id)]) expect(text).not.toContain(value)
})

function textOf(value: unknown): string {
  if (value instanceof Error)
    return `${value.stack}\n${JSON.stringify(value)}\n${value.cause ? textOf(value.cause) : ''}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
