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
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Names, Translations } from '../../../core/translations.ts'
import { createdAt, emptyObject, id, money, stamps, time, updatedAt, version } from '../columns.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'

const names = () => jsonb('names').notNull().$type<Names>()
const descriptions = () => jsonb('descriptions').notNull().default(emptyObject).$type<Translations>()

/** Texts by language: none is empty, and no language is unknown. */
const areTranslations = (column: AnyPgColumn): SQL =>
  sql`${column} - array['ar', 'en', 'ru', 'ky', 'hi'] = '{}'::jsonb and not jsonb_path_exists(${column}, '$.* ? (@.type() != "string" || @ == "")')`

export const areNames = (column: AnyPgColumn): SQL =>
  sql`jsonb_typeof(${column}) = 'object' and jsonb_exists_all(${column}, array['ar', 'en']) and ${areTranslations(column)}`

export const areDescriptions = (column: AnyPgColumn): SQL =>
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

/** Extras of a category at a price of their own, which tasks of it may name. */
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
    /** How much longer one of it makes the work. */
    minutes: integer('minutes').notNull().default(0),
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
    check('service_addons_minutes', sql`${t.minutes} between 0 and 1440`),
  ],
)

export const inputTypes = ['text', 'number', 'boolean', 'choice', 'choices'] as const

/** A question of a category; its answer is the entry `id` of a task's `structured_inputs`. */
export interface InputQuestion {
  id: string
  type: (typeof inputTypes)[number]
  labels: Names
  hints?: Translations | undefined
  required: boolean
  /** Bounds of a number, of the length of a text, of how many are chosen. */
  min?: number | undefined
  max?: number | undefined
  options?: { id: string; labels: Names }[] | undefined
}

/** Questions of a category, in versions that never change; the newest is the one that is asked. */
export const categoryInputs = pgTable(
  'category_inputs',
  {
    id: id(),
    categoryId: uuid('category_id')
      .notNull()
      .references(() => taskCategories.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    questions: jsonb('questions').notNull().$type<InputQuestion[]>(),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (t) => [
    unique('category_inputs_category_version_key').on(t.categoryId, t.version),
    index('idx_category_inputs_author').on(t.createdBy).where(sql`${t.createdBy} is not null`),
    check('category_inputs_version', sql`${t.version} > 0`),
    check('category_inputs_questions', sql`jsonb_typeof(${t.questions}) = 'array'`),
  ],
)
