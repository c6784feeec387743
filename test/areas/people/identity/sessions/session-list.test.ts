import { exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { closeCodes } from '../../../../../src/areas/contact/chat/protocol.ts'
import { purgeCallers } from '../../../../../src/areas/people/identity/jobs.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { consumeEvent } from '../../../../../src/queues/events.ts'
import { systemContext } from '../../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../../support/api.ts'
import {
  aChat,
  channelOf,
  enter,
  enterChannel,
  evict,
  socketPath,
  upgrade,
} from '../../../../support/chat.ts'
import { aPhone, bearer, passes, refresh, requestCode, type SignedInPerson, signIn } from '../sign-in.ts'

const sidOf = ({ accessToken }: { accessToken: string }): string => String(decodeJwt(accessToken).sid)
const list = (person: { accessToken: string }) => api('/v1/me/sessions', { headers: bearer(person) })
const idsOf = async (person: { accessToken: string }): Promise<string[]> =>
  (await list(person)).body.data.map(({ id }: { id: string }) => id)
const revoke = (person: { accessToken: string }, sessionId: string) =>
  api(`/v1/me/sessions/${sessionId}`, { method: 'DELETE', headers: bearer(person) })

const asCaller = (person: SignedInPerson): Caller => ({
  userId: person.user.id,
  role: 'client',
  phone: person.phone,
  sessionId: sidOf(person),
  accessToken: person.accessToken,
})

/** The same person on so many devices. */
async function onDevices<const Names extends string[]>(...names: Names): Promise<SignedInPerson[]> {
  const phone = aPhone()
  const people: SignedInPerson[] = []
  for (const deviceId of names) {
    people.push(await signIn({ phone, device: { deviceId, platform: 'ios', pushToken: newId() } }))
    await passes(phone, 700)
  }
  return people
}

const eventsOf = (sessionId: string) =>
  database().read<{ id: string; data: Record<string, unknown> }>(
    sql`select id, data from outbox where object_id = ${sessionId} and type = 'session.revoked'`,
  )

/** Long before the token runs out, however busy the machine. */
const withinSeconds = async (closing: Promise<{ code: number }>): Promise<number> => {
  const startedAt = Date.now()
  const { code } = await closing
  expect(Date.now() - startedAt).toBeLessThan(30_000)
  return code
}

describe('the list of sessions', () => {
  it('shows device, address, place and last use, newest first, in one round trip', async () => {
    const phone = aPhone()
    const { code, verificationId } = await requestCode(phone)
    const headers = {
      'content-type': 'application/json',
      'cf-connecting-ip': '203.0.113.7',
      'user-agent': 'Khidma/3.2 (Android 16)',
    }
    const body = JSON.stringify({
      phone,
      verificationId,
      code,
      device: { deviceId: 'pixel', platform: 'android' },
    })
    const cf = { country: 'EG', city: 'القاهرة' }
    const worker = (exports as unknown as { default: Fetcher }).default
    const answer = await worker.fetch('https://api.test/v1/auth/otp/verify', {
      method: 'POST',
      headers,
      body,
      cf,
    } as RequestInit)
    const first = (await answer.json()) as SignedInPerson
    await passes(phone, 700)
    const second = await signIn({ phone })
    const { status, body: page, headers: listHeaders } = await list(first)
    expect([status, listHeaders.get('server-timing')]).toEqual([
      200,
      expect.stringContaining('round-trips=1'),
    ])
    expect(page.data).toEqual([
      expect.objectContaining({ id: sidOf(second), current: false, deviceId: null, platform: null }),
      {
        id: sidOf(first),
        current: true,
        deviceId: 'pixel',
        platform: 'android',
        ipAddress: '203.0.113.7',
        userAgent: 'Khidma/3.2 (Android 16)',
        country: 'EG',
        city: 'القاهرة',
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
      },
    ])
  })

  it('keeps the beginning of a long name of a device or city, also where the cut goes through an emoji', async () => {
    const phone = aPhone()
    const { code, verificationId } = await requestCode(phone)
    const worker = (exports as unknown as { default: Fetcher }).default
    const answer = await worker.fetch('https://api.test/v1/auth/otp/verify', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': `${'a'.repeat(399)}👍` },
      body: JSON.stringify({ phone, verificationId, code }),
      cf: { country: 'EG', city: `${'c'.repeat(99)}👍` },
    } as RequestInit)
    expect(answer.status).toBe(200)
    const { body } = await list((await answer.json()) as SignedInPerson)
    expect(body.data).toMatchObject([
      { userAgent: `${'a'.repeat(399)}\ufffd`, city: `${'c'.repeat(99)}\ufffd` },
    ])
  })

  it('shows where each was last used', async () => {
    const person = await signIn()
    const from = async (path: string, ip: string, cf: object, body: object) => {
      const worker = (exports as unknown as { default: Fetcher }).default
      const headers = { 'content-type': 'application/json', 'cf-connecting-ip': ip }
      const init = { method: 'POST', headers, body: JSON.stringify(body), cf } as RequestInit
      return (await worker.fetch(`https://api.test${path}`, init)).json() as Promise<SignedInPerson>
    }
    const { refreshToken } = person
    const there = { country: 'KG', city: 'Bishkek' }
    const tokens = await from('/v1/auth/refresh', '198.51.100.9', there, { refreshToken })
    const [seen] = (await list(tokens)).body.data
    expect(seen).toMatchObject({ id: sidOf(person), ipAddress: '198.51.100.9', ...there })
    const nowhere = await from('/v1/auth/refresh', '198.51.100.10', {}, { refreshToken: tokens.refreshToken })
    expect((await list(nowhere)).body.data[0]).toMatchObject({
      ipAddress: '198.51.100.10',
      country: null,
      city: null,
    })
  })

  it('contains active sessions of the caller only', async () => {
    const [one, two, three] = (await onDevices('one', 'two', 'three')) as [
      SignedInPerson,
      SignedInPerson,
      SignedInPerson,
    ]
    const stranger = await signIn()
    await revoke(one, sidOf(two))
    await database().write([
      sql`update sessions set last_used_at = now() - interval '31 days' where id = ${sidOf(three)}`,
    ])
    expect(await idsOf(one)).toEqual([sidOf(one)])
    expect(await idsOf(stranger)).toEqual([sidOf(stranger)])
  })
})

describe('revoking', () => {
  it('ends one session and its push notifications, and can be repeated', async () => {
    const [here, there] = (await onDevices('here', 'there')) as [SignedInPerson, SignedInPerson]
    const first = await revoke(here, sidOf(there))
    expect([first.status, first.headers.get('server-timing')]).toEqual([
      204,
      expect.stringContaining('round-trips=1'),
    ])
    expect((await revoke(here, sidOf(there))).status).toBe(204)
    expect((await refresh(there.refreshToken)).body.code).toBe('invalid_refresh_token')
    expect((await refresh(here.refreshToken)).status).toBe(200)
    const devices = await database().read(sql`
      select device_id as id, push_token is null as silent from user_devices where user_id = ${here.user.id} order by 1`)
    expect(devices).toEqual([
      { id: 'here', silent: false },
      { id: 'there', silent: true },
    ])
    const events = await eventsOf(sidOf(there))
    expect(events.map(({ data }) => data)).toEqual([
      { sessionId: sidOf(there), userId: here.user.id, reason: 'revoked', party: 'user' },
    ])
  })

  it('returns 404 for sessions of others', async () => {
    const [me, stranger] = [await signIn(), await signIn()]
    expect((await revoke(me, sidOf(stranger))).status).toBe(404)
    expect((await revoke(me, newId())).status).toBe(404)
    expect((await refresh(stranger.refreshToken)).status).toBe(200)
  })

  it('keeps the device when its user has signed in on it again', async () => {
    const [before, after] = (await onDevices('same', 'same')) as [SignedInPerson, SignedInPerson]
    await revoke(after, sidOf(before))
    const devices = await database().read(
      sql`select push_token is null as silent from user_devices where user_id = ${after.user.id}`,
    )
    expect(devices).toEqual([{ silent: false }])
  })

  it('ends all others, then all', async () => {
    const [one, two, three] = (await onDevices('one', 'two', 'three')) as [
      SignedInPerson,
      SignedInPerson,
      SignedInPerson,
    ]
    const post = (which: string) =>
      api(`/v1/me/sessions/${which}/revoke`, { method: 'POST', headers: bearer(two) })
    expect((await post('others')).body).toEqual({ revoked: 2 })
    expect((await post('others')).body).toEqual({ revoked: 0 })
    expect(await idsOf(two)).toEqual([sidOf(two)])
    for (const { refreshToken } of [one, three])
      expect((await refresh(refreshToken)).body.code).toBe('invalid_refresh_token')
    expect((await post('all')).body).toEqual({ revoked: 1 })
    expect((await refresh(two.refreshToken)).body.code).toBe('invalid_refresh_token')
    for (const person of [one, two, three]) expect(await eventsOf(sidOf(person))).toHaveLength(1)
  })

  it('leaves access tokens readable until they expire', async () => {
    const [here, there] = (await onDevices('here', 'there')) as [SignedInPerson, SignedInPerson]
    await revoke(here, sidOf(there))
    expect((await api('/v1/me', { headers: bearer(there) })).status).toBe(200)
  })
})

describe('the sockets of a session that ends', () => {
  it('close within seconds, in channel and conversations, also after hibernation', async () => {
    const [here, there] = ((await onDevices('here', 'there')) as [SignedInPerson, SignedInPerson]).map(
      asCaller,
    ) as [Caller, Caller]
    const chats = [await aChat({ with: here }), await aChat({ with: here })]
    const mine = [
      (await enterChannel(there)).device,
      ...(await Promise.all(chats.map(async (chat) => (await enter(chat, there)).device))),
    ]
    const staying = [
      (await enterChannel(here)).device,
      ...(await Promise.all(chats.map(async (chat) => (await enter(chat, here)).device))),
    ]
    await evict(channelOf(here))
    for (const { conversationId } of chats) await evict(env.CONVERSATIONS.getByName(conversationId))
    const [, ...codes] = await Promise.all([
      revoke(here, there.sessionId),
      ...mine.map((device) => withinSeconds(device.closing())),
    ])
    expect(codes).toEqual(mine.map(() => closeCodes.tokenExpired))
    for (const device of staying) {
      await device.settled()
      expect(device.closed).toBeUndefined()
    }
    // The access token lives on for its quarter of an hour, and opens no socket.
    for (const path of ['/v1/me/socket', ...chats.map(socketPath)]) {
      const again = await upgrade(path, there)
      expect([again.status, await again.json()]).toMatchObject([401, { code: 'session_ended' }])
    }
  })

  it('close by the event alone when the Worker died after its commit', async () => {
    const me = await signedIn()
    const chat = await aChat({ with: me })
    const devices = [(await enterChannel(me)).device, (await enter(chat, me)).device]
    await database().write([
      sql`select khidma.end_session(${me.sessionId}, ${me.userId}, 'account_suspended')`,
    ])
    const [event] = await eventsOf(me.sessionId)
    expect(event?.data).toEqual({ sessionId: me.sessionId, userId: me.userId, reason: 'account_suspended' })
    await Promise.all([
      consumeEvent(env, event?.id ?? ''),
      ...devices.map(async (device) =>
        expect(await withinSeconds(device.closing())).toBe(closeCodes.tokenExpired),
      ),
    ])
    const notes = await api('/v1/me/notifications', { as: me, headers: { 'accept-language': 'en' } })
    expect(notes.body.data).toMatchObject([
      { kind: 'session.revoked', body: 'سجّل الدخول عليه من جديد للمتابعة.' },
    ])
  })

  it('close on sign-out, without a notification', async () => {
    const person = await signIn()
    const me = asCaller(person)
    const chat = await aChat({ with: me })
    const devices = [(await enterChannel(me)).device, (await enter(chat, me)).device]
    await Promise.all([
      api('/v1/auth/logout', { as: me, method: 'POST' }),
      ...devices.map(async (device) =>
        expect(await withinSeconds(device.closing())).toBe(closeCodes.tokenExpired),
      ),
    ])
    const [event] = await eventsOf(me.sessionId)
    await consumeEvent(env, event?.id ?? '')
    expect((await api('/v1/me/notifications', { as: me })).body.data).toEqual([])
  })

  it('close on reuse of a refresh token, and the user is notified', async () => {
    const person = await signIn()
    const me = asCaller(person)
    const chat = await aChat({ with: me })
    const devices = [(await enterChannel(me)).device, (await enter(chat, me)).device]
    await refresh(person.refreshToken)
    await Promise.all([
      refresh(person.refreshToken),
      ...devices.map(async (device) =>
        expect(await withinSeconds(device.closing())).toBe(closeCodes.tokenExpired),
      ),
    ])
    const events = await eventsOf(me.sessionId)
    expect(events.map(({ data }) => data.reason)).toEqual(['refresh_token_reused'])
    await consumeEvent(env, events[0]?.id ?? '')
    expect((await api('/v1/me/notifications', { as: me })).body.data).toMatchObject([
      { kind: 'session.revoked', body: expect.stringContaining('مرتين') },
    ])
  })
})

describe('retention', () => {
  it('deletes devices after 90 days and sessions after 120, a bounded number a run', async () => {
    const [old, young] = [await signedIn(), await signedIn()]
    for (const { userId } of [old, young]) {
      for (const deviceId of ['one', 'two'])
        await database().write([
          sql`insert into user_devices (id, user_id, device_id, platform, push_token, last_seen_at)
              values (${newId()}, ${userId}, ${deviceId}, 'ios', ${newId()}, now())`,
        ])
    }
    await database().write([
      sql`update user_devices set last_seen_at = now() - interval '91 days' where user_id = ${old.userId}`,
      sql`update user_devices set last_seen_at = now() - interval '89 days' where user_id = ${young.userId}`,
      sql`update sessions set last_used_at = now() - interval '121 days' where id = ${old.sessionId}`,
      sql`update sessions set last_used_at = now() - interval '119 days' where id = ${young.sessionId}`,
    ])
    const left = async ({ userId }: Caller) =>
      (
        await database().read(sql`
          select (select count(*) from user_devices where user_id = ${userId}) as devices,
                 (select count(*) from sessions where user_id = ${userId}) as sessions`)
      )[0]
    const report = await purgeCallers(systemContext(env, 'test'), 1)
    expect(report.devices).toBeLessThanOrEqual(1)
    for (let run = 0; run < 2; run += 1) {
      await purgeCallers(systemContext(env, 'test'), 5_000)
      expect([await left(old), await left(young)]).toEqual([
        { devices: 0, sessions: 0 },
        { devices: 2, sessions: 1 },
      ])
    }
  })
})
