import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { Names, Translations } from '../../../core/translations.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { taskCategories } from '../../../db/schema/supply/catalog.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { defaultLanguage } from '../../people/profiles/languages.ts'
import { ownedByPlatform } from '../../platform/media/ownership.ts'

const categoryRow = { ...columnsOf(taskCategories), defaultLanguage: text }
export type CategoryRow = RowOf<typeof categoryRow>

export interface CategoryFields {
  slug?: string | undefined
  names?: Names | undefined
  descriptions?: Translations | undefined
  parentId?: string | null | undefined
  color?: string | null | undefined
  iconMediaId?: string | null | undefined
  active?: boolean | undefined
  sortOrder?: number | undefined
}

const selectCategories = (where: SQL): Statement<CategoryRow> =>
  rowsOf(categoryRow)`
    select ${rowColumns(taskCategories, 'c')}, ${defaultLanguage} as "defaultLanguage" from task_categories c where ${where}`

/** Texts are written as JSON, others as they are. */
export const columnsWithTexts = <
  F extends { names?: Names | undefined; descriptions?: Translations | undefined },
>({
  names,
  descriptions,
  ...columns
}: F) => ({
  ...columns,
  names: names && sql`${JSON.stringify(names)}::jsonb`,
  descriptions: descriptions && sql`${JSON.stringify(descriptions)}::jsonb`,
})

const live = (id: string): SQL => sql`c.id = ${id} and c.deleted_at is null`

/** Condition that a category is active: the one meaning of it, for whoever is not staff. */
export const isActive = (id: SQL): SQL => sql`khidma.is_category_active(${id})`

/** Condition that a category `c` is visible: everyone sees active ones, staff also see those that are switched off. */
export const visibleTo = (ctx: Context): SQL =>
  isStaff(ctx.actor) ? sql`c.deleted_at is null` : isActive(sql`c.id`)

export interface CategoryFilters {
  parentId?: string | undefined
  topLevel?: boolean | undefined
  name?: string | undefined
}

/** Condition that a name contains the text, in any language and case. */
const isNamed = (part: string): SQL =>
  sql`exists (select from jsonb_each_text(c.names) n where position(lower(${part}) in lower(n.value)) > 0)`

export function listCategories(
  ctx: Context,
  filters: CategoryFilters,
  page: PageRequest,
): Promise<CategoryRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`c.sort_order`, type: 'integer', direction: 'asc' },
    { by: sql`c.id`, type: 'uuid', direction: 'asc' },
  ])
  const ofParent = filters.parentId ? sql`c.parent_id = ${filters.parentId}` : sql`true`
  const atTop = filters.topLevel ? sql`c.parent_id is null` : sql`true`
  const named = filters.name ? isNamed(filters.name) : sql`true`
  return ctx.db.read(
    selectCategories(
      sql`${visibleTo(ctx)} and ${ofParent} and ${atTop} and ${named} and ${after} ${orderAndLimit}`,
    ),
  )
}

export async function getCategory(ctx: Context, id: string): Promise<CategoryRow> {
  return one(await ctx.db.read(selectCategories(sql`c.id = ${id} and ${visibleTo(ctx)}`)))
}

/**
 * Takes an image of the caller's as an icon: it becomes the platform's, so that it outlives their account. It is shown nowhere else
 * (such a file expires); one that is an icon already may be named again.
 */
const takeIcon = (userId: string, mediaId: string | null | undefined): SQL[] =>
  typeof mediaId !== 'string'
    ? []
    : [
        sql`select khidma.refuse(422, 'media_refused', '{"field":"iconMediaId"}') where not exists (
              select from media_files m where m.id = ${mediaId} and m.uploaded_at is not null and m.kind = 'image'
                 and ((m.user_id = ${userId} and m.expires_at is not null) or exists (select from task_categories c where c.icon_media_id = m.id)))`,
        ownedByPlatform(mediaId),
      ]

/** The first effect of whoever moves, deletes or restores a category, or puts one below another: no row of the tree is locked before it. */
const lockTree = sql`select khidma.lock_category_tree()`

export async function createCategory(
  ctx: Context<UserActor>,
  fields: CategoryFields & { slug: string; names: Names },
): Promise<CategoryRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    lockTree,
    categoryStands(fields.parentId),
    ...takeIcon(ctx.actor.userId, fields.iconMediaId),
    sql`insert into task_categories ${insertion(taskCategories, { id, ...columnsWithTexts(fields) })}`,
  ]
  return one(await ctx.db.write(effects, selectCategories(live(id))))
}

/** The trigger `b_guard_parent` refuses a parent that is below the category. */
export async function updateCategory(
  ctx: Context<UserActor>,
  id: string,
  patch: CategoryFields,
  expectedVersion: number | null,
): Promise<CategoryRow> {
  const changes = assignments(taskCategories, columnsWithTexts(patch))
  const effects = [
    ...(patch.parentId === undefined ? [] : [lockTree]),
    sql`select khidma.assert_version(c.version, ${expectedVersion}) from task_categories c where ${live(id)} for update`,
    categoryStands(patch.parentId),
    ...takeIcon(ctx.actor.userId, patch.iconMediaId),
  ]
  if (changes) effects.push(sql`update task_categories c set ${changes} where ${live(id)}`)
  return one(await ctx.db.write(effects, selectCategories(live(id))))
}

/**
 * With all that is below it, under one moment: that moment is what a restore brings back. Their add-ons and price bands are as they
 * were, and reach nobody as long as the category is deleted; tasks keep it.
 */
export async function deleteCategory(
  ctx: Context,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  const rows = await ctx.db.write(
    [
      lockTree,
      sql`select khidma.assert_version(c.version, ${expectedVersion}) from task_categories c where ${live(id)} for update`,
      sql`with recursive branch as (
            select c.id from task_categories c where ${live(id)}
            union all
            select child.id from task_categories child join branch on child.parent_id = branch.id where child.deleted_at is null
          )
          update task_categories set deleted_at = now() where id in (select id from branch)`,
    ],
    rowsOf({ id: uuid })`select id from task_categories where id = ${id} and deleted_at = now()`,
  )
  one(rows)
}

/** Brings back the category and what went with it; what was deleted before stays deleted. */
export async function restoreCategory(ctx: Context, id: string): Promise<CategoryRow> {
  const rows = await ctx.db.write(
    [
      lockTree,
      sql`select khidma.refuse(409, 'parent_deleted') from task_categories c
          join task_categories parent on parent.id = c.parent_id
          where c.id = ${id} and c.deleted_at is not null and parent.deleted_at is not null`,
      sql`with recursive branch as (
            select id, deleted_at from task_categories where id = ${id} and deleted_at is not null
            union all
            select child.id, child.deleted_at from task_categories child
              join branch on child.parent_id = branch.id and child.deleted_at = branch.deleted_at
          )
          update task_categories set deleted_at = null, restored_at = now() where id in (select id from branch)`,
    ],
    selectCategories(live(id)),
  )
  return one(rows)
}

/** Refuses a category that is unknown or deleted. None given, none asked for. */
export const categoryStands = (id: CategoryFields['parentId']): SQL =>
  sql`select khidma.refuse(422, 'unknown_category') where ${id ?? null}::uuid is not null and not exists
        (select from task_categories c where c.id = ${id ?? null} and c.deleted_at is null)`

/** For tasks and taskers, which name categories by slug: refuses unless each of them can be asked for. A slug that is null is none. */
export const slugsStand = (slugs: readonly (string | SQL)[]): SQL =>
  sql`select khidma.refuse(422, 'unknown_category') from unnest(array[${sql.join(
    slugs.map((slug) => sql`${slug}`),
    sql`, `,
  )}]::text[]) wanted (slug)
       where wanted.slug is not null and not exists (select from task_categories c where c.slug = wanted.slug and ${isActive(sql`c.id`)})`
