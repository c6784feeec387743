import type { Caller } from './client.ts'
import { Failure, show } from './failure.ts'

export interface Frame {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: a frame's fields depend on its type; the story checks what it reads
  [field: string]: any
}

interface Waiting {
  matches(frame: Frame): boolean
  resolve(frame: Frame): void
}

const frameTimeoutMs = 8_000

/** A device's socket: it keeps what came, in order, and lets the story wait for what has not come yet. */
export class Socket {
  readonly frames: Frame[] = []
  readonly #ws: WebSocket
  readonly #path: string
  readonly #waiting = new Set<Waiting>()
  #requests = 0
  closed: { code: number; reason: string } | undefined

  private constructor(ws: WebSocket, path: string) {
    this.#ws = ws
    this.#path = path
    ws.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data)) as Frame))
    ws.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
    })
  }

  /** Opens it as a browser does, the token in a subprotocol, and says hello; the welcome is the first frame. */
  static async open(
    origin: string,
    path: string,
    { accessToken }: Caller,
    hello: object = {},
  ): Promise<Socket> {
    const ws = new WebSocket(`${origin.replace(/^http/, 'ws')}${path}`, [
      'khidma.v1',
      `bearer.${accessToken}`,
    ])
    const socket = new Socket(ws, path)
    await new Promise<void>((resolve, reject) => {
      ws.addEventListener('open', () => resolve(), { once: true })
      const fail = () => reject(new Failure({ expected: `an open socket at ${path}`, came: 'a refusal' }))
      ws.addEventListener('error', fail, { once: true })
      ws.addEventListener('close', fail, { once: true })
    })
    const welcome = socket.next('the welcome', ({ type }) => type === 'welcome')
    socket.send({ type: 'hello', ...hello })
    await welcome
    return socket
  }

  get welcome(): Frame {
    const [first] = this.frames
    if (first?.type !== 'welcome') throw new Failure({ expected: 'a welcome first', came: show(first) })
    return first
  }

  send(frame: Frame): void {
    this.#ws.send(JSON.stringify(frame))
  }

  /** Sends a request and returns its one reply. */
  async request(frame: Frame): Promise<Frame> {
    this.#requests += 1
    const id = `r${this.#requests}`
    const reply = this.next(`the reply to ${frame.type}`, (candidate) => candidate.id === id)
    this.send({ ...frame, id })
    const answer = await reply
    if (answer.type === 'error')
      throw new Failure({ expected: `an ack of ${frame.type}`, came: show(answer) })
    return answer
  }

  /** The first frame that matches, whether it has come already or not. */
  next(what: string, matches: (frame: Frame) => boolean, timeoutMs = frameTimeoutMs): Promise<Frame> {
    const here = this.frames.find(matches)
    if (here) return Promise.resolve(here)
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        matches,
        resolve: (frame) => {
          clearTimeout(timer)
          resolve(frame)
        },
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting)
        const last = this.frames.slice(-3).map(({ type }) => type)
        const state = this.closed ? `closed with ${this.closed.code}` : `the last frames were ${show(last)}`
        reject(
          new Failure({
            expected: `${what} within ${timeoutMs} ms, on ${this.#path}`,
            came: `nothing; ${state}`,
          }),
        )
      }, timeoutMs)
      this.#waiting.add(waiting)
    })
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type)
  }

  /** The device goes offline. */
  close(): Promise<void> {
    if (this.#ws.readyState === WebSocket.CLOSED) return Promise.resolve()
    const closed = new Promise<void>((resolve) =>
      this.#ws.addEventListener('close', () => resolve(), { once: true }),
    )
    this.#ws.close(1000)
    return Promise.race([closed, new Promise<void>((resolve) => setTimeout(resolve, 1_000).unref())])
  }

  #take(frame: Frame): void {
    this.frames.push(frame)
    for (const waiting of this.#waiting) {
      if (!waiting.matches(frame)) continue
      this.#waiting.delete(waiting)
      waiting.resolve(frame)
    }
  }
}
