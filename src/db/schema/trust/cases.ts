import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, stamps, time } from '../columns.ts'
import { caseStatus } from '../enums.ts'
import { users } from '../people/identity.ts'

export const cases = pgTable(
  'cases',
  {
    id: id(),
    kind: text('kind').notNull(),
    subjectType: text('subject_type').notNull(),
    subjectId: uuid('subject_id').notNull(),
    queue: text('queue').notNull(),
    country: text('country'),
    status: caseStatus('status').notNull().default('open'),
    assigneeId: uuid('assignee_id').references(() => users.id, { onDelete: 'set null' }),
    assignedAt: time('assigned_at'),
    dueAt: time('due_at').notNull(),
    /** Time at which the sweep notified the assignee: whether a case is late, `due_at` says. */
    overdueAt: time('overdue_at'),
    decision: text('decision'),
    /** Null where a rule has decided. */
    decidedBy: uuid('decided_by').references(() => users.id, { onDelete: 'set null' }),
    decidedAt: time('decided_at'),
    /** When the decision was overturned. */
    reversedAt: time('reversed_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('cases_one_open').on(t.kind, t.subjectId).where(sql`${t.status} <> 'closed'`),
    index('idx_cases_due').on(t.dueAt, t.id).where(sql`${t.status} <> 'closed'`),
    index('idx_cases_subject').on(t.subjectId, t.id),
    index('idx_cases_assignee').on(t.assigneeId, t.id),
    index('idx_cases_decided_by').on(t.decidedBy, t.decidedAt),
    // cases.list with updatedSince (`updatedKey` in src/db/listing.ts)
    index('idx_cases_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    check('cases_kind', sql`${t.kind} ~ '^[a-z][a-z_]{1,39}$'`),
    check('cases_queue', sql`${t.queue} ~ '^[a-z][a-z_]{1,39}$'`),
    check('cases_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('cases_open', sql`${t.status} <> 'open' or ${t.assigneeId} is null`),
    check(
      'cases_closed',
      sql`(${t.status} = 'closed') = (${t.decidedAt} is not null) and (${t.decision} is not null) = (${t.decidedAt} is not null)`,
    ),
  ],
)

export const caseNotes = pgTable(
  'case_notes',
  {
    id: id(),
    caseId: uuid('case_id')
      .notNull()
      .references(() => cases.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id').references(() => users.id, { onDelete: 'set null' }),
    text: text('text').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_case_notes_case').on(t.caseId, t.id),
    index('idx_case_notes_author').on(t.authorId),
    check('case_notes_text', sql`length(${t.text}) between 1 and 4000`),
  ],
)
