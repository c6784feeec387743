import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import document from '../../asyncapi.json'
import { newId } from '../../src/core/ids.ts'
import { insertion } from '../../src/db/patch.ts'
import { mediaFiles } from '../../src/db/schema/platform/media.ts'
import { api, type Caller, database, signedIn } from '../support/api.ts'
import {
  aChat,
  type Chat,
  channelOf,
  type Device,
  enter,
  enterChannel,
  type Frame,
  roomOf,
  text,
} from '../support/chat.ts'

/** The published document alone says what is sent here and what may come back: its examples run against live objects. */

interface Operation {
  action: string
  messages: { $ref: string }[]
  reply?: { messages: { $ref: string }[] }
}

const operations = document.operations as Record<string, Operation>
const messages = document.components.messages as Record<
  string,
  { name: string; examples: { payload: Frame }[] }
>
const nameOf = ({ $ref }: { $ref: string }): string => $ref.split('/').at(-1) ?? ''

/** The JSON Schema of a message as the document publishes it. */
function published(message: string): z.ZodType {
  const definitions = JSON.parse(
    JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/definitions/'),
  )
  return z.fromJSONSchema({ $ref: `#/definitions/${message}`, definitions }, { defaultTarget: 'draft-7' })
}

const schemas = new Map(Object.keys(messages).map((name) => [name, published(name)]))

/** Which of the messages that an operation names the frame is. */
const recognise = (frame: Frame, refs: { $ref: string }[]): string | undefined =>
  refs
    .map(nameOf)
    .find((name) => messages[name]?.name === frame.type && schemas.get(name)?.safeParse(frame).success)

const requestsOf = (channel: string): [string, Frame, { $ref: string }[]][] =>
  Object.entries(operations)
    .filter(([name, { action }]) => name.startsWith(`${channel}.`) && action === 'receive')
    .flatMap(([name, { messages: refs, reply }]) =>
      refs.flatMap((ref) =>
        (messages[nameOf(ref)]?.examples ?? []).map(({ payload }): [string, Frame, { $ref: string }[]] => [
          `${name} ${JSON.stringify(payload)}`,
          payload,
          reply?.messages ?? [],
        ]),
      ),
    )

async function aPhoto(userId: string): Promise<string> {
  const id = newId()
  const file = { id, userId, kind: 'image', mimeType: 'image/jpeg', storageUrl: 'r2://x', storageKey: id }
  await database().write([
    sql`insert into media_files ${insertion(mediaFiles, { ...file, uploadedAt: sql`now()` })}`,
  ])
  return id
}

describe('the examples of the conversation', () => {
  let chat: Chat
  let ana: Caller
  let device: Device
  let epoch: string

  beforeAll(async () => {
    chat = await aChat()
    ana = chat.people[0]
    const entered = await enter(chat, ana)
    device = entered.device
    epoch = entered.welcome.epoch
  })

  it.each(requestsOf('conversation'))('%s', async (_name, example, replies) => {
    const fresh = (await device.ask(text('something to talk about'))).messageId
    const request: Frame = { ...example }
    if (request.messageId) request.messageId = fresh
    if (request.replyTo) request.replyTo = fresh
    if (request.mediaId) request.mediaId = await aPhoto(ana.userId)
    if (request.epoch) Object.assign(request, { epoch, afterSeq: 0 })
    const reply = await device.ask(request)
    expect(reply.type).not.toBe('error')
    expect(recognise(reply, replies), JSON.stringify(reply)).toBeDefined()
  })
})

describe('the pushed frames of the conversation', () => {
  it('are exactly the published ones', async () => {
    const chat = await aChat({ count: 3, kind: 'group' })
    const [ana, ben, eve] = chat.people as [Caller, Caller, Caller]
    const a = (await enter(chat, ana)).device
    const b = (await enter(chat, ben)).device
    const { messageId } = await b.ask(text('hello'))
    const action = () => ({ clientActionId: newId(), messageId })
    await b.ask({ type: 'edit', ...action(), text: 'hello!' })
    await b.ask({ type: 'react', ...action(), emoji: '👋' })
    await b.ask({ type: 'delete', ...action() })
    await b.ask({ type: 'delivered', upToSeq: 1 })
    await b.ask({ type: 'read', upToSeq: 2 })
    await b.ask({ type: 'typing', on: true })
    await roomOf(chat).system({ event: 'booking.confirmed', data: { bookingId: newId() } }, newId())
    await roomOf(chat).removeParticipant(eve.userId)
    const refs = operations['conversation.push']?.messages ?? []
    const pushed = (await a.settled()).map((frame) => [recognise(frame, refs), frame])
    expect(pushed.filter(([name]) => name === undefined)).toEqual([])
    expect(new Set(pushed.map(([name]) => name))).toEqual(new Set(refs.map(nameOf)))
  })
})

describe('the examples of the user channel', () => {
  it('match the pushed and acknowledged frames', async () => {
    const ana = await signedIn('tasker')
    const { device, welcome } = await enterChannel(ana)
    const refs = operations['user.push']?.messages ?? []
    for (const name of refs.map(nameOf)) {
      for (const { payload } of messages[name]?.examples ?? []) {
        await channelOf(ana).push({ type: payload.type as 'offer', data: payload.data })
        const frame = await device.take(payload.type)
        expect(recognise(frame, refs), JSON.stringify(frame)).toBe(name)
        expect(frame.data).toEqual(payload.data)
      }
    }
    for (const [name, example, replies] of requestsOf('user')) {
      const request = example.epoch ? { ...example, epoch: welcome.epoch, afterSeq: 0 } : example
      const reply = await device.ask(request)
      expect([name, recognise(reply, replies)]).toEqual([name, expect.any(String)])
      expect(reply.type).not.toBe('error')
    }
  })
})

describe('the published schemas', () => {
  it('accept their own examples and no unknown field', () => {
    for (const [name, { examples }] of Object.entries(messages)) {
      for (const { payload } of examples) {
        expect([name, schemas.get(name)?.safeParse(payload).success]).toEqual([name, true])
        expect([name, schemas.get(name)?.safeParse({ ...payload, unheardOf: 1 }).success]).toEqual([
          name,
          false,
        ])
      }
    }
  })

  it('are served beside the HTTP API', async () => {
    const { status, body } = await api('/asyncapi.json')
    expect(status).toBe(200)
    expect(body).toEqual(document)
  })
})
