import { sql } from 'drizzle-orm'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { api, database } from '../../../../support/api.ts'
import { aPhone, bearer, passes, refresh, requestCode, signIn, verify } from '../sign-in.ts'
import {
  call,
  enrolled,
  logIn,
  outcomeOf,
  registeredByEmail,
  type Signed,
  totpCode,
} from '../sign-in-methods.ts'

const answer = (challenge: string, code: string, headers: Record<string, string> = {}) =>
  api('/v1/auth/mfa/verify', { body: { challenge, code }, headers })

const challengeOf = async (as: Signed): Promise<string> =>
  (await call(as, '/v1/auth/mfa/challenge')).body.token

const stepUp = async (as: Signed, code: string) =>
  call(as, '/v1/auth/mfa/step-up', { challenge: await challengeOf(as), code })

/** Minutes pass since the session showed its second factor: what it has is a token of then. */
const old = async (person: { refreshToken: string }, sessionOf: Signed): Promise<Signed> => {
  const { sid } = decodeJwt(sessionOf.accessToken)
  await database().write([
    sql`update sessions set mfa_at = mfa_at - interval '11 minutes' where id = ${sid as string}`,
  ])
  return (await refresh(person.refreshToken)).body
}

describe('a second factor', () => {
  it('is enrolled with a code of the app, and then required after a password', async () => {
    const person = await registeredByEmail()
    const begun = await call(person, '/v1/me/mfa/totp', { label: 'My phone' })
    expect(begun.headers.get('server-timing')).toContain('round-trips=1')
    const { enrolment, secret, uri } = begun.body
    expect(uri).toContain(`secret=${secret}`)
    expect(uri).toMatch(/^otpauth:\/\/totp\/Khidma:p-/)
    const wrong = await call(person, '/v1/me/mfa/totp/confirm', { enrolment, code: '000000' })
    expect(outcomeOf(wrong)).toBe('422 mfa_code_invalid')
    const code = totpCode(secret)
    const confirmed = await call(person, '/v1/me/mfa/totp/confirm', { enrolment, code })
    expect([confirmed.status, confirmed.body.backupCodes.length]).toEqual([201, 10])
    expect(decodeJwt(confirmed.body.accessToken)).toMatchObject({ mfa: true, mfa_at: expect.any(Number) })

    const login = await logIn(person.email, person.password)
    expect(outcomeOf(login)).toBe('403 mfa_required')
    expect(login.headers.get('server-timing')).toContain('round-trips=2')
    expect(login.body.challenge).toEqual({
      token: expect.any(String),
      expiresAt: expect.any(String),
      methods: ['totp', 'backup_code'],
    })
    const signed = await answer(login.body.challenge.token, totpCode(secret, 1))
    expect(signed.status).toBe(200)
    expect(signed.headers.get('server-timing')).toContain('round-trips=1')
    expect(decodeJwt(signed.body.accessToken)).toMatchObject({ mfa: true, mfa_at: expect.any(Number) })
    expect(decodeJwt((await refresh(signed.body.refreshToken)).body.accessToken)).toMatchObject({
      mfa: true,
      mfa_at: expect.any(Number),
    })
  })

  it('is required after a phone code as well, and registers the device', async () => {
    const phone = aPhone()
    const { secret } = await enrolled(await signIn({ phone }))
    await passes(phone, 700)
    const device = { deviceId: `d-${newId()}`, platform: 'ios' }
    const first = await verify(phone, (await requestCode(phone)).code, { device })
    expect(outcomeOf(first)).toBe('403 mfa_required')
    expect(JSON.stringify(first.body)).not.toContain('accessToken')
    const { status, body } = await answer(first.body.challenge.token, totpCode(secret))
    expect(status).toBe(200)
    const rows = await database().read(sql`
      select s.device_id as device from sessions s where s.id = ${decodeJwt(body.accessToken).sid as string}`)
    expect(rows).toEqual([{ device: device.deviceId }])
  })

  it('accepts a code once, and no earlier code', async () => {
    const person = await registeredByEmail()
    const { secret } = await enrolled(person)
    const challenge = async () => (await logIn(person.email, person.password)).body.challenge.token
    const now = Date.now()
    const [before, code] = [totpCode(secret, -1, now), totpCode(secret, 0, now)]
    expect((await answer(await challenge(), code)).status).toBe(200)
    expect(outcomeOf(await answer(await challenge(), code))).toBe('422 mfa_code_invalid')
    expect(outcomeOf(await answer(await challenge(), before))).toBe('422 mfa_code_invalid')
  })

  it('accepts a challenge once, with five attempts', async () => {
    const person = await registeredByEmail()
    const { secret, backupCodes } = await enrolled(person)
    const { token } = (await logIn(person.email, person.password)).body.challenge
    expect((await answer(token, totpCode(secret))).status).toBe(200)
    expect(outcomeOf(await answer(token, backupCodes[0] ?? ''))).toBe('422 mfa_challenge_invalid')
    const next = (await logIn(person.email, person.password)).body.challenge.token
    for (let wrong = 0; wrong < 5; wrong += 1) {
      expect(outcomeOf(await answer(next, 'ABCDE-FGHJK'))).toBe('422 mfa_code_invalid')
    }
    expect(outcomeOf(await answer(next, backupCodes[0] ?? ''))).toBe('429 mfa_blocked')
    const other = (await logIn(person.email, person.password)).body.challenge.token
    expect(outcomeOf(await answer(other, backupCodes[0] ?? ''))).toBe('429 mfa_blocked')
  })

  it('accepts each backup code once, in any spelling, and notifies its owner', async () => {
    const person = await registeredByEmail()
    const { backupCodes } = await enrolled(person)
    const challenge = async () => (await logIn(person.email, person.password)).body.challenge.token
    const typed = (backupCodes[3] ?? '').toLowerCase().replace('-', ' ')
    expect((await answer(await challenge(), typed)).status).toBe(200)
    expect(outcomeOf(await answer(await challenge(), backupCodes[3] ?? ''))).toBe('422 mfa_code_invalid')
    const { body } = await call(person, '/v1/me/credentials', undefined, 'GET')
    expect(body.mfa).toMatchObject({ backupCodesLeft: 9, factors: [{ kind: 'totp', label: 'My phone' }] })
    const events = await database().read(
      sql`select data from outbox where object_id = ${person.user.id} and type = 'user.backup_code_used'`,
    )
    expect(events).toEqual([{ data: { userId: person.user.id, left: 9 } }])
  })

  it('refuses a changed, foreign or expired challenge', async () => {
    const [one, two] = [await registeredByEmail(), await registeredByEmail()]
    const { secret } = await enrolled(one)
    const { secret: other } = await enrolled(two)
    const { token } = (await logIn(one.email, one.password)).body.challenge
    const [content = '', signature] = token.split('.')
    const changed = JSON.parse(Buffer.from(content, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...changed, userId: two.user.id })).toString('base64url')
    expect(outcomeOf(await answer(`${forged}.${signature}`, totpCode(other)))).toBe(
      '422 mfa_challenge_invalid',
    )
    expect(outcomeOf(await answer('x.y', totpCode(secret)))).toBe('422 mfa_challenge_invalid')
    await database().write([sql`update mfa_challenges set expires_at = now() where user_id = ${one.user.id}`])
    expect(outcomeOf(await answer(token, totpCode(secret)))).toBe('422 mfa_challenge_invalid')
  })

  it('is stored encrypted: no row contains the secret or the codes', async () => {
    const person = await registeredByEmail()
    const { secret, backupCodes } = await enrolled(person)
    const [row] = await database().read<{ text: string }>(sql`
      select concat((select string_agg(to_jsonb(f)::text, ' ') from mfa_factors f where f.user_id = ${person.user.id}),
        (select string_agg(to_jsonb(b)::text, ' ') from mfa_backup_codes b where b.user_id = ${person.user.id}),
        (select string_agg(to_jsonb(a)::text, ' ') from audit_log a where a.actor_user_id = ${person.user.id})) as text`)
    for (const hidden of [secret, backupCodes[0] ?? '-', (backupCodes[0] ?? '-').replace('-', '')]) {
      expect(row?.text).not.toContain(hidden)
    }
  })

  it('answers a repeated confirmation with the same codes', async () => {
    const person = await registeredByEmail()
    const { enrolment, secret } = (await call(person, '/v1/me/mfa/totp', { label: 'Mine' })).body
    const body = { enrolment, code: totpCode(secret) }
    const headers = { ...bearer(person), 'idempotency-key': newId() }
    const first = await api('/v1/me/mfa/totp/confirm', { body, headers })
    const again = await api('/v1/me/mfa/totp/confirm', { body, headers })
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body))
    expect(outcomeOf(await call(person, '/v1/me/mfa/totp/confirm', body))).toBe('409 already_exists')
  })
})

describe('stepping up', () => {
  it('returns a token that sensitive operations accept', async () => {
    const person = await registeredByEmail()
    const { secret, accessToken } = await enrolled(person)
    expect((await call({ accessToken }, '/v1/me/mfa/backup-codes')).status).toBe(200)
    const later = await old(person, { accessToken })
    expect(outcomeOf(await call(later, '/v1/me/mfa/backup-codes'))).toBe('403 mfa_required')
    const stepped = await stepUp(later, totpCode(secret))
    expect([stepped.status, stepped.headers.get('server-timing')]).toEqual([
      200,
      expect.stringContaining('round-trips=1'),
    ])
    const { status, body } = await call(stepped.body, '/v1/me/mfa/backup-codes')
    expect([status, body.backupCodes.length]).toEqual([200, 10])
  })

  it('refuses a challenge of a sign-in, another session or another user', async () => {
    const person = await registeredByEmail()
    const { secret, accessToken, backupCodes } = await enrolled(person)
    const { token } = (await logIn(person.email, person.password)).body.challenge
    const misused = await call({ accessToken }, '/v1/auth/mfa/step-up', {
      challenge: token,
      code: totpCode(secret),
    })
    expect(outcomeOf(misused)).toBe('422 mfa_challenge_invalid')
    const challenge = await challengeOf({ accessToken })
    expect(outcomeOf(await answer(challenge, backupCodes[1] ?? ''))).toBe('422 mfa_challenge_invalid')
    const stranger = await registeredByEmail()
    const body = { challenge, code: totpCode(secret) }
    expect(outcomeOf(await call(stranger, '/v1/auth/mfa/step-up', body))).toBe('422 mfa_challenge_invalid')
  })

  it('is impossible without a factor', async () => {
    const person = await registeredByEmail()
    expect(outcomeOf(await call(person, '/v1/auth/mfa/challenge'))).toBe('409 mfa_not_enrolled')
  })

  it('is required to add a second app and to remove one', async () => {
    const person = await registeredByEmail()
    const { accessToken, factorId } = await enrolled(person)
    const later = await old(person, { accessToken })
    const { enrolment, secret } = (await call(later, '/v1/me/mfa/totp', { label: 'Tablet' })).body
    const body = { enrolment, code: totpCode(secret) }
    expect(outcomeOf(await call(later, '/v1/me/mfa/totp/confirm', body))).toBe('403 mfa_required')
    expect(outcomeOf(await call(later, `/v1/me/mfa/factors/${factorId}`, undefined, 'DELETE'))).toBe(
      '403 mfa_required',
    )
    const removed = await call({ accessToken }, `/v1/me/mfa/factors/${factorId}`, undefined, 'DELETE')
    expect(removed.status).toBe(204)
    expect((await logIn(person.email, person.password)).status).toBe(200)
  })
})

describe('staff', () => {
  const staffMember = async () => {
    const phone = aPhone()
    const { user } = await signIn({ phone })
    await database().write([
      sql`insert into user_roles (id, user_id, role_id, status) select ${newId()}, ${user.id}, r.id, 'approved' from roles r where r.name = 'ops'`,
    ])
    await passes(phone, 700)
    return { phone, user, ...(await verify(phone, (await requestCode(phone)).code)).body }
  }

  it('without a second factor have no permissions, and can enrol one', async () => {
    const member = await staffMember()
    expect(decodeJwt(member.accessToken).perms).toBeUndefined()
    expect(outcomeOf(await call(member, '/v1/me/mfa/backup-codes'))).toBe('403 mfa_enrolment_required')
    const { accessToken, factorId } = await enrolled(member)
    const claims = decodeJwt(accessToken)
    expect(claims).toMatchObject({ role: 'ops', mfa: true, perms: expect.any(Array) })
    expect((claims.perms as string[]).length).toBeGreaterThan(0)
    const removed = await call({ accessToken }, `/v1/me/mfa/factors/${factorId}`, undefined, 'DELETE')
    expect(outcomeOf(removed)).toBe('409 mfa_needed')
  })
})
