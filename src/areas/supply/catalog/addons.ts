import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { Names, Translations } from '../../../core/translations.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { serviceAddons } from '../../../db/schema/supply/catalog.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { defaultLanguage } from '../../people/profiles/languages.ts'
import { categoryStands, columnsWithTexts, isActive } from './categories.ts'

const addonRow = { ...columnsOf(serviceAddons), defaultLanguage: text }
export type AddonRow = RowOf<typeof addonRow>

export interface AddonFields {
  names?: Names | undefined
  descriptions?: Translations | undefined
  priceAmount?: number | undefined
  currency?: string | undefined
  minutes?: number | undefined
  active?: boolean | undefined
  sortOrder?: number | undefined
}

const selectAddons = (where: SQL): Statement<AddonRow> =>
  rowsOf(addonRow)`
    select ${rowColumns(serviceAddons, 'a')}, ${defaultLanguage} as "defaultLanguage"
      from service_addons a join task_categories c on c.id = a.category_id where ${where}`

/** Condition that an add-on `a` of category `c` exists: it goes and comes back with its category. */
const exists = sql`a.deleted_at is null and c.deleted_at is null`

const live = (id: string): SQL => sql`a.id = ${id} and ${exists}`

/** Condition that everyone sees an add-on `a` of category `c`. */
const isOffered = sql`a.deleted_at is null and a.active and ${isActive(sql`c.id`)}`

const visibleTo = (ctx: Context): SQL => (isStaff(ctx.actor) ? exists : isOffered)

export interface AddonFilters {
  categoryId?: string | undefined
  currency?: string | undefined
}

export function listAddons(
  ctx: Context,
  { categoryId, currency }: AddonFilters,
  page: PageRequest,
): Promise<AddonRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`a.sort_order`, type: 'integer', direction: 'asc' },
    { by: sql`a.id`, type: 'uuid', direction: 'asc' },
  ])
  const conditions = [visibleTo(ctx), after]
  if (categoryId !== undefined) conditions.push(sql`a.category_id = ${categoryId}`)
  if (currency !== undefined) conditions.push(sql`a.currency = ${currency}`)
  return ctx.db.read(selectAddons(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getAddon(ctx: Context, id: string): Promise<AddonRow> {
  return one(await ctx.db.read(selectAddons(sql`a.id = ${id} and ${visibleTo(ctx)}`)))
}

export async function createAddon(
  ctx: Context,
  fields: AddonFields & { categoryId: string; names: Names; priceAmount: number; currency: string },
): Promise<AddonRow> {
  const id = newId(ctx.now.getTime())
  const insert = sql`insert into service_addons ${insertion(serviceAddons, { id, ...columnsWithTexts(fields) })}`
  return one(await ctx.db.write([categoryStands(fields.categoryId), insert], selectAddons(live(id))))
}

const lockLive = (id: string, version: number | null): SQL => sql`
  select khidma.assert_version(a.version, ${version}) from service_addons a join task_categories c on c.id = a.category_id
   where ${live(id)} for update of a`

/** One that is deleted stays as it is: the empty result is 404. */
const updateLive = (id: string, changes: SQL): SQL => sql`
  update service_addons a set ${changes} from task_categories c where c.id = a.category_id and ${live(id)}`

export async function updateAddon(
  ctx: Context,
  id: string,
  patch: AddonFields,
  expectedVersion: number | null,
): Promise<AddonRow> {
  const changes = assignments(serviceAddons, columnsWithTexts(patch))
  const effects = [lockLive(id, expectedVersion)]
  if (changes) effects.push(updateLive(id, changes))
  return one(await ctx.db.write(effects, selectAddons(live(id))))
}

export async function deleteAddon(ctx: Context, id: string, expectedVersion: number | null): Promise<void> {
  const effects = [lockLive(id, expectedVersion), updateLive(id, sql`deleted_at = now()`)]
  one(
    await ctx.db.write(
      effects,
      rowsOf({ id: uuid })`select id from service_addons where id = ${id} and deleted_at = now()`,
    ),
  )
}

export async function restoreAddon(ctx: Context, id: string): Promise<AddonRow> {
  const effects = [
    sql`select khidma.refuse(409, 'parent_deleted') from service_addons a join task_categories c on c.id = a.category_id
         where a.id = ${id} and a.deleted_at is not null and c.deleted_at is not null`,
    sql`update service_addons set deleted_at = null, restored_at = now() where id = ${id} and deleted_at is not null`,
  ]
  return one(await ctx.db.write(effects, selectAddons(live(id))))
}
