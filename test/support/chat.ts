import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { ChannelServerFrame } from '../../src/areas/contact/chat/channel-frames.ts'
import { ServerFrame } from '../../src/areas/contact/chat/frames.ts'
import { socketProtocol } from '../../src/areas/contact/chat/protocol.ts'
import { secretsOf } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { accessTokenTtlSeconds, signAccessToken } from '../../src/core/tokens.ts'
import { insertion } from '../../src/db/patch.ts'
import { conversations } from '../../src/db/schema/contact/chat.ts'
import { type Caller, database, env, send, signedIn } from './api.ts'

export interface Chat {
  conversationId: string
  people: [Caller, Caller, ...Caller[]]
}

export interface ChatOptions {
  count?: number
  kind?: 'direct' | 'group'
  /** The first of its people. */
  with?: Caller
}

/** A conversation of its own, among people of their own. */
export async function aChat({ count = 2, kind = 'direct', with: first }: ChatOptions = {}): Promise<Chat> {
  const people = await Promise.all(
    Array.from({ length: count }, (_, n) => (n === 0 && first ? first : signedIn('client'))),
  )
  const conversationId = newId()
  await database().write([
    sql`insert into conversations ${insertion(conversations, { id: conversationId, kind })}`,
    ...people.map(
      ({ userId }) =>
        sql`insert into conversation_participants (conversation_id, user_id) values (${conversationId}, ${userId})`,
    ),
  ])
  return { conversationId, people: people as Chat['people'] }
}

export const roomOf = ({ conversationId }: Pick<Chat, 'conversationId'>) =>
  env.CONVERSATIONS.getByName(conversationId)
export const channelOf = ({ userId }: Pick<Caller, 'userId'>) => env.USER_CHANNELS.getByName(userId)

/** As the runtime does between two events: memory gone, sockets and storage kept. An object that sleeps is left asleep. */
export async function evict(
  stub: DurableObjectStub<undefined>,
  webSockets: 'hibernate' | 'close' = 'hibernate',
): Promise<void> {
  try {
    await evictDurableObject(stub, { webSockets })
  } catch (error) {
    if (!/not currently running/.test(String(error))) throw error
  }
}

/** Keeps what is said in the live log until somebody asks for it, as after an attempt that failed. The log must be open. */
export async function holdArchive(chat: Pick<Chat, 'conversationId'>): Promise<void> {
  await runInDurableObject(roomOf(chat), (_room, { storage }) => {
    const inAnHour = Date.now() + 3_600_000
    storage.sql.exec("insert or replace into timers (name, at, failures) values ('archive', ?, 1)", inAnHour)
  })
  // It has its timers in memory.
  await evict(roomOf(chat))
}

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a frame by its assertions
export type Frame = Record<string, any> & { type: string }

const patienceMs = 30_000

/** A device: one socket through the real Worker. Every frame that comes is held against the protocol's own schema. */
export class Device {
  readonly inbox: Frame[] = []
  closed: { code: number; reason: string } | undefined
  readonly #socket: WebSocket
  readonly #schema: z.ZodType
  #wake: (() => void)[] = []
  #requests = 0

  constructor(socket: WebSocket, schema: z.ZodType) {
    this.#socket = socket
    this.#schema = schema
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as Frame
      const parsed = this.#schema.safeParse(frame)
      this.inbox.push(parsed.success ? frame : { type: 'UNDECLARED', frame, issues: parsed.error.issues })
      this.#stir()
    })
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
      this.#stir()
    })
    socket.accept()
  }

  send(frame: object | string): void {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes)
  }

  /** Sends a request with an id of its own and waits for the reply that echoes it. */
  async ask(frame: { id?: string } | object): Promise<Frame> {
    this.#requests += 1
    const { id = `r${this.#requests}` } = frame as { id?: string }
    this.send({ ...frame, id })
    return this.take((reply) => reply.id === id)
  }

  /** The first frame that came and fits, which leaves the inbox; waits for it. */
  async take(fits: string | ((frame: Frame) => boolean)): Promise<Frame> {
    const test = typeof fits === 'string' ? (frame: Frame) => frame.type === fits : fits
    const deadline = Date.now() + patienceMs
    for (;;) {
      const index = this.inbox.findIndex((frame) => test(frame) || frame.type === 'UNDECLARED')
      const [found] = index < 0 ? [] : this.inbox.splice(index, 1)
      if (found?.type === 'UNDECLARED') throw new Error(`not of the protocol: ${JSON.stringify(found)}`)
      if (found) return found
      const waitMs = deadline - Date.now()
      if (waitMs <= 0 || this.closed) {
        throw new Error(`${fits} did not come; ${JSON.stringify({ inbox: this.inbox, closed: this.closed })}`)
      }
      await this.#stirred(waitMs)
    }
  }

  async closing(): Promise<{ code: number; reason: string }> {
    const deadline = Date.now() + patienceMs
    while (!this.closed) {
      const waitMs = deadline - Date.now()
      if (waitMs <= 0) throw new Error('the socket was not closed')
      await this.#stirred(waitMs)
    }
    return this.closed
  }

  /** All that was sent to this device before has come: replies keep the order of what they answer. */
  async settled(): Promise<Frame[]> {
    await this.ask({ type: 'ping' })
    return this.inbox
  }

  close(code = 1000): void {
    this.#socket.close(code)
  }

  #stir(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  #stirred(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs)
      this.#wake.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

/** Asks for the socket at `path`; `headers` replace what a client library would send. */
export const upgrade = (path: string, as: Caller | undefined, headers: Record<string, string> = {}) =>
  send(path, { as, headers: { upgrade: 'websocket', ...headers } })

async function open(path: string, as: Caller, schema: z.ZodType): Promise<Device> {
  const response = await upgrade(path, as, { 'sec-websocket-protocol': socketProtocol })
  if (!response.webSocket) throw new Error(`${response.status} ${await response.text()}`)
  return new Device(response.webSocket, schema)
}

export const socketPath = ({ conversationId }: Pick<Chat, 'conversationId'>) =>
  `/v1/conversations/${conversationId}/socket`

export const openSocket = (chat: Pick<Chat, 'conversationId'>, as: Caller): Promise<Device> =>
  open(socketPath(chat), as, ServerFrame)

/** Open, and greeted. */
export async function enter(
  chat: Pick<Chat, 'conversationId'>,
  as: Caller,
  hello: object = {},
): Promise<{ device: Device; welcome: Frame }> {
  const device = await openSocket(chat, as)
  return { device, welcome: await device.ask({ type: 'hello', ...hello }) }
}

export async function enterChannel(
  as: Caller,
  hello: object = {},
): Promise<{ device: Device; welcome: Frame }> {
  const device = await open('/v1/me/socket', as, ChannelServerFrame)
  return { device, welcome: await device.ask({ type: 'hello', ...hello }) }
}

/** Enters with a token that ends in seconds; in more of them where the machine takes longer than that to get in. */
export async function enterBriefly<T>(caller: Caller, enterAs: (as: Caller) => Promise<T>): Promise<T> {
  const { userId, role, sessionId } = caller
  for (let seconds = 2; ; seconds *= 2) {
    const now = new Date(Date.now() - (accessTokenTtlSeconds - seconds) * 1_000)
    const { accessToken } = await signAccessToken(secretsOf(env), { userId, role, sessionId }, now)
    try {
      return await enterAs({ ...caller, accessToken })
    } catch (error) {
      if (seconds >= 16) throw error
    }
  }
}

export const text = (words: string, fields: object = {}) => ({
  type: 'send',
  clientMessageId: newId(),
  kind: 'text',
  text: words,
  ...fields,
})

/** Returns what Postgres holds of the log. */
export async function archiveOf({ conversationId }: Pick<Chat, 'conversationId'>): Promise<{
  archivedSeq: number
  seqs: number[]
  readSeqs: Record<string, number>
}> {
  const [row] = await database().read<{
    archivedSeq: number
    seqs: number[]
    readSeqs: Record<string, number>
  }>(sql`
    select c.archived_seq as "archivedSeq",
           (select coalesce(json_agg(seq order by seq), '[]') from (
              select seq from messages where conversation_id = c.id
              union all select seq from conversation_entries where conversation_id = c.id) all_entries) as seqs,
           (select json_object_agg(user_id, read_seq) from conversation_participants where conversation_id = c.id) as "readSeqs"
      from conversations c where c.id = ${conversationId}`)
  if (!row) throw new Error('no such conversation')
  return row
}
