import { sql } from 'drizzle-orm'
import { type AnyPgColumn, boolean, check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, time, updatedAt, version } from '../columns.ts'

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
