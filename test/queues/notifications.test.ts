import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { planDelivery, recordAttempts } from '../../src/areas/contact/notifications/deliveries.ts'
import { newId } from '../../src/core/ids.ts'
import { listDevMessages } from '../../src/providers/dev-outbox.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { consumeNotification } from '../../src/queues/notifications.ts'
import { systemContext } from '../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../support/api.ts'
import { consumeNow, hookAt, receivedAt } from '../support/queues.ts'
import { ok } from '../support/story.ts'

interface Reader extends Caller {
  token: string
  email: string
}

/** With a phone that takes pushes, and the channels that are named. */
async function aReader(preferences: object = {}): Promise<Reader> {
  const me = await signedIn()
  const [token, email] = [`token-${newId()}`, `${newId()}@reader.test`]
  const device = { platform: 'android', pushToken: token }
  await ok(api(`/v1/me/devices/phone-${newId()}`, { as: me, method: 'PUT', body: device }))
  await database().write([sql`update users set email = ${email} where id = ${me.userId}`])
  await ok(api('/v1/me/notification-preferences', { as: me, method: 'PATCH', body: preferences }))
  return { ...me, token, email }
}

async function aNotification({ userId }: Caller): Promise<string> {
  const id = newId()
  await database().write([
    sql`insert into notifications (id, user_id, event_id, kind, title, body, data)
        values (${id}, ${userId}, ${newId()}, 'booking.confirmed', 'Confirmed', 'They expect you.', '{"bookingId":"b"}')`,
  ])
  return id
}

const stateOf = async (id: string) => {
  const [row] = await database().read<{ isDelivered: boolean; ways: Record<string, [string, number]> }>(sql`
    select n.delivered_at is not null as "isDelivered",
           (select coalesce(json_object_agg(d.channel, json_build_array(d.status, d.attempts)), '{}')
              from notification_deliveries d where d.notification_id = n.id) as ways
      from notifications n where n.id = ${id}`)
  return row
}

const outboxOf = async (...addresses: string[]) =>
  (await Promise.all(addresses.map((to) => listDevMessages(env, to)))).flat().map(({ channel }) => channel)

const deliver = (id: string, overrides: object = {}) =>
  consumeNotification({ ...env, ...overrides }, { kind: 'notification', notificationId: id })

describe('a notification', () => {
  it('is sent once on each channel of its reader, however often the message is delivered', async () => {
    const me = await aReader({ smsEnabled: true, emailEnabled: true })
    const id = await aNotification(me)
    const message = { kind: 'notification', notificationId: id }
    const { acknowledged, ids } = await consumeNow('khidma-notifications', message)
    expect(acknowledged).toEqual(ids)
    await consumeNow('khidma-notifications', message, message)
    expect((await outboxOf(me.token, me.phone, me.email)).sort()).toEqual(['email', 'push', 'sms'])
    expect(await stateOf(id)).toEqual({
      isDelivered: true,
      ways: { push: ['sent', 1], sms: ['sent', 1], email: ['sent', 1] },
    })
  })

  it('is sent by push only by default', async () => {
    const me = await aReader()
    await deliver(await aNotification(me))
    expect(await outboxOf(me.token, me.phone, me.email)).toEqual(['push'])
  })

  it('of a disabled kind stays in the list, and is not sent', async () => {
    const me = await aReader({ smsEnabled: true, preferences: { 'booking.confirmed': false } })
    const id = await aNotification(me)
    await deliver(id)
    expect(await outboxOf(me.token, me.phone, me.email)).toEqual([])
    expect(await stateOf(id)).toEqual({ isDelivered: true, ways: {} })
    expect((await ok(api('/v1/me/notifications', { as: me }))).body.data).toHaveLength(1)
  })

  it('is done for a reader without any device', async () => {
    const id = await aNotification(await signedIn())
    await deliver(id)
    expect(await stateOf(id)).toEqual({ isDelivered: true, ways: {} })
  })

  it('that was deleted is acknowledged', async () => {
    await deliver(newId())
  })
})

describe('a provider', () => {
  /** The receiver replaces a gateway that fails first: an SMS gateway's answer names the message. */
  const gateway = async (behaviour: object) => {
    const name = newId()
    const url = await hookAt(name, { body: JSON.stringify({ sid: 'SM1' }), ...behaviour })
    return { name, overrides: { SMS_API_URL: url, SMS_API_KEY: 'account:secret' } }
  }

  it('that fails is retried, and the other channels are not', async () => {
    const me = await aReader({ smsEnabled: true })
    const id = await aNotification(me)
    const { name, overrides } = await gateway({ failTimes: 1, failStatus: 503 })
    await expect(deliver(id, overrides)).rejects.toThrow(ProviderError)
    expect(await stateOf(id)).toEqual({
      isDelivered: false,
      ways: { push: ['sent', 1], sms: ['pending', 1] },
    })
    await deliver(id, overrides)
    expect(await stateOf(id)).toEqual({ isDelivered: true, ways: { push: ['sent', 1], sms: ['sent', 2] } })
    expect(await outboxOf(me.token)).toEqual(['push'])
    const sent = await receivedAt(name)
    expect(sent.map(({ status }) => status)).toEqual([503, 200])
    const keys = sent.map(({ headers }) => headers['i-twilio-idempotency-token'])
    expect(keys).toEqual([id, id])
  })

  it('that refuses permanently is not retried', async () => {
    const me = await aReader({ smsEnabled: true })
    const id = await aNotification(me)
    const { name, overrides } = await gateway({ status: 400, body: '{"code":21211}' })
    await deliver(id, overrides)
    await deliver(id, overrides)
    expect(await receivedAt(name)).toHaveLength(1)
    expect(await stateOf(id)).toMatchObject({
      isDelivered: true,
      ways: { push: ['sent', 1], sms: ['refused', 1] },
    })
  })

  it('whose settings are broken keeps no other way from being sent once', async () => {
    const me = await aReader({ emailEnabled: true })
    const id = await aNotification(me)
    const broken = { PUSH_API_URL: 'https://push.invalid', PUSH_API_KEY: 'no JSON' }
    for (const attempts of [1, 2]) {
      await expect(deliver(id, broken)).rejects.toThrow(SyntaxError)
      expect(await stateOf(id)).toEqual({
        isDelivered: false,
        ways: { push: ['pending', attempts], email: ['sent', 1] },
      })
    }
    await deliver(id)
    expect((await outboxOf(me.token, me.email)).sort()).toEqual(['email', 'push'])
  })

  it('is asked although the live object of the reader fails', async () => {
    const me = await aReader()
    const id = await aNotification(me)
    const failing = { getByName: () => ({ push: () => Promise.reject(new Error('unreachable')) }) }
    await deliver(id, { USER_CHANNELS: failing })
    expect(await stateOf(id)).toEqual({ isDelivered: true, ways: { push: ['sent', 1] } })
  })

  it('of messages is not asked for a reader without a number', async () => {
    const me = await aReader({ smsEnabled: true })
    await database().write([
      sql`update users set phone = null, email_verified_at = now() where id = ${me.userId}`,
    ])
    const id = await aNotification(me)
    await deliver(id)
    expect(await stateOf(id)).toEqual({ isDelivered: true, ways: { push: ['sent', 1] } })
  })

  it('gets of a push what FCM takes: no key that it reserves', async () => {
    const me = await aReader()
    const id = newId()
    await database().write([
      sql`insert into notifications (id, user_id, event_id, kind, title, body, data)
          values (${id}, ${me.userId}, ${newId()}, 'booking.confirmed', 'Confirmed', 'They expect you.',
                  '{"from": "accepted", "to": "confirmed", "place": {"city": "Cairo"}}')`,
    ])
    const name = newId()
    const origin = new URL(await hookAt(name, { body: '{}' })).origin
    await deliver(id, await fcm(origin, name, { status: 200, answer: { name: 'projects/p/messages/1' } }))
    const [sent] = await receivedAt(name)
    const { data } = (JSON.parse(sent?.text ?? '') as { message: { data: Record<string, string> } }).message
    expect(Object.keys(data).sort()).toEqual(['data', 'kind', 'notificationId'])
    expect(JSON.parse(data.data ?? '')).toEqual({
      from: 'accepted',
      to: 'confirmed',
      place: { city: 'Cairo' },
    })
  })

  it('that rejects a replaced push token does not affect the new one', async () => {
    const me = await aReader()
    const id = await aNotification(me)
    const ctx = systemContext(env, 'test')
    const [target] = (await planDelivery(ctx, id))?.targets ?? []
    if (!target) throw new Error('nothing is planned')
    await database().write([
      sql`update user_devices set push_token = 'renewed' || push_token where user_id = ${me.userId}`,
    ])
    const { channel, device, address } = target
    await recordAttempts(ctx, id, [{ channel, device, status: 'refused', note: 'gone', deadToken: address }])
    const left = await database().read(
      sql`select push_token as token from user_devices where user_id = ${me.userId}`,
    )
    expect(left).toEqual([{ token: `renewed${me.token}` }])
  })

  it('that rejects a push token causes its deletion', async () => {
    const me = await aReader({ pushEnabled: true })
    const id = await aNotification(me)
    const name = newId()
    const answer = { error: { status: 'NOT_FOUND', details: [{ errorCode: 'UNREGISTERED' }] } }
    const origin = new URL(await hookAt(name, { body: '{}' })).origin
    await deliver(id, await fcm(origin, name, { status: 404, answer }))
    expect(await stateOf(id)).toEqual({ isDelivered: true, ways: { push: ['refused', 1] } })
    const [device] = await database().read<{ token: string | null }>(
      sql`select push_token as token from user_devices where user_id = ${me.userId}`,
    )
    expect(device?.token).toBeNull()
  })
})

/** A service account whose tokens come from one endpoint of the receiver, and whose sends are answered by another. */
async function fcm(origin: string, name: string, { status, answer }: { status: number; answer: object }) {
  const { privateKey } = (await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  )) as CryptoKeyPair
  const pkcs8 = Buffer.from((await crypto.subtle.exportKey('pkcs8', privateKey)) as ArrayBuffer)
  const tokens = await hookAt(`${name}-tokens`, {
    body: JSON.stringify({ access_token: 'a', expires_in: 3_600 }),
  })
  await hookAt(name, { status, body: JSON.stringify(answer) })
  return {
    PUSH_API_URL: `${origin}/hooks/${name}?`,
    PUSH_API_KEY: JSON.stringify({
      project_id: 'p',
      client_email: 'push@p.iam.test',
      private_key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
      token_uri: tokens,
    }),
  }
}
