import { sql } from 'drizzle-orm'
import { check, index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, time, updatedAt, version } from '../columns.ts'
import { reportStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'
import { bookings } from '../work/bookings.ts'

export const reportSubjects = ['user', 'booking', 'review', 'message', 'task'] as const
export const resolvedOutcomes = ['action_taken', 'warned', 'content_removed', 'suspended'] as const
export const dismissedOutcomes = ['no_violation', 'not_enough_evidence', 'duplicate'] as const
const outcomes = [...resolvedOutcomes, ...dismissedOutcomes] as const

export const reports = pgTable(
  'reports',
  {
    id: id(),
    reporterId: uuid('reporter_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The person who answers for the subject. Null: a booking, by staff. */
    reportedUserId: uuid('reported_user_id').references(() => users.id, { onDelete: 'restrict' }),
    bookingId: uuid('booking_id').references(() => bookings.id, { onDelete: 'set null' }),
    subjectType: text('subject_type', { enum: reportSubjects }).notNull(),
    subjectId: uuid('subject_id').notNull(),
    /** The subject as it was when it was reported: it may change, or go. */
    snapshot: jsonb('snapshot').$type<Record<string, unknown>>(),
    kind: text('kind').notNull(),
    description: text('description'),
    status: reportStatus('status').notNull().default('open'),
    outcome: text('outcome', { enum: outcomes }),
    /** For the reporter. */
    outcomeText: text('outcome_text'),
    decidedBy: uuid('decided_by').references(() => users.id, { onDelete: 'set null' }),
    decidedAt: time('decided_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_reports_status').on(t.status),
    index('idx_reports_reporter').on(t.reporterId, t.id),
    index('idx_reports_reported').on(t.reportedUserId, t.updatedAt).where(sql`${t.status} = 'resolved'`),
    index('idx_reports_subject').on(t.subjectId, t.id),
    index('idx_reports_reported_user').on(t.reportedUserId, t.id).where(sql`${t.reportedUserId} is not null`),
    check('reports_subject_type', sql`${t.subjectType} in ('user', 'booking', 'review', 'message', 'task')`),
    check(
      'reports_outcome',
      sql`${t.outcome} is null or (${t.outcome} in ('action_taken', 'warned', 'content_removed', 'suspended') and ${t.status} = 'resolved')
        or (${t.outcome} in ('no_violation', 'not_enough_evidence', 'duplicate') and ${t.status} = 'dismissed')`,
    ),
    check('reports_outcome_text', sql`length(${t.outcomeText}) between 1 and 2000`),
  ],
)

/** Files of the reporter, for staff. */
export const reportEvidence = pgTable(
  'report_evidence',
  {
    id: id(),
    reportId: uuid('report_id')
      .notNull()
      .references(() => reports.id, { onDelete: 'cascade' }),
    addedBy: uuid('added_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    mediaId: uuid('media_id')
      .notNull()
      .references(() => mediaFiles.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [
    unique('report_evidence_file_key').on(t.reportId, t.mediaId),
    index('idx_report_evidence_media').on(t.mediaId),
    index('idx_report_evidence_added_by').on(t.addedBy),
  ],
)
