import { sql } from 'drizzle-orm'
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, time, transactionId } from '../columns.ts'

/**
 * Events, each written in the transaction in which it happened. Readers go in the order (xid, seq) and stop below the oldest
 * running transaction: a slow one can then never insert behind a reader's back.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    xid: transactionId('xid').notNull().default(sql`pg_current_xact_id()`),
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    type: text('type').notNull(),
    objectType: text('object_type').notNull(),
    objectId: uuid('object_id').notNull(),
    objectSeq: integer('object_seq').notNull(),
    /** Ids and states only, never personal data: who may read more fetches it. */
    data: jsonb('data').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    createdAt: createdAt(),
    dispatchedAt: time('dispatched_at'),
    /** When the sweep has last sent it again. */
    sweptAt: time('swept_at'),
  },
  (t) => [
    index('idx_outbox_order').on(t.xid, t.seq),
    // events.list of one object
    index('idx_outbox_object').on(t.objectId, t.xid, t.seq),
    uniqueIndex('outbox_seq_key').on(t.seq),
    index('idx_outbox_time').on(t.createdAt).where(sql`${t.dispatchedAt} is not null`),
    index('idx_outbox_undispatched').on(t.createdAt).where(sql`${t.dispatchedAt} is null`),
  ],
)

/** Recipients of each event: the pull API and the webhooks of a user read through here. */
export const outboxRecipients = pgTable(
  'outbox_recipients',
  {
    userId: uuid('user_id').notNull(),
    xid: transactionId('xid').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    eventId: uuid('event_id')
      .notNull()
      .references(() => outbox.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.xid, t.seq] }),
    index('idx_outbox_recipients_event').on(t.eventId),
  ],
)
