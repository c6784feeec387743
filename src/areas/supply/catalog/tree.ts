import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import type { Names, Translations } from '../../../core/translations.ts'
import { int, json, list, nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import { defaultLanguage } from '../../people/profiles/languages.ts'

const addonOfTree = {
  id: uuid,
  names: json<Names>(),
  descriptions: json<Translations>(),
  priceAmount: int,
  currency: text,
  minutes: int,
}

const nodeRow = {
  id: uuid,
  slug: text,
  parentId: nullable(uuid),
  depth: int,
  names: json<Names>(),
  descriptions: json<Translations>(),
  color: nullable(text),
  iconMediaId: nullable(uuid),
  addons: list(addonOfTree),
}
export type NodeRow = RowOf<typeof nodeRow>

const treeRow = { defaultLanguage: text, nodes: list(nodeRow) }

/** More than an app could show. */
export const treeLimit = 5_000

/**
 * Every active category with its add-ons: each parent before its children, siblings in their order. The walk is downwards, so that
 * those above a category are active before it is asked for itself: `khidma.is_category_active` asks the same upwards.
 */
export async function readTree(ctx: Context): Promise<RowOf<typeof treeRow>> {
  const rows = await ctx.db.read(rowsOf(treeRow)`
    with recursive tree as (
      select c.id, 0 as depth, array[(c.sort_order, c.id)] as place
        from task_categories c where c.parent_id is null and khidma.is_switched_on(c)
      union all
      select c.id, tree.depth + 1, tree.place || (c.sort_order, c.id)
        from task_categories c join tree on c.parent_id = tree.id where khidma.is_switched_on(c)
    ), nodes as (
      select c.id, c.slug, c.parent_id as "parentId", tree.depth, c.names, c.descriptions, c.color, c.icon_media_id as "iconMediaId",
             coalesce((select json_agg(json_build_object('id', a.id, 'names', a.names, 'descriptions', a.descriptions,
                                                         'priceAmount', a.price_amount, 'currency', a.currency, 'minutes', a.minutes) order by a.sort_order, a.id)
                from service_addons a where a.category_id = c.id and a.deleted_at is null and a.active), '[]') as addons
        from tree join task_categories c on c.id = tree.id
       order by tree.place limit ${sql.raw(String(treeLimit))}
    )
    select ${defaultLanguage} as "defaultLanguage", (select coalesce(json_agg(n), '[]') from nodes n) as nodes`)
  return one(rows)
}
