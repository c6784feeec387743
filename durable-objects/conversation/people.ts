import type { ConversationFacts } from '../../src/areas/contact/chat/archive.ts'

export interface Participant {
  userId: string
  joinedAt: string
  removedAt: string | null
  isBlocked: boolean
  /** How far they have read; `sharedReadSeq`: how far the others may know. */
  readSeq: number
  sharedReadSeq: number
  deliveredSeq: number
  /** The marker that Postgres has. */
  archivedReadSeq: number
  /** The unread count has not been sent to their user channel yet. */
  isToBeTold: boolean
}

type Row = {
  user_id: string
  joined_at: string
  removed_at: string | null
  blocked: number
  read_seq: number
  shared_read_seq: number
  delivered_seq: number
  archived_read_seq: number
  to_be_told: number
}

const table = `create table if not exists participants (
  user_id text primary key, joined_at text not null, removed_at text, blocked integer not null default 0,
  read_seq integer not null default 0, shared_read_seq integer not null default 0, delivered_seq integer not null default 0,
  archived_read_seq integer not null default 0, to_be_told integer not null default 0) without rowid`

/** Participants. Postgres says who may take part; the markers live here and are archived there. */
export class People {
  readonly #sql: SqlStorage
  readonly #all = new Map<string, Participant>()

  constructor(sql: SqlStorage) {
    this.#sql = sql
    if (sql.exec("select 1 from sqlite_master where name = 'participants'").toArray().length === 0) return
    for (const row of sql.exec<Row>('select * from participants order by joined_at, user_id')) {
      this.#all.set(row.user_id, {
        userId: row.user_id,
        joinedAt: row.joined_at,
        removedAt: row.removed_at,
        isBlocked: row.blocked === 1,
        readSeq: row.read_seq,
        sharedReadSeq: row.shared_read_seq,
        deliveredSeq: row.delivered_seq,
        archivedReadSeq: row.archived_read_seq,
        isToBeTold: row.to_be_told === 1,
      })
    }
  }

  open(): void {
    this.#sql.exec(table)
  }

  find(userId: string): Participant | undefined {
    return this.#all.get(userId)
  }

  /** Everyone who has ever been part of it. */
  all(): Iterable<Participant> {
    return this.#all.values()
  }

  present(): Participant[] {
    return [...this.#all.values()].filter(({ removedAt }) => removedAt === null)
  }

  /** Takes over who Postgres says takes part; returns who is new, and who is gone, by its word. */
  adopt(facts: ConversationFacts['participants']): { joined: string[]; left: string[] } {
    const joined: string[] = []
    const left: string[] = []
    for (const { userId, joinedAt, removedAt, readSeq } of facts) {
      const known = this.#all.get(userId)
      if (known) {
        if (removedAt !== null && known.removedAt === null) left.push(userId)
        continue
      }
      this.#put({
        userId,
        joinedAt,
        removedAt,
        isBlocked: false,
        readSeq,
        // Postgres does not know which part of it was private.
        sharedReadSeq: 0,
        deliveredSeq: readSeq,
        archivedReadSeq: readSeq,
        isToBeTold: false,
      })
      if (removedAt === null) joined.push(userId)
    }
    return { joined, left }
  }

  change(userId: string, changes: Partial<Participant>): void {
    const known = this.#all.get(userId)
    if (known) this.#put({ ...known, ...changes })
  }

  #put(participant: Participant): void {
    const { userId, joinedAt, removedAt, isBlocked, isToBeTold } = participant
    this.#sql.exec(
      'insert or replace into participants values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      userId,
      joinedAt,
      removedAt,
      isBlocked ? 1 : 0,
      participant.readSeq,
      participant.sharedReadSeq,
      participant.deliveredSeq,
      participant.archivedReadSeq,
      isToBeTold ? 1 : 0,
    )
    this.#all.set(userId, participant)
  }
}
