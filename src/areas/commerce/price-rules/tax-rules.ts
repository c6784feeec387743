import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { taxRules } from '../../../db/schema/commerce/price-rules.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { categoryStands } from '../../supply/catalog/categories.ts'

const ruleRow = columnsOf(taxRules)
export type TaxRuleRow = RowOf<typeof ruleRow>

const selectRules = (where: SQL): Statement<TaxRuleRow> =>
  rowsOf(ruleRow)`select ${rowColumns(taxRules, 'r')} from tax_rules r where ${where}`

const theRule = (id: string) => selectRules(sql`r.id = ${id}`)

export function listTaxRules(
  ctx: Context,
  { country, active }: { country?: string | undefined; active?: boolean | undefined },
  page: PageRequest,
): Promise<TaxRuleRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`r.id`)
  const conditions = [after]
  if (country !== undefined) conditions.push(sql`r.country = ${country}`)
  if (active !== undefined) conditions.push(sql`(r.active and r.retired_at is null) = ${active}`)
  return ctx.db.read(selectRules(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getTaxRule(ctx: Context, id: string): Promise<TaxRuleRow> {
  return one(await ctx.db.read(theRule(id)))
}

export interface TaxPatch {
  name?: string | undefined
  rateBasisPoints?: number | undefined
  appliesTo?: string[] | undefined
  region?: string | null | undefined
  exempts?: string[] | undefined
  endsAt?: string | null | undefined
  active?: boolean | undefined
}

export interface NewTax extends TaxPatch {
  name: string
  kind: 'vat' | 'gst' | 'tcs'
  rateBasisPoints: number
  country: string
  categoryId?: string | null | undefined
  appliesTo: string[]
  isInclusive?: boolean | undefined
  startsAt?: string | undefined
}

const columnsOfTax = ({ appliesTo, exempts, endsAt, ...fields }: TaxPatch) => ({
  ...fields,
  appliesTo: appliesTo && textArray(appliesTo),
  exempts: exempts && textArray(exempts),
  endsAt: endsAt === undefined ? undefined : sql`${endsAt}::timestamptz`,
})

export async function createTaxRule(ctx: Context, { startsAt, ...fields }: NewTax): Promise<TaxRuleRow> {
  const id = newId(ctx.now.getTime())
  const from = startsAt === undefined ? undefined : sql`${startsAt}::timestamptz`
  const effects = [
    categoryStands(fields.categoryId),
    sql`insert into tax_rules ${insertion(taxRules, { id, startsAt: from, ...fields, ...columnsOfTax(fields) })}`,
  ]
  return one(await ctx.db.write(effects, theRule(id)))
}

const hasVersion = (id: string, version: number | null): SQL =>
  sql`select khidma.assert_version(r.version, ${version}) from tax_rules r where r.id = ${id} for update`

/** For prices from now on. */
export async function updateTaxRule(
  ctx: Context,
  id: string,
  patch: TaxPatch,
  expectedVersion: number | null,
): Promise<TaxRuleRow> {
  const changes = assignments(taxRules, columnsOfTax(patch))
  const effects = [
    hasVersion(id, expectedVersion),
    sql`select khidma.refuse(409, 'price_rule_retired') from tax_rules where id = ${id} and retired_at is not null`,
    ...(changes ? [sql`update tax_rules set ${changes} where id = ${id}`] : []),
  ]
  return one(await ctx.db.write(effects, theRule(id)))
}

export async function retireTaxRule(
  ctx: Context,
  id: string,
  expectedVersion: number | null,
): Promise<TaxRuleRow> {
  const effects = [
    hasVersion(id, expectedVersion),
    sql`update tax_rules set retired_at = now(), active = false where id = ${id} and retired_at is null`,
  ]
  return one(await ctx.db.write(effects, theRule(id)))
}
