import { sql } from 'drizzle-orm'
import { type AnyPgColumn, boolean, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, money, time, updatedAt, version } from './columns.ts'

export const taskCategories = pgTable(
  'task_categories',
  {
    id: id(),
    /** The stable name tasks and taskers refer to. */
    slug: text('slug').notNull().unique('task_categories_slug_key'),
    nameEn: text('name_en').notNull(),
    nameAr: text('name_ar'),
    parentId: uuid('parent_id').references((): AnyPgColumn => taskCategories.id),
    iconUrl: text('icon_url'),
    active: boolean('active').notNull().default(true),
    sortOrder: integer('sort_order').notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: time('deleted_at'),
    version: version(),
  },
  (t) => [
    index('idx_task_categories_parent').on(t.parentId, t.sortOrder),
    check('task_categories_slug', sql`${t.slug} ~ '^[a-z0-9]+(-[a-z0-9]+)*$'`),
    check('task_categories_not_own_parent', sql`${t.parentId} is distinct from ${t.id}`),
  ],
)

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
