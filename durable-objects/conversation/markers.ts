import type { Env } from '../../src/env.ts'
import type { Sockets } from '../sockets.ts'
import type { Timers } from '../timers.ts'
import type { ConversationLog } from './log.ts'
import type { People } from './people.ts'

/**
 * Delay before entries are archived; a reader over HTTP has them archived first. Random, as conversations that were quiet
 * together often wake together.
 */
export const archiveAfterMs = () => 2_000 + Math.random() * 6_000
const tellAfterMs = 300
const typingForMs = 6_000

interface Parts {
  env: Env
  log: ConversationLog
  people: People
  sockets: Sockets
  timers: Timers<'archive' | 'tell' | 'expiry'>
}

/** Read and delivery markers, presence, and unread counts still to be pushed: facts beside the log of the conversation. */
export class Markers {
  readonly #env: Env
  readonly #log: ConversationLog
  readonly #people: People
  readonly #sockets: Sockets
  readonly #timers: Parts['timers']

  constructor({ env, log, people, sockets, timers }: Parts) {
    this.#env = env
    this.#log = log
    this.#people = people
    this.#sockets = sockets
    this.#timers = timers
  }

  move(userId: string, upToSeq: number, isPrivate: boolean, except?: WebSocket): void {
    const participant = this.#people.find(userId)
    if (!participant) return
    const seq = Math.min(upToSeq, this.#log.lastSeq)
    const shownSeq = isPrivate ? participant.sharedReadSeq : seq
    if (seq <= participant.readSeq && shownSeq <= participant.sharedReadSeq) return
    this.#people.change(userId, {
      readSeq: Math.max(participant.readSeq, seq),
      sharedReadSeq: Math.max(participant.sharedReadSeq, shownSeq),
      deliveredSeq: Math.max(participant.deliveredSeq, seq),
    })
    const push = JSON.stringify({ type: 'read', userId, upToSeq: seq })
    for (const ws of this.#sockets.ready(isPrivate ? userId : undefined)) {
      if (ws !== except) this.#sockets.send(ws, push)
    }
    this.#timers.set('archive', Date.now() + archiveAfterMs())
    this.tellLater(userId)
  }

  noteDelivery(userId: string, upToSeq: number): void {
    const participant = this.#people.find(userId)
    const seq = Math.min(upToSeq, this.#log.lastSeq)
    if (!participant || seq <= participant.deliveredSeq) return
    this.#people.change(userId, { deliveredSeq: seq })
    const push = JSON.stringify({ type: 'delivered', userId, upToSeq: seq })
    this.#sockets.broadcast(push, { exceptUser: userId })
  }

  tellOfTyping(userId: string, isTyping: boolean): void {
    const expiresAt = isoOf(Date.now() + (isTyping ? typingForMs : 0))
    this.#sockets.broadcast(JSON.stringify({ type: 'typing', userId, expiresAt }), { exceptUser: userId })
  }

  tellOfPresence(userId: string, online: boolean): void {
    const push = JSON.stringify({ type: 'presence', userId, online, at: isoOf(Date.now()) })
    this.#sockets.broadcast(push, { exceptUser: userId })
  }

  tellLater(userId: string): void {
    this.#people.change(userId, { isToBeTold: true })
    this.#timers.set('tell', Date.now() + tellAfterMs)
  }

  /** Tells the phones of those who are not here, and the other devices of those who have read. */
  async tellUnread(): Promise<number | null> {
    const { conversationId, lastSeq: seq } = this.#log
    await Promise.all(
      this.#people.present().map(async ({ userId, readSeq, isToBeTold }) => {
        if (!isToBeTold) return
        const unread = this.#log.countUnread(userId, readSeq)
        const key = `unread:${conversationId}:${seq}:${readSeq}`
        await this.#env.USER_CHANNELS.getByName(userId).push({
          type: 'unread',
          data: { conversationId, unread, seq },
          key,
        })
        const isAsTold = this.#log.lastSeq === seq && this.#people.find(userId)?.readSeq === readSeq
        if (isAsTold) this.#people.change(userId, { isToBeTold: false })
      }),
    )
    return this.#people.present().some(({ isToBeTold }) => isToBeTold) ? Date.now() + tellAfterMs : null
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString()
