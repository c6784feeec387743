import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt } from '../columns.ts'
import { users } from '../people/identity.ts'

/** Users who were notified that their debts are above the cap; gone once they are below it. */
export const debtNotices = pgTable(
  'debt_notices',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    currency: text('currency').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ name: 'debt_notices_pkey', columns: [t.userId, t.currency] })],
)
