import type { SQL } from 'drizzle-orm'
import type { RowSpec } from './rows.ts'

/** A statement that describes its rows, which arrive as JSON; `rowsOf` of `src/db/rows.ts` makes it. */
export interface Statement<Row> extends SQL<Row> {
  readonly row: RowSpec
}

/**
 * The unit of work of one call. Each method costs one round trip; `roundTrips` counts them for `Server-Timing`.
 * Rows arrive as JSON: `timestamptz` as ISO text, `bigint` as number, so that a replay equals the first answer.
 */
export interface Unit {
  read<Row>(statement: Statement<Row>): Promise<Row[]>
  /**
   * A look at what the Worker must know before it can make the call's own round trip. It is no answer: it is not kept under an
   * idempotency key, checks nothing about the caller, and nothing of it may be shown. The operations that need it are listed in
   * `docs/credentials.md`, and a test refuses a second round trip to all others.
   */
  readAhead<Row>(statement: Statement<Row>): Promise<Row[]>
  /**
   * One transaction: the actor is set, the effects run in order, `result` reads the new state, the outbox ids of the
   * transaction are collected and the idempotency key (if any) is stored with the rows of `result`.
   * Throws a `Problem` for everything the database refuses.
   */
  write<Row>(effects: SQL[], result?: Statement<Row>): Promise<Row[]>
  /**
   * A transaction before the last one, in an operation that calls the outside world in between: nothing of it is kept under the
   * idempotency key, so that a repeat after a crash goes through it again. Null: the operation was answered before, and its last
   * transaction returns that answer.
   */
  step<Row>(effects: SQL[], result: Statement<Row>): Promise<Row[] | null>
  readonly roundTrips: number
  /** Those of them that called a function with kept plans (`src/db/plans.ts`). */
  readonly plannedRoundTrips: number
  readonly databaseMs: number
  /** True when the rows of the last write were those of an earlier request with the same key. */
  readonly replayed: boolean
}
