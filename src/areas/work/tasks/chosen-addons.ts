import { type SQL, sql } from 'drizzle-orm'
import { isActive } from '../../supply/catalog/categories.ts'

/** Add-ons of a task, at the price of the moment in which they are chosen. */

export interface ChosenAddon {
  addonId: string
  quantity: number
}

/** The choice as rows (addon_id, quantity, price_amount, currency, minutes): of the catalog as it is now. */
export const ofCatalog = (chosen: readonly ChosenAddon[]): SQL => sql`
  select a.id as addon_id, w.quantity, a.price_amount, a.currency, a.minutes from ${wanted(chosen)}
    join service_addons a on a.id = w."addonId" join task_categories c on c.id = a.category_id
   where a.active and a.deleted_at is null and ${isActive(sql`c.id`)}`

/** The add-ons of another task, as far as it is offered in this currency still. */
export const asBefore = (taskId: string | SQL, currency: SQL): SQL => sql`
  select x.addon_id, x.quantity, a.price_amount, a.currency, a.minutes
    from task_addons x join service_addons a on a.id = x.addon_id join task_categories c on c.id = a.category_id
   where x.task_id = ${taskId} and x.deleted_at is null and a.active and a.deleted_at is null and a.currency = ${currency}
     and ${isActive(sql`c.id`)}`

const wanted = (chosen: readonly ChosenAddon[]): SQL =>
  sql`jsonb_to_recordset(${JSON.stringify(chosen)}::jsonb) w ("addonId" uuid, quantity int)`

/** First effect of whoever chooses: the prices that are added up and those that are kept are the same. */
export const lockCatalog = (addonIds: SQL): SQL =>
  sql`select from service_addons a where a.id in (${addonIds}) order by a.id for share`

export const idsOf = (chosen: readonly ChosenAddon[]): SQL => sql`select w."addonId" from ${wanted(chosen)}`

/** Price and minutes of what is chosen, for the estimate. */
export const priceOf = (rows: SQL): SQL =>
  sql`(select coalesce(sum(k.quantity * k.price_amount), 0)::bigint from (${rows}) k)`
export const minutesOf = (rows: SQL): SQL =>
  sql`(select coalesce(sum(k.quantity * k.minutes), 0)::int from (${rows}) k)`

/** The rows of a task that exists. */
export const keepAddons = (taskId: string, rows: SQL): SQL => sql`
  insert into task_addons (id, task_id, addon_id, quantity, price_amount, currency, minutes)
  select khidma.uuid_v7(), t.id, k.addon_id, k.quantity, k.price_amount, k.currency, k.minutes
    from tasks t cross join (${rows}) k where t.id = ${taskId}`

/** The add-ons that the task has already. */
export const ofTask = (taskId: string): SQL =>
  sql`select x.quantity, x.price_amount, x.minutes from task_addons x where x.task_id = ${taskId} and x.deleted_at is null`

/** Last effect: the add-ons are those of the task's category, at prices in its currency, and as many as were asked for. */
export const refuseStrayAddons = (taskId: string, count: number | null): SQL => sql`
  select khidma.refuse(422, 'addon_refused') from tasks t where t.id = ${taskId} and (
    (${count}::int is not null and ${count}::int <> (select count(*) from task_addons x where x.task_id = t.id and x.deleted_at is null))
    or exists (select from task_addons x join service_addons a on a.id = x.addon_id join task_categories c on c.id = a.category_id
                where x.task_id = t.id and x.deleted_at is null
                  and (x.currency <> t.currency or c.slug not in (t.category, coalesce(t.subcategory, t.category)))))`
