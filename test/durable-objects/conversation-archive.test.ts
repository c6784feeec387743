import { runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { ConversationLog } from '../../durable-objects/conversation/log.ts'
import type { Conversation } from '../../durable-objects/conversation.ts'
import {
  type ArchiveBatch,
  type ArchivedEntry,
  archiveEntries,
} from '../../src/areas/contact/chat/archive.ts'
import type { EntryFrame } from '../../src/areas/contact/chat/frames.ts'
import { newId } from '../../src/core/ids.ts'
import { Problem } from '../../src/core/problems.ts'
import { systemContext } from '../../src/system-context.ts'
import { database, env } from '../support/api.ts'
import { aChat, archiveOf, type Chat, enter, evict, holdArchive, roomOf, text } from '../support/chat.ts'
import { eventually } from '../support/eventually.ts'
import { loseReplies, whileDatabaseIsDown } from '../support/faults.ts'

const entryOf = (frame: EntryFrame): ArchivedEntry => ({
  type: frame.type,
  flagged: false,
  frame: JSON.stringify(frame),
})
const range = (count: number) => Array.from({ length: count }, (_, n) => n + 1)

const failuresOf = (chat: Chat): Promise<number> =>
  runInDurableObject(roomOf(chat), (_room, { storage }) =>
    Number(
      storage.sql.exec("select failures from timers where name = 'archive'").toArray()[0]?.failures ?? 0,
    ),
  )

/** Everything that Postgres has of a conversation. */
const dump = async ({ conversationId }: Pick<Chat, 'conversationId'>) =>
  database().read(sql`
    select (select json_agg(m order by m.seq) from messages m where m.conversation_id = c.id) as messages,
           (select json_agg(e order by e.seq) from conversation_entries e where e.conversation_id = c.id) as entries,
           (select json_agg(p order by p.user_id) from conversation_participants p where p.conversation_id = c.id) as people,
           c as conversation
      from conversations c where c.id = ${conversationId}`)

describe('the archive', () => {
  it('follows the log: entries, markers and changed messages', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device: a } = await enter(chat, ana)
    const { device: b } = await enter(chat, ben)
    const act = (type: string, messageId: string, fields: object = {}) => ({
      type,
      clientActionId: newId(),
      messageId,
      ...fields,
    })
    const one = text('one')
    const { messageId: first } = await a.ask(one)
    const { messageId: second } = await a.ask(text('two', { replyTo: first }))
    await b.ask(act('react', first, { emoji: '👍' }))
    await a.ask(act('react', first, { emoji: '🙏' }))
    await b.ask(act('react', first, { emoji: null }))
    await a.ask(act('edit', first, { text: 'one, again' }))
    await a.ask(act('edit', first, { text: 'one, at last' }))
    const { seq: changedSeq } = await a.ask(act('delete', second))
    const bookingId = newId()
    await roomOf(chat).system({ event: 'booking.completed', data: { bookingId } }, newId())
    await b.ask({ type: 'read', upToSeq: 4 })
    await eventually('the archive of what was said and read', async () => {
      const { archivedSeq, readSeqs } = await archiveOf(chat)
      return archivedSeq === 9 && readSeqs[ben.userId] === 4
    })
    expect(await archiveOf(chat)).toEqual({
      archivedSeq: 9,
      seqs: range(9),
      readSeqs: { [ana.userId]: 0, [ben.userId]: 4 },
    })
    const rows = await database().read<Record<string, unknown>>(
      sql`select * from messages where conversation_id = ${chat.conversationId} order by seq`,
    )
    expect(rows).toMatchObject([
      {
        id: first,
        seq: 1,
        sender_id: ana.userId,
        client_message_id: one.clientMessageId,
        text: 'one, at last',
        edited_at: expect.any(String),
        deleted_at: null,
        meta: { reactions: { [ana.userId]: '🙏' }, changedSeq: 7 },
      },
      {
        id: second,
        seq: 2,
        text: null,
        reply_to: first,
        deleted_at: expect.any(String),
        meta: { changedSeq },
      },
      { seq: 9, sender_id: null, kind: 'system', meta: { event: 'booking.completed', data: { bookingId } } },
    ])
  })

  it('deletes the content of deleted messages, even if archived before', async () => {
    const chat = await aChat()
    const { device } = await enter(chat, chat.people[0])
    const { messageId } = await device.ask(text('my secret'))
    await roomOf(chat).archive()
    await device.ask({ type: 'edit', clientActionId: newId(), messageId, text: 'my other secret' })
    await roomOf(chat).archive()
    expect(JSON.stringify(await dump(chat))).toContain('my other secret')
    await device.ask({ type: 'delete', clientActionId: newId(), messageId })
    await roomOf(chat).archive()
    expect(JSON.stringify(await dump(chat))).not.toContain('secret')
    expect((await archiveOf(chat)).seqs).toEqual(range(3))
  })

  it('catches up after the database was down, with each acknowledged message once', async () => {
    const chat = await aChat()
    const { device } = await enter(chat, chat.people[0])
    await whileDatabaseIsDown(async () => {
      for (let n = 0; n < 10; n += 1) expect((await device.ask(text(`n${n}`))).type).toBe('ack')
      await eventually('the failed attempt', async () => (await failuresOf(chat)) >= 1)
      expect(await roomOf(chat).archive()).toBe(false)
      await evict(roomOf(chat))
      expect((await device.ask(text('still here'))).type).toBe('ack')
    })
    await eventually('the archive of the rest', async () => (await archiveOf(chat)).archivedSeq === 11)
    expect((await archiveOf(chat)).seqs).toEqual(range(11))
    await eventually('the end of the failures', async () => (await failuresOf(chat)) === 0)
  })

  it('stores a batch once although its answer was lost', async () => {
    const chat = await aChat()
    const { device } = await enter(chat, chat.people[0])
    await holdArchive(chat)
    let said = 0
    const say = async () => {
      said += 1
      expect((await device.ask(text(`n${said}`))).seq).toBe(said)
    }
    for (let n = 0; n < 3; n += 1) await say()
    // The lost answer may be one to somebody else.
    await eventually('a batch whose answer was lost', async () => {
      await say()
      await loseReplies(1)
      return !(await roomOf(chat).archive())
    })
    expect((await archiveOf(chat)).archivedSeq).toBe(said)
    const before = await dump(chat)
    await say()
    await roomOf(chat).archive()
    expect((await archiveOf(chat)).seqs).toEqual(range(said))
    expect(JSON.stringify(await dump(chat))).toContain(JSON.stringify(before[0]).slice(20, 200))
  })

  it('stores more than one batch while messages are added', async () => {
    const chat = await aChat()
    const { device } = await enter(chat, chat.people[0])
    for (let n = 0; n < 450; n += 1) await roomOf(chat).system({ event: 'booking.accepted' }, `n${n}`)
    const archived = [roomOf(chat).archive(), roomOf(chat).archive()]
    await device.ask(text('beside'))
    await Promise.all(archived)
    await roomOf(chat).archive()
    expect((await archiveOf(chat)).seqs).toEqual(range(451))
  })

  it('makes one round trip a run while entries are added', async () => {
    const chat = await aChat()
    for (let n = 0; n < 3; n += 1) await roomOf(chat).system({ event: 'booking.accepted' }, `before ${n}`)
    await holdArchive(chat)
    const { fetch } = globalThis
    let roundTrips = 0
    const database = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      // Rooms of other tests archive meanwhile.
      if (String(init?.body).includes(chat.conversationId)) {
        roundTrips += 1
        // As fast as the database answers.
        await roomOf(chat).system({ event: 'booking.accepted' }, newId())
      }
      return fetch(input, init)
    })
    try {
      await runInDurableObject(roomOf(chat), (room) => (room as unknown as Conversation).archive())
      expect(roundTrips).toBe(1)
    } finally {
      database.mockRestore()
    }
    expect((await archiveOf(chat)).archivedSeq).toBe(3)
    await roomOf(chat).archive()
    expect((await archiveOf(chat)).seqs).toEqual(range(4))
  })

  it('takes messages at their limit in which a short name was masked', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device } = await enter(chat, ana)
    await holdArchive(chat)
    await device.ask(text('Omar '.repeat(800).slice(0, 4_000)))
    await runInDurableObject(roomOf(chat), (_room, { storage }) =>
      new ConversationLog(storage).mask(['omar']),
    )
    await evict(roomOf(chat))
    expect(await roomOf(chat).forget(ben.userId, ['omar'])).toBe(true)
    const { conversationId } = chat
    expect(
      await database().read(
        sql`select text from messages where conversation_id = ${conversationId} and seq = 1`,
      ),
    ).toEqual([{ text: '*** '.repeat(800) }])
  })

  it('continues after the archived part of a lost log', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const { device, welcome } = await enter(chat, ana)
    for (let n = 0; n < 3; n += 1) await device.ask(text(`n${n}`))
    await roomOf(chat).archive()
    await runInDurableObject(roomOf(chat), (_room, { storage }) => storage.deleteAll())
    await evict(roomOf(chat), 'close')
    const again = await enter(chat, ana, { epoch: welcome.epoch, afterSeq: 3 })
    expect(again.welcome).toMatchObject({ recovered: false, seq: 3 })
    expect(again.welcome.epoch).not.toBe(welcome.epoch)
    expect((await again.device.ask(text('new life'))).seq).toBe(4)
    await roomOf(chat).archive()
    expect((await archiveOf(chat)).seqs).toEqual(range(4))
  })
})

describe('after a restore of the database to an earlier time', () => {
  /** Nobody but this test goes behind the guards of an archive. */
  const restore = async ({ conversationId: id }: Chat, seq: number) => {
    await database().write([
      sql`delete from messages where conversation_id = ${id} and seq > ${seq}`,
      sql`delete from conversation_entries where conversation_id = ${id} and seq > ${seq}`,
      sql`update conversation_participants set read_seq = least(read_seq, ${seq}) where conversation_id = ${id}`,
      sql`update conversations set archived_seq = ${seq} where id = ${id}`,
    ])
  }

  it('the archive is made whole by what the object keeps, markers too', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device } = await enter(chat, ana)
    const { device: other } = await enter(chat, ben)
    for (let n = 1; n <= 5; n += 1) await device.ask(text(`n${n}`))
    await other.ask({ type: 'read', upToSeq: 4 })
    expect(await roomOf(chat).archive()).toBe(true)
    const complete = await dump(chat)
    await restore(chat, 2)
    await device.ask(text('n6'))
    expect(await roomOf(chat).archive()).toBe(true)
    const { archivedSeq, seqs, readSeqs } = await archiveOf(chat)
    expect({ archivedSeq, seqs, read: readSeqs[ben.userId] }).toEqual({
      archivedSeq: 6,
      seqs: range(6),
      read: 4,
    })
    const [{ messages = [] } = {}] = (await dump(chat)) as { messages: unknown[] }[]
    expect(messages.slice(0, 5)).toEqual((complete as { messages: unknown[] }[])[0]?.messages)
  })

  it('the archive goes on behind a gap where the object keeps too little', async () => {
    const chat = await aChat()
    for (let n = 1; n <= 510; n += 1) await roomOf(chat).system({ event: 'booking.accepted' }, `n${n}`)
    expect(await roomOf(chat).archive()).toBe(true)
    await restore(chat, 2)
    await roomOf(chat).system({ event: 'booking.accepted' }, 'after')
    expect(await roomOf(chat).archive()).toBe(true)
    expect((await archiveOf(chat)).seqs).toEqual(range(511).filter((seq) => seq <= 2 || seq > 10))
    await roomOf(chat).system({ event: 'booking.accepted' }, 'more')
    expect(await roomOf(chat).archive()).toBe(true)
    expect((await archiveOf(chat)).archivedSeq).toBe(512)
  })
})

describe('a batch', () => {
  const senderId = newId()
  const batchOf = (conversationId: string, from: number, to: number): ArchiveBatch => ({
    conversationId,
    afterSeq: from - 1,
    upToSeq: to,
    entries: range(to)
      .slice(from - 1)
      .map((seq) => entryOf(frameOf(conversationId, seq))),
    readMarkers: [],
  })
  /** Odd: a note. Even: a reaction to it. */
  const frameOf = (conversationId: string, seq: number): EntryFrame => {
    const noteSeq = seq % 2 === 1 ? seq : seq - 1
    const messageId = conversationId.slice(0, 24) + String(noteSeq).padStart(12, '0')
    const createdAt = new Date(1_800_000_000_000 + seq * 1_000).toISOString()
    return seq % 2 === 1
      ? { type: 'system', seq, messageId, event: 'booking.accepted', data: {}, createdAt }
      : { type: 'reacted', seq, messageId, userId: senderId, emoji: '👍', createdAt }
  }
  const archive = (batch: ArchiveBatch) => archiveEntries(systemContext(env, 'test'), batch)

  it('can be repeated, overlapping, late and concurrent: the archive equals the log', async () => {
    const chat = await aChat()
    const { conversationId: id } = chat
    await archive(batchOf(id, 1, 4))
    await Promise.all([archive(batchOf(id, 5, 9)), archive(batchOf(id, 1, 4)), archive(batchOf(id, 3, 9))])
    await archive(batchOf(id, 8, 12))
    const complete = await dump(chat)
    expect((await archiveOf(chat)).seqs).toEqual(range(12))
    for (const [from, to] of [
      [1, 4],
      [1, 12],
      [12, 12],
    ] as const) {
      expect(await archive(batchOf(id, from, to))).toBe(12)
    }
    expect(await dump(chat)).toEqual(complete)
  })

  it('that is late does not restore changed messages', async () => {
    const chat = await aChat()
    const { conversationId } = chat
    const [ana] = chat.people
    const messageId = newId()
    const at = (seq: number) => ({
      seq,
      messageId,
      createdAt: new Date(1_800_000_000_000 + seq).toISOString(),
    })
    const message = {
      type: 'message' as const,
      ...at(1),
      senderId: ana.userId,
      clientMessageId: 'm',
      kind: 'text' as const,
      text: 'A',
      mediaId: null,
      replyTo: null,
    }
    const edit = (seq: number, words: string) => ({
      type: 'edited' as const,
      ...at(seq),
      userId: ana.userId,
      text: words,
    })
    const react = (seq: number, emoji: string | null) => ({
      type: 'reacted' as const,
      ...at(seq),
      userId: ana.userId,
      emoji,
    })
    const batch = (afterSeq: number, ...frames: EntryFrame[]): ArchiveBatch => ({
      conversationId,
      afterSeq,
      upToSeq: afterSeq + frames.length,
      entries: frames.map(entryOf),
      readMarkers: [],
    })
    const first = batch(0, message, edit(2, 'B'), react(3, '👍'))
    const second = batch(3, edit(4, 'C'), edit(5, 'D'), react(6, null))
    await archive(first)
    await archive(second)
    const complete = await dump(chat)
    expect(complete).toMatchObject([{ messages: [{ text: 'D', meta: { reactions: {}, changedSeq: 6 } }] }])
    await Promise.all([archive(first), archive(second)])
    await archive(first)
    expect(await dump(chat)).toEqual(complete)
  })

  it('that would leave a gap is refused', async () => {
    const { conversationId } = await aChat()
    await expect(archive(batchOf(conversationId, 2, 3))).rejects.toThrow(Problem)
    expect((await archiveOf({ conversationId })).seqs).toEqual([])
  })
})
