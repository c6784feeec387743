import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Backend,
  BadRequest,
  DatabaseUnreachable,
  errorBody,
  isSqlError,
  parseStatement,
  transactionOptions,
} from './protocol.ts'

const BODY_LIMIT_BYTES = 8 * 1024 * 1024

export type NeonLocalOptions = {
  backend: Backend
  port?: number
  host?: string
  /** Opens `POST /__control/…` for tests inside workerd. */
  control?: boolean
}

export type NeonLocal = {
  url: string
  port: number
  /** Answers as if the database were down: for a time in milliseconds, or until revoked. */
  refuse(how: number | boolean): void
  /**
   * Runs the next `count` requests but loses their replies: the caller cannot know that they took effect. With a text, only requests
   * that hold it in a statement or a parameter.
   */
  loseReplies(count: number, holding?: string): void
  close(): Promise<void>
}

type Faults = { refuseUntil: number; repliesToLose: number; toLose: string }

export async function startNeonLocal(options: NeonLocalOptions): Promise<NeonLocal> {
  const { backend, port = 0, host = '127.0.0.1', control = false } = options
  const faults: Faults = { refuseUntil: 0, repliesToLose: 0, toLose: '' }
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    answer(backend, faults, control, request, response).catch((error) => {
      if (response.destroyed) return
      const { status, body } = failure(error)
      send(response, status, body)
    })
  })
  server.on('connection', (socket) => socket.setNoDelay(true))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, 1024, resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return {
    url: `http://${host}:${bound}/sql`,
    port: bound,
    refuse: (how) => refuse(faults, how),
    loseReplies: (count, holding) => loseReplies(faults, count, holding),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      await backend.close()
    },
  }
}

async function answer(
  backend: Backend,
  faults: Faults,
  control: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') return send(response, 404, '{"message":"POST /sql only"}')
  const body = await readJson(request)
  if (request.url !== '/sql') {
    if (!control || !applyControl(faults, request.url, body))
      return send(response, 404, '{"message":"not found"}')
    return send(response, 200, '{}')
  }
  if (Date.now() < faults.refuseUntil) throw new DatabaseUnreachable('the database is refusing connections')
  const reply = JSON.stringify(await run(backend, request, body))
  if (faults.repliesToLose > 0 && JSON.stringify(body).includes(faults.toLose)) {
    faults.repliesToLose -= 1
    response.destroy()
    return
  }
  send(response, 200, reply)
}

async function run(backend: Backend, request: IncomingMessage, body: unknown): Promise<unknown> {
  const { headers } = request
  const connectionString = headers['neon-connection-string']
  if (typeof connectionString !== 'string')
    throw new BadRequest('the Neon-Connection-String header is missing')
  if (typeof body === 'object' && body !== null && 'queries' in body) {
    if (!Array.isArray(body.queries)) throw new BadRequest('"queries" must be an array')
    const statements = body.queries.map(parseStatement)
    return { results: await backend.transaction(connectionString, statements, transactionOptions(headers)) }
  }
  return backend.query(connectionString, parseStatement(body))
}

function readJson(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      // The rest is read and dropped: closing early would reset the socket before the answer arrives.
      if (size <= BODY_LIMIT_BYTES) chunks.push(chunk)
    })
    request.on('error', reject)
    request.on('end', () => {
      if (size > BODY_LIMIT_BYTES) return reject(new TooLarge(`the body is over ${BODY_LIMIT_BYTES} bytes`))
      try {
        resolve(JSON.parse((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString()))
      } catch {
        reject(new BadRequest('the body is not JSON'))
      }
    })
  })
}

class TooLarge extends Error {}

function failure(error: unknown): { status: number; body: string } {
  if (isSqlError(error) || error instanceof BadRequest)
    return { status: 400, body: JSON.stringify(errorBody(error)) }
  const message = error instanceof Error ? error.message : String(error)
  const status = error instanceof TooLarge ? 413 : error instanceof DatabaseUnreachable ? 503 : 500
  return { status, body: JSON.stringify({ message }) }
}

function applyControl(faults: Faults, path: string | undefined, body: unknown): boolean {
  const { ms, count, holding } = (body ?? {}) as { ms?: number | boolean; count?: number; holding?: string }
  if (path === '/__control/refuse') refuse(faults, ms ?? true)
  else if (path === '/__control/lose-replies') loseReplies(faults, count ?? 1, holding)
  else return false
  return true
}

function loseReplies(faults: Faults, count: number, holding = ''): void {
  faults.repliesToLose = count
  faults.toLose = holding
}

function refuse(faults: Faults, how: number | boolean): void {
  if (typeof how === 'number') faults.refuseUntil = Date.now() + how
  else faults.refuseUntil = how ? Number.POSITIVE_INFINITY : 0
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
