import type { ChannelPush } from '../../src/areas/contact/chat/channel-frames.ts'
import { limits } from '../../src/areas/contact/chat/protocol.ts'
import { newId } from '../../src/core/ids.ts'

const keptEntries = limits.missedEntries
export const keptForMs = 7 * 24 * 3_600_000

const tables = [
  `create table if not exists facts (name text primary key, value text not null) without rowid`,
  `create table if not exists pushes (
     seq integer primary key, key text unique, subject text unique, offer_id text, task_id text, at integer not null,
     frame text not null, delivered integer not null default 0)`,
  `create index if not exists pushes_by_offer on pushes (offer_id) where offer_id is not null`,
  `create table if not exists ended_sessions (session_id text primary key, until integer not null) without rowid`,
]

export interface Stored {
  seq: number
  frame: string
}

export type Missed = { recovered: true; frames: string[] } | { recovered: false }

/** Recent pushes of a user, for a replay to a device that was away. Bounded in number and age. */
export class ReplayLog {
  readonly #sql: SqlStorage
  #isOpen: boolean

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#isOpen = sql.exec("select 1 from sqlite_master where name = 'facts'").toArray().length > 0
  }

  #open(): void {
    if (this.#isOpen) return
    for (const table of tables) this.#sql.exec(table)
    this.#put('epoch', `e_${newId().replaceAll('-', '').slice(-12)}`)
    this.#put('lastSeq', '0')
    this.#isOpen = true
  }

  get epoch(): string {
    this.#open()
    return this.#fact('epoch')
  }

  get lastSeq(): number {
    this.#open()
    return Number(this.#fact('lastSeq'))
  }

  /** To how many sockets a push with this key went, if there was one. */
  findRepeated(key: string | undefined): { delivered: number } | undefined {
    if (!this.#isOpen || key === undefined) return undefined
    return this.#sql
      .exec<{ delivered: number }>('select delivered from pushes where key = ?', key)
      .toArray()[0]
  }

  /** Stored before it is sent. Of the unread counts of a conversation, only the newest push is kept. */
  append({ type, data, key }: ChannelPush): Stored {
    this.#open()
    const now = Date.now()
    const seq = this.lastSeq + 1
    const frame = JSON.stringify({ type, seq, data, createdAt: new Date(now).toISOString() })
    const subject = type === 'unread' ? `unread:${String(data.conversationId)}` : null
    const offerId = type === 'offer' ? String(data.offerId) : null
    const taskId = type === 'offer' ? String(data.taskId) : null
    this.#sql.exec(
      'insert or replace into pushes (seq, key, subject, offer_id, task_id, at, frame) values (?, ?, ?, ?, ?, ?, ?)',
      seq,
      key ?? null,
      subject,
      offerId,
      taskId,
      now,
      frame,
    )
    this.#put('lastSeq', String(seq))
    this.#trim(now)
    return { seq, frame }
  }

  noteDelivered(seq: number, delivered: number): void {
    this.#sql.exec('update pushes set delivered = ? where seq = ?', delivered, seq)
  }

  missedAfter(afterSeq: number): Missed {
    this.#trim(Date.now())
    if (afterSeq > this.lastSeq || afterSeq < Number(this.#fact('trimmedSeq'))) return { recovered: false }
    const rows = this.#sql
      .exec<{ frame: string }>('select frame from pushes where seq > ? order by seq', afterSeq)
      .toArray()
    const frames = rows.map(({ frame }) => frame)
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
    return bytes > limits.missedBytes ? { recovered: false } : { recovered: true, frames }
  }

  /** Which task an offer invites to; null when it was never pushed here, or too long ago. */
  taskOf(offerId: string): string | null {
    if (!this.#isOpen) return null
    const [row] = this.#sql
      .exec<{ task_id: string }>('select task_id from pushes where offer_id = ? limit 1', offerId)
      .toArray()
    return row?.task_id ?? null
  }

  /** A signed access token of the session may still be about: it opens no socket any more. */
  endSession(sessionId: string, untilMs: number): void {
    this.#open()
    this.#sql.exec('delete from ended_sessions where until < ?', Date.now())
    this.#sql.exec(
      'insert or replace into ended_sessions (session_id, until) values (?, ?)',
      sessionId,
      untilMs,
    )
  }

  /** The same for all tokens of the user issued up to a moment: a late or repeated call ends no newer ones. */
  endAllSessions(issuedUntilMs: number): void {
    this.#open()
    this.#put('endedAtMs', String(Math.max(issuedUntilMs, Number(this.#fact('endedAtMs')))))
  }

  /** Deletes the kept pushes of an erased user; nothing is kept from then on. */
  forget(): void {
    this.#open()
    this.#sql.exec('delete from pushes')
    this.#put('trimmedSeq', String(this.lastSeq))
    this.#put('isForgotten', '1')
  }

  get isForgotten(): boolean {
    return this.#isOpen && this.#fact('isForgotten') === '1'
  }

  /** Redacts what the pushes of offers contain of a task: only the two ids remain. */
  forgetTask(taskId: string): void {
    if (!this.#isOpen) return
    this.#sql.exec(
      `update pushes set frame = json_set(frame, '$.data', json_object('offerId', offer_id, 'taskId', task_id))
        where task_id = ?`,
      taskId,
    )
  }

  hasEnded(sessionId: string, issuedAtMs: number): boolean {
    if (!this.#isOpen) return false
    if (issuedAtMs <= Number(this.#fact('endedAtMs'))) return true
    return this.#sql.exec('select 1 from ended_sessions where session_id = ?', sessionId).toArray().length > 0
  }

  /** Deletes what is too old; returns when the next push will be, or null. */
  trimByAge(): number | null {
    this.#trim(Date.now())
    const [oldest] = this.#sql.exec<{ at: number | null }>('select min(at) as at from pushes').toArray()
    return oldest?.at == null ? null : oldest.at + keptForMs
  }

  #trim(now: number): void {
    const [oldest] = this.#sql
      .exec<{ seq: number | null }>(
        'select max(seq) as seq from pushes where seq <= ? or at < ?',
        this.lastSeq - keptEntries,
        now - keptForMs,
      )
      .toArray()
    const trimmedSeq = oldest?.seq ?? null
    if (trimmedSeq === null) return
    this.#sql.exec('delete from pushes where seq <= ?', trimmedSeq)
    this.#put('trimmedSeq', String(trimmedSeq))
  }

  #fact(name: string): string {
    const [row] = this.#sql.exec<{ value: string }>('select value from facts where name = ?', name).toArray()
    return row?.value ?? '0'
  }

  #put(name: string, value: string): void {
    this.#sql.exec('insert or replace into facts (name, value) values (?, ?)', name, value)
  }
}
