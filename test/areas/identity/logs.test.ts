import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deliverOtp } from '../../../src/areas/identity/deliver-otp.ts'
import { api, env } from '../../support/api.ts'
import { anAddress, aPhone, bearer, fromAddress, otherThan, refresh, requestCode, verify } from './sign-in.ts'

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

const shim = (path: string, body: object) =>
  fetch(new URL(`/__control/${path}`, env.DATABASE_HTTP), { method: 'POST', body: JSON.stringify(body) })

it('logs hold no number, code or token, on good days and on bad ones', async () => {
  const phone = aPhone()
  const { code, message } = await requestCode(phone)
  await api('/v1/auth/otp/request', { body: { phone }, headers: fromAddress(anAddress()) })
  await verify(phone, otherThan(code))
  await shim('refuse', { ms: 300 })
  const down = await verify(phone, code)
  await api('/v1/auth/otp/request', { body: { phone: aPhone() }, headers: fromAddress(anAddress()) })
  await new Promise((resolve) => setTimeout(resolve, 350))
  expect(down.status).toBe(503)

  const unreachable = {
    ...env,
    SMS_API_URL: 'http://127.0.0.1:9/Messages.json',
    SMS_API_KEY: 'AC1:sms-secret',
  }
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
    'sms-secret',
  ]) {
    expect(text).not.toContain(secret)
  }
})

function textOf(value: unknown): string {
  if (value instanceof Error)
    return `${value.stack}\n${JSON.stringify(value)}\n${value.cause ? textOf(value.cause) : ''}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
