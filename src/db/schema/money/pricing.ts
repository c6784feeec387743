import { sql } from 'drizzle-orm'
import { boolean, check, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, money, stamps } from '../columns.ts'
import { taskCategories } from '../supply/catalog.ts'

/** An exclusion (`pricing_bands_one_currency`) keeps the active bands of a city in one currency. */
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
    /** False: retired, for good. Tasks still name it. */
    active: boolean('active').notNull().default(true),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('pricing_bands_active_key')
      .on(t.categoryId, sql`coalesce(lower(${t.city}), '')`)
      .where(sql`${t.active}`),
    check('pricing_bands_order', sql`0 < ${t.minAmount} and ${t.minAmount} <= ${t.maxAmount}`),
    check('pricing_bands_limit', sql`${t.maxAmount} <= 100000000`),
    check('pricing_bands_city', sql`${t.city} = btrim(${t.city}) and ${t.city} <> ''`),
  ],
)
