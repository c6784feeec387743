import type { z } from '@hono/zod-openapi'
import type { Conversation, Message } from '../../../src/areas/contact/chat/schemas.ts'
import { check, checkEqual, eventually, found } from '../failure.ts'
import type { Person } from '../people.ts'
import { type Frame, Socket } from '../socket.ts'
import type { Cast, Stage } from '../stage.ts'
import { newKey } from '../steps.ts'
import type { Accepted } from './3-acceptance.ts'

/** Entries of the log: what `seq` counts, without gaps. */
const entryTypes = new Set(['message', 'edited', 'deleted', 'reacted', 'system', 'participant'])
const archiveTimeoutMs = 20_000

export async function talk(stage: Stage, cast: Cast, { booking, tasker }: Accepted): Promise<void> {
  const { api, narrator, cleanUp } = stage
  const { client } = cast
  narrator.chapter('4. They talk')
  const id = found('a conversation of the booking', booking.conversationId)
  const path = `/v1/conversations/${id}`
  const connect = async (person: Person, hello?: object) => {
    const socket = await Socket.open(api.origin, `${path}/socket`, person, hello)
    cleanUp.push(() => socket.close())
    return socket
  }

  const mona = await connect(client)
  const his = await connect(tasker)
  await api.refused(404, 'not_found', path, { as: found('a stranger', cast.taskers[3]) })
  narrator.tell(`Both open the booking’s conversation; to strangers it does not exist (404)`)

  const say = (socket: Socket, text: string, clientMessageId = newKey()) =>
    socket.request({ type: 'send', clientMessageId, kind: 'text', text })
  const hears = (socket: Socket, seq: number) =>
    socket.next(`message ${seq}`, (frame) => frame.type === 'message' && frame.seq === seq)

  const key = newKey()
  const sentAt = performance.now()
  const first = await say(mona, 'The door is the blue one, behind the palm trees.', key)
  const ackMs = performance.now() - sentAt
  const heard = await hears(his, first.seq)
  checkEqual('what he hears', [heard.messageId, heard.senderId], [first.messageId, client.id])
  const again = await say(mona, 'The door is the blue one, behind the palm trees.', key)
  checkEqual('the answer to a repeat', [again.seq, again.messageId], [first.seq, first.messageId])
  narrator.tell(
    `Mona writes: stored and acknowledged in ${ackMs.toFixed(1)} ms. The same message sent again is no second one`,
  )

  his.send({ type: 'typing', on: true })
  await mona.next('that he types', ({ type, userId }) => type === 'typing' && userId === tasker.id)
  const reply = await say(his, 'I see the palm trees. Ten minutes.')
  await hears(mona, reply.seq)
  mona.send({ type: 'read', upToSeq: reply.seq })
  await his.next(
    'that she has read it',
    ({ type, userId, upToSeq }) => type === 'read' && userId === client.id && upToSeq >= reply.seq,
  )
  narrator.tell(`${tasker.name} types, answers, and sees that she has read it`)

  const held = lastSeq(his)
  const { epoch } = his.welcome
  await his.close()
  await mona.next(
    'that he is away',
    ({ type, userId, online }) => type === 'presence' && userId === tasker.id && !online,
  )
  const missedTexts = ['Are you there?', 'The key is under the third stone.', 'The dog is friendly.']
  for (const text of missedTexts) await say(mona, text)
  const back = await connect(tasker, { epoch, afterSeq: held })
  const missed = back.welcome.missed as Frame[]
  check('a recovered log', back.welcome.recovered === true, back.welcome)
  checkEqual('what he missed', textsOf(missed), missedTexts)
  check(
    'no gap and no repeat',
    isGapless(held, [...missed, ...entriesOf(back)]),
    missed.map(({ seq }) => seq),
  )
  narrator.tell(
    `His phone goes through a tunnel. She writes three times; back online he resumes after ${held} and misses nothing`,
  )

  const { data } = await api.call<{ data: z.infer<typeof Message>[] }>(`${path}/messages?limit=100`, {
    as: client,
  })
  const all = data.toReversed().filter(({ kind }) => kind === 'text')
  const said = [
    'The door is the blue one, behind the palm trees.',
    'I see the palm trees. Ten minutes.',
    ...missedTexts,
  ]
  checkEqual(
    'the conversation over HTTP',
    all.map(({ text }) => text),
    said,
  )
  const newest = found('the newest message', all.at(-1)).seq
  const archived = await eventually('the archive to hold it all', archiveTimeoutMs, async () => {
    const conversations = await api.list<z.infer<typeof Conversation>>('/v1/conversations', client)
    return conversations.find((each) => each.id === id && each.seq >= newest)
  })
  narrator.tell(
    `Over HTTP the same ${said.length} messages in the same order; the archive in Postgres holds all up to ${archived.seq}`,
  )
  await Promise.all([mona.close(), back.close()])
}

const entriesOf = (socket: Socket): Frame[] => socket.frames.filter(({ type }) => entryTypes.has(type))

/** Its own messages come as acks, which have their place in the log too. */
function lastSeq(socket: Socket): number {
  const acks = socket.of('ack').filter(({ seq }) => seq !== undefined)
  return Math.max(
    socket.welcome.seq as number,
    ...[...entriesOf(socket), ...acks].map(({ seq }) => seq as number),
  )
}

const textsOf = (frames: Frame[]): string[] =>
  frames.filter(({ type }) => type === 'message').map(({ text }) => text as string)

const isGapless = (after: number, frames: Frame[]): boolean =>
  frames.every(({ seq }, index) => seq === after + 1 + index)
