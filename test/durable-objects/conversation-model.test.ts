import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { api, type Caller } from '../support/api.ts'
import { aChat, archiveOf, type Chat, evict, type Frame, roomOf } from '../support/chat.ts'
import { loseReplies } from '../support/faults.ts'
import { ModelClient, type Shown } from '../support/model-client.ts'

/**
 * Clients who say, change, take back and read at random, on lines that are cut, lose, repeat and reorder, with an object that
 * is evicted and an archive whose answers get lost. In the end all must know the same.
 */
const seed = 20_261_121
const numRuns = 24

const device = fc.nat(4)
/** Counted from the newest message: most changes meet others on the same few. */
const which = fc.nat(2)

const may = <Do extends string, Fields extends object>(
  weight: number,
  what: Do,
  fields: { [K in keyof Fields]: fc.Arbitrary<Fields[K]> },
) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(what), ...fields }) as fc.Arbitrary<{ do: Do } & Fields>,
})

const step = fc.oneof(
  may(6, 'send', { device, isLost: fc.boolean() }),
  may(9, 'edit', { device, which, isLost: fc.boolean() }),
  may(3, 'delete', { device, which }),
  may(5, 'react', { device, which, emoji: fc.constantFrom('👍', '🙏', null) }),
  may(3, 'read', { device, isPrivate: fc.boolean() }),
  may(3, 'drop', { device }),
  may(6, 'connect', { device }),
  may(3, 'repeat', { device, index: fc.nat(1_000) }),
  may(3, 'flush', { device, isBackwards: fc.boolean() }),
  may(2, 'evict', { closes: fc.boolean() }),
  may(2, 'archive', { losesReply: fc.boolean() }),
  may(2, 'http', { device, times: fc.integer({ min: 1, max: 3 }) }),
  may(2, 'note', { key: fc.nat(3) }),
  may(2, 'pause', { ms: fc.nat(15) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface World {
  chat: Chat
  /** The first two are devices of one person. */
  clients: ModelClient[]
  spoken: number
}

/** Mostly one that the client may change; now and then any, to be refused. */
function messageFor(
  { shown, caller }: ModelClient,
  { do: what, which: index }: { do: string; which: number },
) {
  const all = [...shown].map(([id, { senderId }]) => ({ id, isOwn: senderId === caller.userId }))
  const own = all.filter(({ isOwn }) => isOwn)
  const choice = what === 'react' || own.length === 0 ? all : own
  return choice.at(-1 - index)?.id
}

async function take(world: World, action: Step): Promise<void> {
  const { chat, clients } = world
  const client = clients['device' in action ? action.device % clients.length : 0] as ModelClient
  const messageId = 'which' in action ? messageFor(client, action) : undefined
  world.spoken += 1
  switch (action.do) {
    case 'send':
      client.ask({ type: 'send', kind: 'text', text: `word ${world.spoken}` }, action)
      break
    case 'edit':
      if (messageId) client.ask({ type: 'edit', messageId, text: `other word ${world.spoken}` }, action)
      break
    case 'delete':
      if (messageId) client.ask({ type: 'delete', messageId })
      break
    case 'react':
      if (messageId) client.ask({ type: 'react', messageId, emoji: action.emoji })
      break
    case 'read':
      client.read(action.isPrivate)
      break
    case 'drop':
      client.drop()
      break
    case 'connect':
      await client.connect()
      break
    case 'repeat': {
      const old = client.asked[action.index % Math.max(1, client.asked.length)]
      if (old) client.put(old)
      break
    }
    case 'flush':
      for (const pending of action.isBackwards ? client.outbox.toReversed() : client.outbox)
        client.put(pending)
      break
    case 'evict':
      await evict(roomOf(chat), action.closes ? 'close' : 'hibernate')
      break
    case 'archive':
      if (action.losesReply) await loseReplies(1)
      await roomOf(chat).archive()
      if (action.losesReply) await loseReplies(0)
      break
    case 'http':
      await sendOverHttp(chat, client.caller, action.times, `spoken over HTTP ${world.spoken}`)
      break
    case 'note':
      await roomOf(chat).system({ event: 'booking.in_progress' }, `note ${action.key}`)
      break
    case 'pause':
      await pause(action.ms)
      break
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function sendOverHttp(chat: Chat, as: Caller, times: number, words: string): Promise<void> {
  const headers = { 'idempotency-key': newId() }
  const path = `/v1/conversations/${chat.conversationId}/messages`
  const call = () => api(path, { as, body: { kind: 'text', text: words }, headers })
  const answers = await Promise.all(Array.from({ length: times }, call))
  const sent = answers.filter(({ status }) => status === 201).map(({ body }) => JSON.stringify(body))
  expect(new Set(sent).size).toBeLessThanOrEqual(1)
  expect(answers.every(({ status }) => status === 201 || status === 429)).toBe(true)
}

/** Fresh, over HTTP. */
async function fetched(chat: Chat, as: Caller): Promise<Map<string, Shown>> {
  const found: Frame[] = []
  const path = `/v1/conversations/${chat.conversationId}/messages?limit=50`
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = (await api(`${path}${cursor && `&cursor=${cursor}`}`, { as })) as {
      body: { data: Frame[]; nextCursor: string | null }
    }
    found.push(...body.data)
    cursor = body.nextCursor
  }
  return new Map(
    found.reverse().map(({ id, senderId, text, deletedAt, editedAt, reactions }) => [
      id,
      {
        senderId,
        text,
        isDeleted: deletedAt !== null,
        isEdited: editedAt !== null,
        reactions: Object.fromEntries(
          reactions.map(({ userId, emoji }: { userId: string; emoji: string }) => [userId, emoji]),
        ),
      },
    ]),
  )
}

async function agree({ chat, clients }: World): Promise<void> {
  // Twice: what one device still had to say, another learns.
  for (let round = 0; round < 2; round += 1) for (const client of clients) await client.settle()
  const fresh = new ModelClient(chat, chat.people[1])
  await fresh.settle()
  const everything = Array.from({ length: fresh.seq }, (_, n) => n + 1)
  expect(fresh.learnt.map((entry) => Number(entry.split(':')[0]))).toEqual(everything)
  for (const client of clients) {
    // No gap, no duplicate, one order for all.
    expect(client.learnt).toEqual(fresh.learnt)
    // State and events make what a fresh client sees.
    expect([...client.shown]).toEqual([...fresh.shown])
  }
  const senders = clients.flatMap(({ caller, acks }) => [...acks.values()].map((ack) => [caller.userId, ack]))
  for (const [userId, ack] of senders) {
    const [seq, messageId] = (ack ?? '').split(':')
    expect(fresh.learnt[Number(seq) - 1]).toContain(`:${messageId}:${userId}`)
  }
  expect([...(await fetched(chat, chat.people[1]))]).toEqual([...fresh.shown])
  await agreeOnMarkers(chat, clients, fresh)
  const archive = await archiveOf(chat)
  expect([archive.archivedSeq, archive.seqs]).toEqual([fresh.seq, everything])
  for (const client of [...clients, fresh]) client.drop()
}

async function agreeOnMarkers(chat: Chat, clients: ModelClient[], fresh: ModelClient): Promise<void> {
  const { readSeqs } = await archiveOf(chat)
  for (const { caller, markers } of clients) {
    const state = await roomOf(chat).state(caller.userId)
    expect(state).toMatchObject({ ok: true, readSeq: readSeqs[caller.userId] })
    expect(markers.get(caller.userId) ?? 0).toBeLessThanOrEqual(readSeqs[caller.userId] ?? 0)
    for (const { userId } of chat.people) {
      if (userId !== caller.userId && userId !== fresh.caller.userId) {
        expect(markers.get(userId)).toBe(fresh.markers.get(userId))
      }
    }
  }
}

it('all clients have the same state in the end, whatever fails in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 120 }), async (steps) => {
      const chat = await aChat({ count: 4, kind: 'group' })
      const [ana, ben, eve, ali] = chat.people as [Caller, Caller, Caller, Caller]
      const clients = [ana, ana, ben, eve, ali].map((caller) => new ModelClient(chat, caller))
      const world = { chat, clients, spoken: 0 }
      for (const client of clients) await client.connect()
      for (const action of steps) {
        await take(world, action)
        await pause(1)
      }
      await agree(world)
    }),
    { seed, numRuns },
  )
}, 600_000)
