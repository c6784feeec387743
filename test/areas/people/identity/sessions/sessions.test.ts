import { sql } from 'drizzle-orm'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { hmac, toBase64Url } from '../../../../../src/core/crypto.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { api, database, env } from '../../../../support/api.ts'
import {
  anAddress,
  aPhone,
  bearer,
  fromAddress,
  passes,
  refresh,
  requestCode,
  type SignedInPerson,
  signIn,
  verify,
} from '../sign-in.ts'

const refused = (answer: { status: number; body: { code?: string } }) =>
  `${answer.status} ${answer.body.code ?? 'ok'}`

interface SessionRow {
  revoked: boolean
  reason: string | null
  live: number
}

const sessionOf = async ({ accessToken }: { accessToken: string }): Promise<SessionRow | undefined> => {
  const rows = await database().read<SessionRow>(sql`
    select s.revoked_at is not null as revoked, s.revoked_reason as reason,
           (select count(*) from refresh_tokens t where t.session_id = s.id and t.used_at is null) as live
      from sessions s where s.id = ${String(decodeJwt(accessToken).sid)}`)
  return rows[0]
}

const tokenIdOf = (refreshToken: string) => refreshToken.split('.')[0] ?? ''

describe('refreshing', () => {
  it('exchanges a token for a new pair, in one round trip, and extends its 30 days', async () => {
    const person = await signIn()
    const { status, body, headers } = await refresh(person.refreshToken)
    expect(status).toBe(200)
    expect(headers.get('server-timing')).toContain('round-trips=1')
    expect(Object.keys(body).sort()).toEqual(['accessToken', 'expiresIn', 'refreshToken'])
    expect(body.refreshToken).not.toBe(person.refreshToken)
    const claims = decodeJwt(body.accessToken)
    expect([claims.sub, claims.sid]).toEqual([person.user.id, decodeJwt(person.accessToken).sid])
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900)
    expect((await api('/v1/me', { headers: bearer(body) })).status).toBe(200)
    const [token] = await database().read<{ days: number }>(sql`
      select round(extract(epoch from expires_at - now()) / 86400, 2) as days from refresh_tokens where id = ${tokenIdOf(body.refreshToken)}`)
    expect(token?.days).toBeCloseTo(30, 1)
    expect((await refresh(body.refreshToken)).status).toBe(200)
  })

  it('carries the current role of the user', async () => {
    const person = await signIn()
    await database().write([sql`update users set role = 'tasker' where id = ${person.user.id}`])
    const { body } = await refresh(person.refreshToken)
    expect(decodeJwt(body.accessToken).role).toBe('tasker')
  })

  it('replays its answer byte for byte for the same Idempotency-Key', async () => {
    const person = await signIn()
    const headers = { 'idempotency-key': newId() }
    const first = await refresh(person.refreshToken, headers)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const again = await refresh(person.refreshToken, headers)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body))
    expect(await sessionOf(person)).toEqual({ revoked: false, reason: null, live: 1 })
    expect((await refresh(first.body.refreshToken)).status).toBe(200)
  })

  it('ends the session for good on reuse of a spent token, with an event', async () => {
    const person = await signIn({ device: { deviceId: 'stolen', platform: 'ios', pushToken: newId() } })
    const second = await refresh(person.refreshToken)
    const third = await refresh(second.body.refreshToken)
    expect(refused(await refresh(person.refreshToken))).toBe('401 refresh_token_reused')
    expect(refused(await refresh(third.body.refreshToken))).toBe('401 invalid_refresh_token')
    expect(refused(await refresh(person.refreshToken))).toBe('401 invalid_refresh_token')
    expect(await sessionOf(person)).toMatchObject({ revoked: true, reason: 'refresh_token_reused' })
    const events = await database().read(sql`
      select o.type, o.data, r.user_id as "for" from outbox o join outbox_recipients r on r.event_id = o.id
        where o.object_id = ${String(decodeJwt(person.accessToken).sid)}`)
    const sessionId = decodeJwt(person.accessToken).sid
    expect(events).toEqual([
      {
        type: 'session.revoked',
        data: { sessionId, userId: person.user.id, reason: 'refresh_token_reused' },
        for: person.user.id,
      },
    ])
    const devices = await database().read(
      sql`select push_token as "pushToken" from user_devices where user_id = ${person.user.id}`,
    )
    expect(devices).toEqual([{ pushToken: null }])
  })

  it('leaves the other sessions of the user alone', async () => {
    const one = await signIn()
    await passes(one.phone, 31)
    const two = await signIn({ phone: one.phone })
    await refresh(one.refreshToken)
    expect(refused(await refresh(one.refreshToken))).toBe('401 refresh_token_reused')
    expect((await refresh(two.refreshToken)).status).toBe(200)
  })

  it('admits one of several calls with the same token', async () => {
    const person = await signIn()
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(person.refreshToken)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await sessionOf(person))?.live).toBe(1)
  })

  it('refuses a forged token without a round trip', async () => {
    const { refreshToken } = await signIn()
    const [id = '', mac = ''] = refreshToken.split('.')
    const forged = [
      'nonsense',
      id,
      `${id}.`,
      `${newId()}.${mac}`,
      `${id.toUpperCase()}.${mac}`,
      `${id}.${mac.slice(0, -1)}`,
      `${id}.${mac}.`,
      `${id}.${toBase64Url(hmac(env.PEPPER, 'cursor', id))}`,
    ]
    for (const token of forged) {
      const answer = await refresh(token)
      expect([token, refused(answer)]).toEqual([token, '401 invalid_refresh_token'])
      expect(answer.headers.get('server-timing')).toContain('round-trips=0')
    }
    expect((await refresh(refreshToken)).status).toBe(200)
  })

  it('refuses an unknown and an expired token', async () => {
    const id = newId()
    const lost = `${id}.${toBase64Url(hmac(env.PEPPER, 'refresh-token', id))}`
    expect(refused(await refresh(lost))).toBe('401 invalid_refresh_token')
    const person = await signIn()
    await database().write([
      sql`update refresh_tokens set expires_at = now() where id = ${tokenIdOf(person.refreshToken)}`,
    ])
    expect(refused(await refresh(person.refreshToken))).toBe('401 invalid_refresh_token')
    expect(await sessionOf(person)).toMatchObject({ revoked: false })
  })
})

describe('signing out', () => {
  const logout = (person: SignedInPerson) =>
    api('/v1/auth/logout', { method: 'POST', headers: bearer(person) })

  it('ends the session and its push notifications, and can be repeated', async () => {
    const person = await signIn({ device: { deviceId: 'mine', platform: 'android', pushToken: newId() } })
    const { status, headers } = await logout(person)
    expect([status, headers.get('server-timing')]).toEqual([204, expect.stringContaining('round-trips=1')])
    expect(await sessionOf(person)).toMatchObject({ revoked: true, reason: 'logout' })
    expect(refused(await refresh(person.refreshToken))).toBe('401 invalid_refresh_token')
    const devices = await database().read(
      sql`select push_token as "pushToken" from user_devices where user_id = ${person.user.id}`,
    )
    expect(devices).toEqual([{ pushToken: null }])
    expect((await logout(person)).status).toBe(204)
  })

  it('leaves other sessions and their devices alone', async () => {
    const one = await signIn({ device: { deviceId: 'one', platform: 'ios', pushToken: newId() } })
    await passes(one.phone, 31)
    const two = await signIn({
      phone: one.phone,
      device: { deviceId: 'two', platform: 'ios', pushToken: newId() },
    })
    await logout(one)
    expect((await refresh(two.refreshToken)).status).toBe(200)
    const devices = await database().read(sql`
      select device_id as id, push_token is null as silent from user_devices where user_id = ${one.user.id} order by device_id`)
    expect(devices).toEqual([
      { id: 'one', silent: true },
      { id: 'two', silent: false },
    ])
  })

  it('does not prevent a sign-in that sends the token of the ended session', async () => {
    const person = await signIn()
    await logout(person)
    await passes(person.phone, 31)
    const { code } = await requestCode(person.phone)
    expect((await verify(person.phone, code, {}, bearer(person))).status).toBe(200)
    const asked = await api('/v1/auth/otp/request', {
      body: { phone: aPhone() },
      headers: { ...bearer(person), ...fromAddress(anAddress()) },
    })
    expect(asked.status).toBe(202)
  })

  it('needs a caller', async () => {
    expect((await api('/v1/auth/logout', { method: 'POST' })).status).toBe(401)
  })
})
