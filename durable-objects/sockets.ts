import type { z } from 'zod'
import type { ErrorFrame } from '../src/areas/contact/chat/frame-parts.ts'
import {
  type CloseReason,
  closeCodes,
  closeReasons,
  limits,
  type RefusalCode,
} from '../src/areas/contact/chat/protocol.ts'
import { type Identity, protocolAnswer } from '../src/areas/contact/chat/upgrade.ts'
import { sentenceIn } from '../src/core/invalid-values.ts'

/** Kept with the socket while the object sleeps (at most 16 KiB). */
interface Attachment extends Identity {
  connectedAtMs: number
  /** It has said hello: it may be pushed to. */
  isReady: boolean
  /** Token bucket as one number (GCRA): when the user's bucket is full again. */
  bucketFullAtMs: number
}

const intervalMs = 1_000 / limits.framesPerSecond
const toleranceMs = intervalMs * (limits.framesBurst - 1)
/** Refusals in a row after which a client that ignores `retryAfterMs` is disconnected: it is no client of ours. */
const refusalsLimit = 500

const exactPing = '{"type":"ping"}'
const exactPong = '{"type":"pong"}'

/** The hibernating sockets of one object: who they are, what they may, and whether they keep up. */
export class Sockets {
  readonly #ctx: DurableObjectState
  readonly #attachments = new WeakMap<WebSocket, Attachment>()
  readonly #unheard = new WeakMap<WebSocket, { bytes: number; sinceMs: number }>()
  readonly #buckets = new Map<string, { fullAtMs: number; refusals: number }>()

  readonly #onGone: (userId: string) => void

  /** `onGone`: the last socket of a user that had said hello has closed. */
  constructor(ctx: DurableObjectState, onGone: (userId: string) => void = () => {}) {
    this.#ctx = ctx
    this.#onGone = onGone
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(exactPing, exactPong))
  }

  accept(request: Request, identity: Identity): Response {
    const others = this.of(identity.userId)
    const surplus = others.length + 1 - limits.socketsPerUser
    if (surplus > 0) {
      const oldestFirst = others.sort(
        (a, b) => this.attachment(a).connectedAtMs - this.attachment(b).connectedAtMs,
      )
      for (const ws of oldestFirst.slice(0, surplus)) this.close(ws, 'replaced')
    }
    const bucketFullAtMs = this.#bucketOf(identity.userId).fullAtMs
    const { 0: client, 1: server } = new WebSocketPair()
    this.#ctx.acceptWebSocket(server, [identity.userId])
    this.#attach(server, { ...identity, connectedAtMs: Date.now(), isReady: false, bucketFullAtMs })
    return new Response(null, { status: 101, webSocket: client, headers: protocolAnswer(request) })
  }

  attachment(ws: WebSocket): Attachment {
    let attachment = this.#attachments.get(ws)
    if (!attachment) {
      attachment = ws.deserializeAttachment() as Attachment
      this.#attachments.set(ws, attachment)
    }
    return attachment
  }

  #attach(ws: WebSocket, attachment: Attachment): void {
    this.#attachments.set(ws, attachment)
    ws.serializeAttachment(attachment)
  }

  setReady(ws: WebSocket): void {
    const attachment = this.attachment(ws)
    if (!attachment.isReady) this.#attach(ws, { ...attachment, isReady: true })
  }

  /** Open sockets, of one user or of all. */
  of(userId?: string): WebSocket[] {
    return this.#ctx.getWebSockets(userId).filter((ws) => ws.readyState === WebSocket.OPEN)
  }

  ready(userId?: string): WebSocket[] {
    return this.of(userId).filter((ws) => this.attachment(ws).isReady)
  }

  isOnline(userId: string): boolean {
    return this.ready(userId).length > 0
  }

  /** Sends to one socket, or finds that it does not keep up. */
  send(ws: WebSocket, text: string): void {
    const unheard = this.#unheard.get(ws) ?? { bytes: 0, sinceMs: Date.now() }
    unheard.bytes += text.length
    this.#unheard.set(ws, unheard)
    if (unheard.bytes > limits.unheardBytes && !this.#hasPingedSince(ws, unheard)) {
      this.close(ws, 'slowConsumer')
      return
    }
    try {
      ws.send(text)
    } catch {
      // It closed under our hands: the client resumes by its cursor.
    }
  }

  /** The runtime answers pings for us and keeps no buffer we could ask for: a ping is how a client shows it keeps up. */
  #hasPingedSince(ws: WebSocket, unheard: { bytes: number; sinceMs: number }): boolean {
    const pingedAtMs = this.#ctx.getWebSocketAutoResponseTimestamp(ws)?.getTime() ?? 0
    if (pingedAtMs < unheard.sinceMs) return false
    unheard.bytes = 0
    unheard.sinceMs = Date.now()
    return true
  }

  /** To every socket that has said hello; returns the users who have one. Serialised once, by the caller. */
  broadcast(
    text: string,
    { except, exceptUser }: { except?: WebSocket | undefined; exceptUser?: string } = {},
  ): Set<string> {
    const reached = new Set<string>()
    for (const ws of this.#ctx.getWebSockets()) {
      if (ws.readyState !== WebSocket.OPEN) continue
      const { isReady, userId } = this.attachment(ws)
      if (!isReady || userId === exceptUser) continue
      if (ws !== except) this.send(ws, text)
      reached.add(userId)
    }
    return reached
  }

  /**
   * Reads a frame and takes its token. Null where it was answered here: a refusal, and the end of a socket that sends what
   * is no frame. The first hello of a socket costs nothing, as a client that reconnects while its bucket is empty could not
   * resume: one for each upgrade, and those have a limit of their own.
   */
  receive<Schema extends z.ZodType<{ type: string; id?: string | undefined }>>(
    schema: Schema,
    ws: WebSocket,
    message: string | ArrayBuffer,
  ): z.infer<Schema> | null {
    if (!this.#hear(ws)) return null
    const { userId, isReady } = this.attachment(ws)
    const read = readFrame(schema, message)
    const isFree = 'frame' in read && read.frame.type === 'hello' && !isReady
    const retryAfterMs = isFree ? null : this.takeToken(userId, ws)
    if ('refused' in read) {
      this.send(ws, errorFrame(read.id, read.refused))
      if (read.closes) this.close(ws, read.closes)
      return null
    }
    if (retryAfterMs === null) return read.frame
    this.send(ws, errorFrame(read.frame.id, { code: 'rate_limited', retryAfterMs }))
    return null
  }

  /** Takes one token of the user's bucket; null, or the milliseconds until there is one. */
  takeToken(userId: string, ws?: WebSocket): number | null {
    const now = Date.now()
    const bucket = this.#bucketOf(userId)
    const waitMs = Math.ceil(bucket.fullAtMs - toleranceMs - now)
    if (waitMs > 0) {
      bucket.refusals += 1
      if (ws && bucket.refusals > refusalsLimit) this.close(ws, 'protocolError')
      return waitMs
    }
    bucket.fullAtMs = Math.max(bucket.fullAtMs, now) + intervalMs
    bucket.refusals = 0
    // Written down only where it is worth carrying through a hibernation: a slow sender needs no write each time.
    const isWorthKeeping = bucket.fullAtMs - now > toleranceMs / 4
    if (ws && isWorthKeeping) this.#attach(ws, { ...this.attachment(ws), bucketFullAtMs: bucket.fullAtMs })
    return null
  }

  /** In memory while awake; after a sleep, from what the user's sockets carried through it. */
  #bucketOf(userId: string): { fullAtMs: number; refusals: number } {
    let bucket = this.#buckets.get(userId)
    if (!bucket) {
      const carried = this.#ctx.getWebSockets(userId).map((ws) => this.attachment(ws).bucketFullAtMs)
      bucket = { fullAtMs: Math.max(0, ...carried), refusals: 0 }
      this.#buckets.set(userId, bucket)
    }
    return bucket
  }

  /** A frame came in: the client is alive. False, and closed, when its token has ended; false of what we have closed. */
  #hear(ws: WebSocket): boolean {
    if (ws.readyState !== WebSocket.OPEN) return false
    this.#unheard.delete(ws)
    if (this.attachment(ws).expiresAtMs > Date.now()) return true
    this.close(ws, 'tokenExpired')
    return false
  }

  close(ws: WebSocket, reason: CloseReason): void {
    ws.close(closeCodes[reason], closeReasons[reason])
    this.gone(ws)
  }

  /** The client has closed: its own side ends when we have answered. */
  left(ws: WebSocket): void {
    ws.close(1000)
    this.gone(ws)
  }

  /** Reports a closed socket once, whichever side closed it. */
  gone(ws: WebSocket): void {
    const attachment = this.attachment(ws)
    if (!attachment.isReady) return
    this.#attach(ws, { ...attachment, isReady: false })
    if (!this.isOnline(attachment.userId)) this.#onGone(attachment.userId)
  }

  /** Those of its tokens that were issued up to a moment. */
  closeSession(sessionId: string, issuedUntilMs = Number.POSITIVE_INFINITY): void {
    for (const ws of this.of()) {
      const attachment = this.attachment(ws)
      if (attachment.sessionId === sessionId && attachment.issuedAtMs <= issuedUntilMs)
        this.close(ws, 'tokenExpired')
    }
  }

  closeIssuedUntil(issuedUntilMs: number, reason: CloseReason): void {
    for (const ws of this.of()) if (this.attachment(ws).issuedAtMs <= issuedUntilMs) this.close(ws, reason)
  }

  closeExpired(): void {
    for (const ws of this.of())
      if (this.attachment(ws).expiresAtMs <= Date.now()) this.close(ws, 'tokenExpired')
  }

  /** When the next token ends, Unix milliseconds. */
  nextExpiry(): number | null {
    const times = this.of().map((ws) => this.attachment(ws).expiresAtMs)
    return times.length > 0 ? Math.min(...times) : null
  }
}

type ReadResult<Frame> =
  | { frame: Frame }
  | { refused: Refusal; id?: string | undefined; closes?: CloseReason }

/** A refusal on its way to a caller, over a socket or over HTTP. */
export interface Refusal {
  code: RefusalCode
  detail?: string | undefined
  retryAfterMs?: number | undefined
}

/** Reads a frame. Data that is no frame at all closes the socket; a frame that is wrong is only refused. */
function readFrame<Schema extends z.ZodType>(
  schema: Schema,
  message: string | ArrayBuffer,
): ReadResult<z.infer<Schema>> {
  if (typeof message !== 'string') return fatal('invalid_frame', 'frames are text')
  if (isTooLong(message)) {
    const refused = { code: 'frame_too_large', detail: `at most ${limits.frameBytes} bytes` } as const
    return { refused, closes: 'frameTooLarge' }
  }
  let value: unknown
  try {
    value = JSON.parse(message)
  } catch {
    return fatal('malformed_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fatal('invalid_frame', 'a frame is one JSON object')
  }
  const parsed = schema.safeParse(value, { error: sentenceIn.en })
  if (parsed.success) return { frame: parsed.data }
  const [issue] = parsed.error.issues
  const place = issue?.path.join('/') ?? ''
  const { id } = value as { id?: unknown }
  return {
    refused: { code: 'invalid_frame', detail: `/${place}: ${issue?.message}` },
    id: typeof id === 'string' && id.length > 0 && id.length <= 64 ? id : undefined,
  }
}

/** A UTF-16 unit is three bytes at most: most frames need not be measured. */
const isTooLong = (message: string): boolean =>
  message.length * 3 > limits.frameBytes &&
  (message.length > limits.frameBytes || Buffer.byteLength(message) > limits.frameBytes)

const fatal = (code: RefusalCode, detail?: string) =>
  ({ refused: { code, detail }, closes: 'protocolError' }) as const

const retryableCodes: readonly RefusalCode[] = ['rate_limited', 'temporarily_unavailable']

export function errorFrame(id: string | undefined, { code, detail, retryAfterMs }: Refusal): string {
  const frame: ErrorFrame = {
    type: 'error',
    ...(id !== undefined && { id }),
    code,
    ...(detail !== undefined && { detail }),
    retryable: retryableCodes.includes(code),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
  return JSON.stringify(frame)
}
