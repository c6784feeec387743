import { type SQL, sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Names, Translations } from '../../../core/translations.ts'
import { createdAt, emptyObject, id, money, stamps, time, updatedAt, version } from '../columns.ts'
import { mediaFiles } from '../platform/media.ts'

const names = () => jsonb('names').notNull().$type<Names>()
const descriptions = () => jsonb('descriptions').notNull().default(emptyObject).$type<Translations>()

/** Texts by language: none is empty, and no language is unknown. */
const areTranslations = (column: AnyPgColumn): SQL =>
  sql`${column} - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(${column}, '$.* ? (@.type() != "string" || @ == "")')`

const areNames = (column: AnyPgColumn): SQL =>
  sql`jsonb_typeof(${column}) = 'object' and jsonb_exists_all(${column}, array['ar', 'en']) and ${areTranslations(column)}`

const areDescriptions = (column: AnyPgColumn): SQL =>
  sql`jsonb_typeof(${column}) = 'object' and ${areTranslations(column)}`

export const taskCategories = pgTable(
  'task_categories',
  {
    id: id(),
    /** The stable name tasks and taskers refer to. */
    slug: text('slug').notNull().unique('task_categories_slug_key'),
    names: names(),
    descriptions: descriptions(),
    parentId: uuid('parent_id').references((): AnyPgColumn => taskCategories.id),
    /** `#rrggbb` */
    color: text('color'),
    iconMediaId: uuid('icon_media_id').references(() => mediaFiles.id, { onDelete: 'set null' }),
    active: boolean('active').notNull().default(true),
    sortOrder: integer('sort_order').notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: time('deleted_at'),
    restoredAt: time('restored_at'),
    version: version(),
  },
  (t) => [
    index('idx_task_categories_parent').on(t.parentId, t.sortOrder),
    index('idx_task_categories_icon').on(t.iconMediaId).where(sql`${t.iconMediaId} is not null`),
    check('task_categories_slug', sql`${t.slug} ~ '^[a-z0-9]+(-[a-z0-9]+)*$'`),
    check('task_categories_not_own_parent', sql`${t.parentId} is distinct from ${t.id}`),
    check('task_categories_names', areNames(t.names)),
    check('task_categories_descriptions', areDescriptions(t.descriptions)),
    check('task_categories_color', sql`${t.color} ~ '^#[0-9A-Fa-f]{6}$'`),
  ],
)

/** Extras that apps show with a category, at a price of their own. No task names one, and no fare includes one. */
export const serviceAddons = pgTable(
  'service_addons',
  {
    id: id(),
    categoryId: uuid('category_id')
      .notNull()
      .references(() => taskCategories.id, { onDelete: 'cascade' }),
    names: names(),
    descriptions: descriptions(),
    priceAmount: money('price_amount').notNull(),
    currency: text('currency').notNull(),
    active: boolean('active').notNull().default(true),
    sortOrder: integer('sort_order').notNull().default(0),
    deletedAt: time('deleted_at'),
    restoredAt: time('restored_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_service_addons_category').on(t.categoryId, t.sortOrder),
    check('service_addons_names', areNames(t.names)),
    check('service_addons_descriptions', areDescriptions(t.descriptions)),
    check('service_addons_price', sql`${t.priceAmount} between 0 and 100000000`),
    check('service_addons_currency', sql`${t.currency} ~ '^[A-Z]{3}$'`),
  ],
)
