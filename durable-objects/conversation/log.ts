import type { EntryFrame } from '../../src/areas/contact/chat/frames.ts'
import { limits } from '../../src/areas/contact/chat/protocol.ts'
import { masked, maskOf } from '../../src/areas/people/privacy/erasure/words.ts'
import { newId } from '../../src/core/ids.ts'

/** The request that an entry was made from: the key by which a repeat is recognised, and its content. */
export interface Request {
  actor: string
  clientKey: string | null
  /** The Idempotency-Key of an HTTP call. */
  idempotencyKey?: string | null
  /** Digest of the content: the same key with another content is a mistake. */
  fingerprint: number
}

/** The first answer, and the place of the entry. */
export interface Placed {
  seq: number
  messageId: string
  at: number
  fingerprint: number
}

export interface Written {
  placed: Placed
  /** The frame for the others, and its author; null for a repeat, which they have already. */
  pushed: { text: string; type: EntryFrame['type']; actor: string } | null
}

export interface LoggedMessage {
  seq: number
  type: 'message' | 'system'
  actor: string
  at: number
  isDeleted: boolean
  /** Null: archived and no longer kept here. */
  frame: string | null
}

export interface ArchiveRow {
  seq: number
  type: EntryFrame['type']
  frame: string
  flagged: number
}

export type Missed = { recovered: true; frames: string[] } | { recovered: false }

/** Archived entries that stay here: as many as a client can resume from. */
const keptEntries = limits.missedEntries

const tables = [
  `create table if not exists facts (name text primary key, value text not null) without rowid`,
  // A row outlives its frame: the key of its request and who wrote it are known for ever.
  `create table if not exists entries (
     seq integer primary key, type text not null, actor text not null, client_key text, idempotency_key text,
     message_id text, fingerprint integer not null, at integer not null, frame text, flagged integer not null default 0,
     deleted integer not null default 0)`,
  `create unique index if not exists entries_by_client_key on entries (actor, client_key) where client_key is not null`,
  `create unique index if not exists entries_by_idempotency_key on entries (actor, idempotency_key)
     where idempotency_key is not null`,
  `create unique index if not exists messages_by_id on entries (message_id) where type in ('message', 'system')`,
  `create index if not exists edits_by_message on entries (message_id) where type = 'edited'`,
]

/** The log of one conversation: every entry has a `seq`, without gaps, and is stored before anyone hears of it. */
export class ConversationLog {
  readonly #storage: DurableObjectStorage
  readonly #sql: SqlStorage
  readonly #facts = new Map<string, string>()
  #lastSeq: number | undefined

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    this.#sql = storage.sql
    if (this.#sql.exec("select 1 from sqlite_master where name = 'facts'").toArray().length === 0) return
    for (const { name, value } of this.#sql.exec<{ name: string; value: string }>('select * from facts')) {
      this.#facts.set(name, value)
    }
  }

  /** False until somebody who may has come: to ask for an id that does not exist leaves nothing behind. */
  get isOpen(): boolean {
    return this.#facts.has('epoch')
  }

  /** `archivedSeq`: the last archived position. A log that begins anew continues from there. */
  open(conversationId: string, archivedSeq: number): void {
    for (const table of tables) this.#sql.exec(table)
    this.setFact('conversationId', conversationId)
    this.setFact('base', String(archivedSeq))
    this.setFact('archivedSeq', String(archivedSeq))
    this.setFact('epoch', `e_${newId().replaceAll('-', '').slice(-12)}`)
  }

  fact(name: string): string | undefined {
    return this.#facts.get(name)
  }

  setFact(name: string, value: string): void {
    if (this.#facts.get(name) === value) return
    this.#sql.exec('insert or replace into facts (name, value) values (?, ?)', name, value)
    this.#facts.set(name, value)
  }

  get conversationId(): string {
    return this.#facts.get('conversationId') ?? ''
  }

  get epoch(): string {
    return this.#facts.get('epoch') ?? ''
  }

  get archivedSeq(): number {
    return Number(this.#facts.get('archivedSeq'))
  }

  get lastSeq(): number {
    this.#lastSeq ??=
      this.#sql.exec<{ seq: number | null }>('select max(seq) as seq from entries').one().seq ??
      Number(this.#facts.get('base'))
    return this.#lastSeq
  }

  /**
   * Stores the entry under the next `seq`; `frame` is kept as it will be sent, now and on every resumption. Null: there is
   * an entry under this key. That the number is the next one, and free, is what the insert itself proves.
   */
  append(
    request: Request,
    frame: EntryFrame,
    { messageId, isFlagged = false }: { messageId: string | null; isFlagged?: boolean },
  ): Written | null {
    const text = JSON.stringify(frame)
    const at = Date.parse(frame.createdAt)
    const { actor, clientKey, idempotencyKey = null, fingerprint } = request
    const inserted = this.#sql.exec(
      `insert into entries (seq, type, actor, client_key, idempotency_key, message_id, fingerprint, at, frame, flagged)
       select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
        where ?1 = coalesce((select max(seq) from entries), ?11) + 1
       on conflict do nothing returning seq`,
      frame.seq,
      frame.type,
      actor,
      clientKey,
      idempotencyKey,
      messageId,
      fingerprint,
      at,
      text,
      isFlagged ? 1 : 0,
      Number(this.#facts.get('base')),
    )
    if (inserted.toArray().length === 0) {
      this.#lastSeq = undefined
      return null
    }
    this.#lastSeq = frame.seq
    const placed = { seq: frame.seq, messageId: messageId ?? '', at, fingerprint }
    return { placed, pushed: { text, type: frame.type, actor } }
  }

  /** The answer that the first request under this key got. */
  findRepeated({ actor, clientKey, idempotencyKey }: Omit<Request, 'fingerprint'>): Placed | undefined {
    return (
      (idempotencyKey ? this.#placed('idempotency_key', actor, idempotencyKey) : undefined) ??
      (clientKey ? this.#placed('client_key', actor, clientKey) : undefined)
    )
  }

  #placed(column: 'client_key' | 'idempotency_key', actor: string, key: string): Placed | undefined {
    const [row] = this.#sql
      .exec<{ seq: number; message_id: string; at: number; fingerprint: number }>(
        `select seq, message_id, at, fingerprint from entries where actor = ? and ${column} = ?`,
        actor,
        key,
      )
      .toArray()
    return row && { seq: row.seq, messageId: row.message_id, at: row.at, fingerprint: row.fingerprint }
  }

  findMessage(messageId: string): LoggedMessage | undefined {
    const [row] = this.#sql
      .exec<{
        seq: number
        type: 'message' | 'system'
        actor: string
        at: number
        deleted: number
        frame: string | null
      }>(
        `select seq, type, actor, at, deleted, frame from entries where message_id = ? and type in ('message', 'system')`,
        messageId,
      )
      .toArray()
    return row && { ...row, isDeleted: row.deleted === 1 }
  }

  /** Redacts a message and its edits to tombstones: their place remains, and no content. */
  redact(messageId: string, at: string): void {
    this.#sql.exec(
      `update entries set deleted = 1,
         frame = json_set(frame, '$.text', null, '$.mediaId', null, '$.deletedAt', ?)
       where message_id = ? and type = 'message'`,
      at,
      messageId,
    )
    this.#sql.exec(
      `update entries set frame = json_set(frame, '$.text', null) where message_id = ? and type = 'edited'`,
      messageId,
    )
  }

  /** The oldest messages of somebody that still say something. */
  presentOf(actor: string, limit: number): string[] {
    return this.#sql
      .exec<{ message_id: string }>(
        `select message_id from entries where actor = ? and type = 'message' and deleted = 0 order by seq limit ?`,
        actor,
        limit,
      )
      .toArray()
      .map(({ message_id: messageId }) => messageId)
  }

  /** As if they had deleted it themselves. */
  takeBack(userId: string, messageId: string): Written | null {
    const createdAt = new Date().toISOString()
    const request = { actor: userId, clientKey: null, fingerprint: 0 }
    return this.atomically(() => {
      const frame = { type: 'deleted' as const, seq: this.lastSeq + 1, messageId, userId, createdAt }
      const entry = this.append(request, frame, { messageId })
      this.redact(messageId, createdAt)
      return entry
    })
  }

  /** Masks the redacted terms in what others have written, as far as it is kept here. */
  mask(words: string[]): void {
    const mask = maskOf(words)
    if (!mask) return
    const kept = this.#sql
      .exec<{ seq: number; frame: string }>(
        `select seq, frame from entries where frame is not null and type in ('message', 'edited', 'system')`,
      )
      .toArray()
    for (const { seq, frame } of kept) {
      const named = JSON.stringify(masked(JSON.parse(frame), mask))
      if (named !== frame) this.#sql.exec('update entries set frame = ? where seq = ?', named, seq)
    }
  }

  /** All or nothing: an entry, and what it does to earlier ones. */
  atomically<T>(work: () => T): T {
    return this.#storage.transactionSync(work)
  }

  /** All entries after `afterSeq`, or none: never a part. */
  missedAfter(afterSeq: number): Missed {
    const lastSeq = this.lastSeq
    if (afterSeq === lastSeq) return { recovered: true, frames: [] }
    if (afterSeq > lastSeq || lastSeq - afterSeq > limits.missedEntries) return { recovered: false }
    const frames: string[] = []
    let bytes = 0
    for (const { frame } of this.#sql.exec<{ frame: string | null }>(
      'select frame from entries where seq > ? order by seq',
      afterSeq,
    )) {
      if (frame === null) return { recovered: false }
      bytes += frame.length
      if (bytes > limits.missedBytes) return { recovered: false }
      frames.push(frame)
    }
    return frames.length === lastSeq - afterSeq ? { recovered: true, frames } : { recovered: false }
  }

  /** Messages of others after `seq` that still say something. */
  countUnread(userId: string, seq: number): number {
    return this.#sql
      .exec<{ count: number }>(
        `select count(*) as count from entries where seq > ? and type = 'message' and actor <> ? and deleted = 0`,
        seq,
        userId,
      )
      .one().count
  }

  unarchived(limit: number): ArchiveRow[] {
    return this.#sql
      .exec<ArchiveRow & Record<string, SqlStorageValue>>(
        'select seq, type, frame, flagged from entries where seq > ? order by seq limit ?',
        this.archivedSeq,
        limit,
      )
      .toArray()
  }

  /**
   * The archive was restored to an earlier state: what it has lost is archived again, as far as its frames are kept. Returns where the
   * archive ends if it cannot be continued without a gap, else null.
   */
  rewind(seq: number): number | null {
    const firstKept = Math.max(Number(this.fact('trimmedSeq') ?? 0), Number(this.fact('base')))
    this.setFact('archivedSeq', String(Math.max(seq, firstKept)))
    return seq < firstKept ? seq : null
  }

  /** The archive has confirmed: everything up to `seq` is in Postgres. Only now may old frames go. */
  confirmArchived(seq: number): void {
    if (seq <= this.archivedSeq) return
    this.setFact('archivedSeq', String(seq))
    const trimmedSeq = Number(this.fact('trimmedSeq') ?? 0)
    const newlyTrimmed = Math.min(seq, this.lastSeq - keptEntries)
    if (newlyTrimmed <= trimmedSeq) return
    this.#sql.exec('update entries set frame = null where seq > ? and seq <= ?', trimmedSeq, newlyTrimmed)
    this.setFact('trimmedSeq', String(newlyTrimmed))
  }
}
