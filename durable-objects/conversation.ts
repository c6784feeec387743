import { DurableObject } from 'cloudflare:workers'
import type { ConversationFacts } from '../src/areas/contact/chat/archive.ts'
import type { ClientFrame, EntryFrame } from '../src/areas/contact/chat/frames.ts'
import { identityOf, type Session } from '../src/areas/contact/chat/upgrade.ts'
import { lazy } from '../src/core/lazy.ts'
import { logFailure } from '../src/core/log.ts'
import { Problem, problems } from '../src/core/problems.ts'
import type { Env } from '../src/env.ts'
import { Admission } from './conversation/admission.ts'
import { archiveUpToNow, verbs } from './conversation/archiver.ts'
import type { MessageInput, SendResult, StateResult } from './conversation/calls.ts'
import { ConversationLog, type Request as LogRequest, type Written } from './conversation/log.ts'
import { archiveAfterMs, Markers } from './conversation/markers.ts'
import { entryOf, type Note } from './conversation/notes.ts'
import { openingEntry } from './conversation/opening.ts'
import { type Participant, People } from './conversation/people.ts'
import { welcome } from './conversation/welcome.ts'
import {
  answerRepeated,
  asksPostgres,
  type Outcome,
  requestOf,
  type Writing,
  write,
} from './conversation/writing.ts'
import { errorFrame, type Refusal, Sockets } from './sockets.ts'
import { Timers } from './timers.ts'

/** With the first frame, so that an isolate which only starts builds no schema. */
const frames = lazy(() => import('../src/areas/contact/chat/frames.ts'))

/** Messages of a forgotten user that one step redacts. */
const forgottenAtOnce = 200
/** From here on the two parties need each other's numbers. */
const confirmedStatuses = ['confirmed', 'in_progress', 'completed', 'disputed']
const confirmedEvents = confirmedStatuses.map((status) => `booking.${status}`)

/** One conversation: the order of what is said, who hears it, and what is still to be archived. */
export class Conversation extends DurableObject<Env> {
  #log!: ConversationLog
  #people!: People
  readonly #sockets: Sockets
  #timers!: Timers<'archive' | 'tell' | 'expiry'>
  #markers!: Markers
  #desk!: { log: ConversationLog; people: People }
  #refreshing: Promise<void> | undefined
  #archiving: Promise<boolean> | undefined
  /** Writers who wait for a look-up in Postgres: what they send next goes behind it. */
  readonly #waiting = new Map<string, Promise<unknown>>()
  readonly #admission: Admission

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#admission = new Admission(env)
    this.#sockets = new Sockets(ctx, (userId) => this.#markers.tellOfPresence(userId, false))
    this.#read()
  }

  /** Reads the state from storage, which may be empty. */
  #read(): void {
    const { storage } = this.ctx
    this.#log = new ConversationLog(storage)
    this.#people = new People(storage.sql)
    this.#timers = new Timers(storage)
    this.#desk = { log: this.#log, people: this.#people }
    this.#markers = new Markers({
      ...this.#desk,
      env: this.env,
      sockets: this.#sockets,
      timers: this.#timers,
    })
  }

  // Admission

  /** Upgrades to a socket, and nothing else. The Worker has verified the caller and names them in headers of its own. */
  override async fetch(request: Request): Promise<Response> {
    const identity = identityOf(request)
    const admitted = await this.#admit(identity.userId)
    if ('refused' in admitted) return new Response(null, { status: problems[admitted.refused.code].status })
    if (!(await this.#admission.admits(identity, this.#log.conversationId)))
      return new Response(null, { status: 401 })
    const response = this.#sockets.accept(request, identity)
    this.#timers.set('expiry', this.#sockets.nextExpiry() ?? identity.expiresAtMs)
    return response
  }

  async #admit(userId: string): Promise<Participant | { refused: Refusal }> {
    if (!this.#people.find(userId)) {
      const refused = await this.#tryDatabase(() => this.#refresh())
      if (refused) return { refused }
    }
    const participant = this.#people.find(userId)
    if (!participant || participant.removedAt !== null) return { refused: { code: 'not_found' } }
    return participant.isBlocked ? { refused: { code: 'conversation_blocked' } } : participant
  }

  /** Admits a write over HTTP. It belongs to a session, whose end must be known here as that of a socket is. */
  async #admitToWrite(userId: string, session: Session | null): Promise<Participant | { refused: Refusal }> {
    const admitted = await this.#admit(userId)
    if ('refused' in admitted || !session) return admitted
    const isAdmitted = await this.#admission.admits({ userId, ...session }, this.#log.conversationId)
    return isAdmitted ? admitted : { refused: { code: 'session_ended' } }
  }

  /** A database that is down is a refusal like any other: come back later. */
  async #tryDatabase(work: () => Promise<void>): Promise<Refusal | null> {
    try {
      await work()
      return null
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'temporarily_unavailable') throw error
      return { code: error.code, retryAfterMs: (error.retryAfterSeconds ?? 1) * 1_000 }
    }
  }

  /** Asks Postgres who takes part, once for all who wait for it. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#askForFacts().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #askForFacts(): Promise<void> {
    const id = this.ctx.id.name ?? this.#log.conversationId
    const { findConversationFacts, systemContext } = await verbs()
    const facts = await findConversationFacts(systemContext(this.env, 'conversation'), id)
    if (!facts) return
    const isNew = !this.#log.isOpen
    if (isNew) {
      this.ctx.storage.sql.exec(Timers.table)
      this.#people.open()
      this.#log.open(id, facts.archivedSeq)
    }
    const { kind, bookingStatus, isOfLead } = facts
    const opensContacts = isOfLead ? ['accepted', ...confirmedStatuses] : confirmedStatuses
    if (kind !== 'booking' || opensContacts.includes(bookingStatus ?? '')) {
      this.#log.setFact('contacts', 'allowed')
    }
    this.#log.setFact('blocked', facts.isBlocked ? 'yes' : 'no')
    this.#log.setFact('shut', facts.isShut ? 'yes' : 'no')
    const { joined, left } = this.#people.adopt(facts.participants)
    if (!isNew) for (const userId of joined) this.#tellOfParticipant(userId, 'joined')
    for (const userId of left) this.removeParticipant(userId)
    if (isNew && facts.archivedSeq === 0) this.#begin(facts.opening)
  }

  /** The log begins with what the two have said already. */
  #begin(opening: ConversationFacts['opening']): void {
    for (const said of opening) this.#publish(this.#log.append(...openingEntry(said, this.#log.lastSeq + 1)))
  }

  // Frames

  override async webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): Promise<void> {
    try {
      const { ClientFrame } = await frames()
      const frame = this.#sockets.receive(ClientFrame, ws, message)
      if (frame) await this.#handle(ws, this.#sockets.attachment(ws).userId, frame)
    } catch (error) {
      logFailure('conversation.frame_failed', error, { conversationId: this.#log.conversationId })
      this.#sockets.close(ws, 'restart')
    }
  }

  #handle(ws: WebSocket, userId: string, frame: ClientFrame): void | Promise<void> {
    if (frame.type === 'hello') return this.#greet(ws, userId, frame)
    if (frame.type === 'ping') return this.#sockets.send(ws, reply('pong', frame.id))
    if (!this.#sockets.attachment(ws).isReady) {
      return this.#sockets.send(ws, errorFrame(frame.id, { code: 'hello_required' }))
    }
    switch (frame.type) {
      case 'read':
        this.#markers.move(userId, frame.upToSeq, frame.private ?? false, ws)
        break
      case 'delivered':
        this.#markers.noteDelivery(userId, frame.upToSeq)
        break
      case 'typing':
        this.#markers.tellOfTyping(userId, frame.on)
        break
      default:
        return this.#submit(requestOf(userId, frame), frame, this.#sockets.attachment(ws), (outcome) =>
          this.#answer(ws, frame.id, outcome),
        )
    }
    if (frame.id !== undefined) this.#sockets.send(ws, reply('ack', frame.id))
  }

  /** In one go: what is pushed after the welcome comes after its `seq`. */
  #greet(ws: WebSocket, userId: string, hello: Extract<ClientFrame, { type: 'hello' }>): void {
    const wasOnline = this.#sockets.isOnline(userId)
    if (hello.epoch === this.#log.epoch) this.#markers.noteDelivery(userId, hello.afterSeq ?? 0)
    this.#sockets.setReady(ws)
    this.#sockets.send(ws, welcome(this.#desk, this.#sockets, userId, hello))
    if (!wasOnline) this.#markers.tellOfPresence(userId, true)
  }

  /** Writes, after a query of Postgres where one is needed; `answer` is sent in the same turn in which it was stored. */
  #submit<T>(
    request: LogRequest,
    writing: Writing,
    session: Session | null,
    answer: (outcome: Outcome) => T,
  ): T | Promise<T> {
    const before = this.#waiting.get(request.actor)
    if (!before && !this.#needsLookUp(request, writing)) return answer(write(this.#desk, request, writing))
    const turn = (before ?? Promise.resolve()).then(async () => {
      const refused = this.#needsLookUp(request, writing) ? await this.#lookUp(request.actor, writing) : null
      if (session && this.#admission.hasEnded(session)) return answer({ refused: { code: 'session_ended' } })
      return answer(refused ? { refused } : write(this.#desk, request, writing))
    })
    const settled = turn.then(
      () => {},
      () => {},
    )
    this.#waiting.set(request.actor, settled)
    void settled.then(() => {
      if (this.#waiting.get(request.actor) === settled) this.#waiting.delete(request.actor)
    })
    return turn
  }

  #needsLookUp(request: LogRequest, writing: Writing): boolean {
    const names =
      (writing.type === 'send' && writing.mediaId !== undefined) || asksPostgres(this.#log, writing)
    return names && answerRepeated(this.#desk, request) === null
  }

  async #lookUp(userId: string, writing: Writing): Promise<Refusal | null> {
    let isReady = true
    const refused = await this.#tryDatabase(async () => {
      if (asksPostgres(this.#log, writing)) await this.#refresh()
      if (writing.type !== 'send' || writing.mediaId === undefined) return
      const { isMediaReady, systemContext } = await verbs()
      const ctx = systemContext(this.env, 'conversation')
      isReady = await isMediaReady(ctx, { mediaId: writing.mediaId, userId, kind: writing.kind })
    })
    return isReady ? refused : { code: 'media_refused' }
  }

  /** Stored, then acknowledged, then sent to the others; the output gate holds everything back until it is durable. */
  #answer(ws: WebSocket | undefined, id: string, outcome: Outcome): void {
    if ('refused' in outcome) {
      if (ws) this.#sockets.send(ws, errorFrame(id, outcome.refused))
      return
    }
    const { seq, messageId, at } = outcome.placed
    if (ws) this.#sockets.send(ws, JSON.stringify({ type: 'ack', id, seq, messageId, createdAt: isoOf(at) }))
    this.#publish(outcome, ws)
  }

  #publish(written: Written | null, except?: WebSocket): void {
    if (!written?.pushed) return
    const { text, type, actor } = written.pushed
    const reached = this.#sockets.broadcast(text, { except })
    this.#timers.set('archive', Date.now() + archiveAfterMs())
    if (type !== 'message' && type !== 'deleted') return
    for (const { userId, isToBeTold, removedAt } of this.#people.all()) {
      if (!isToBeTold && removedAt === null && userId !== actor && !reached.has(userId))
        this.#markers.tellLater(userId)
    }
  }

  /** An entry of ours, without an author among the participants. */
  #tellOfParticipant(userId: string, change: 'joined' | 'left'): void {
    const createdAt = isoOf(Date.now())
    const frame: EntryFrame = { type: 'participant', seq: this.#log.lastSeq + 1, userId, change, createdAt }
    this.#publish(
      this.#log.append({ actor: 'system', clientKey: null, fingerprint: 0 }, frame, { messageId: null }),
    )
  }

  override webSocketClose(ws: WebSocket): void {
    this.#sockets.left(ws)
  }

  override webSocketError(ws: WebSocket): void {
    this.#sockets.gone(ws)
  }

  // Time

  override async alarm(): Promise<void> {
    if (!this.#log.isOpen) return
    await this.#timers.runDue({
      archive: async () => {
        const isBehind = await this.#archiveOnce()
        return isBehind ? Date.now() + archiveAfterMs() : null
      },
      tell: () => this.#markers.tellUnread(),
      expiry: async () => {
        this.#sockets.closeExpired()
        return this.#sockets.nextExpiry()
      },
    })
  }

  #archiveOnce(): Promise<boolean> {
    this.#archiving ??= archiveUpToNow(this.env, this.#desk).finally(() => {
      this.#archiving = undefined
    })
    return this.#archiving
  }

  // Calls of the Worker and of other objects, all of which may be repeated.

  /** `session`: of the access token; null of an API key, about which the database was asked in this call. */
  async send(
    userId: string,
    { idempotencyKey, ...input }: MessageInput,
    session: Session | null,
  ): Promise<SendResult> {
    const admitted = await this.#admitToWrite(userId, session)
    if ('refused' in admitted) return { ok: false, ...admitted.refused }
    const retryAfterMs = this.#sockets.takeToken(userId)
    if (retryAfterMs !== null) return { ok: false, code: 'rate_limited', retryAfterMs }
    const writing = { type: 'send', id: 'http', ...input } as const
    const request = requestOf(userId, writing, idempotencyKey)
    return this.#submit(request, writing, session, (outcome) => {
      this.#answer(undefined, writing.id, outcome)
      if ('refused' in outcome) return { ok: false, ...outcome.refused } as const
      const { seq, messageId, at } = outcome.placed
      const message = { seq, messageId, createdAt: isoOf(at) }
      return { ok: true, isRepeat: outcome.pushed === null, message } as const
    })
  }

  async markRead(
    userId: string,
    { upToSeq, isPrivate }: { upToSeq: number; isPrivate: boolean },
    session: Session | null,
  ): Promise<StateResult> {
    const admitted = await this.#admitToWrite(userId, session)
    if ('refused' in admitted) return { ok: false, ...admitted.refused }
    this.#markers.move(userId, upToSeq, isPrivate)
    return this.state(userId)
  }

  /** The state of a participant. */
  async state(userId: string): Promise<StateResult> {
    const admitted = await this.#admit(userId)
    if ('refused' in admitted) return { ok: false, ...admitted.refused }
    const { readSeq } = admitted
    return { ok: true, seq: this.#log.lastSeq, readSeq, unread: this.#log.countUnread(userId, readSeq) }
  }

  /** Adds a change of the booking to its conversation, once for each `key`. Returns false where there is no such conversation. */
  async system(note: Note, key: string): Promise<boolean> {
    if (!this.#log.isOpen) await this.#refresh()
    if (!this.#log.isOpen) return false
    const frame = entryOf(note, this.#log.lastSeq + 1)
    if (confirmedEvents.includes(note.event)) this.#log.setFact('contacts', 'allowed')
    const request = { actor: 'system', clientKey: key, fingerprint: 0 }
    this.#publish(this.#log.append(request, frame, { messageId: frame.messageId }))
    return true
  }

  /** Archives all that was written before the call. False where the database does not answer: the alarm will do it. */
  async archive(): Promise<boolean> {
    if (!this.#log.isOpen) return true
    const { lastSeq } = this.#log
    const refused = await this.#tryDatabase(async () => {
      await this.#archiveOnce()
      // It joined a run that had begun before.
      if (this.#log.archivedSeq < lastSeq) await this.#archiveOnce()
    })
    return refused === null
  }

  /** It has ended, or all of its tokens that were issued up to `endedAtMs`; an API key that was replaced `mayReturn`. */
  closeSession(sessionId: string, ended: { mayReturn?: boolean; endedAtMs?: number } = {}): void {
    this.#admission.end(sessionId, ended)
    this.#sockets.closeSession(sessionId, ended.endedAtMs)
  }

  removeParticipant(userId: string): void {
    const participant = this.#people.find(userId)
    if (!participant || participant.removedAt !== null) return
    this.#people.change(userId, { removedAt: isoOf(Date.now()) })
    for (const ws of this.#sockets.of(userId)) this.#sockets.close(ws, 'removed')
    this.#tellOfParticipant(userId, 'left')
  }

  /**
   * Takes back all that somebody has said, masks how others have named them, and lets them in no more. False while there is
   * more to do: call again. Silenced first, so that what is on its way to the archive is all there will be.
   */
  async forget(userId: string, words: string[]): Promise<boolean> {
    if (!this.#log.isOpen) await this.#refresh()
    if (!this.#log.isOpen) return true
    this.setBlocked(userId, true)
    await this.#archiveOnce()
    const present = this.#log.presentOf(userId, forgottenAtOnce)
    for (const messageId of present) this.#publish(this.#log.takeBack(userId, messageId))
    this.#log.mask(words)
    if (present.length < forgottenAtOnce) this.removeParticipant(userId)
    await this.#archiveOnce()
    return present.length < forgottenAtOnce
  }

  /** Postgres has decided that all of it goes, and lets nobody in any more: nothing is left here, not even who took part. */
  async end(): Promise<void> {
    await this.#archiving?.catch(() => undefined)
    for (const ws of this.#sockets.of()) this.#sockets.close(ws, 'removed')
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    this.#read()
  }

  /** Its lead was answered, or has ended since: opens it, or asks what may be written from now on, and notes what has happened. */
  async heedLead(note: Note | null, key: string): Promise<void> {
    await this.#refresh()
    if (note) await this.system(note, key)
  }

  /** One of the two has blocked the other: from now on each entry asks whether it may still be written. */
  async heedBlock(): Promise<void> {
    if (this.#log.isOpen) await this.#refresh()
  }

  /** Not gone, but silenced: neither reads live nor writes until it ends. */
  setBlocked(userId: string, isBlocked: boolean): void {
    this.#people.change(userId, { isBlocked })
    if (isBlocked) for (const ws of this.#sockets.of(userId)) this.#sockets.close(ws, 'blocked')
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString()

const reply = (type: 'ack' | 'pong', id: string | undefined): string =>
  JSON.stringify({ type, ...(id !== undefined && { id }) })
