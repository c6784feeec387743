const table = `create table if not exists session_rooms (
  session_id text not null, conversation_id text not null, until integer not null,
  primary key (session_id, conversation_id)) without rowid`

/** The conversations that a session has opened a socket in, or written to over HTTP, so that its end reaches all of them. Kept as long as a token lives. */
export class SessionRooms {
  readonly #sql: SqlStorage
  #isOpen: boolean

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#isOpen = sql.exec("select 1 from sqlite_master where name = 'session_rooms'").toArray().length > 0
  }

  /** `untilMs`: when the session's token ends, and its socket at the latest. */
  enter(sessionId: string, conversationId: string, untilMs: number): void {
    if (!this.#isOpen) this.#sql.exec(table)
    this.#isOpen = true
    this.#sql.exec('delete from session_rooms where until < ?', Date.now())
    this.#sql.exec(
      `insert into session_rooms (session_id, conversation_id, until) values (?, ?, ?)
         on conflict do update set until = max(until, excluded.until)`,
      sessionId,
      conversationId,
      untilMs,
    )
  }

  /** Returns the conversations of one session, or of all. */
  of(sessionId?: string): { sessionId: string; conversationId: string }[] {
    if (!this.#isOpen) return []
    return this.#sql
      .exec<{ sessionId: string; conversationId: string }>(
        `select session_id as sessionId, conversation_id as conversationId from session_rooms
          where ?1 is null or session_id = ?1`,
        sessionId ?? null,
      )
      .toArray()
  }

  leave(sessionId: string, conversationId: string): void {
    this.#sql.exec(
      'delete from session_rooms where session_id = ? and conversation_id = ?',
      sessionId,
      conversationId,
    )
  }
}
