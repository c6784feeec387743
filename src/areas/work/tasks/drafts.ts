import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { tasks } from '../../../db/schema/work/tasks.ts'
import { textArray } from '../../../db/sql.ts'
import { one } from '../../../db/unit.ts'
import { amountFor, priceBandOf } from '../../money/pricing/price-estimates.ts'
import { isActive, slugsStand } from '../../supply/catalog/categories.ts'
import { bookingOfTask } from '../bookings/bookings.ts'
import {
  asBefore,
  idsOf,
  keepAddons,
  lockCatalog,
  minutesOf,
  ofCatalog,
  ofTask,
  priceOf,
  refuseStrayAddons,
} from './chosen-addons.ts'
import {
  type NewTask,
  refuseUnknown,
  type TaskFields,
  type TaskRow,
  taskVisibleTo,
  theTask,
} from './tasks.ts'

export async function createTask(ctx: Context<UserActor>, fields: NewTask): Promise<TaskRow> {
  const id = newId(ctx.now.getTime())
  const { category, subcategory = null, estMinutes, startsAt, addressId, addons = [], ...rest } = fields
  const { userId } = ctx.actor
  const address = addressId === undefined ? undefined : savedAddress(addressId, sql`${userId}::uuid`)
  const place = address?.columns ?? {}
  const band = priceBandOf(sql`c.slug = ${subcategory ?? category}`, address?.city ?? rest.city ?? '')
  const chosen = ofCatalog(addons)
  const inputs = sql`${JSON.stringify(rest.structuredInputs ?? {})}::jsonb`
  const row = {
    id,
    clientId: userId,
    ...valuesOf({ ...unsaid, ...rest, category, subcategory, startsAt, estMinutes }),
    ...place,
    ...(addons.length > 0 && { addonsAmount: priceOf(chosen), addonsMinutes: minutesOf(chosen) }),
    inputsVersion: sql`khidma.check_inputs(${category}, ${subcategory}::text, ${inputs}, false)`,
    ...estimateFrom(estMinutes, addons.length > 0 ? priceOf(chosen) : null),
  }
  const effects = [
    slugsStand([category]),
    refuseStraySubcategory(sql`${category}`, sql`${subcategory}::text`),
    refuseUnplannable(sql`${startsAt}::timestamptz`),
    ...(address ? [address.refuseUnusable] : []),
    ...(addons.length > 0 ? [lockCatalog(idsOf(addons))] : []),
    sql`insert into tasks ${insertion(tasks, row, sql`(${band}) band`)}`,
    sql`select khidma.refuse(404, 'price_unavailable') where not exists (select from tasks where id = ${id})`,
    ...(addons.length > 0 ? [keepAddons(id, chosen), refuseStrayAddons(id, addons.length)] : []),
  ]
  return one(await ctx.db.write(effects, theTask(ctx, id)))
}

/** Values of what a new task leaves out, so that every creation is one and the same statement (`src/db/plans.ts`). */
const unsaid = {
  sourcing: 'match',
  title: null,
  budgetMinAmount: null,
  budgetMaxAmount: null,
  urgencyLevel: 1,
  locationType: 'on_site',
  isRemote: false,
  preferredDate: null,
  preferredTime: null,
  timezone: null,
  deadline: null,
  experienceLevel: null,
  requirements: [],
  skills: [],
  clientNotes: null,
  subcategory: null,
  district: null,
  flexibilityMinutes: 0,
  pricingModel: 'hourly',
  structuredInputs: {},
  autoRematch: false,
} satisfies TaskFields & { sourcing: string }

/** Drafts only. What the price hangs on takes the price along. */
export async function updateTask(
  ctx: Context,
  taskId: string,
  { addressId, addons, ...fields }: TaskFields,
  expectedVersion: number | null,
): Promise<TaskRow> {
  const effects = [refuseUnknown(taskId), lockDraft(ctx, taskId, expectedVersion)]
  const now = (value: string | number | null | undefined, column: string): SQL =>
    value === undefined
      ? sql`(select t.${sql.raw(column)} from tasks t where t.id = ${taskId})`
      : sql`${value}::${sql.raw(column === 'est_minutes' ? 'int' : 'text')}`
  const address = addressId === undefined ? undefined : savedAddress(addressId, now(undefined, 'client_id'))
  const category = now(fields.category, 'category')
  const subcategory = now(fields.subcategory, 'subcategory')
  const city = address?.city ?? now(fields.city, 'city')
  const band = priceBandOf(sql`c.slug = coalesce(${subcategory}, ${category})`, city)
  const { estMinutes, startsAt, structuredInputs } = fields
  const isRecategorised = fields.category !== undefined || fields.subcategory !== undefined
  const isMoved = fields.city !== undefined || address !== undefined
  const isRepriced = isRecategorised || isMoved || estMinutes !== undefined || addons !== undefined

  if (startsAt !== undefined) effects.push(refuseUnplannable(sql`${startsAt}::timestamptz`))
  if (address) effects.push(address.refuseUnusable)
  if (isRecategorised) effects.push(slugsStand([category]), refuseStraySubcategory(category, subcategory))
  if (isRepriced) effects.push(refusePriceless(band))
  if (addons) {
    effects.push(lockCatalog(idsOf(addons)), sql`delete from task_addons where task_id = ${taskId}`)
    effects.push(keepAddons(taskId, ofCatalog(addons)))
  }
  const inputs =
    structuredInputs === undefined
      ? now(undefined, 'structured_inputs')
      : sql`${JSON.stringify(structuredInputs)}::jsonb`
  const isOther = ['address', 'city', 'lat', 'lng'].some((key) => Object.hasOwn(fields, key))
  const changes = assignments(tasks, {
    ...valuesOf(fields),
    ...(isOther && { addressId: null }),
    ...address?.columns,
    ...(addons && { addonsAmount: priceOf(ofTask(taskId)), addonsMinutes: minutesOf(ofTask(taskId)) }),
    ...((isRecategorised || structuredInputs !== undefined) && {
      inputsVersion: sql`khidma.check_inputs(${category}, ${subcategory}, ${inputs}, false)`,
    }),
    ...(isRepriced ? estimateFrom(now(estMinutes, 'est_minutes'), priceOf(ofTask(taskId))) : {}),
  })
  const fromBand = isRepriced ? sql`from (${band}) band` : sql``
  if (changes) effects.push(sql`update tasks set ${changes} ${fromBand} where tasks.id = ${taskId}`)
  if (isRepriced) effects.push(refuseStrayAddons(taskId, addons?.length ?? null))
  return one(await ctx.db.write(effects, theTask(ctx, taskId)))
}

/**
 * "Do it again": the same wishes at another time, as a draft. The price, and that of the add-ons which are still offered, is that of
 * now.
 */
export async function copyTask(
  ctx: Context<UserActor>,
  fromId: string | SQL,
  startsAt: string,
): Promise<TaskRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    sql`select khidma.refuse(404, 'not_found') where not exists (select from tasks s where s.id = ${fromId})`,
    sql`select ${refuseOthers(ctx)} from tasks t left join lateral ${bookingOfTask} b on true where t.id = ${fromId}`,
    refuseUnplannable(sql`${startsAt}::timestamptz`),
    ...copyEffects({ id, fromId, startsAt: sql`${startsAt}::timestamptz` }),
    sql`select khidma.refuse(404, 'price_unavailable') where not exists (select from tasks where id = ${id})`,
  ]
  return one(await ctx.db.write(effects, theTask(ctx, id)))
}

interface Copy {
  id: string
  fromId: string | SQL
  startsAt: SQL
  series?: { seriesId: string; seriesDay: string }
  /** Condition without which nothing is copied. */
  where?: SQL
}

/** Without a price, or where the condition is not met, no task comes into being. */
export function copyEffects({ id, fromId, startsAt, series, where = sql`true` }: Copy): SQL[] {
  const its = (column: string): SQL => sql`(select k.${sql.raw(column)} from tasks k where k.id = ${fromId})`
  const band = priceBandOf(sql`c.slug = coalesce(${its('subcategory')}, ${its('category')})`, its('city'))
  const chosen = asBefore(fromId, sql`band.currency`)
  const copied = Object.fromEntries(
    copiedColumns.map((key) => [key, sql`s.${sql.identifier(tasks[key].name)}`]),
  )
  const row = {
    id,
    ...copied,
    startsAt,
    copiedFrom: sql`s.id`,
    addonsAmount: priceOf(chosen),
    addonsMinutes: minutesOf(chosen),
    ...estimateFrom(sql`coalesce(s.est_minutes, 60)`, priceOf(chosen)),
    ...series,
  }
  const source = sql`(${band}) band cross join tasks s where s.id = ${fromId} and ${where}`
  return [
    sql`select khidma.refuse(409, 'task_archived') from tasks s where s.id = ${fromId} and s.description = '[archived]'`,
    lockCatalog(sql`select x.addon_id from task_addons x where x.task_id = ${fromId}`),
    sql`insert into tasks ${insertion(tasks, row, source)}`,
    keepAddons(id, asBefore(fromId, sql`(select n.currency from tasks n where n.id = ${id})`)),
    sql`insert into task_photos (id, task_id, media_id, caption, sort_order, is_primary)
        select khidma.uuid_v7(), t.id, p.media_id, p.caption, p.sort_order, p.is_primary
          from tasks t join task_photos p on p.task_id = ${fromId} and p.deleted_at is null where t.id = ${id}`,
  ]
}

/** Columns that a copy takes over. A deadline and the day of another time say nothing about the next. */
const copiedColumns = [
  'clientId',
  'sourcing',
  'category',
  'subcategory',
  'title',
  'description',
  'address',
  'addressId',
  'city',
  'district',
  'lat',
  'lng',
  'flexibilityMinutes',
  'pricingModel',
  'estMinutes',
  'structuredInputs',
  'inputsVersion',
  'budgetMinAmount',
  'budgetMaxAmount',
  'urgencyLevel',
  'locationType',
  'isRemote',
  'experienceLevel',
  'requirements',
  'skills',
  'clientNotes',
  'autoRematch',
] as const

/** Words and place of an address of the task's client, as it is now: a later change of the address changes no task. */
function savedAddress(addressId: string, clientId: SQL) {
  const mine = sql`a.id = ${addressId} and a.user_id = ${clientId}`
  const its = (column: string): SQL => sql`(select a.${sql.raw(column)} from addresses a where ${mine})`
  return {
    city: its('city'),
    columns: {
      addressId,
      address: its('address'),
      city: its('city'),
      district: its('district'),
      lat: its('lat'),
      lng: its('lng'),
    },
    refuseUnusable: sql`
      select khidma.refuse(422, 'address_refused') where not exists (
        select from addresses a where ${mine} and a.lat is not null for share of a)`,
  }
}

const valuesOf = ({
  startsAt,
  structuredInputs,
  deadline,
  requirements,
  skills,
  ...columns
}: Omit<TaskFields, 'addressId' | 'addons'>) => ({
  ...columns,
  startsAt: startsAt === undefined ? undefined : sql`${startsAt}::timestamptz`,
  deadline: deadline === undefined ? undefined : sql`${deadline}::timestamptz`,
  requirements: requirements && textArray(requirements),
  skills: skills && textArray(skills),
  structuredInputs:
    structuredInputs === undefined ? undefined : sql`${JSON.stringify(structuredInputs)}::jsonb`,
})

/** The band for so many minutes, and the add-ons on top. */
const estimateFrom = (minutes: SQL | number, addons: SQL | null) => {
  const withAddons = (amount: SQL): SQL => (addons ? sql`${amount} + ${addons}` : amount)
  return {
    priceBandId: sql`band.id::text`,
    estMinAmount: withAddons(amountFor(minutes, sql`band.min_amount`)),
    estMaxAmount: withAddons(amountFor(minutes, sql`band.max_amount`)),
    currency: sql`band.currency`,
  }
}

/** Refuses everybody but the client of task `t` and staff: 403 to whoever sees the task, 404 to others. */
export const refuseOthers = (ctx: Context): SQL => sql`
  case when not ${isStaff(ctx.actor)}::boolean and t.client_id <> ${userIdOf(ctx.actor)}::uuid
       then khidma.refuse(case when ${taskVisibleTo(ctx.actor)} then 403 else 404 end,
                          case when ${taskVisibleTo(ctx.actor)} then 'forbidden' else 'not_found' end) end`

const lockDraft = (ctx: Context, taskId: string, expectedVersion: number | null): SQL => sql`
  select ${refuseOthers(ctx)},
         case when t.deleted_at is not null then khidma.refuse(409, 'task_deleted')
              when t.state <> 'draft' then khidma.refuse(409, 'not_editable')
              else khidma.assert_version(t.version, ${expectedVersion}) end
    from tasks t left join lateral ${bookingOfTask} b on true where t.id = ${taskId} for update of t`

const refuseStraySubcategory = (category: SQL, subcategory: SQL): SQL => sql`
  select khidma.refuse(422, 'unknown_category', '{"field":"subcategory"}') where ${subcategory} is not null and not exists (
    select from task_categories s join task_categories c on c.id = s.parent_id
     where s.slug = ${subcategory} and c.slug = ${category} and ${isActive(sql`s.id`)})`

export const refuseUnplannable = (startsAt: SQL): SQL => sql`
  select khidma.refuse(422, 'starts_at_refused') where ${startsAt} <= now() or ${startsAt} > now() + interval '1 year'`

const refusePriceless = (band: SQL): SQL =>
  sql`select khidma.refuse(404, 'price_unavailable') where not exists (${band})`
