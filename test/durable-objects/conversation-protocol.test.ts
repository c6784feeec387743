import { describe, expect, it } from 'vitest'
import { limits } from '../../src/areas/contact/chat/protocol.ts'
import { newId } from '../../src/core/ids.ts'
import { aChat, enter, openSocket, roomOf, text } from '../support/chat.ts'

/** Two people in a conversation, both connected. */
async function inside() {
  const chat = await aChat()
  const [ana, ben] = chat.people
  const a = await enter(chat, ana)
  const b = await enter(chat, ben)
  await a.device.take('presence')
  return { chat, ana, ben, a: a.device, b: b.device, epoch: a.welcome.epoch as string }
}

describe('hello', () => {
  it('is answered with the full state for a new client', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { welcome } = await enter(chat, ana)
    const { joinedAt } = welcome.participants[0]
    expect(welcome).toEqual({
      type: 'welcome',
      id: 'r1',
      epoch: expect.stringMatching(/^e_/),
      seq: 0,
      recovered: true,
      missed: [],
      cursor: null,
      unread: 0,
      participants: expect.arrayContaining([
        { userId: ana.userId, joinedAt, online: true },
        { userId: ben.userId, joinedAt: expect.any(String), online: false },
      ]),
      readMarkers: expect.arrayContaining([
        { userId: ana.userId, readSeq: 0, deliveredSeq: 0 },
        { userId: ben.userId, readSeq: 0, deliveredSeq: 0 },
      ]),
      limits,
    })
  })

  it('is required first: nothing is processed or pushed before it', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const silent = await openSocket(chat, ben)
    const { device } = await enter(chat, ana)
    expect(await silent.ask(text('too early'))).toMatchObject({ type: 'error', code: 'hello_required' })
    await device.ask(text('before'))
    await silent.settled()
    const welcome = await silent.ask({ type: 'hello' })
    expect(welcome.missed.map((entry: { text: string }) => entry.text)).toEqual(['before'])
    await device.ask(text('after'))
    expect(await silent.take('message')).toMatchObject({ text: 'after', seq: 2 })
    expect(silent.inbox).toEqual([])
  })
})

describe('send', () => {
  it('is acknowledged, and pushed to all sockets but the sending one', async () => {
    const { chat, ana, a, b } = await inside()
    const { device: tablet } = await enter(chat, ana)
    const request = text('I am at the door.')
    const ack = await a.ask(request)
    expect(ack).toEqual({ type: 'ack', id: 'r2', seq: 1, messageId: ack.messageId, createdAt: ack.createdAt })
    const message = {
      type: 'message',
      seq: 1,
      messageId: ack.messageId,
      clientMessageId: request.clientMessageId,
      senderId: ana.userId,
      kind: 'text',
      text: 'I am at the door.',
      mediaId: null,
      replyTo: null,
      createdAt: ack.createdAt,
    }
    expect(await b.take('message')).toEqual(message)
    expect(await tablet.take('message')).toEqual(message)
    expect(await a.settled()).toEqual([])
  })

  it('repeated from any device replays the first answer, and is not pushed again', async () => {
    const { chat, ana, a, b } = await inside()
    const request = text('once')
    const { id: _id, ...first } = await a.ask(request)
    const { device: tablet } = await enter(chat, ana)
    for (const device of [a, tablet, a]) expect(await device.ask(request)).toMatchObject(first)
    expect(await b.take('message')).toMatchObject({ seq: 1 })
    expect((await a.ask(text('next'))).seq).toBe(2)
    expect(await b.take('message')).toMatchObject({ seq: 2, text: 'next' })
    expect(b.inbox).toEqual([])
  })

  it('with the same key and other content is refused', async () => {
    const { a } = await inside()
    const request = text('one')
    await a.ask(request)
    expect(await a.ask({ ...request, text: 'two' })).toMatchObject({
      type: 'error',
      code: 'idempotency_mismatch',
      retryable: false,
    })
  })

  it('has keys per sender: two senders may use the same', async () => {
    const { a, b } = await inside()
    const request = text('mine')
    expect((await a.ask(request)).seq).toBe(1)
    expect((await b.ask({ ...request, text: 'mine too' })).seq).toBe(2)
  })

  it('can reply to an existing message only', async () => {
    const { a, b } = await inside()
    const { messageId } = await a.ask(text('?'))
    await b.take('message')
    await b.ask(text('!', { replyTo: messageId }))
    expect(await a.take('message')).toMatchObject({ replyTo: messageId, text: '!' })
    expect(await a.ask(text('?', { replyTo: newId() }))).toMatchObject({
      code: 'not_found',
      detail: '/replyTo',
    })
  })

  it('preserves every character of any script', async () => {
    const { a, b } = await inside()
    for (const words of [
      'أنا أمام الباب',
      '  two  spaces  ',
      '👩🏽‍🔧 $& "quoted" \\ \n',
      '𠜎'.repeat(2_000),
    ]) {
      await a.ask(text(words))
      expect((await b.take('message')).text).toBe(words)
    }
  })
})

describe('edit, delete, react', () => {
  const action = (type: string, messageId: string, fields: object = {}) => ({
    type,
    clientActionId: newId(),
    messageId,
    ...fields,
  })

  it('are entries of the same log', async () => {
    const { a, b, ana, ben } = await inside()
    const { messageId } = await a.ask(text('I am at the door.'))
    const edited = await a.ask(action('edit', messageId, { text: 'At the gate.' }))
    const reacted = await b.ask(action('react', messageId, { emoji: '👍🏽' }))
    const taken = await b.ask(action('react', messageId, { emoji: null }))
    const deleted = await a.ask(action('delete', messageId))
    expect([edited, reacted, taken, deleted].map(({ type, seq }) => [type, seq])).toEqual([
      ['ack', 2],
      ['ack', 3],
      ['ack', 4],
      ['ack', 5],
    ])
    await b.take('message')
    expect(await b.take('edited')).toMatchObject({
      seq: 2,
      messageId,
      userId: ana.userId,
      text: 'At the gate.',
    })
    expect(await a.take('reacted')).toMatchObject({ seq: 3, messageId, userId: ben.userId, emoji: '👍🏽' })
    expect(await a.take('reacted')).toMatchObject({ seq: 4, emoji: null })
    expect(await b.take('deleted')).toMatchObject({ seq: 5, messageId, userId: ana.userId })
  })

  it('repeated replay the first answer, even with others in between', async () => {
    const { a, b } = await inside()
    const { messageId } = await a.ask(text('one'))
    const edit = action('edit', messageId, { text: 'two' })
    const first = await a.ask(edit)
    await a.ask(action('edit', messageId, { text: 'three' }))
    expect((await a.ask(edit)).seq).toBe(first.seq)
    const remove = action('delete', messageId)
    const removed = await a.ask(remove)
    expect((await a.ask(remove)).seq).toBe(removed.seq)
    await b.settled()
    expect(b.inbox.map(({ type, seq }) => [type, seq])).toEqual([
      ['message', 1],
      ['edited', 2],
      ['edited', 3],
      ['deleted', 4],
    ])
  })

  it('change own messages only; every participant can react', async () => {
    const { a, b } = await inside()
    const { messageId } = await a.ask(text('mine'))
    expect(await b.ask(action('edit', messageId, { text: 'yours' }))).toMatchObject({ code: 'forbidden' })
    expect(await b.ask(action('delete', messageId))).toMatchObject({ code: 'forbidden' })
    expect(await b.ask(action('react', messageId, { emoji: '🙏' }))).toMatchObject({ type: 'ack' })
    expect(await b.ask(action('react', newId(), { emoji: '🙏' }))).toMatchObject({ code: 'not_found' })
  })

  it('leave a tombstone without content, also for later clients', async () => {
    const { chat, ben, a, b, epoch } = await inside()
    const { messageId, createdAt } = await a.ask(text('my card number is …'))
    await a.ask(action('edit', messageId, { text: 'my other card number is …' }))
    await a.ask(action('delete', messageId))
    for (const act of [action('edit', messageId, { text: 'x' }), action('delete', messageId)]) {
      expect(await a.ask(act)).toMatchObject({ code: 'message_deleted' })
    }
    b.close()
    const { welcome } = await enter(chat, ben, { epoch, afterSeq: 0 })
    expect(welcome.missed).toMatchObject([
      { type: 'message', seq: 1, text: null, createdAt, deletedAt: expect.any(String) },
      { type: 'edited', seq: 2, text: null },
      { type: 'deleted', seq: 3 },
    ])
    expect(JSON.stringify(welcome)).not.toContain('card')
  })

  it('accept exactly one emoji as a reaction', async () => {
    const { a } = await inside()
    const { messageId } = await a.ask(text('hm'))
    for (const emoji of ['👍👍', 'ok', '0100', '', '👍 call me']) {
      expect(await a.ask(action('react', messageId, { emoji }))).toMatchObject({ code: 'invalid_frame' })
    }
    for (const emoji of ['❤️', '👨‍👩‍👧‍👦', '🇪🇬', '1️⃣']) {
      expect(await a.ask(action('react', messageId, { emoji }))).toMatchObject({ type: 'ack' })
    }
  })
})

describe('read', () => {
  it('moves a marker that never goes back, and pushes it to the others', async () => {
    const { chat, ana, ben, a, b } = await inside()
    for (const words of ['one', 'two', 'three']) await a.ask(text(words))
    expect(await roomOf(chat).state(ben.userId)).toEqual({ ok: true, seq: 3, readSeq: 0, unread: 3 })
    expect(await b.ask({ type: 'read', upToSeq: 2 })).toMatchObject({ type: 'ack' })
    expect(await a.take('read')).toEqual({ type: 'read', userId: ben.userId, upToSeq: 2 })
    await b.ask({ type: 'read', upToSeq: 1 })
    expect(await roomOf(chat).state(ben.userId)).toEqual({ ok: true, seq: 3, readSeq: 2, unread: 1 })
    await b.ask({ type: 'read', upToSeq: 99 })
    expect(await a.take('read')).toMatchObject({ upToSeq: 3 })
    expect(await roomOf(chat).state(ben.userId)).toEqual({ ok: true, seq: 3, readSeq: 3, unread: 0 })
    expect(await roomOf(chat).state(ana.userId)).toMatchObject({ unread: 0 })
    expect(await a.settled()).toEqual([])
  })

  it('counts messages of others that are not deleted', async () => {
    const { chat, ben, a, b } = await inside()
    const { messageId } = await a.ask(text('oops'))
    await a.ask(text('two'))
    await b.ask(text('three'))
    await roomOf(chat).system({ event: 'booking.confirmed' }, newId())
    expect(await roomOf(chat).state(ben.userId)).toMatchObject({ seq: 4, unread: 2 })
    await a.ask({ type: 'delete', clientActionId: newId(), messageId })
    expect(await roomOf(chat).state(ben.userId)).toMatchObject({ seq: 5, unread: 1 })
  })

  it('marked private is pushed to own devices only', async () => {
    const { chat, ana, ben, a, b } = await inside()
    const { device: tablet } = await enter(chat, ben)
    await a.ask(text('one'))
    await b.ask({ type: 'read', upToSeq: 1, private: true })
    expect(await tablet.take('read')).toEqual({ type: 'read', userId: ben.userId, upToSeq: 1 })
    expect((await a.settled()).filter(({ type }) => type === 'read')).toEqual([])
    const markerFor = async (reader: typeof ana) =>
      (await enter(chat, reader)).welcome.readMarkers.find(
        ({ userId }: { userId: string }) => userId === ben.userId,
      ).readSeq
    expect([await markerFor(ana), await markerFor(ben)]).toEqual([0, 1])
    await b.ask({ type: 'read', upToSeq: 1 })
    expect(await a.take('read')).toMatchObject({ userId: ben.userId, upToSeq: 1 })
  })
})

describe('delivered', () => {
  it('follows from every frame in which a device reports its position', async () => {
    const { chat, ben, a, b, epoch } = await inside()
    for (const words of ['one', 'two', 'three']) await a.ask(text(words))
    b.send({ type: 'delivered', upToSeq: 1 })
    expect(await a.take('delivered')).toEqual({ type: 'delivered', userId: ben.userId, upToSeq: 1 })
    b.close()
    await a.take((frame) => frame.type === 'presence' && !frame.online)
    const { device } = await enter(chat, ben, { epoch, afterSeq: 2 })
    expect(await a.take('delivered')).toMatchObject({ upToSeq: 2 })
    await device.ask({ type: 'read', upToSeq: 3 })
    const { welcome } = await enter(chat, ben)
    expect(welcome.readMarkers).toContainEqual({ userId: ben.userId, readSeq: 3, deliveredSeq: 3 })
  })
})

describe('typing', () => {
  it('is pushed to the others, ends by timeout or frame, and is not stored', async () => {
    const { chat, ana, a, b } = await inside()
    const { device: tablet } = await enter(chat, ana)
    const before = Date.now()
    a.send({ type: 'typing', on: true })
    const started = await b.take('typing')
    expect(started.userId).toBe(ana.userId)
    expect(Date.parse(started.expiresAt)).toBeGreaterThan(before)
    a.send({ type: 'typing', on: false })
    expect(Date.parse((await b.take('typing')).expiresAt)).toBeLessThanOrEqual(Date.now())
    expect(await a.settled()).toEqual([])
    expect(await tablet.settled()).toEqual([])
    expect(await roomOf(chat).state(ana.userId)).toMatchObject({ seq: 0 })
  })
})

describe('ping', () => {
  it('is answered, by the runtime or by the object', async () => {
    const { a } = await inside()
    a.send('{"type":"ping"}')
    expect(await a.take('pong')).toEqual({ type: 'pong' })
    expect(await a.ask({ type: 'ping' })).toMatchObject({ type: 'pong', id: 'r2' })
  })
})

describe('presence', () => {
  it('changes with the first device that connects and the last that disconnects', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: a } = await enter(chat, ana)
    const phone = (await enter(chat, ben)).device
    expect(await a.take('presence')).toMatchObject({ userId: ben.userId, online: true })
    const tablet = (await enter(chat, ben)).device
    phone.close()
    await phone.closing()
    expect(await a.settled()).toEqual([])
    tablet.close()
    expect(await a.take('presence')).toMatchObject({ userId: ben.userId, online: false })
  })
})

describe('a note of the system', () => {
  it('is stored once for each key', async () => {
    const { chat, a, b } = await inside()
    const note = { event: 'booking.in_progress', data: { bookingId: newId() } }
    const key = newId()
    for (let times = 0; times < 3; times += 1) expect(await roomOf(chat).system(note, key)).toBe(true)
    await roomOf(chat).system({ event: 'booking.completed' }, newId())
    for (const device of [a, b]) {
      expect(await device.take('system')).toMatchObject({ seq: 1, ...note })
      expect(await device.take('system')).toMatchObject({ seq: 2, event: 'booking.completed', data: {} })
      expect(device.inbox).toEqual([])
    }
  })

  it('opens the log of an existing conversation without connections only', async () => {
    const chat = await aChat()
    expect(await roomOf(chat).system({ event: 'booking.accepted' }, newId())).toBe(true)
    const { welcome } = await enter(chat, chat.people[0])
    expect(welcome.missed).toMatchObject([{ type: 'system', seq: 1, event: 'booking.accepted' }])
    expect(await roomOf({ conversationId: newId() }).system({ event: 'booking.accepted' }, newId())).toBe(
      false,
    )
  })
})

describe('a participant', () => {
  it('who is removed is disconnected at once, and the others are informed', async () => {
    const { chat, ben, a, b } = await inside()
    await roomOf(chat).removeParticipant(ben.userId)
    expect((await b.closing()).code).toBe(4503)
    expect(await a.take('participant')).toMatchObject({ seq: 1, userId: ben.userId, change: 'left' })
    await roomOf(chat).removeParticipant(ben.userId)
    await expect(enter(chat, ben)).rejects.toThrow('404')
    const words = { clientMessageId: newId(), kind: 'text', text: 'still here' } as const
    const sent = await roomOf(chat).send(ben.userId, words, null)
    expect(sent).toEqual({ ok: false, code: 'not_found' })
    expect((await a.ask(text('alone'))).seq).toBe(2)
  })

  it('who is blocked neither receives nor sends until unblocked', async () => {
    const { chat, ben, a, b } = await inside()
    await roomOf(chat).setBlocked(ben.userId, true)
    expect((await b.closing()).code).toBe(4504)
    await expect(enter(chat, ben)).rejects.toThrow('conversation_blocked')
    await a.ask(text('while you were away'))
    await roomOf(chat).setBlocked(ben.userId, false)
    const { welcome } = await enter(chat, ben)
    expect(welcome.missed).toMatchObject([{ text: 'while you were away' }])
  })
})
