import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'

/** How an endpoint answers. Without a word: 200 at once. */
export interface Behaviour {
  status?: number
  body?: string
  headers?: Record<string, string>
  /** This many requests get `failStatus` first. */
  failTimes?: number
  failStatus?: number
  /** This many requests are taken in, and the connection is cut before the answer: the sender must send them again. */
  dropTimes?: number
  delayMs?: number
  /** Answers nothing until the endpoint is set anew. */
  holds?: boolean
  /** Answers with a status and the beginning of a body that never ends. */
  holdsBody?: boolean
  /** Answers 307 to there. */
  redirectTo?: string
}

export interface Received {
  at: string
  method: string
  /** `webhook-id`, `webhook-timestamp`, `webhook-signature` and the rest, by lower-case name. */
  headers: Record<string, string>
  text: string
  /** The event, or null where the text is no JSON. */
  event: { id: string; type: string; sequence: number; data: Record<string, unknown> } | null
  /** Which of the endpoint's secrets verify it, by the official library. */
  verifiedBy: string[]
  /** Status that was answered; 0: the connection was cut. */
  status: number
}

export interface EndpointSettings {
  secrets?: string[]
  behaviour?: Behaviour
}

export interface WebhookReceiver {
  origin: string
  /** Where a subscription of this name points. */
  urlOf(name: string): string
  /** Secrets and behaviour from now on; what was received stays. */
  set(name: string, settings: EndpointSettings): void
  received(name: string): Received[]
  close(): Promise<void>
}

interface Endpoint {
  secrets: string[]
  behaviour: Behaviour
  received: Received[]
  /** Lets go of the requests that are held. */
  release: () => void
  released: Promise<void>
}

const bodyLimitBytes = 1024 * 1024

/**
 * A third party's server: verifies what it is sent with the official library, remembers it, and misbehaves on demand.
 * Over HTTP: `POST /hooks/{name}` receives, `PUT /control/{name}` sets, `GET /control/{name}` lists.
 */
export async function startWebhookReceiver({ port = 0 } = {}): Promise<WebhookReceiver> {
  const endpoints = new Map<string, Endpoint>()
  const endpointOf = (name: string): Endpoint => {
    const known = endpoints.get(name) ?? { secrets: [], behaviour: {}, received: [], ...gate() }
    endpoints.set(name, known)
    return known
  }
  const set = (name: string, { secrets, behaviour }: EndpointSettings): void => {
    const endpoint = endpointOf(name)
    if (secrets) endpoint.secrets = secrets
    if (!behaviour) return
    endpoint.behaviour = { ...behaviour }
    endpoint.release()
    Object.assign(endpoint, gate())
  }

  // Longer than a pause of the sender: a connection that is closed as a request comes loses it.
  const server = createServer({ keepAliveTimeout: 120_000 }, async (request, response) => {
    const [, place, name = ''] = new URL(request.url ?? '/', 'http://receiver').pathname.split('/')
    try {
      const text = await textOf(request)
      if (place === 'hooks') return await receive(endpointOf(name), request, response, text)
      if (place !== 'control') return answer(response, 404)
      if (request.method === 'PUT') set(name, JSON.parse(text) as EndpointSettings)
      answer(response, 200, JSON.stringify(endpointOf(name).received))
    } catch (error) {
      answer(response, 500, String(error))
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    urlOf: (name) => `${origin}/hooks/${name}`,
    set,
    received: (name) => endpointOf(name).received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function gate(): Pick<Endpoint, 'release' | 'released'> {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { release: resolve, released: promise }
}

async function receive(
  { secrets, behaviour, received, released }: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
): Promise<void> {
  const sent = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  )
  const entry: Received = {
    at: new Date().toISOString(),
    method: request.method ?? '',
    headers: sent,
    text,
    event: jsonOf(text),
    verifiedBy: secrets.filter((secret) => isVerified(secret, text, sent)),
    status: 0,
  }
  // Decided before the pause: requests that come meanwhile count down as well.
  const fails = countDown(behaviour, 'failTimes')
  const drops = !fails && countDown(behaviour, 'dropTimes')
  const redirect = behaviour.redirectTo
  entry.status = drops
    ? 0
    : fails
      ? (behaviour.failStatus ?? 500)
      : redirect
        ? 307
        : (behaviour.status ?? 200)
  received.push(entry)
  // A pause keeps nobody who wants to end: the open server does while it should.
  if (behaviour.delayMs) await pause(behaviour.delayMs, undefined, { ref: false })
  if (behaviour.holds) await released
  const headers = { ...behaviour.headers, ...(redirect && { location: redirect }) }
  if (drops) request.socket.destroy()
  else if (behaviour.holdsBody) response.writeHead(entry.status, headers).write(behaviour.body ?? 'o')
  else answer(response, entry.status, behaviour.body ?? 'ok', headers)
}

function countDown(behaviour: Behaviour, name: 'failTimes' | 'dropTimes'): boolean {
  const left = behaviour[name] ?? 0
  if (left <= 0) return false
  behaviour[name] = left - 1
  return true
}

function isVerified(secret: string, text: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(text, headers)
    return true
  } catch {
    return false
  }
}

function jsonOf(text: string): Received['event'] {
  try {
    return JSON.parse(text) as Received['event']
  } catch {
    return null
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > bodyLimitBytes) throw new Error(`More than ${bodyLimitBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function answer(
  response: ServerResponse,
  status: number,
  body = '',
  headers: Record<string, string> = {},
): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'text/plain', ...headers })
  response.end(body)
}
