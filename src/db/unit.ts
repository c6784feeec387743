import type { NeonQueryFunction } from '@neondatabase/serverless'
import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Actor, UserRole } from '../core/context.ts'
import type { EventOf } from '../core/events.ts'
import { lazy } from '../core/lazy.ts'
import { Problem } from '../core/problems.ts'
import type { Switch } from '../core/switches.ts'
import type { Statement, Unit } from '../core/unit.ts'
import { problemOf, replayedRowsOf } from './errors.ts'
import { callOf, forgetPlan, isUnknownPlan, planOf } from './plans.ts'
import { checkRows } from './row-check.ts'

export type { Statement, Unit } from '../core/unit.ts'

export interface Idempotency {
  /** Owner of the key: a user id, or a name for callers without one. */
  scope: string
  key: string
  /** SHA-256 of operation and body, hex. */
  requestHash: string
}

/** Further facts of a call that the database needs; `khidma.call_fact` reads them. */
export interface CallFacts {
  /** Where the caller is, as the edge saw it. */
  country?: string
  city?: string
  /**
   * Roles that may do this, for staff and for a caller with an API key: the database compares them with the role they have
   * now.
   */
  roles?: readonly UserRole[]
  /** The same for what a member of staff must hold. */
  permission?: string
  /** The session may have ended. */
  mayHaveEnded?: true
  /** Ability that must not be restricted. */
  needs?: Switch
}

/** Read of other people's data that is recorded, with whose data it was (`khidma.record_read`). */
export interface ReadRecord {
  /** The operation. */
  action: string
  targetType: string
  /** Where the call names one; else each row is one, by its `id`. */
  targetId?: string
  /** How many rows are shown of those that are read. */
  atMost: number
}

/** Where the database is: of the bindings no more than this. */
export interface DatabaseBindings {
  /** Postgres connection string of the application role. */
  DATABASE_URL: string
  /** Only in development and tests: the address of `tools/neon-local`. */
  DATABASE_HTTP?: string
  /** `off` sends every statement as it is, without the functions whose plans Postgres keeps. */
  DATABASE_PLANS?: string
  /** Milliseconds for a round trip; without it `roundTripMs`. */
  DATABASE_TIMEOUT_MS?: string
}

/**
 * Longer than Postgres lets a statement take: what is not answered by then never will be, and would hold up a run of jobs or an alarm. The
 * caller cannot know whether it took effect, as with any reply that is lost.
 */
const roundTripMs = 60_000

export interface UnitOptions {
  env: DatabaseBindings
  actor: Actor
  requestId: string
  ipAddress?: string | null
  userAgent?: string | null
  idempotency?: Idempotency | null
  call?: CallFacts | null
  /** Reads of this call leave an entry in the audit log, in the round trip of the read itself. */
  recordReads?: ReadRecord | null
  /** Larger operation that this call is part of, if any. */
  correlationId?: string | null
  /** Called after commit with the events that the transaction wrote; the answer waits for its promise. */
  onEvents?: (events: EventOf[]) => Promise<void>
}

type Query = NeonQueryFunction<false, false>
/** How to send a request of this round trip. */
type Sending = { fetchOptions: { signal: AbortSignal } }
type Send<T> = (query: Query, sending: Sending) => Promise<T>

const dialect = new PgDialect()
const driver = lazy(() => import('@neondatabase/serverless'))
let client: { url: string; query: Query } | undefined

/** Loaded by the first round trip: an isolate that does not query pays for no driver. */
async function connect(env: DatabaseBindings): Promise<Query> {
  const { neon, neonConfig } = await driver()
  if (env.DATABASE_HTTP) neonConfig.fetchEndpoint = env.DATABASE_HTTP
  client = { url: env.DATABASE_URL, query: neon(env.DATABASE_URL) }
  return client.query
}

export function createUnit(options: UnitOptions): Unit {
  return new NeonUnit(options)
}

class NeonUnit implements Unit {
  roundTrips = 0
  plannedRoundTrips = 0
  databaseMs = 0
  replayed = false
  readonly #options: UnitOptions

  constructor(options: UnitOptions) {
    this.#options = options
  }

  async read<Row>(statement: Statement<Row>): Promise<Row[]> {
    // These reads run as a write transaction: a POST with an idempotency key must be answered the same again, the API key of
    // a caller is checked in the database, and a recorded read writes to the audit log.
    const { idempotency, recordReads = null } = this.#options
    if (idempotency || recordReads || this.#callsWithKey()) return this.#transact([], statement, recordReads)
    return this.readAhead(statement)
  }

  async readAhead<Row>(statement: Statement<Row>): Promise<Row[]> {
    const compiled = within("select coalesce(json_agg(r), '[]') as rows from (", statement, ') r')
    const raw = async (query: Query, sending: Sending) =>
      (await query.query(compiled.text, compiled.params, sending))[0]?.rows
    return checked(statement, (await this.#send([compiled], raw)) as Row[])
  }

  write<Row>(effects: SQL[], result?: Statement<Row>): Promise<Row[]> {
    return this.#transact(effects, result, null)
  }

  async step<Row>(effects: SQL[], result: Statement<Row>): Promise<Row[] | null> {
    const { idempotency } = this.#options
    const keepNothing = idempotency ? [sql`select set_config('khidma.idempotency_key', '', true)`] : []
    // A replay has the rows of the last transaction, which this statement does not describe.
    const rows = await this.#transact([...keepNothing, ...effects], result, null, false)
    return this.replayed ? null : rows
  }

  async #transact<Row>(
    effects: SQL[],
    result: Statement<Row> | undefined,
    record: ReadRecord | null,
    isLast = true,
  ): Promise<Row[]> {
    const statements = [this.#begin(), ...effects.map(compile), finish(result, record)]
    const raw = async (query: Query, sending: Sending) => {
      const results = await query.transaction(
        statements.map(({ text, params }) => query.query(text, params)),
        { isolationLevel: 'ReadCommitted', ...sending },
      )
      return results.at(-1)?.[0]
    }
    try {
      const finished = (await this.#send(statements, raw)) as { rows: Row[]; events: EventOf[] }
      if (finished.events.length > 0) await this.#options.onEvents?.(finished.events)
      return checked(result, finished.rows)
    } catch (error) {
      const rows = replayedRowsOf<Row>(error)
      if (!rows) throw error
      this.replayed = true
      return isLast ? checked(result, rows) : rows
    }
  }

  #callsWithKey(): boolean {
    const { actor } = this.#options
    return actor.kind === 'user' && actor.key !== undefined
  }

  #begin(): Compiled {
    const { actor, requestId, ipAddress = null, userAgent = null, idempotency } = this.#options
    const userId = actor.kind === 'user' ? actor.userId : null
    const role = actor.kind === 'user' ? actor.role : actor.kind
    const { scope = null, key = null, requestHash = null } = idempotency ?? {}
    return {
      text: 'select khidma.begin_request($1, $2::uuid, $3, $4, $5, $6, $7, $8, $9::jsonb)',
      params: [role, userId, requestId, ipAddress, userAgent, scope, key, requestHash, this.#callFacts()],
    }
  }

  #callFacts(): string {
    const { actor, call, correlationId } = this.#options
    const key = actor.kind === 'user' ? actor.key : undefined
    return JSON.stringify({
      ...call,
      ...auditFactsOf(actor),
      ...(correlationId && { correlationId }),
      ...(key && { keyId: key.keyId, keyHash: key.hash }),
    })
  }

  /** One round trip: a call of the function that has the plans of these statements, or the statements themselves. */
  async #send(statements: Compiled[], raw: Send<unknown>): Promise<unknown> {
    const isOff = this.#options.env.DATABASE_PLANS === 'off'
    const plan = isOff ? undefined : planOf(statements.map(({ text }) => text))
    if (plan === undefined) return this.#roundTrip(raw)
    const params = statements.flatMap((statement) => statement.params)
    const text = `select ${callOf(plan, params.length)} as answer`
    return this.#roundTrip(async (query, sending) => {
      try {
        this.plannedRoundTrips += 1
        return (await query.query(text, params, sending))[0]?.answer
      } catch (error) {
        if (!isUnknownPlan(error)) throw error
        forgetPlan(plan)
        this.plannedRoundTrips -= 1
        this.roundTrips += 1
        return raw(query, sending)
      }
    })
  }

  async #roundTrip<T>(send: Send<T>): Promise<T> {
    const { env } = this.#options
    const startedAt = performance.now()
    this.roundTrips += 1
    const abandoned = new AbortController()
    // No `AbortSignal.timeout`: its timer would keep a live object awake after the answer.
    const timer = setTimeout(() => abandoned.abort(), Number(env.DATABASE_TIMEOUT_MS ?? roundTripMs))
    try {
      const query = client?.url === env.DATABASE_URL ? client.query : await connect(env)
      return await send(query, { fetchOptions: { signal: abandoned.signal } })
    } catch (error) {
      throw problemOf(error)
    } finally {
      clearTimeout(timer)
      this.databaseMs += performance.now() - startedAt
    }
  }
}

/** Returns the facts about the caller that the audit log keeps beyond user and role. */
function auditFactsOf(actor: Actor): { sourceId?: string; actorName?: string } {
  switch (actor.kind) {
    case 'user':
      return { sourceId: actor.sessionId }
    case 'system':
      return { actorName: actor.job }
    case 'provider':
      return { actorName: actor.provider }
    case 'anonymous':
      return {}
  }
}

function finish(result: SQL | undefined, record: ReadRecord | null): Compiled {
  const [head, tail] = ['select f.rows, f.events from khidma.finish_request(', ') f']
  if (!result) return { text: `${head}'[]'::json${tail}`, params: [] }
  const [rowsHead, rowsTail] = ["(select coalesce(json_agg(r), '[]') from (", ') r)']
  if (!record) return within(head + rowsHead, result, rowsTail + tail)
  const { text, params } = within(rowsHead, result, rowsTail)
  return {
    text: `${head}khidma.record_read($${params.length + 1}::jsonb, ${text})${tail}`,
    params: [...params, JSON.stringify(record)],
  }
}

/** In test builds, throws for rows that differ from the description of their statement. Elsewhere it does nothing. */
function checked<Row>(statement: Statement<Row> | undefined, rows: Row[]): Row[] {
  if (typeof __CHECKED_ROWS__ !== 'undefined' && __CHECKED_ROWS__ && statement)
    checkRows({ ...compile(statement), row: statement.row }, rows)
  return rows
}

interface Compiled {
  text: string
  params: unknown[]
}

function compile(statement: SQL): Compiled {
  const query = dialect.sqlToQuery(statement)
  return { text: query.sql, params: query.params }
}

/** Puts text around a statement as it is: drizzle need not assemble it. */
function within(head: string, statement: SQL, tail: string): Compiled {
  const { text, params } = compile(statement)
  return { text: head + text + tail, params }
}

/** The first row, or the `Problem` not_found: what a caller may not see does not exist. */
export function one<Row>(rows: Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Problem('not_found')
  return row
}
