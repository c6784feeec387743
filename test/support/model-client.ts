import { expect } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import type { Caller } from './api.ts'
import { type Chat, type Device, type Frame, openSocket } from './chat.ts'

/** Message as a client shows it. */
export interface Shown {
  senderId: string | null
  text: string | null
  isDeleted: boolean
  isEdited: boolean
  reactions: Record<string, string>
}

/** Asked for, and not yet known to be done. Kept until it is acknowledged, as a phone would keep it on disk. */
interface Pending {
  key: string
  request: Frame
}

/**
 * A client as the protocol wants it: it keeps a cursor and an outbox, resumes, repeats what was not acknowledged, and shows
 * only what it has learnt from entries and acks. It trusts the server in nothing: a gap or a repeated entry is an error.
 */
export class ModelClient {
  readonly caller: Caller
  readonly #chat: Chat
  epoch: string | undefined
  seq = 0
  readonly shown = new Map<string, Shown>()
  /** Every entry it has learnt in its life, as `seq:type:message:who`. */
  readonly learnt: string[] = []
  readonly markers = new Map<string, number>()
  readonly outbox: Pending[] = []
  /** All it has ever asked for, to be repeated at will. */
  readonly asked: Pending[] = []
  readonly acks = new Map<string, string>()
  /** How far it has asked to have read, by the id of the request: only who asked is answered. */
  readonly #reads = new Map<string, number>()
  #device: Device | undefined
  #pumping: Promise<void> = Promise.resolve()

  constructor(chat: Chat, caller: Caller) {
    this.#chat = chat
    this.caller = caller
  }

  get isConnected(): boolean {
    return this.#device !== undefined && this.#device.closed === undefined
  }

  async connect(): Promise<void> {
    if (this.isConnected) return
    const device = await openSocket(this.#chat, this.caller)
    this.#device = device
    const welcome = await this.#greeted(device)
    expect(welcome.recovered).toBe(true)
    this.epoch = welcome.epoch
    for (const entry of welcome.missed) this.#learn(entry)
    expect(this.seq).toBe(welcome.seq)
    for (const { userId, readSeq } of welcome.readMarkers) this.markers.set(userId, readSeq)
    this.#pumping = this.#pump(device)
  }

  /** Sends hello until welcomed: a rate-limited client waits for the given delay. */
  async #greeted(device: Device): Promise<Frame> {
    for (;;) {
      device.send({ type: 'hello', ...(this.epoch && { epoch: this.epoch, afterSeq: this.seq }) })
      const answer = await device.take(({ type, code }) => type === 'welcome' || code === 'rate_limited')
      if (answer.type === 'welcome') return answer
      await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs))
    }
  }

  /** Cuts the connection: frames in transit in either direction may have arrived or not. */
  drop(): void {
    const device = this.#device
    this.#device = undefined
    device?.close()
  }

  /** Puts a request into the outbox, and on the line unless it is cut or loses it. */
  ask(request: object, { isLost = false } = {}): Pending {
    const key = newId()
    const named = (request as Frame).type === 'send' ? { clientMessageId: key } : { clientActionId: key }
    const pending = { key, request: { ...(request as Frame), id: key, ...named } }
    this.outbox.push(pending)
    this.asked.push(pending)
    if (!isLost) this.put(pending)
    return pending
  }

  put({ request }: Pending): void {
    if (this.isConnected) this.#device?.send(request)
  }

  read(isPrivate: boolean): void {
    if (!this.isConnected) return
    const id = newId()
    this.#reads.set(id, this.seq)
    this.#device?.send({ type: 'read', id, upToSeq: this.seq, private: isPrivate })
  }

  #moveMarker(userId: string, seq: number): void {
    this.markers.set(userId, Math.max(this.markers.get(userId) ?? 0, seq))
  }

  /** Connected, with an empty outbox, and in possession of all that was sent before this call. */
  async settle(): Promise<void> {
    for (let attempts = 0; attempts < 200; attempts += 1) {
      await this.connect()
      for (const pending of this.outbox) this.put(pending)
      const device = this.#device
      if (!device) continue
      const id = newId()
      device.send({ type: 'ping', id })
      await Promise.race([this.#pumping, this.#pongs(id)])
      if (this.isConnected && this.outbox.length === 0) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`never settled: ${JSON.stringify(this.outbox)}`)
  }

  #awaited = new Map<string, () => void>()
  #pongs(id: string): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited.set(id, resolve)
    })
  }

  async #pump(device: Device): Promise<void> {
    while (this.#device === device) {
      let frame: Frame
      try {
        frame = await device.take(() => true)
      } catch (error) {
        // Closed, or nothing to say for a while.
        if (device.closed || this.#device !== device) return
        if (/did not come/.test(String(error))) continue
        throw error
      }
      if (this.#device === device) this.#hear(frame)
    }
  }

  #hear(frame: Frame): void {
    const readSeq = this.#reads.get(frame.id)
    if (frame.type === 'ack' && readSeq !== undefined) this.#moveMarker(this.caller.userId, readSeq)
    else if (frame.type === 'ack') this.#acknowledge(frame)
    else if (frame.type === 'read') this.#moveMarker(frame.userId, frame.upToSeq)
    else if (frame.type === 'pong' || (frame.type === 'error' && this.#awaited.has(frame.id))) {
      this.#awaited.get(frame.id)?.()
    } else if (frame.type === 'error') this.#giveUp(frame)
    else if (frame.seq !== undefined && frame.type !== 'welcome') this.#learn(frame)
  }

  #acknowledge({ id, seq, messageId, createdAt }: Frame): void {
    const answer = `${seq}:${messageId}:${createdAt}`
    // The first answer, for ever.
    expect(this.acks.get(id) ?? answer).toBe(answer)
    this.acks.set(id, answer)
    const index = this.outbox.findIndex(({ key }) => key === id)
    if (index >= 0) this.outbox.splice(index, 1)
    const request = this.asked.find(({ key }) => key === id)?.request
    if (request && seq > this.seq)
      this.#learn(entryOf(request, { seq, messageId, userId: this.caller.userId }))
  }

  /** A refusal that no repetition changes: the message was taken back meanwhile, or is not known. */
  #giveUp({ id, code, retryable }: Frame): void {
    if (retryable) return
    expect(['message_deleted', 'not_found', 'forbidden']).toContain(code)
    const index = this.outbox.findIndex(({ key }) => key === id)
    if (index >= 0) this.outbox.splice(index, 1)
  }

  #learn(entry: Frame): void {
    expect(entry.seq, `an entry out of order at ${this.caller.userId}`).toBe(this.seq + 1)
    this.seq = entry.seq
    const { type, messageId } = entry
    const userId = entry.senderId ?? entry.userId ?? 'system'
    this.learnt.push(`${entry.seq}:${type}:${messageId}:${userId}`)
    const message = this.shown.get(messageId)
    if (type === 'message' || type === 'system') {
      this.shown.set(messageId, {
        senderId: entry.senderId ?? null,
        text: entry.text ?? null,
        isDeleted: entry.deletedAt !== undefined,
        isEdited: false,
        reactions: {},
      })
    } else if (message && type === 'edited') {
      if (message.isDeleted) expect(entry.text, 'what was taken back is said again').toBeNull()
      Object.assign(message, { text: entry.text, isEdited: true })
    } else if (message && type === 'reacted') {
      if (entry.emoji === null) delete message.reactions[userId]
      else message.reactions[userId] = entry.emoji
    } else if (message && type === 'deleted') {
      Object.assign(message, { text: null, isDeleted: true, reactions: {} })
    } else {
      throw new Error(`an entry about nothing: ${JSON.stringify(entry)}`)
    }
  }
}

/** Returns the entry that the others are pushed for a request, as its author knows it from the ack. */
function entryOf(request: Frame, placed: { seq: number; messageId: string; userId: string }): Frame {
  const types: Record<string, string> = {
    send: 'message',
    edit: 'edited',
    delete: 'deleted',
    react: 'reacted',
  }
  const { userId, ...place } = placed
  const who = request.type === 'send' ? { senderId: userId } : { userId }
  return { ...request, ...place, ...who, type: types[request.type] ?? request.type }
}
