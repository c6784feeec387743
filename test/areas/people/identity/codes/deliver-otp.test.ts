import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { requestOtp } from '../../../../../src/areas/people/identity/codes/codes.ts'
import { deliverOtp, enqueue } from '../../../../../src/areas/people/identity/codes/deliver.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { listDevMessages } from '../../../../../src/providers/dev-outbox.ts'
import { api, database, env } from '../../../../support/api.ts'
import { loseReplies } from '../../../../support/faults.ts'
import { anAddress, anonymous, aPhone, codeIn, down, passes, requestCode, verify } from '../sign-in.ts'

afterEach(() => loseReplies(0))

describe('delivering a code', () => {
  it('sends it to the phone in the language of the request', async () => {
    const phone = aPhone()
    const { message } = await requestCode(phone, { ctx: anonymous({ locale: 'ar' }) })
    expect(await deliverOtp(env, message)).toBe('sent')
    const { code } = await codeIn(message)
    const [sms, ...others] = await listDevMessages(env, phone)
    expect(others).toEqual([])
    expect(sms).toEqual({
      to: phone,
      channel: 'sms',
      code,
      text: expect.stringContaining(code),
      createdAt: expect.any(String),
    })
    expect(sms?.text).toContain('رمز')
    expect((await verify(phone, sms?.code ?? '')).status).toBe(200)
  })

  it('sends it once, though the queue brings it twice', async () => {
    const phone = aPhone()
    const { message } = await requestCode(phone)
    expect([await deliverOtp(env, message), await deliverOtp(env, message)]).toEqual(['sent', 'skipped'])
    expect(await listDevMessages(env, phone)).toHaveLength(1)
  })

  it('skips expired, used, superseded and uncommitted codes', async () => {
    const expired = await requestCode(aPhone())
    await database().write([
      sql`update otp_requests set expires_at = now() where id = ${expired.message.otpRequestId}`,
    ])
    const usedPhone = aPhone()
    const used = await requestCode(usedPhone)
    await verify(usedPhone, used.code)
    const [olderPhone, ipAddress] = [aPhone(), anAddress()]
    const older = await requestCode(olderPhone, { ctx: anonymous({ ipAddress }) })
    await passes(olderPhone, 31)
    await requestCode(olderPhone, { ctx: anonymous({ ipAddress }) })
    const unknown = { ...expired.message, otpRequestId: newId() }
    for (const message of [expired.message, used.message, older.message, unknown]) {
      expect(await deliverOtp(env, message)).toBe('skipped')
    }
  })

  it('sends it although another requester has asked for a newer one', async () => {
    const phone = aPhone()
    const { message } = await requestCode(phone)
    await requestCode(phone)
    expect(await deliverOtp(env, message)).toBe('sent')
  })

  it('refuses a sealed code of another request', async () => {
    const [one, two] = [await requestCode(aPhone()), await requestCode(aPhone())]
    await expect(deliverOtp(env, { ...one.message, sealed: two.message.sealed })).rejects.toThrow()
  })

  it('throws when no provider answers, so that the queue retries', async () => {
    const phone = aPhone()
    const { message } = await requestCode(phone)
    const unreachable = { ...env, ...down.sms, ...down.whatsapp, ...down.voice }
    await expect(deliverOtp(unreachable, message)).rejects.toMatchObject({
      name: 'ProviderError',
      retryable: true,
    })
    expect(await deliverOtp(env, message)).toBe('sent')
  })

  it('sends the same code once for a repeated key when the Worker died before the queue', async () => {
    const phone = aPhone()
    const idempotency = { scope: 'anonymous', key: newId(), requestHash: 'the same body' }
    await loseReplies(1, idempotency.key)
    await expect(requestOtp(anonymous({ idempotency }), { phone })).rejects.toMatchObject({
      code: 'temporarily_unavailable',
    })
    const { message } = await requestCode(phone, { ctx: anonymous({ idempotency }) })
    const again = await requestOtp(anonymous({ idempotency }), { phone })
    expect(again.message).toEqual(message)
    expect([await deliverOtp(env, message), await deliverOtp(env, again.message)]).toEqual([
      'sent',
      'skipped',
    ])
    const [sms] = await listDevMessages(env, phone)
    expect((await verify(phone, sms?.code ?? '')).status).toBe(200)
  })

  it('returns 503 when the queue refuses the message', async () => {
    const { message } = await requestCode(aPhone())
    const broken = {
      send: () => Promise.reject(new Error('the queue is down')),
    } as unknown as typeof env.NOTIFICATIONS
    await expect(enqueue({ NOTIFICATIONS: broken }, message)).rejects.toMatchObject({
      code: 'temporarily_unavailable',
    })
  })
})

describe('signing in over a bad network', () => {
  it('has one effect although the first answer is lost', async () => {
    const phone = aPhone()
    const { code } = await requestCode(phone)
    const headers = { 'idempotency-key': newId() }
    await loseReplies(1, headers['idempotency-key'])
    expect((await verify(phone, code, {}, headers)).status).toBe(503)
    const { status, body } = await verify(phone, code, {}, headers)
    expect(status).toBe(200)
    const rows = await database().read(sql`select 1 from sessions where user_id = ${body.user.id}`)
    expect(rows).toHaveLength(1)
    expect((await api('/v1/auth/refresh', { body: { refreshToken: body.refreshToken } })).status).toBe(200)
  })
})
