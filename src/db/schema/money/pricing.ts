import { sql } from 'drizzle-orm'
import { boolean, check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, money, updatedAt } from '../columns.ts'
import { taskCategories } from '../supply/catalog.ts'

export const pricingBands = pgTable(
  'pricing_bands',
  {
    id: id(),
    categoryId: uuid('category_id').references(() => taskCategories.id, { onDelete: 'cascade' }),
    /** Null: everywhere the currency is used. */
    city: text('city'),
    /** Minor units an hour. */
    minAmount: money('min_amount').notNull(),
    maxAmount: money('max_amount').notNull(),
    currency: text('currency').notNull().default('EGP'),
    active: boolean('active').notNull().default(true),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index('idx_pricing_bands_lookup').on(t.categoryId, t.city).where(sql`${t.active}`),
    check('pricing_bands_order', sql`0 < ${t.minAmount} and ${t.minAmount} <= ${t.maxAmount}`),
  ],
)
