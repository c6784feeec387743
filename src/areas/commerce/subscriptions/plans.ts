import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { Names, Translations } from '../../../core/translations.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { type planBadges, plans } from '../../../db/schema/commerce/subscriptions.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { defaultLanguage } from '../../people/profiles/languages.ts'
import { columnsWithTexts } from '../../supply/catalog/categories.ts'
import { refuseForeign, type SoldCountry } from '../packages/packages.ts'

const planRow = { ...columnsOf(plans), defaultLanguage: text }
export type PlanRow = RowOf<typeof planRow>

const selectPlans = (where: SQL): Statement<PlanRow> =>
  rowsOf(planRow)`
    select ${rowColumns(plans, 'p')}, ${defaultLanguage} as "defaultLanguage" from plans p where ${where}`

const visibleTo = (ctx: Context): SQL =>
  isStaff(ctx.actor) ? sql`true` : sql`p.active and p.retired_at is null`

export interface PlanFilters {
  country?: string | undefined
}

/** Staff also see those that are switched off or retired. */
export function listPlans(ctx: Context, { country }: PlanFilters, page: PageRequest): Promise<PlanRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`p.sort_order`, type: 'integer', direction: 'asc' },
    { by: sql`p.id`, type: 'uuid', direction: 'asc' },
  ])
  const conditions = [visibleTo(ctx), after]
  if (country) conditions.push(sql`p.country = ${country}`)
  return ctx.db.read(selectPlans(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getPlan(ctx: Context, id: string): Promise<PlanRow> {
  return one(await ctx.db.read(selectPlans(sql`p.id = ${id} and ${visibleTo(ctx)}`)))
}

export interface PlanFields {
  names?: Names | undefined
  descriptions?: Translations | undefined
  priceMonth?: number | null | undefined
  priceYear?: number | null | undefined
  trialDays?: number | undefined
  commissionDiscount?: number | undefined
  creditsAMonth?: number | undefined
  bidsADay?: number | null | undefined
  badge?: (typeof planBadges)[number] | null | undefined
  fallsTo?: string | null | undefined
  active?: boolean | undefined
  sortOrder?: number | undefined
}

export interface NewPlan extends PlanFields {
  names: Names
  country: SoldCountry
  currency: string
}

export async function createPlan(ctx: Context, fields: NewPlan): Promise<PlanRow> {
  refuseForeign(fields.country, fields.currency)
  const id = newId(ctx.now.getTime())
  const effects = [sql`insert into plans ${insertion(plans, { id, ...columnsWithTexts(fields) })}`]
  return one(await ctx.db.write(effects, selectPlans(sql`p.id = ${id}`)))
}

const hasVersion = (id: string, version: number | null): SQL =>
  sql`select khidma.assert_version(p.version, ${version}) from plans p where p.id = ${id} for update`

/** From their next period on for those who have it, at once for those who subscribe. */
export async function updatePlan(
  ctx: Context,
  id: string,
  patch: PlanFields,
  expectedVersion: number | null,
): Promise<PlanRow> {
  const changes = assignments(plans, columnsWithTexts(patch))
  const effects = [
    hasVersion(id, expectedVersion),
    sql`select khidma.refuse(409, 'plan_retired') from plans where id = ${id} and retired_at is not null`,
    ...(changes ? [sql`update plans set ${changes} where id = ${id}`] : []),
  ]
  return one(await ctx.db.write(effects, selectPlans(sql`p.id = ${id}`)))
}

export async function retirePlan(ctx: Context, id: string, expectedVersion: number | null): Promise<PlanRow> {
  const effects = [
    hasVersion(id, expectedVersion),
    sql`update plans set retired_at = now(), active = false where id = ${id} and retired_at is null`,
  ]
  return one(await ctx.db.write(effects, selectPlans(sql`p.id = ${id}`)))
}
