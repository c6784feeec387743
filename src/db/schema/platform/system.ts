import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, time } from '../columns.ts'

/** Every legal change of every status column: written from the `machine.ts` tables, read by the triggers. */
export const stateTransitions = pgTable(
  'state_transitions',
  {
    machine: text('machine').notNull(),
    name: text('name').notNull(),
    /** Null: how the object comes into being. */
    fromState: text('from_state'),
    toState: text('to_state').notNull(),
    /** Party that may: client · tasker · ops · admin · system · provider · party names of the machine. */
    party: text('party').notNull(),
    /** The state that the object this one drives takes along (a booking drives its task). */
    drivesTo: text('drives_to'),
    /** Type of the event that leaves; null: another trigger tells of it. */
    event: text('event'),
  },
  (t) => [unique('state_transitions_key').on(t.machine, t.toState, t.party, t.fromState).nullsNotDistinct()],
)

/** One row a (caller, key): what the first request answered, for 24 hours. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    rows: jsonb('rows').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('idempotency_keys_scope_key').on(t.scope, t.key),
    index('idx_idempotency_time').on(t.createdAt),
    index('idx_idempotency_scope').on(t.scope),
  ],
)

/** A step of a job that failed for a row: it leaves the row out until `retry_at`, so that it keeps no other from its turn. */
export const rowFailures = pgTable(
  'row_failures',
  {
    /** Object and step: `milestone.release`. */
    step: text('step').notNull(),
    rowId: uuid('row_id').notNull(),
    failures: integer('failures').notNull().default(1),
    failedAt: time('failed_at').notNull().defaultNow(),
    retryAt: time('retry_at').notNull(),
  },
  (t) => [primaryKey({ name: 'row_failures_pkey', columns: [t.step, t.rowId] })],
)

/** A queue message that could not be handled, kept for ops. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: id(),
    queue: text('queue').notNull(),
    messageId: text('message_id').notNull().unique('dead_letters_message_key'),
    body: jsonb('body').notNull(),
    attempts: integer('attempts').notNull(),
    createdAt: createdAt(),
    resolvedAt: time('resolved_at'),
  },
  (t) => [
    index('idx_dead_letters_time').on(t.createdAt),
    index('idx_dead_letters_codes').on(t.createdAt).where(sql`${t.body} ->> 'kind' in ('otp', 'email_code')`),
  ],
)
