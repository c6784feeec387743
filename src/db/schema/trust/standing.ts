import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { emptyTextArray, time } from '../columns.ts'
import { users } from '../people/identity.ts'

/** Findings of the rules of conduct about a tasker, when they were last applied. */
export const taskerStandings = pgTable(
  'tasker_standings',
  {
    taskerId: uuid('tasker_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    checkedAt: time('checked_at').notNull().defaultNow(),
    /** Since when the rules have them at risk. Null: they are not, or staff have said so by hand. */
    flaggedAt: time('flagged_at'),
    /** The rules that put them there, with those broken since. */
    brokenRules: text('broken_rules').array().notNull().default(emptyTextArray),
    /** No rule puts them at risk before: staff have cleared them. */
    heldUntil: time('held_until'),
  },
  (t) => [index('idx_tasker_standings_checked').on(t.checkedAt)],
)
