import { connect, type Socket } from 'node:net'

export interface Reply {
  status: number
  head: string
  body: string
}

/**
 * One keep-alive connection, one request at a time, with no more than a load generator needs: it shares the machine with
 * what it measures, and Node's own client costs as much as the Worker under test.
 */
export class HttpConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('The connection was closed')))
  }

  static open(origin: URL): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(origin.port), origin.hostname)
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new HttpConnection(socket))
      })
    })
  }

  send(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const reply = parseReply(this.#received)
    if (!reply) return
    this.#received = Buffer.alloc(0)
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(reply)
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }
}

const headEnd = Buffer.from('\r\n\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')

/** Undefined while something is missing. The body of a chunked reply stays in its chunks: nobody reads it here. */
function parseReply(received: Buffer): Reply | undefined {
  const end = received.indexOf(headEnd)
  if (end === -1) return undefined
  const head = received.toString('latin1', 0, end)
  const bodyStart = end + headEnd.length
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length === undefined) {
    const isChunked = /\r\ntransfer-encoding: chunked/i.test(head)
    if (isChunked && !received.subarray(-lastChunk.length).equals(lastChunk)) return undefined
  } else if (received.length < bodyStart + Number(length)) return undefined
  return { status: Number(head.slice(9, 12)), head, body: received.toString('utf8', bodyStart) }
}

export function httpRequest(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): string {
  const all: Record<string, string> = { host: 'bench', ...headers }
  if (body !== undefined) all['content-type'] = 'application/json'
  if (body !== undefined || method !== 'GET') all['content-length'] = String(Buffer.byteLength(body ?? ''))
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}
