import { runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { closeCodes, limits } from '../../src/areas/contact/chat/protocol.ts'
import { newId } from '../../src/core/ids.ts'
import { accessTokenTtlSeconds } from '../../src/core/tokens.ts'
import { insertion } from '../../src/db/patch.ts'
import { mediaFiles } from '../../src/db/schema/platform/media.ts'
import { api, database, signedIn } from '../support/api.ts'
import {
  aChat,
  type Chat,
  type Device,
  enter,
  enterBriefly,
  evict,
  type Frame,
  openSocket,
  roomOf,
  socketPath,
  text,
  upgrade,
} from '../support/chat.ts'
import { whileDatabaseIsDown } from '../support/faults.ts'
import { aBooking, ok } from '../support/story.ts'

async function alone(): Promise<{ chat: Chat; device: Device }> {
  const chat = await aChat()
  const { device } = await enter(chat, chat.people[0])
  return { chat, device }
}

describe('an invalid frame', () => {
  it('is refused with its id and the pointer to the mistake, and the socket stays open', async () => {
    const { device } = await alone()
    const wrong: [object, string][] = [
      [{ type: 'dance' }, 'invalid_frame'],
      [{}, 'invalid_frame'],
      [{ ...text('x'), extra: 1 }, 'invalid_frame'],
      [{ ...text('x'), text: 7 }, 'invalid_frame'],
      [{ ...text('x'), text: '' }, 'invalid_frame'],
      [{ ...text('x'), text: 'My card: 4242 4242 4242 4242 12/29' }, 'invalid_frame'],
      [{ ...text('x'), text: ' \n\t ' }, 'invalid_frame'],
      [{ ...text('x'), text: 'null \0 inside' }, 'invalid_frame'],
      [{ ...text('x'), text: 'half a \ud83d pair' }, 'invalid_frame'],
      [{ ...text('x'), text: 'x'.repeat(limits.textCharacters + 1) }, 'invalid_frame'],
      [{ ...text('x'), clientMessageId: 'with space' }, 'invalid_frame'],
      [{ ...text('x'), clientMessageId: 'x'.repeat(65) }, 'invalid_frame'],
      [{ ...text('x'), kind: 'system' }, 'invalid_frame'],
      [{ ...text('x'), mediaId: newId() }, 'invalid_frame'],
      [{ ...text('x'), kind: 'image' }, 'invalid_frame'],
      [{ type: 'read', upToSeq: -1 }, 'invalid_frame'],
      [{ type: 'read', upToSeq: 1.5 }, 'invalid_frame'],
      [{ type: 'hello', afterSeq: '1' }, 'invalid_frame'],
    ]
    for (const [frame, code] of wrong) {
      const reply = await device.ask(frame)
      expect([frame, reply]).toMatchObject([frame, { type: 'error', code, retryable: false }])
      expect(reply.detail).toMatch(/^\//)
    }
    expect(await device.ask(text('x'.repeat(limits.textCharacters)))).toMatchObject({ type: 'ack', seq: 1 })
  })

  it('may have any valid id', async () => {
    const { device } = await alone()
    device.send({ type: 'send', id: 7 })
    expect(await device.take('error')).not.toHaveProperty('id')
    device.send({ type: 'send', id: 'x'.repeat(65) })
    expect(await device.take('error')).not.toHaveProperty('id')
  })
})

describe('a message that is no frame', () => {
  const nonsense: [string, string | Uint8Array, string][] = [
    ['broken JSON', '{"type":', 'malformed_json'],
    ['another JSON value', '["hello"]', 'invalid_frame'],
    ['bytes', new Uint8Array([1, 2, 3]), 'invalid_frame'],
  ]
  it.each(nonsense)('%s ends the socket', async (_what, message, code) => {
    const { device } = await alone()
    if (typeof message === 'string') device.send(message)
    else device.sendBytes(message)
    expect(await device.take('error')).toMatchObject({ code })
    expect((await device.closing()).code).toBe(closeCodes.protocolError)
  })

  const tooLarge: [string, string][] = [
    ['a byte', JSON.stringify({ type: 'ping', id: 'x'.repeat(limits.frameBytes - 22) })],
    // Fewer characters than the limit, and more bytes.
    ['its bytes in UTF-8', JSON.stringify({ type: 'ping', id: 'ع'.repeat(20_000) })],
    // Between the two the runtime has a limit of its own, over a network: `test/node/raw-requests.test.ts`.
    ['33 MB', 'x'.repeat(33_000_000)],
    ['40 MB', 'x'.repeat(40_000_000)],
  ]
  it.each(tooLarge)('what is too large by %s ends the socket, and no other', async (_by, message) => {
    const { chat, device } = await alone()
    const { device: other } = await enter(chat, chat.people[1])
    device.send(message)
    expect(await device.take('error')).toMatchObject({ code: 'frame_too_large' })
    expect((await device.closing()).code).toBe(closeCodes.frameTooLarge)
    expect(await other.ask(text('still here'))).toMatchObject({ type: 'ack' })
  })

  it('ends the processing of its socket', async () => {
    const { chat, device } = await alone()
    const { device: other } = await enter(chat, chat.people[1])
    for (const frame of ['nonsense', { type: 'hello' }, { ...text('one more thing'), id: 'r9' }])
      device.send(frame)
    expect((await device.closing()).code).toBe(closeCodes.protocolError)
    const heard = await other.settled()
    expect(heard.filter(({ type }) => type === 'message')).toEqual([])
    expect(heard.filter(({ type }) => type === 'presence').map(({ online }) => online)).toEqual([false])
  })
})

describe('the bucket of a user', () => {
  /** As many frames as a full bucket lets through, and how many were let through. */
  async function burst(device: Device): Promise<{ replies: Frame[]; passed: number }> {
    const ids = Array.from({ length: limits.framesBurst }, () => newId())
    for (const id of ids) device.send({ type: 'typing', id, on: true })
    const replies: Frame[] = []
    for (const id of ids) replies.push(await device.take((frame) => frame.id === id))
    return { replies, passed: replies.filter(({ type }) => type === 'ack').length }
  }

  /** Until the last frame is refused, however fast the bucket fills up beside it. `since`: it was empty at this time or later. */
  async function useUp(device: Device): Promise<{ refused: Frame; since: number }> {
    for (;;) {
      const since = Date.now()
      const last = (await burst(device)).replies.at(-1)
      if (last?.type === 'error') return { refused: last, since }
    }
  }

  /** The most that an empty bucket may have let through by now. */
  const refilled = (since: number) => 1 + ((Date.now() - since) / 1_000) * limits.framesPerSecond

  it('allows a burst, then returns the delay, and survives hibernation', async () => {
    const { chat, device } = await alone()
    expect((await burst(device)).passed).toBeGreaterThan(limits.framesBurst / 2)
    const { refused } = await useUp(device)
    expect(refused).toMatchObject({ code: 'rate_limited', retryable: true })
    expect(refused.retryAfterMs).toBeGreaterThan(0)
    expect(refused.retryAfterMs).toBeLessThanOrEqual(1_000 / limits.framesPerSecond)

    // Repeated where enough time has passed that a new bucket equals the old one.
    for (let most: number = limits.framesBurst; most >= limits.framesBurst; ) {
      const { since } = await useUp(device)
      await evict(roomOf(chat))
      const { passed } = await burst(device)
      most = refilled(since)
      expect(passed).toBeLessThanOrEqual(most)
    }
  })

  it('admits the hello of a device that reconnects while it is empty, once for each socket', async () => {
    const { chat, device } = await alone()
    const [ana] = chat.people
    for (let n = 0; n < 3; n += 1) {
      const reconnected = await openSocket(chat, ana)
      await useUp(device)
      expect(await reconnected.ask({ type: 'hello' })).toMatchObject({ type: 'welcome' })
      await useUp(device)
      const refused = await reconnected.ask(text('as many as before'))
      expect([refused.type, refused.code ?? 'rate_limited']).toEqual([
        refused.code ? 'error' : 'ack',
        'rate_limited',
      ])
      for (let hellos = 0; hellos < 2 * limits.framesBurst; hellos += 1) reconnected.send({ type: 'hello' })
      expect(await reconnected.take('error')).toMatchObject({ code: 'rate_limited' })
      reconnected.close()
    }
  })

  it('is shared by all devices and HTTP', async () => {
    const { chat, device } = await alone()
    const [ana] = chat.people
    const tablet = (await enter(chat, ana)).device
    const overHttp = async () => {
      const message = { clientMessageId: newId(), kind: 'text', text: 'x' } as const
      const result = await roomOf(chat).send(ana.userId, message, null)
      return result.ok ? 'ok' : result.code
    }
    for (let most: number = limits.framesBurst; most >= limits.framesBurst; ) {
      const { since } = await useUp(device)
      const { passed } = await burst(tablet)
      const codes = await Promise.all(Array.from({ length: limits.framesBurst }, overHttp))
      most = refilled(since)
      expect(passed + codes.filter((code) => code === 'ok').length).toBeLessThanOrEqual(most)
      expect(codes.filter((code) => code !== 'ok' && code !== 'rate_limited')).toEqual([])
    }
  })
})

describe('a token', () => {
  it('that expires closes its socket at once, without a frame', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: b } = await enter(chat, ben)
    const shortLived = await signedIn('client')
    await database().write([
      sql`insert into conversation_participants (conversation_id, user_id) values (${chat.conversationId}, ${shortLived.userId})`,
    ])
    const { device } = await enterBriefly(shortLived, (as) => enter(chat, as))
    expect(await b.take('participant')).toMatchObject({ userId: shortLived.userId, change: 'joined' })
    expect((await device.closing()).code).toBe(closeCodes.tokenExpired)
    expect(await b.take((f) => f.type === 'presence' && !f.online)).toMatchObject({
      userId: shortLived.userId,
    })
    expect((await b.ask(text('still here'))).type).toBe('ack')
    expect(ana).toBeDefined()
  })

  it('is read from Authorization or the subprotocol, and never from the query', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const path = socketPath(chat)
    const bearer = `bearer.${ana.accessToken}`
    const browser = await upgrade(path, undefined, { 'sec-websocket-protocol': `khidma.v1, ${bearer}` })
    expect([browser.status, browser.headers.get('sec-websocket-protocol')]).toEqual([101, 'khidma.v1'])
    browser.webSocket?.accept()
    browser.webSocket?.close()
    const native = await upgrade(path, ana)
    expect([native.status, native.headers.get('sec-websocket-protocol')]).toEqual([101, null])
    native.webSocket?.accept()
    native.webSocket?.close()
    const query = await upgrade(`${path}?access_token=${ana.accessToken}&token=${ana.accessToken}`, undefined)
    expect(query.status).toBe(401)
    const foreign = await upgrade(path, ana, { 'sec-websocket-protocol': 'graphql-ws' })
    expect(foreign.status).toBe(426)
    const plain = await api(path, { as: ana })
    expect([plain.status, plain.body.code]).toEqual([426, 'upgrade_required'])
  })

  it('identifies the caller, whatever internal headers the client sends', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const forged = {
      'x-khidma-user': ben.userId,
      'x-khidma-session': newId(),
      'x-khidma-expires': '9999999999999',
    }
    expect((await upgrade(socketPath(chat), await signedIn('client'), forged)).status).toBe(404)
    const socket = (await upgrade(socketPath(chat), ana, forged)).webSocket
    socket?.accept()
    await runInDurableObject(roomOf(chat), (_room, state) => {
      const [attached] = state.getWebSockets().map((ws) => ws.deserializeAttachment())
      expect(attached).toMatchObject({ userId: ana.userId, sessionId: ana.sessionId })
      expect(attached.expiresAtMs).toBeLessThan(Date.now() + accessTokenTtlSeconds * 1_000 + 1_000)
    })
    socket?.close()
  })
})

describe('a socket', () => {
  it('that does not respond while much is sent to it is closed as slow, others are not', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: slow } = await enter(chat, ana)
    const { device: lively } = await enter(chat, ben)
    const note = { event: 'booking.in_progress', data: { filler: 'x'.repeat(3_900) } }
    const enough = Math.ceil(limits.unheardBytes / 3_900) + 2
    for (let n = 0; n < enough; n += 1) {
      if (n % 50 === 0) {
        lively.send('{"type":"ping"}')
        await lively.take('pong')
      }
      await roomOf(chat).system(note, `n${n}`)
    }
    expect((await slow.closing()).code).toBe(closeCodes.slowConsumer)
    expect((await lively.settled()).filter(({ type }) => type === 'system')).toHaveLength(enough)
  })

  it('beyond the limit of a user closes the oldest', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const devices = []
    for (let n = 0; n <= limits.socketsPerUser; n += 1) devices.push(await openSocket(chat, ana))
    expect((await devices[0]?.closing())?.code).toBe(closeCodes.replaced)
    for (const device of devices.slice(1)) {
      expect(device.closed).toBeUndefined()
      device.close()
    }
  })
})

describe('strangers', () => {
  it('get 404, and leave no state', async () => {
    const chat = await aChat()
    const stranger = await signedIn('client')
    for (const conversationId of [chat.conversationId, newId()]) {
      expect((await upgrade(socketPath({ conversationId }), stranger)).status).toBe(404)
      await runInDurableObject(roomOf({ conversationId }), async (_room, state) => {
        const tables = state.storage.sql
          .exec("select name from sqlite_master where name = 'entries'")
          .toArray()
        expect(tables.length).toBe(conversationId === chat.conversationId ? 1 : 0)
        expect(await state.storage.getAlarm()).toBeNull()
      })
    }
  })

  it('and participants get 503 while the database is down and none is known yet', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    await whileDatabaseIsDown(async () => {
      const response = await upgrade(socketPath(chat), ana)
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, expect.any(String)])
    })
    const { device } = await enter(chat, ana)
    await whileDatabaseIsDown(async () => {
      expect(await device.ask(text('Postgres is not asked'))).toMatchObject({ type: 'ack' })
      expect((await enter(chat, ana)).welcome.seq).toBe(1)
    })
  })
})

describe('moderation', () => {
  it('refuses threats, and flags messages for review', async () => {
    const { chat, device } = await alone()
    expect(await device.ask(text('I will kill you'))).toMatchObject({
      code: 'message_rejected',
      retryable: false,
    })
    const { messageId } = await device.ask(text('Pay me by Vodafone Cash'))
    expect(
      await device.ask({ type: 'edit', clientActionId: newId(), messageId, text: 'هقتلك' }),
    ).toMatchObject({
      code: 'message_rejected',
    })
    await roomOf(chat).archive()
    const rows = await database().read<{ text: string; flagged: boolean }>(
      sql`select text, flagged from messages where conversation_id = ${chat.conversationId}`,
    )
    expect(rows).toEqual([{ text: 'Pay me by Vodafone Cash', flagged: true }])
  })

  it('allows numbers and links once the booking is confirmed, without an event', async () => {
    const { bookingId, client, tasker } = await aBooking()
    const { conversationId } = (await ok(api(`/v1/bookings/${bookingId}`, { as: client }))).body
    const { device: c } = await enter({ conversationId }, client)
    const { device: t } = await enter({ conversationId }, tasker)
    const number = text('Call me: 0100 123 4567')
    expect(await c.ask(number)).toMatchObject({ code: 'message_rejected' })
    expect(await t.ask(text('see https://wa.me/20100'))).toMatchObject({ code: 'message_rejected' })
    expect(await t.ask(text('I come at 10:30, for 200 EGP'))).toMatchObject({ type: 'ack' })
    await ok(api(`/v1/bookings/${bookingId}/confirm`, { as: client, method: 'POST' }))
    const [called, next] = await Promise.all([c.ask(number), c.ask(text('right after'))])
    expect([called.type, next.type]).toEqual(['ack', 'ack'])
    expect(next.seq).toBe(called.seq + 1)
    expect(await t.ask(text('or write to ali@example.com'))).toMatchObject({ type: 'ack' })
  })
})

describe('media', () => {
  const upload = async (userId: string, fields: object = {}) => {
    const id = newId()
    const file = { id, userId, kind: 'image', mimeType: 'image/jpeg', storageUrl: 'r2://x', storageKey: id }
    const row = { ...file, uploadedAt: sql`now()`, ...fields }
    await database().write([sql`insert into media_files ${insertion(mediaFiles, row)}`])
    return id
  }
  const image = (mediaId: string) => ({ type: 'send', clientMessageId: newId(), kind: 'image', mediaId })

  it('can be sent by its uploader only, after the upload', async () => {
    const { chat, device } = await alone()
    const [ana, ben] = chat.people
    const refused = [
      newId(),
      await upload(ben.userId),
      await upload(ana.userId, { uploadedAt: null }),
      await upload(ana.userId, { kind: 'voice' }),
    ]
    for (const mediaId of refused)
      expect(await device.ask(image(mediaId))).toMatchObject({ code: 'media_refused' })
    const mediaId = await upload(ana.userId)
    expect(await device.ask({ ...image(mediaId), text: 'The leak' })).toMatchObject({ type: 'ack', seq: 1 })
  })

  it('keeps its order among the messages of its sender', async () => {
    const { chat, device } = await alone()
    const mediaId = await upload(chat.people[0].userId)
    const acks = await Promise.all([
      device.ask(text('first')),
      device.ask(image(mediaId)),
      device.ask(text('third')),
      device.ask(image(mediaId)),
      device.ask(text('fifth')),
    ])
    expect(acks.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  })

  it('cannot be checked while the database is down; a repeat needs no check', async () => {
    const { chat, device } = await alone()
    const request = image(await upload(chat.people[0].userId))
    await whileDatabaseIsDown(async () => {
      expect(await device.ask(request)).toMatchObject({ code: 'temporarily_unavailable', retryable: true })
    })
    const ack = await device.ask(request)
    await whileDatabaseIsDown(async () => {
      expect((await device.ask(request)).seq).toBe(ack.seq)
    })
  })
})
