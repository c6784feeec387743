import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** How a provider can treat one request otherwise than it should. Work that is done is done before anything goes wrong. */
export type Misbehaviour =
  /** Answers, but late. */
  | { kind: 'late'; ms: number }
  /** Does the work and never answers: the caller cannot know. */
  | { kind: 'silent' }
  /** Does the work and cuts the connection. */
  | { kind: 'cut' }
  /** Delivers two copies. */
  | { kind: 'twice' }
  /** Takes the message and delivers it after the next one. */
  | { kind: 'reordered' }
  /** Takes the message and never delivers it. */
  | { kind: 'lost' }
  /** Refuses before any work. */
  | { kind: 'refuse'; status: number; body?: unknown; retryAfterSeconds?: number }
  /** Answers success with a text that is no JSON. */
  | { kind: 'garbled' }

export interface Reply {
  status: number
  body: unknown
  headers?: Record<string, string>
  /** Sent as it is, in place of the body. */
  text?: string
  /** The work is done, and its caller never learns it. */
  instead?: 'silence' | 'cut'
}

export interface Received {
  method: string
  path: string
  headers: IncomingMessage['headers']
  text: string
}

export interface Simulator<Message> {
  origin: string
  /** Messages as they reached their people, in the order in which they did. */
  delivered: Message[]
  received: Received[]
  /** The next requests, in order. Also `POST /__control/next` with the list as JSON. */
  misbehave(...how: Misbehaviour[]): void
  close(): Promise<void>
}

/** Hands a message to its person; the simulator decides how often and when. */
export type Deliver<Message> = (message: Message) => void

export interface SimulatorOptions<Message> {
  port?: number
  /** Speaks the provider's protocol. */
  answer(request: Received, deliver: Deliver<Message>): Reply | Promise<Reply>
  /** Requests that misbehaviour leaves alone (fetching a token). */
  isExempt?(request: Received): boolean
}

export async function startSimulator<Message>(
  options: SimulatorOptions<Message>,
): Promise<Simulator<Message>> {
  const delivered: Message[] = []
  const received: Received[] = []
  const planned: Misbehaviour[] = []
  const held: Message[] = []

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      send(response, { status: 500, body: { error: String(error) } }),
    )
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await read(request)
    if (call.path === '/__control/next') {
      planned.push(...(JSON.parse(call.text) as Misbehaviour[]))
      return send(response, { status: 200, body: {} })
    }
    if (call.path === '/__control/delivered') return send(response, { status: 200, body: delivered })
    received.push(call)
    const how = options.isExempt?.(call) ? undefined : planned.shift()
    if (how?.kind === 'refuse') {
      if (how.retryAfterSeconds !== undefined)
        response.setHeader('retry-after', String(how.retryAfterSeconds))
      return send(response, { status: how.status, body: how.body ?? {} })
    }
    const reply = await options.answer(call, (message) => deliver(message, how))
    if (how?.kind === 'silent' || reply.instead === 'silence') return
    if (how?.kind === 'cut' || reply.instead === 'cut') return void request.socket.destroy()
    if (how?.kind === 'garbled') return void response.end('<html>')
    // A pause keeps nobody who wants to end: the open server does while it should.
    if (how?.kind === 'late') await pause(how.ms, undefined, { ref: false })
    send(response, reply)
  }

  function deliver(message: Message, how: Misbehaviour | undefined): void {
    if (how?.kind === 'lost') return
    if (how?.kind === 'reordered') return void held.push(message)
    delivered.push(message, ...(how?.kind === 'twice' ? [message] : []), ...held.splice(0))
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delivered,
    received,
    misbehave: (...how) => void planned.push(...how),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  }
}

function send(response: ServerResponse, { status, body, headers, text }: Reply): void {
  if (response.destroyed) return
  const type = { 'content-type': 'application/json' }
  // 204 has no body: a client that reads one finds the next answer's beginning.
  if (status === 204) return void response.writeHead(status, headers).end()
  response.writeHead(status, { ...type, ...headers }).end(text ?? JSON.stringify(body))
}
