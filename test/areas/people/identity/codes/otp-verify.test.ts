import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { api, database, signedIn } from '../../../../support/api.ts'
import { aPhone, bearer, otherThan, requestCode, signIn, verify } from '../sign-in.ts'

interface RequestRow {
  attempts: number
  verified: boolean
}

const requestOf = async (otpRequestId: string): Promise<RequestRow | undefined> =>
  (
    await database().read<RequestRow>(
      sql`select attempts, verified from otp_requests where id = ${otpRequestId}`,
    )
  )[0]

const codesOf = (answers: { status: number; body: { code?: string } }[]) =>
  answers.map(({ status, body }) => `${status} ${body.code ?? 'ok'}`)

describe('signing in with a code', () => {
  it('creates a client for a new number, in one round trip', async () => {
    const phone = aPhone()
    const { code } = await requestCode(phone)
    const { status, body, headers } = await verify(phone, code)
    expect(status).toBe(200)
    expect(headers.get('server-timing')).toContain('round-trips=1')
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refreshToken: expect.any(String),
      expiresIn: 900,
      deviceToken: expect.stringMatching(/^[\w-]{36}\.[\w-]{43}$/),
      user: expect.objectContaining({
        role: 'client',
        phone,
        email: null,
        fullName: null,
        locale: 'ar-EG',
        version: 1,
      }),
    })
    const [row] = await database().read(sql`
      select v.phone_verified as "phoneVerified", v.verification_status as "status", p.push_enabled as "pushEnabled",
             s.user_agent is not distinct from null as "hasNoAgent", s.ip_address like '2001:db8:%' as "hasAddress"
        from user_verifications v join notification_preferences p using (user_id) join sessions s using (user_id)
        where v.user_id = ${body.user.id}`)
    expect(row).toEqual({
      phoneVerified: true,
      status: 'unverified',
      pushEnabled: true,
      hasNoAgent: true,
      hasAddress: true,
    })
    const me = await api('/v1/me', { headers: bearer(body) })
    expect([me.status, me.body]).toEqual([200, body.user])
  })

  it('signs in a known user with their role, without changing the account', async () => {
    const known = await signedIn('tasker')
    const before = await api('/v1/me', { as: known })
    const { user, accessToken } = await signIn({ phone: known.phone })
    expect(user).toEqual(before.body)
    expect((await api('/v1/me', { headers: bearer({ accessToken }) })).body.role).toBe('tasker')
    const rows = await database().read(sql`select 1 from users where phone = ${known.phone}`)
    expect(rows).toHaveLength(1)
  })

  it('accepts a code once', async () => {
    const phone = aPhone()
    const { code } = await requestCode(phone)
    expect((await verify(phone, code)).status).toBe(200)
    const again = await verify(phone, code)
    expect([again.status, again.body.code]).toEqual([422, 'otp_invalid'])
    // Clients that see this header exchange their tokens and try again.
    expect(again.headers.get('www-authenticate')).toBeNull()
  })

  it('admits one of many parallel correct codes', async () => {
    const phone = aPhone()
    const { code } = await requestCode(phone)
    const answers = await Promise.all(Array.from({ length: 12 }, () => verify(phone, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status, body }) => status === 422 && body.code === 'otp_invalid')).toHaveLength(
      11,
    )
    const rows = await database().read(
      sql`select 1 from sessions s join users u on u.id = s.user_id where u.phone = ${phone}`,
    )
    expect(rows).toHaveLength(1)
  })

  it('allows five checks in total, also in parallel, and counts wrong codes', async () => {
    const phone = aPhone()
    const { code, message } = await requestCode(phone)
    const guesses = Array.from({ length: 40 }, (_, index) =>
      String((Number(code) + 1 + index) % 1_000_000).padStart(6, '0'),
    )
    const answers = codesOf(await Promise.all(guesses.map((guess) => verify(phone, guess))))
    expect(answers.filter((answer) => answer === '422 otp_invalid')).toHaveLength(5)
    expect(answers.filter((answer) => answer === '429 otp_exhausted')).toHaveLength(35)
    expect(await requestOf(message.otpRequestId)).toEqual({ attempts: 5, verified: false })
    expect(codesOf([await verify(phone, code)])).toEqual(['429 otp_exhausted'])
  })

  it('accepts the correct code as the fifth check', async () => {
    const phone = aPhone()
    const { code } = await requestCode(phone)
    for (let wrong = 0; wrong < 4; wrong += 1) expect((await verify(phone, otherThan(code))).status).toBe(422)
    expect((await verify(phone, code)).status).toBe(200)
  })

  it('accepts a code with its own id only, with five checks each', async () => {
    const phone = aPhone()
    const first = await requestCode(phone)
    for (let wrong = 0; wrong < 5; wrong += 1) await verify(phone, otherThan(first.code))
    const second = await requestCode(phone)
    const { verificationId } = first
    expect(codesOf([await verify(phone, second.code, { verificationId })])).toEqual(['429 otp_exhausted'])
    if (first.code !== second.code)
      expect(codesOf([await verify(phone, first.code)])).toEqual(['422 otp_invalid'])
    expect(codesOf([await verify(aPhone(), second.code, { verificationId: second.verificationId })])).toEqual(
      ['422 otp_invalid'],
    )
    expect((await verify(phone, second.code)).status).toBe(200)
  })

  it('refuses an expired code', async () => {
    const phone = aPhone()
    const { code, message } = await requestCode(phone)
    await database().write([
      sql`update otp_requests set expires_at = now() where id = ${message.otpRequestId}`,
    ])
    expect(codesOf([await verify(phone, code)])).toEqual(['422 otp_invalid'])
    expect(await requestOf(message.otpRequestId)).toEqual({ attempts: 0, verified: false })
  })

  it('refuses a code of another number', async () => {
    const { code } = await requestCode(aPhone())
    const other = aPhone()
    const { message } = await requestCode(other)
    const answer = await verify(other, code)
    // One in a million has the same code.
    if (answer.status !== 200) expect(answer.body.code).toBe('otp_invalid')
    expect((await requestOf(message.otpRequestId))?.attempts).toBe(1)
  })

  it('answers a number without a code, known or not, like a wrong code', async () => {
    const known = await signedIn('client')
    const answers = [await verify(known.phone, '123456'), await verify(aPhone(), '123456')]
    expect(codesOf(answers)).toEqual(['422 otp_invalid', '422 otp_invalid'])
    const [a, b] = answers.map(({ body }) => ({ ...body, requestId: null }))
    expect(a).toEqual(b)
  })

  it('replays its answer byte for byte for the same Idempotency-Key, for correct and wrong codes', async () => {
    const phone = aPhone()
    const { code, message } = await requestCode(phone)
    const wrong = { 'idempotency-key': newId() }
    const refusals = [
      await verify(phone, otherThan(code), {}, wrong),
      await verify(phone, otherThan(code), {}, wrong),
    ]
    expect(codesOf(refusals)).toEqual(['422 otp_invalid', '422 otp_invalid'])
    expect((await requestOf(message.otpRequestId))?.attempts).toBe(1)

    const right = { 'idempotency-key': newId() }
    const first = await verify(phone, code, {}, right)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const again = await verify(phone, code, {}, right)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body))
    const other = await verify(phone, otherThan(code), {}, right)
    expect(codesOf([other])).toEqual(['422 idempotency_mismatch'])
  })

  it('stores no secret for the replay', async () => {
    const phone = aPhone()
    const { code } = await requestCode(phone)
    const key = newId()
    const { body } = await verify(phone, code, {}, { 'idempotency-key': key })
    const [kept] = await database().read<{ text: string }>(sql`
      select concat((select rows from idempotency_keys where key = ${key}), ' ',
        (select string_agg(to_jsonb(t)::text, ' ') from refresh_tokens t join sessions s on s.id = t.session_id where s.user_id = ${body.user.id}), ' ',
        (select string_agg(to_jsonb(a)::text, ' ') from audit_log a where a.target_id = ${body.user.id} or a.actor_user_id = ${body.user.id})) as text`)
    const [, mac] = body.refreshToken.split('.')
    for (const secret of [mac, body.accessToken, `"${code}"`]) expect(kept?.text).not.toContain(secret)
    expect(kept?.text).toContain(body.user.id)
  })

  it('is recorded in the audit log as an action of the user who signed in', async () => {
    const { user } = await signIn()
    const rows = await database().read(sql`
      select action, actor_role as "role", actor_user_id as "by" from audit_log
        where target_type in ('sessions', 'user_verifications') and actor_user_id = ${user.id} order by action`)
    expect(rows).toEqual([
      { action: 'sessions.insert', role: 'client', by: user.id },
      { action: 'user_verifications.insert', role: 'client', by: user.id },
    ])
  })

  it('registers the device in the same transaction', async () => {
    const pushToken = `token-${newId()}`
    const { user } = await signIn({ device: { deviceId: 'pixel-8', platform: 'android', pushToken } })
    const rows = await database().read(sql`
      select d.device_id as "deviceId", d.platform, d.push_token as "pushToken", s.device_id as "ofSession"
        from user_devices d join sessions s using (user_id) where d.user_id = ${user.id}`)
    expect(rows).toEqual([{ deviceId: 'pixel-8', platform: 'android', pushToken, ofSession: 'pixel-8' }])
  })

  it.each([
    ['a short code', { code: '12345' }],
    ['letters', { code: 'abcdef' }],
    ['a number for a code', { code: 123456 }],
    ['a field we do not know', { code: '123456', admin: true }],
    ['an unknown platform', { code: '123456', device: { deviceId: 'a', platform: 'nokia' } }],
  ])('refuses %s before it takes a check', async (_name, body) => {
    const phone = aPhone()
    const { message, verificationId } = await requestCode(phone)
    const { status } = await api('/v1/auth/otp/verify', { body: { phone, verificationId, ...body } })
    expect(status).toBe(400)
    expect((await requestOf(message.otpRequestId))?.attempts).toBe(0)
  })
})
