import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, int, list, nullable, type RowOf, rowsOf } from '../../../db/rows.ts'
import {
  type DiscountFunder,
  type DiscountScope,
  discountRules,
  discountUses,
  priceRuleVersions,
} from '../../../db/schema/commerce/price-rules.ts'
import { one, type Statement } from '../../../db/unit.ts'

const ruleRow = { ...columnsOf(discountRules), budget: nullable(int), spent: nullable(int), uses: int }
export type DiscountRuleRow = RowOf<typeof ruleRow>

/** Uses count what is reserved at a checkout as well. */
const selectRules = (where: SQL): Statement<DiscountRuleRow> => rowsOf(ruleRow)`
  select ${rowColumns(discountRules, 'r')}, b.budget, b.spent,
         (select count(*)::int from discount_uses u where u.rule_id = r.id and u.status <> 'returned') as uses
    from discount_rules r left join discount_budgets b on b.rule_id = r.id where ${where}`

const theRule = (id: string) => selectRules(sql`r.id = ${id}`)

export interface DiscountRuleFilters {
  coupon?: boolean | undefined
  code?: string | undefined
  active?: boolean | undefined
}

export function listDiscountRules(
  ctx: Context,
  { coupon, code, active }: DiscountRuleFilters,
  page: PageRequest,
): Promise<DiscountRuleRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`r.id`)
  const conditions = [after]
  if (coupon !== undefined) conditions.push(sql`(r.code is not null) = ${coupon}`)
  if (code !== undefined) conditions.push(sql`lower(r.code) = lower(${code})`)
  if (active !== undefined) conditions.push(sql`(r.active and r.retired_at is null) = ${active}`)
  return ctx.db.read(selectRules(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getDiscountRule(ctx: Context, id: string): Promise<DiscountRuleRow> {
  return one(await ctx.db.read(theRule(id)))
}

export interface DiscountPatch {
  name?: string | undefined
  description?: string | null | undefined
  discountValue?: number | undefined
  maxDiscount?: number | null | undefined
  minOrder?: number | null | undefined
  priority?: number | undefined
  isExclusive?: boolean | undefined
  endsAt?: string | null | undefined
  usageLimit?: number | null | undefined
  perPersonLimit?: number | null | undefined
  budget?: number | null | undefined
  active?: boolean | undefined
}

export interface NewDiscount extends DiscountPatch {
  name: string
  code?: string | null | undefined
  scope: DiscountScope
  scopeId?: string | null | undefined
  discountType: 'percent' | 'flat'
  discountValue: number
  country?: string | null | undefined
  currency?: string | null | undefined
  startsAt?: string | undefined
  fundedBy?: DiscountFunder | undefined
  partner?: string | null | undefined
}

/** Times are texts of the request: Postgres reads them. */
const columnsWithTimes = <F extends { startsAt?: string | undefined; endsAt?: string | null | undefined }>({
  startsAt,
  endsAt,
  ...columns
}: F) => ({
  ...columns,
  startsAt: startsAt === undefined ? undefined : sql`${startsAt}::timestamptz`,
  endsAt: endsAt === undefined ? undefined : sql`${endsAt}::timestamptz`,
})

const scopeExists = (scope: DiscountScope, scopeId: string | null): SQL[] => {
  const refused = sql`khidma.refuse(422, 'unknown_scope')`
  if (scope === 'category')
    return [
      sql`select ${refused} where not exists (select from task_categories where id = ${scopeId}::uuid and deleted_at is null)`,
    ]
  if (scope === 'package')
    return [
      sql`select ${refused} where not exists (select from packages where id = ${scopeId}::uuid and retired_at is null)`,
    ]
  if (scope === 'service')
    return [
      sql`select ${refused} where not exists (select from services where id = ${scopeId}::uuid and deleted_at is null)`,
    ]
  return []
}

/** A budget is lowered to what was spent of it at least: a constraint refuses less. */
const setBudget = (id: string, budget: number | null | undefined): SQL[] => {
  if (budget === undefined) return []
  if (budget === null) return [sql`delete from discount_budgets where rule_id = ${id}`]
  return [
    sql`insert into discount_budgets (rule_id, budget) values (${id}, ${budget})
        on conflict (rule_id) do update set budget = excluded.budget`,
  ]
}

export async function createDiscountRule(
  ctx: Context,
  { budget, ...fields }: NewDiscount,
): Promise<DiscountRuleRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    ...scopeExists(fields.scope, fields.scopeId ?? null),
    sql`insert into discount_rules ${insertion(discountRules, { id, ...columnsWithTimes(fields) })}`,
    ...setBudget(id, budget ?? undefined),
  ]
  return one(await ctx.db.write(effects, theRule(id)))
}

const hasVersion = (id: string, version: number | null): SQL =>
  sql`select khidma.assert_version(r.version, ${version}) from discount_rules r where r.id = ${id} for update`

/** For prices from now on: those that exist name the version that they were made with. */
export async function updateDiscountRule(
  ctx: Context,
  id: string,
  { budget, ...patch }: DiscountPatch,
  expectedVersion: number | null,
): Promise<DiscountRuleRow> {
  const changes = assignments(discountRules, columnsWithTimes(patch))
  const effects = [
    hasVersion(id, expectedVersion),
    sql`select khidma.refuse(409, 'price_rule_retired') from discount_rules where id = ${id} and retired_at is not null`,
    ...(changes || budget !== undefined
      ? [sql`update discount_rules set ${changes ?? sql`updated_at = now()`} where id = ${id}`]
      : []),
    ...setBudget(id, budget),
  ]
  return one(await ctx.db.write(effects, theRule(id)))
}

export async function retireDiscountRule(
  ctx: Context,
  id: string,
  expectedVersion: number | null,
): Promise<DiscountRuleRow> {
  const effects = [
    hasVersion(id, expectedVersion),
    sql`update discount_rules set retired_at = now(), active = false where id = ${id} and retired_at is null`,
  ]
  return one(await ctx.db.write(effects, theRule(id)))
}

const useRow = columnsOf(discountUses)
export type DiscountUseRow = RowOf<typeof useRow>

export async function listDiscountUses(
  ctx: Context,
  ruleId: string,
  page: PageRequest,
): Promise<DiscountUseRow[]> {
  const { within, orderAndLimit } = listing(page, 'u')
  const rows = await ctx.db.read(rowsOf({ uses: list(useRow) })`
    select coalesce((select json_agg(x) from (
             select ${rowColumns(discountUses, 'u')} from discount_uses u where u.rule_id = r.id and ${within} ${orderAndLimit}) x), '[]') as uses
      from discount_rules r where r.id = ${ruleId}`)
  return one(rows).uses
}

const versionRow = columnsOf(priceRuleVersions)
export type PriceRuleVersionRow = RowOf<typeof versionRow>

/** Versions of a discount or tax rule, newest first. */
export async function listRuleVersions(ctx: Context, ruleId: string): Promise<PriceRuleVersionRow[]> {
  const rows = await ctx.db.read(rowsOf(versionRow)`
    select ${rowColumns(priceRuleVersions, 'v')} from price_rule_versions v where v.rule_id = ${ruleId} order by v.version desc limit 100`)
  // A rule has a version from its beginning on.
  if (rows.length === 0) throw new Problem('not_found')
  return rows
}
