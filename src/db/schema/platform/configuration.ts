import { sql } from 'drizzle-orm'
import { type AnyPgColumn, check, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, stamps, timeRange } from '../columns.ts'
import { users } from '../people/identity.ts'
import { taskCategories } from '../supply/catalog.ts'

/**
 * Values of configuration, each for a scope and a time. An exclusion (`config_entries_one_at_a_time`) keeps entries of one key and scope
 * apart; a trigger keeps what has begun from being rewritten.
 */
export const configEntries = pgTable(
  'config_entries',
  {
    id: id(),
    key: text('key').notNull(),
    /** ISO 3166-1 alpha-2; null: every country. */
    country: text('country'),
    city: text('city'),
    /** The category and those below it. */
    categoryId: uuid('category_id').references(() => taskCategories.id, { onDelete: 'restrict' }),
    value: jsonb('value').notNull().$type<unknown>(),
    /** Empty: canceled before it began. */
    validDuring: timeRange('valid_during').notNull(),
    /** The entry whose place it took. */
    replaces: uuid('replaces').references((): AnyPgColumn => configEntries.id, { onDelete: 'restrict' }),
    reason: text('reason').notNull(),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'restrict' }),
    ...stamps(),
  },
  (t) => [
    index('idx_config_entries_category').on(t.categoryId),
    check('config_entries_city', sql`${t.city} = btrim(${t.city}) and ${t.city} <> ''`),
    check('config_entries_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('config_entries_begins', sql`not lower_inf(${t.validDuring})`),
  ],
)
