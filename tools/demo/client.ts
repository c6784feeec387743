import { randomUUID } from 'node:crypto'
import { Failure, pause, show } from './failure.ts'

export interface Problem {
  code: string
  title: string
  detail?: string
  requestId: string
  errors?: { pointer: string; message: string }[]
}

export interface Answer<Body> {
  status: number
  body: Body
  headers: Headers
  /** The call in one line, with its request id. */
  call: string
}

/** Whoever calls: the token they have now, and the address they seem to call from. */
export interface Caller {
  accessToken: string
  ip: string
}

export interface CallOptions {
  as?: Caller | undefined
  /** Address of an anonymous caller. */
  ip?: string
  method?: string
  json?: unknown
  idempotencyKey?: string
  /** Version of the object that the caller has seen; any with `*`. */
  ifMatch?: number | '*'
}

/** The first calls wait for a database that has just been started. */
const timeoutMs = 60_000
const longestWaitSeconds = 70

/** The API over real HTTP, as an app would speak to it. */
export class Client {
  readonly origin: string
  /** Called when a rate limit makes the story wait. */
  readonly #onWait: (seconds: number) => void
  calls = 0
  lastCall: string | undefined

  constructor(origin: string, onWait: (seconds: number) => void) {
    this.origin = origin
    this.#onWait = onWait
  }

  async ask<Body>(path: string, options: CallOptions = {}): Promise<Answer<Body>> {
    const { as, ip, json, idempotencyKey, ifMatch } = options
    const method = options.method ?? (json === undefined ? 'GET' : 'POST')
    const response = await fetch(`${this.origin}${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'accept-language': 'en',
        ...(as && { authorization: `Bearer ${as.accessToken}` }),
        ...((as?.ip ?? ip) && { 'cf-connecting-ip': as?.ip ?? ip }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch === '*' ? '*' : `"v${ifMatch}.en"` }),
      } as Record<string, string>,
      ...(json !== undefined && { body: JSON.stringify(json) }),
    }).catch((error: Error) => {
      throw new Failure({
        expected: 'an answer',
        came: String(error.cause ?? error),
        call: `${method} ${path}`,
      })
    })
    const text = await response.text()
    const call = `${method} ${path} → ${response.status} (request ${response.headers.get('x-request-id')})`
    this.calls += 1
    this.lastCall = call
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
      call,
    }
  }

  /** Makes a call that must work. A limit on codes is waited for, as `Retry-After` says. */
  async call<Body>(path: string, options: CallOptions = {}): Promise<Body> {
    const answer = await this.ask<Body & Problem>(path, options)
    if (answer.status < 400) return answer.body
    const waitSeconds = Number(answer.headers.get('retry-after'))
    if (answer.status === 429 && waitSeconds > 0 && waitSeconds <= longestWaitSeconds) {
      this.#onWait(waitSeconds)
      await pause(waitSeconds * 1_000)
      return this.call(path, options)
    }
    throw new Failure({ expected: 'success', came: describe(answer), call: answer.call })
  }

  /** A POST without a body, or with one, under a key of its own: a lost answer could be had again. */
  act<Body>(path: string, as: Caller, json?: unknown): Promise<Body> {
    return this.call(path, { as, json, method: 'POST', idempotencyKey: randomUUID() })
  }

  /** Makes a call that must be refused, with this status and code. */
  async refused(status: number, code: string, path: string, options: CallOptions = {}): Promise<Problem> {
    const answer = await this.ask<Problem>(path, options)
    if (answer.status === status && answer.body.code === code) return answer.body
    throw new Failure({ expected: `${status} ${code}`, came: describe(answer), call: answer.call })
  }

  /** All pages of a list. */
  async list<Item>(path: string, as: Caller): Promise<Item[]> {
    const items: Item[] = []
    let cursor: string | null = null
    do {
      const url = new URL(path, this.origin)
      url.searchParams.set('limit', '100')
      if (cursor) url.searchParams.set('cursor', cursor)
      const page: { data: Item[]; nextCursor: string | null } = await this.call(
        `${url.pathname}${url.search}`,
        { as },
      )
      items.push(...page.data)
      cursor = page.nextCursor
    } while (cursor)
    return items
  }
}

function describe({ status, body }: Answer<Problem>): string {
  if (typeof body !== 'object' || body === null || !('code' in body))
    return `${status} ${show(body).slice(0, 300)}`
  const errors = body.errors?.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')
  return `${status} ${body.code}: ${body.detail ?? body.title}${errors ? ` (${errors})` : ''}`
}
