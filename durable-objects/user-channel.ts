import { DurableObject } from 'cloudflare:workers'
import type {
  ChannelClientFrame,
  ChannelPush,
  ChannelServerFrame,
} from '../src/areas/contact/chat/channel-frames.ts'
import { limits } from '../src/areas/contact/chat/protocol.ts'
import { type Identity, identityOf } from '../src/areas/contact/chat/upgrade.ts'
import { lazy } from '../src/core/lazy.ts'
import { logFailure } from '../src/core/log.ts'
import type { Env } from '../src/env.ts'
import { errorFrame, Sockets } from './sockets.ts'
import { Timers } from './timers.ts'
import { keptForMs, ReplayLog } from './user-channel/replay.ts'
import { SessionRooms } from './user-channel/session-rooms.ts'

/** With the first frame or push, so that an isolate which only starts builds no schema. */
const frames = lazy(() => import('../src/areas/contact/chat/channel-frames.ts'))

/** Longer than any access token of the session can live. */
const endedForMs = 3_600_000

type Welcome = Extract<ChannelServerFrame, { type: 'welcome' }>

/** The live channel of one user: pushes to each of their devices, and replays to a device that was away. */
export class UserChannel extends DurableObject<Env> {
  readonly #replay: ReplayLog
  readonly #rooms: SessionRooms
  readonly #sockets: Sockets
  readonly #timers: Timers<'expiry' | 'age'>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#replay = new ReplayLog(ctx.storage.sql)
    this.#rooms = new SessionRooms(ctx.storage.sql)
    this.#sockets = new Sockets(ctx)
    this.#timers = new Timers(ctx.storage)
  }

  /** For `/readyz`: an object answers. */
  ping(): 'pong' {
    return 'pong'
  }

  /** The upgrade only. The Worker has verified who comes and says so in headers of its own. */
  override fetch(request: Request): Response {
    const identity = identityOf(request)
    if (this.#replay.hasEnded(identity.sessionId, identity.issuedAtMs))
      return new Response(null, { status: 401 })
    const response = this.#sockets.accept(request, identity)
    this.ctx.storage.sql.exec(Timers.table)
    this.#timers.set('expiry', this.#sockets.nextExpiry() ?? identity.expiresAtMs)
    return response
  }

  override async webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): Promise<void> {
    try {
      const { ChannelClientFrame } = await frames()
      const frame = this.#sockets.receive(ChannelClientFrame, ws, message)
      if (frame) await this.#handle(ws, frame)
    } catch (error) {
      logFailure('channel.frame_failed', error)
      this.#sockets.close(ws, 'restart')
    }
  }

  #handle(ws: WebSocket, frame: ChannelClientFrame): void | Promise<void> {
    if (frame.type === 'hello') return this.#greet(ws, frame)
    if (frame.type === 'ping') return this.#sockets.send(ws, reply('pong', frame.id))
    if (!this.#sockets.attachment(ws).isReady) {
      return this.#sockets.send(ws, errorFrame(frame.id, { code: 'hello_required' }))
    }
    return this.#acknowledge(ws, frame.offerId, frame.id)
  }

  #greet(ws: WebSocket, hello: Extract<ChannelClientFrame, { type: 'hello' }>): void {
    const { id, epoch, afterSeq = 0 } = hello
    const knowsTheLog = epoch === this.#replay.epoch || (epoch === undefined && afterSeq === 0)
    const missed = knowsTheLog ? this.#replay.missedAfter(afterSeq) : ({ recovered: false } as const)
    const frame: Welcome = {
      type: 'welcome',
      ...(id !== undefined && { id }),
      epoch: this.#replay.epoch,
      seq: this.#replay.lastSeq,
      recovered: missed.recovered,
      missed: [],
      limits,
    }
    const frames = missed.recovered ? missed.frames.join(',') : ''
    this.#sockets.setReady(ws)
    this.#sockets.send(
      ws,
      JSON.stringify(frame).replace('"missed":[]', () => `"missed":[${frames}]`),
    )
  }

  /** The device shows the offer. The ack says that the matcher knows; without one the device repeats itself. */
  async #acknowledge(ws: WebSocket, offerId: string, id: string | undefined): Promise<void> {
    const taskId = this.#replay.taskOf(offerId)
    if (taskId === null) return this.#sockets.send(ws, errorFrame(id, { code: 'not_found' }))
    try {
      await this.env.TASK_MATCHERS.getByName(taskId).offerDelivered(offerId)
      if (id !== undefined) this.#sockets.send(ws, reply('ack', id))
    } catch (error) {
      logFailure('channel.acknowledgement_failed', error, { offerId })
      this.#sockets.send(ws, errorFrame(id, { code: 'temporarily_unavailable', retryAfterMs: 1_000 }))
    }
  }

  override webSocketClose(ws: WebSocket): void {
    this.#sockets.left(ws)
  }

  override webSocketError(ws: WebSocket): void {
    this.#sockets.gone(ws)
  }

  override async alarm(): Promise<void> {
    await this.#timers.runDue({
      expiry: async () => {
        this.#sockets.closeExpired()
        return this.#sockets.nextExpiry()
      },
      // Nobody may come any more to have it trimmed.
      age: async () => this.#replay.trimByAge(),
    })
  }

  // Calls of the Worker and of other objects, all of which may be repeated.

  /** Tells every device that is here and keeps it for those that are not; a repeated `key` gets the first answer. */
  async push(push: ChannelPush): Promise<{ delivered: number }> {
    const { parsePush } = await frames()
    if (this.#replay.isForgotten) return { delivered: 0 }
    const repeated = this.#replay.findRepeated(push.key)
    if (repeated) return repeated
    const { seq, frame } = this.#replay.append(parsePush(push))
    this.ctx.storage.sql.exec(Timers.table)
    this.#timers.set('age', Date.now() + keptForMs)
    this.#sockets.broadcast(frame)
    const delivered = this.#sockets.ready().length
    if (delivered > 0) this.#replay.noteDelivered(seq, delivered)
    return { delivered }
  }

  /** A conversation asks before it admits a session: false when the session has ended. It is notified when the session ends. */
  enterRoom({ sessionId, issuedAtMs, expiresAtMs }: Identity, conversationId: string): boolean {
    if (this.#replay.hasEnded(sessionId, issuedAtMs)) return false
    this.#rooms.enter(sessionId, conversationId, expiresAtMs)
    return true
  }

  /**
   * A session has ended: so do its sockets, here and in conversations, and no token of it opens another. An API key that was
   * replaced `mayReturn`: the database knows the new one from the old.
   */
  async closeSession(sessionId: string, mayReturn = false): Promise<void> {
    if (!mayReturn) this.#replay.endSession(sessionId, Date.now() + endedForMs)
    this.#sockets.closeSession(sessionId)
    // A room that does not answer stays on the list: the caller calls again.
    await settled(
      this.#rooms.of(sessionId).map(async ({ conversationId }) => {
        await this.#roomOf(conversationId).closeSession(sessionId, { mayReturn })
        this.#rooms.leave(sessionId, conversationId)
      }),
    )
  }

  /**
   * All sockets of the user, who is blocked or whose sessions have all ended: at `endedAtMs`, or now. It takes a newer token
   * to come back.
   */
  async closeAll(reason: 'blocked' | 'tokenExpired' = 'tokenExpired', endedAtMs = Date.now()): Promise<void> {
    this.#replay.endAllSessions(endedAtMs)
    this.#sockets.closeIssuedUntil(endedAtMs, reason)
    await settled(
      this.#rooms
        .of()
        .map(({ sessionId, conversationId }) =>
          this.#roomOf(conversationId).closeSession(sessionId, { endedAtMs }),
        ),
    )
  }

  /** Erases the channel of a user: closes every socket, here and in conversations, and deletes the kept pushes. */
  async forget(): Promise<void> {
    this.#replay.forget()
    await this.closeAll()
  }

  /** Deletes kept offers of a task whose client is being erased. */
  forgetTask(taskId: string): void {
    this.#replay.forgetTask(taskId)
  }

  #roomOf(conversationId: string) {
    return this.env.CONVERSATIONS.getByName(conversationId)
  }
}

/** Waits for all of them, and fails where one did. */
async function settled(work: Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason
}

const reply = (type: 'ack' | 'pong', id: string | undefined): string =>
  JSON.stringify({ type, ...(id !== undefined && { id }) })
