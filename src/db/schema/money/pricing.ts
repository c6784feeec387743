import { sql } from 'drizzle-orm'
import { check, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, money, stamps, timeRange } from '../columns.ts'
import { taskCategories } from '../supply/catalog.ts'

/**
 * Usual prices of an hour, each for a time. Exclusions keep the bands of a category and city apart (`pricing_bands_one_at_a_time`), and
 * those of a city in one currency at a time (`pricing_bands_one_currency`).
 */
export const pricingBands = pgTable(
  'pricing_bands',
  {
    id: id(),
    categoryId: uuid('category_id')
      .notNull()
      .references(() => taskCategories.id, { onDelete: 'cascade' }),
    /** Null: every city that has no band of its own. */
    city: text('city'),
    /** Minor units an hour. */
    minAmount: money('min_amount').notNull(),
    maxAmount: money('max_amount').notNull(),
    currency: text('currency').notNull().default('EGP'),
    /** Empty: canceled before it began. Tasks still name a band that has ended. */
    validDuring: timeRange('valid_during').notNull().default(sql`tstzrange(now(), null)`),
    ...stamps(),
  },
  (t) => [
    check('pricing_bands_begins', sql`not lower_inf(${t.validDuring})`),
    check('pricing_bands_order', sql`0 < ${t.minAmount} and ${t.minAmount} <= ${t.maxAmount}`),
    check('pricing_bands_limit', sql`${t.maxAmount} <= 100000000`),
    check('pricing_bands_city', sql`${t.city} = btrim(${t.city}) and ${t.city} <> ''`),
  ],
)
