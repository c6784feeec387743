import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { aChat, type Chat, enter, evict, roomOf, text } from '../../../support/chat.ts'
import { clockMoves } from '../../../support/eventually.ts'
import { whileDatabaseIsDown } from '../../../support/faults.ts'
import { aBooking, anOps, ok, withKey } from '../../../support/story.ts'

const pathOf = ({ conversationId }: { conversationId: string }) => `/v1/conversations/${conversationId}`
const say = (
  chat: { conversationId: string },
  as: Caller,
  body: object,
  headers: Record<string, string> = {},
) => api(`${pathOf(chat)}/messages`, { as, body, headers })
const words = (content: string) => ({ kind: 'text', text: content })

describe('a conversation', () => {
  it('begins with the booking, between its two parties', async () => {
    const { bookingId, client, tasker } = await aBooking()
    const { conversationId } = (await ok(api(`/v1/bookings/${bookingId}`, { as: client }))).body
    await ok(say({ conversationId }, client, words('Which floor?')))
    const { body } = await ok(api(pathOf({ conversationId }), { as: tasker }))
    expect(body).toMatchObject({ id: conversationId, kind: 'booking', bookingId, readSeq: 0 })
    expect(body.unread).toBe(1)
    expect(body.participants.map(({ userId }: { userId: string }) => userId).sort()).toEqual(
      [client.userId, tasker.userId].sort(),
    )
  })

  it('returns the live state before anything is archived', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    await ok(say(chat, ana, words('one')))
    await ok(say(chat, ana, words('two')))
    const before = await api(pathOf(chat), { as: ben })
    expect(before.body).toMatchObject({ seq: 2, readSeq: 0, unread: 2 })
    expect(before.headers.get('server-timing')).toContain('round-trips=1')
    const marker = await api(`${pathOf(chat)}/read-marker`, { as: ben, method: 'PUT', body: { upToSeq: 1 } })
    expect([marker.status, marker.body]).toEqual([200, { seq: 2, readSeq: 1, unread: 1 }])
    const after = await api(pathOf(chat), { as: ben })
    expect(after.body).toMatchObject({ seq: 2, readSeq: 1, unread: 1 })
    const etag = after.headers.get('etag') ?? ''
    expect((await api(pathOf(chat), { as: ben, headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  it('is readable for staff, writable for participants, and 404 for others', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    await ok(say(chat, ana, words('hello')))
    const stranger = await signedIn('tasker')
    const ops = await signedIn('ops')
    for (const path of [pathOf(chat), `${pathOf(chat)}/messages`, `${pathOf(chat)}/socket`]) {
      const { status, body } = await api(path, { as: stranger })
      expect([path, status, body.code]).toEqual([path, 404, 'not_found'])
    }
    for (const as of [stranger, ops]) {
      expect((await say(chat, as, words('me too'))).status).toBe(404)
      const marked = await api(`${pathOf(chat)}/read-marker`, { as, method: 'PUT', body: { upToSeq: 1 } })
      expect(marked.status).toBe(404)
    }
    expect((await api(pathOf(chat), { as: ops })).body).toMatchObject({ seq: 1, readSeq: null, unread: null })
    expect((await api(`${pathOf(chat)}/messages`, { as: ops })).body.data).toHaveLength(1)
  })

  it('returns 404 to a removed participant', async () => {
    const chat = await aChat({ count: 3, kind: 'group' })
    const [ana, ben] = chat.people
    await ok(say(chat, ben, words('bye')))
    await roomOf(chat).removeParticipant(ben.userId)
    await roomOf(chat).archive()
    expect((await api(pathOf(chat), { as: ben })).status).toBe(404)
    expect((await api(`${pathOf(chat)}/messages`, { as: ben })).status).toBe(404)
    const { body } = await api(pathOf(chat), { as: ana })
    expect(body.participants).toHaveLength(2)
  })
})

it('a conversation that everyone has left shows staff no participants', async () => {
  const chat = await aChat({ count: 2, kind: 'group' })
  await ok(say(chat, chat.people[0], words('bye')))
  for (const { userId } of chat.people) await roomOf(chat).removeParticipant(userId)
  await roomOf(chat).archive()
  const { body } = await ok(api(pathOf(chat), { as: await anOps() }))
  expect(body.participants).toEqual([])
})

describe('the list of conversations', () => {
  it('returns the caller’s own, latest activity first, page by page', async () => {
    const me = await signedIn('client')
    const chats: Chat[] = []
    for (let n = 0; n < 5; n += 1) chats.push(await aChat({ count: 2, with: me }))
    for (const n of [3, 1]) {
      const chat = chats[n] as Chat
      await clockMoves()
      await ok(say(chat, chat.people[1], words(`news ${n}`)))
      await roomOf(chat).archive()
    }
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: { body: { data: { id: string }[]; nextCursor: string | null } } = await ok(
        api(`/v1/conversations?limit=2${cursor && `&cursor=${cursor}`}`, { as: me }),
      )
      seen.push(...body.data.map(({ id }) => id))
      cursor = body.nextCursor
    }
    expect(seen).toEqual([1, 3, 4, 2, 0].map((n) => chats[n]?.conversationId))
    const { body } = await ok(api('/v1/conversations?limit=1', { as: me }))
    expect(body.data[0]).toMatchObject({ unread: 1, seq: 1, lastMessage: { text: 'news 1' } })
    expect((await ok(api('/v1/conversations', { as: await signedIn('ops') }))).body.data).toEqual([])
  })
})

describe('messages over HTTP', () => {
  it('are complete at any moment, whichever way they were sent', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device } = await enter(chat, ana)
    const { messageId } = await device.ask(text('one'))
    const sent = (await ok(say(chat, ben, { ...words('two'), replyTo: messageId }))).body
    expect(await device.take('message')).toMatchObject({ seq: 2, messageId: sent.id, text: 'two' })
    await device.ask({ type: 'edit', clientActionId: newId(), messageId, text: 'one!' })
    await device.ask({ type: 'react', clientActionId: newId(), messageId: sent.id, emoji: '👍' })
    const { body, headers } = await ok(api(`${pathOf(chat)}/messages`, { as: ben }))
    expect(headers.get('server-timing')).toContain('round-trips=1')
    expect(body.nextCursor).toBeNull()
    expect(body.data).toEqual([
      { ...sent, changedSeq: 4, reactions: [{ userId: ana.userId, emoji: '👍' }] },
      {
        id: messageId,
        seq: 1,
        changedSeq: 3,
        senderId: ana.userId,
        clientMessageId: expect.any(String),
        kind: 'text',
        text: 'one!',
        mediaId: null,
        replyTo: null,
        event: null,
        data: null,
        reactions: [],
        createdAt: expect.any(String),
        editedAt: expect.any(String),
        deletedAt: null,
      },
    ])
  })

  it('are paged without gaps or repeats while others are written', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    for (let n = 1; n <= 7; n += 1) await ok(say(chat, ana, words(`n${n}`)))
    const first = (await ok(api(`${pathOf(chat)}/messages?limit=3`, { as: ben }))).body
    await ok(say(chat, ana, words('n8')))
    const second = (await ok(api(`${pathOf(chat)}/messages?limit=3&cursor=${first.nextCursor}`, { as: ben })))
      .body
    const third = (await ok(api(`${pathOf(chat)}/messages?limit=3&cursor=${second.nextCursor}`, { as: ben })))
      .body
    const texts = [first, second, third].flatMap(({ data }) => data.map((m: { text: string }) => m.text))
    expect(texts).toEqual(['n7', 'n6', 'n5', 'n4', 'n3', 'n2', 'n1'])
    expect(third.nextCursor).toBeNull()
  })

  it('return 503 with Retry-After while the database is down', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    await ok(say(chat, ana, words('one')))
    await whileDatabaseIsDown(async () => {
      const listed = await api(`${pathOf(chat)}/messages`, { as: ana })
      expect([listed.status, listed.headers.get('retry-after')]).toEqual([503, expect.any(String)])
      expect((await say(chat, ana, words('two'))).status).toBe(201)
    })
    expect((await ok(api(`${pathOf(chat)}/messages`, { as: ana }))).body.data).toHaveLength(2)
  })
})

describe('sending over HTTP', () => {
  it('makes no round trip, and replays the first answer for a repeated key', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device } = await enter(chat, ben)
    const headers = withKey()
    const first = await say(chat, ana, words('once'), headers)
    expect(first.status).toBe(201)
    expect(first.headers.get('server-timing')).toContain('round-trips=0')
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    await evict(roomOf(chat))
    for (let times = 0; times < 2; times += 1) {
      const again = await say(chat, ana, words('once'), headers)
      expect([again.status, again.body]).toEqual([201, first.body])
      expect(again.headers.get('idempotency-replayed')).toBe('true')
    }
    const other = await say(chat, ana, words('twice'), headers)
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch'])
    expect((await say(chat, ben, words('a key of another caller'), headers)).status).toBe(201)
    expect((await device.settled()).map(({ text: said }) => said)).toEqual([
      'once',
      'a key of another caller',
    ])
  })

  it('shares its order with messages sent over a socket', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const { device } = await enter(chat, ana)
    const request = text('once')
    const ack = await device.ask(request)
    const { type: _type, ...body } = request
    const sent = await say(chat, ana, body)
    expect(sent.body).toMatchObject({ id: ack.messageId, seq: ack.seq, createdAt: ack.createdAt })
    expect((await say(chat, ana, { ...body, text: 'other' })).body.code).toBe('idempotency_mismatch')
    const keyed = withKey()
    const second = await ok(say(chat, ana, { ...words('two'), clientMessageId: 'c-2' }, keyed))
    expect(await device.ask({ ...text('two'), clientMessageId: 'c-2' })).toMatchObject({
      seq: second.body.seq,
    })
    expect((await say(chat, ana, { ...words('two'), clientMessageId: 'c-3' }, keyed)).body).toMatchObject({
      seq: second.body.seq,
    })
  })

  it('without a key sends a new message each time', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const seqs = []
    for (let n = 0; n < 2; n += 1) seqs.push((await ok(say(chat, ana, words('again')))).body.seq)
    expect(seqs).toEqual([1, 2])
  })

  it('refuses what a socket refuses, with the same codes', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const cases: [object, number, string][] = [
      [{ kind: 'text' }, 400, 'invalid_request'],
      [{ kind: 'text', text: '   ' }, 400, 'invalid_request'],
      [{ kind: 'text', text: 'x'.repeat(4_001) }, 400, 'invalid_request'],
      [{ kind: 'image', text: 'no file' }, 400, 'invalid_request'],
      [{ kind: 'system', text: 'I am the system' }, 400, 'invalid_request'],
      [{ ...words('x'), replyTo: newId() }, 400, 'invalid_request'],
      [{ kind: 'image', mediaId: newId() }, 422, 'media_refused'],
      [words('I will kill you'), 422, 'message_rejected'],
    ]
    for (const [body, status, code] of cases) {
      const answer = await say(chat, ana, body)
      expect([body, answer.status, answer.body.code]).toEqual([body, status, code])
    }
    await roomOf(chat).setBlocked(ana.userId, true)
    expect((await say(chat, ana, words('x'))).body.code).toBe('conversation_blocked')
  })
})
