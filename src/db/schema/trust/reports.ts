import { sql } from 'drizzle-orm'
import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, updatedAt, version } from '../columns.ts'
import { reportStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { bookings } from '../work/bookings.ts'

export const reports = pgTable(
  'reports',
  {
    id: id(),
    reporterId: uuid('reporter_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    reportedUserId: uuid('reported_user_id').references(() => users.id, { onDelete: 'restrict' }),
    bookingId: uuid('booking_id').references(() => bookings.id, { onDelete: 'set null' }),
    kind: text('kind').notNull(),
    description: text('description'),
    status: reportStatus('status').notNull().default('open'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('idx_reports_status').on(t.status),
    index('idx_reports_reporter').on(t.reporterId, t.id),
    index('idx_reports_reported').on(t.reportedUserId, t.updatedAt).where(sql`${t.status} = 'resolved'`),
  ],
)
