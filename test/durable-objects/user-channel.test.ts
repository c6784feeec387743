import { runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { closeCodes, limits } from '../../src/areas/contact/chat/protocol.ts'
import { secretsOf } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import { insertion } from '../../src/db/patch.ts'
import { sessions } from '../../src/db/schema/people/identity.ts'
import { api, database, env, send, signedIn } from '../support/api.ts'
import {
  aChat,
  channelOf,
  enter,
  enterBriefly,
  enterChannel,
  evict,
  type Frame,
  roomOf,
  text,
  upgrade,
} from '../support/chat.ts'
import { aPostedTask, aTasker, ok } from '../support/story.ts'

const notification = () => ({ type: 'notification' as const, data: { notificationId: newId() } })
const seqsOf = (frames: Frame[]) => frames.map(({ seq }) => seq)

describe('a user whose sessions have all ended', () => {
  it('can open a socket with a session that began later in the same second, and with none that began before', async () => {
    const before = await signedIn('client')
    await enterChannel(before)
    // The middle of a second: every token of this second says that it was issued before the end.
    const second = Math.ceil(Date.now() / 1_000) * 1_000
    await channelOf(before).closeAll('tokenExpired', second + 500)
    const session = async (ms: number): Promise<number> => {
      const sessionId = newId(second + ms)
      await database().write([
        sql`insert into sessions ${insertion(sessions, { id: sessionId, userId: before.userId })}`,
      ])
      const { userId } = before
      const { accessToken } = await signAccessToken(
        secretsOf(env),
        { userId, role: 'client', sessionId },
        new Date(second + ms),
      )
      return (await upgrade('/v1/me/socket', { ...before, sessionId, accessToken })).status
    }
    expect(await session(400)).toBe(401)
    expect(await session(600)).toBe(101)
  })
})

describe('a push', () => {
  it('is kept for seven days, also where nobody comes any more', async () => {
    const ana = await signedIn('client')
    const channel = channelOf(ana)
    for (let n = 0; n < 2; n += 1) await channel.push(notification())
    const dueIn = await runInDurableObject(channel, async (_object, { storage }) => {
      storage.sql.exec('update pushes set at = at - 8 * 24 * 3600 * 1000 where seq = 1')
      storage.sql.exec(`update timers set at = 1 where name = 'age'`)
      return ((await storage.getAlarm()) ?? 0) - Date.now()
    })
    expect(dueIn).toBeGreaterThan(6.9 * 24 * 3_600_000)
    await evict(channel)
    const seqs = await runInDurableObject(channel, async (object, { storage }) => {
      await object.alarm()
      return storage.sql.exec('select seq from pushes').toArray()
    })
    expect(seqs).toEqual([{ seq: 2 }])
  })

  it('reaches every device of the user, and no one else', async () => {
    const [ana, ben] = [await signedIn('client'), await signedIn('client')]
    const { device: phone, welcome } = await enterChannel(ana)
    const { device: tablet } = await enterChannel(ana)
    const { device: other } = await enterChannel(ben)
    expect(welcome).toEqual({
      type: 'welcome',
      id: 'r1',
      epoch: welcome.epoch,
      seq: 0,
      recovered: true,
      missed: [],
      limits,
    })
    const bookingId = newId()
    expect(await channelOf(ana).push({ type: 'booking', data: { bookingId, status: 'confirmed' } })).toEqual({
      delivered: 2,
    })
    for (const device of [phone, tablet]) {
      expect(await device.take('booking')).toEqual({
        type: 'booking',
        seq: 1,
        data: { bookingId, status: 'confirmed' },
        createdAt: expect.any(String),
      })
    }
    expect(await other.settled()).toEqual([])
  })

  it('is stored for absent devices, and replayed from their cursor', async () => {
    const ana = await signedIn('client')
    for (let n = 0; n < 3; n += 1) expect(await channelOf(ana).push(notification())).toEqual({ delivered: 0 })
    const { device, welcome } = await enterChannel(ana)
    expect(seqsOf(welcome.missed)).toEqual([1, 2, 3])
    device.close()
    await channelOf(ana).push(notification())
    await evict(channelOf(ana))
    const back = await enterChannel(ana, { epoch: welcome.epoch, afterSeq: 3 })
    expect(back.welcome).toMatchObject({ recovered: true, seq: 4, epoch: welcome.epoch })
    expect(seqsOf(back.welcome.missed)).toEqual([4])
  })

  it('with the same key is pushed once, and replays its answer', async () => {
    const ana = await signedIn('client')
    const { device } = await enterChannel(ana)
    const push = { ...notification(), key: `event:${newId()}` }
    for (let times = 0; times < 3; times += 1)
      expect(await channelOf(ana).push(push)).toEqual({ delivered: 1 })
    expect(await device.settled()).toHaveLength(1)
    await evict(channelOf(ana))
    expect(await channelOf(ana).push(push)).toEqual({ delivered: 1 })
  })

  it('survives hibernation', async () => {
    const ana = await signedIn('client')
    const { device } = await enterChannel(ana)
    await evict(channelOf(ana))
    expect(await channelOf(ana).push(notification())).toEqual({ delivered: 1 })
    await device.take('notification')
  })

  it('of an unread count replaces the previous one', async () => {
    const ana = await signedIn('client')
    const conversationId = newId()
    for (const unread of [1, 2, 0])
      await channelOf(ana).push({ type: 'unread', data: { conversationId, unread } })
    await channelOf(ana).push({ type: 'unread', data: { conversationId: newId(), unread: 5 } })
    const { welcome } = await enterChannel(ana)
    expect(welcome.missed.map(({ data }: Frame) => data.unread)).toEqual([0, 5])
  })

  it('that does not match the schema is refused', async () => {
    const ana = await signedIn('client')
    await runInDurableObject(channelOf(ana), async (channel) => {
      await expect(channel.push({ type: 'offer', data: { offerId: newId() } })).rejects.toThrow()
    })
    const { welcome } = await enterChannel(ana)
    expect(welcome.seq).toBe(0)
  })

  it('is kept among the newest only, and a client that missed more is informed', async () => {
    const ana = await signedIn('client')
    const { welcome } = await enterChannel(ana)
    for (let n = 0; n < limits.missedEntries + 10; n += 1) await channelOf(ana).push(notification())
    const { epoch } = welcome
    const late = (await enterChannel(ana, { epoch, afterSeq: 9 })).welcome
    expect(late).toMatchObject({ recovered: false, missed: [], seq: limits.missedEntries + 10 })
    const inTime = (await enterChannel(ana, { epoch, afterSeq: 10 })).welcome
    expect(inTime.missed).toHaveLength(limits.missedEntries)
    await runInDurableObject(channelOf(ana), (_channel, { storage }) => {
      storage.sql.exec('update pushes set at = at - 8 * 24 * 3600 * 1000 where seq <= 500')
    })
    const weekLater = (await enterChannel(ana, { epoch, afterSeq: 499 })).welcome
    expect(weekLater.recovered).toBe(false)
    expect((await enterChannel(ana, { epoch, afterSeq: 500 })).welcome.missed).toHaveLength(10)
  })

  it('cannot be resumed by a cursor of another log', async () => {
    const ana = await signedIn('client')
    await channelOf(ana).push(notification())
    for (const hello of [{ epoch: 'e_other', afterSeq: 0 }, { afterSeq: 1 }]) {
      expect((await enterChannel(ana, hello)).welcome).toMatchObject({ recovered: false, missed: [] })
    }
  })
})

describe('an offer', () => {
  it('is acknowledged to its matcher by the device that shows it', async () => {
    const [{ taskId }, tasker] = [await aPostedTask(), await aTasker()]
    const { device } = await enterChannel(tasker)
    const offerId = newId()
    await channelOf(tasker).push({ type: 'offer', data: { offerId, taskId }, key: `offer:${offerId}` })
    await device.take('offer')
    await evict(channelOf(tasker))
    expect(await device.ask({ type: 'offer.ack', offerId })).toEqual({ type: 'ack', id: 'r2' })
    expect(await device.ask({ type: 'offer.ack', offerId })).toMatchObject({ type: 'ack' })
    expect(await device.ask({ type: 'offer.ack', offerId: newId() })).toMatchObject({
      type: 'error',
      code: 'not_found',
    })
  })
})

describe('an unread count', () => {
  it('is pushed to devices outside the conversation, and to other devices after reading', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { conversationId } = chat
    const { device: a } = await enter(chat, ana)
    const { device: phone } = await enterChannel(ben)
    await a.ask(text('one'))
    await a.ask(text('two'))
    let pushed = await phone.take('unread')
    if (pushed.data.unread === 1) pushed = await phone.take('unread')
    expect(pushed.data).toEqual({ conversationId, unread: 2, seq: 2 })
    const { status } = await api(`/v1/conversations/${conversationId}/read-marker`, {
      as: ben,
      method: 'PUT',
      body: { upToSeq: 2 },
    })
    expect(status).toBe(200)
    expect((await phone.take('unread')).data).toEqual({ conversationId, unread: 0, seq: 2 })
    const { device: b } = await enter(chat, ben)
    await a.ask(text('three'))
    await b.take('message')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await phone.settled()).toEqual([])
    expect((await roomOf(chat).state(ben.userId)).ok).toBe(true)
  })
})

describe('a session', () => {
  it('that has ended closes its sockets, and opens no other', async () => {
    const ana = await signedIn('client')
    const { device } = await enterChannel(ana)
    await ok(api('/v1/auth/logout', { as: ana, method: 'POST' }))
    expect((await device.closing()).code).toBe(closeCodes.tokenExpired)
    await evict(channelOf(ana))
    const again = await upgrade('/v1/me/socket', ana)
    expect([again.status, await again.json()]).toMatchObject([401, { code: 'session_ended' }])
  })

  it('of another device stays connected', async () => {
    const ana = await signedIn('client')
    const { device } = await enterChannel(ana)
    await channelOf(ana).closeSession(newId())
    expect((await device.ask({ type: 'ping' })).type).toBe('pong')
  })

  it('of a closed or suspended user is closed, and refused with old tokens', async () => {
    for (const reason of ['tokenExpired', 'blocked'] as const) {
      const ana = await signedIn('client', { now: new Date(Date.now() - 5_000) })
      const { device } = await enterChannel(ana)
      await channelOf(ana).closeAll(reason)
      expect((await device.closing()).code).toBe(closeCodes[reason])
      expect((await upgrade('/v1/me/socket', ana)).status).toBe(401)
    }
  })

  it('ends with its token', async () => {
    const { device } = await enterBriefly(await signedIn('client'), enterChannel)
    expect((await device.closing()).code).toBe(closeCodes.tokenExpired)
  })
})

describe('the channel', () => {
  it('requires a token, an upgrade and a hello', async () => {
    const ana = await signedIn('client')
    expect((await send('/v1/me/socket')).status).toBe(401)
    expect((await upgrade('/v1/me/socket', undefined)).status).toBe(401)
    expect((await api('/v1/me/socket', { as: ana })).body.code).toBe('upgrade_required')
    const { device } = await enterChannel(ana)
    expect(await device.ask({ type: 'send', text: 'not here' })).toMatchObject({ code: 'invalid_frame' })
    device.send('nonsense')
    expect((await device.closing()).code).toBe(closeCodes.protocolError)
    expect(await env.USER_CHANNELS.getByName(newId()).ping()).toBe('pong')
  })
})
