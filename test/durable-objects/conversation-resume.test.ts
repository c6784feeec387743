import { runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/areas/contact/chat/protocol.ts'
import { newId } from '../../src/core/ids.ts'
import { api, type Caller, database } from '../support/api.ts'
import { aChat, type Chat, enter, evict, type Frame, holdArchive, roomOf, text } from '../support/chat.ts'

const seqsOf = (frames: Frame[]) => frames.map(({ seq }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

/** Notes cost no token: many entries in a short time. */
async function notes(chat: Chat, count: number, data: Record<string, unknown> = {}): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await roomOf(chat).system({ event: 'booking.in_progress', data }, newId())
  }
}

interface Page {
  data: Frame[]
  nextCursor: string | null
}

/** Follows a cursor of the protocol over HTTP, to its end. */
async function follow(path: string, as: Caller): Promise<Frame[]> {
  const found: Frame[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof api<Page>>> = await api<Page>(
      `${path}${cursor && `&cursor=${cursor}`}`,
      { as },
    )
    expect(page.status).toBe(200)
    found.push(...page.body.data)
    cursor = page.body.nextCursor
  }
  return found
}

describe('a returning client', () => {
  it('gets all missed entries in order, then new ones', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: a } = await enter(chat, ana)
    const { device: b, welcome } = await enter(chat, ben)
    const { messageId } = await a.ask(text('seen'))
    const { seq: afterSeq } = await b.take('message')
    b.close()
    for (let n = 0; n < 25; n += 1) await a.ask(text(`missed ${n}`))
    await a.ask({ type: 'edit', clientActionId: newId(), messageId, text: 'seen, and changed' })
    await a.ask({ type: 'react', clientActionId: newId(), messageId, emoji: '👍' })
    await notes(chat, 1)
    const back = await enter(chat, ben, { epoch: welcome.epoch, afterSeq })
    expect(back.welcome).toMatchObject({ recovered: true, seq: 29, unread: 26, cursor: null })
    expect(seqsOf(back.welcome.missed)).toEqual(range(2, 29))
    expect(back.welcome.missed.map(({ type }: Frame) => type).slice(-3)).toEqual([
      'edited',
      'reacted',
      'system',
    ])
    await a.ask(text('live again'))
    expect(await back.device.take('message')).toMatchObject({ seq: 30, text: 'live again' })
    expect(back.device.inbox.filter(({ type }) => type === 'message')).toEqual([])
  })

  it('misses nothing when messages are sent while it reconnects', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: a } = await enter(chat, ana)
    const { welcome } = await enter(chat, ben)
    const sending = (async () => {
      for (let n = 0; n < 40; n += 1) await a.ask(text(`n${n}`))
    })()
    const seen: number[] = []
    for (let visits = 0; visits < 5; visits += 1) {
      const { device, welcome: again } = await enter(chat, ben, {
        epoch: welcome.epoch,
        afterSeq: seen.at(-1) ?? 0,
      })
      seen.push(...seqsOf(again.missed))
      for (let n = 0; n < 3 && seen.length < 40; n += 1) seen.push((await device.take('message')).seq)
      device.close()
    }
    await sending
    const last = await enter(chat, ben, { epoch: welcome.epoch, afterSeq: seen.at(-1) ?? 0 })
    seen.push(...seqsOf(last.welcome.missed))
    expect(seen).toEqual(range(1, 40))
  })

  it('after too long gets the path to fetch everything from instead', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: a, welcome } = await enter(chat, ana)
    const { messageId: first } = await a.ask(text('first'))
    const { messageId: second } = await a.ask(text('second'))
    const { messageId: third } = await a.ask(text('third'))
    await notes(chat, limits.missedEntries - 2)
    const { seq } = await a.ask({ type: 'edit', clientActionId: newId(), messageId: second, text: 'changed' })
    expect(seq).toBe(limits.missedEntries + 2)
    const known = (await enter(chat, ben, { epoch: welcome.epoch, afterSeq: 2 })).welcome
    expect(known.recovered).toBe(true)
    expect(seqsOf(known.missed)).toEqual(range(3, seq))
    const unknown = (await enter(chat, ben, { epoch: welcome.epoch, afterSeq: 1 })).welcome
    expect(unknown).toMatchObject({ recovered: false, missed: [], seq })
    const missed = await follow(unknown.cursor, ben)
    expect(missed.map(({ id }) => id).slice(0, 2)).toEqual([second, third])
    expect(missed[0]).toMatchObject({ text: 'changed', changedSeq: seq })
    expect(missed.map(({ id }) => id)).not.toContain(first)
    expect(missed).toHaveLength(limits.missedEntries)
    expect(seqsOf(missed)).toEqual(seqsOf(missed).sort((x, y) => x - y))
  })

  it('gets at most what a frame may hold', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const { welcome } = await enter(chat, ana)
    await notes(chat, Math.ceil(limits.missedBytes / 3_900) + 1, { filler: 'x'.repeat(3_900) })
    const late = (await enter(chat, ana, { epoch: welcome.epoch, afterSeq: 0 })).welcome
    expect(late).toMatchObject({
      recovered: false,
      missed: [],
      cursor: expect.stringContaining('changedAfterSeq=0'),
    })
  })

  it('with a position of another log starts over', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const { device, welcome } = await enter(chat, ana)
    await device.ask(text('one'))
    const { epoch } = welcome
    for (const hello of [{ epoch: 'e_other', afterSeq: 1 }, { afterSeq: 1 }, { epoch, afterSeq: 2 }]) {
      const answer = (await enter(chat, ana, hello)).welcome
      expect([hello, answer]).toMatchObject([hello, { recovered: false, missed: [], epoch, seq: 1 }])
      expect(answer.cursor).toMatch(/^\/v1\/conversations\/.*changedAfterSeq=\d+$/)
    }
  })
})

describe('eviction', () => {
  it('in the middle of a chat changes nothing', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: a, welcome } = await enter(chat, ana)
    const { device: b } = await enter(chat, ben)
    await a.take('presence')
    const request = text('before')
    const ack = await a.ask(request)
    await b.ask({ type: 'read', upToSeq: 1 })
    await a.take('read')

    await evict(roomOf(chat))
    expect(await a.ask(request)).toMatchObject({ seq: 1, messageId: ack.messageId, createdAt: ack.createdAt })
    await evict(roomOf(chat))
    expect((await b.ask(text('after'))).seq).toBe(2)
    expect(await a.take('message')).toMatchObject({ seq: 2, text: 'after' })
    await evict(roomOf(chat))
    await a.ask({ type: 'edit', clientActionId: newId(), messageId: ack.messageId, text: 'changed' })
    await b.take('message')
    expect(await b.take('edited')).toMatchObject({ seq: 3 })
    await evict(roomOf(chat))
    a.send({ type: 'typing', on: true })
    await b.take('typing')
    await evict(roomOf(chat))
    expect(await roomOf(chat).state(ben.userId)).toEqual({ ok: true, seq: 3, readSeq: 1, unread: 0 })
    const { device: tablet, welcome: again } = await enter(chat, ana, { epoch: welcome.epoch, afterSeq: 0 })
    expect(again.epoch).toBe(welcome.epoch)
    expect(seqsOf(again.missed)).toEqual([1, 2, 3])
    expect(again.participants.every(({ online }: { online: boolean }) => online)).toBe(true)
    await evict(roomOf(chat))
    b.close()
    expect(await a.take('presence')).toMatchObject({ userId: ben.userId, online: false })
    expect(await tablet.take('presence')).toMatchObject({ online: false })
    expect(a.inbox).toEqual([])
  })

  it('with the loss of its sockets loses no acknowledged entry', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const { device, welcome } = await enter(chat, ana)
    for (let n = 0; n < 5; n += 1) await device.ask(text(`n${n}`))
    await evict(roomOf(chat), 'close')
    await device.closing()
    const back = await enter(chat, ana, { epoch: welcome.epoch, afterSeq: 2 })
    expect(seqsOf(back.welcome.missed)).toEqual([3, 4, 5])
    expect((await back.device.ask(text('on'))).seq).toBe(6)
  })
})

describe('an old archived entry', () => {
  it('leaves the log when it is archived, not before, however many wait', async () => {
    const chat = await aChat()
    await enter(chat, chat.people[0])
    await holdArchive(chat)
    // More than are kept, and more than one batch: the first batch must not take the next one's frames along.
    const count = limits.missedEntries + 250
    await notes(chat, count)
    await roomOf(chat).archive()
    const [archived] = await database().read<{ entries: number }>(
      sql`select count(*)::int as entries from messages where conversation_id = ${chat.conversationId}`,
    )
    expect(archived).toEqual({ entries: count })
  })

  it('is deleted from the log, while its keys are kept', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: a, welcome } = await enter(chat, ana)
    await holdArchive(chat)
    const request = text('long ago')
    const first = await a.ask(request)
    await notes(chat, limits.missedEntries + 50)
    const framesKept = () =>
      runInDurableObject(roomOf(chat), (_room, { storage }) =>
        storage.sql.exec<{ n: number }>('select count(frame) as n from entries').one(),
      )
    expect((await framesKept()).n).toBe(limits.missedEntries + 51)
    await roomOf(chat).archive()
    expect((await framesKept()).n).toBe(limits.missedEntries)
    await evict(roomOf(chat))
    expect(await a.ask(request)).toMatchObject({
      seq: 1,
      messageId: first.messageId,
      createdAt: first.createdAt,
    })
    expect(await a.ask({ ...request, text: 'another' })).toMatchObject({ code: 'idempotency_mismatch' })
    expect(await roomOf(chat).state(ben.userId)).toMatchObject({ unread: 1 })
    const { messageId } = first
    expect((await a.ask({ type: 'delete', clientActionId: newId(), messageId })).seq).toBe(
      limits.missedEntries + 52,
    )
    expect((await enter(chat, ben, { epoch: welcome.epoch, afterSeq: 0 })).welcome.recovered).toBe(false)
    const { body } = await api(
      `/v1/conversations/${chat.conversationId}/messages?changedAfterSeq=0&limit=1`,
      { as: ben },
    )
    expect(body.data).toMatchObject([{ id: messageId, text: null, deletedAt: expect.any(String) }])
  })
})
