import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff } from '../../../core/context.ts'
import { servedCountries } from '../../../core/countries.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import type { Names, Translations } from '../../../core/translations.ts'
import { rowColumns } from '../../../db/json.ts'
import { keyset, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { type PackageKind, packages } from '../../../db/schema/commerce/packages.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { defaultLanguage } from '../../people/profiles/languages.ts'
import { columnsWithTexts } from '../../supply/catalog/categories.ts'

const packageRow = { ...columnsOf(packages), defaultLanguage: text }
export type PackageRow = RowOf<typeof packageRow>

const selectPackages = (where: SQL): Statement<PackageRow> =>
  rowsOf(packageRow)`
    select ${rowColumns(packages, 'k')}, ${defaultLanguage} as "defaultLanguage" from packages k where ${where}`

/** Condition that a package `k` can be bought now. */
const isSold = sql`k.active and k.retired_at is null`

const visibleTo = (ctx: Context): SQL => (isStaff(ctx.actor) ? sql`true` : isSold)

export interface PackageFilters {
  kind?: PackageKind | undefined
  country?: string | undefined
}

/** Staff also see those that are switched off or retired. */
export function listPackages(
  ctx: Context,
  { kind, country }: PackageFilters,
  page: PageRequest,
): Promise<PackageRow[]> {
  const { after, orderAndLimit } = keyset(page, [
    { by: sql`k.sort_order`, type: 'integer', direction: 'asc' },
    { by: sql`k.id`, type: 'uuid', direction: 'asc' },
  ])
  const conditions = [visibleTo(ctx), after]
  if (kind) conditions.push(sql`k.kind = ${kind}`)
  if (country) conditions.push(sql`k.country = ${country}`)
  return ctx.db.read(selectPackages(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getPackage(ctx: Context, id: string): Promise<PackageRow> {
  return one(await ctx.db.read(selectPackages(sql`k.id = ${id} and ${visibleTo(ctx)}`)))
}

export interface PackageFields {
  names?: Names | undefined
  descriptions?: Translations | undefined
  price?: number | undefined
  postings?: number | undefined
  contactViews?: number | undefined
  credits?: number | undefined
  validityDays?: number | null | undefined
  postingDays?: number | null | undefined
  active?: boolean | undefined
  sortOrder?: number | undefined
}

export type SoldCountry = keyof typeof servedCountries

export interface NewPackage extends PackageFields {
  kind: PackageKind
  names: Names
  country: SoldCountry
  currency: string
  price: number
}

/** Refuses a currency that is not the country's own: its books are kept in that one. */
export function refuseForeign(country: SoldCountry, currency: string): void {
  const own = servedCountries[country].currency
  if (own !== currency) throw new Problem('package_currency', { values: { currency: own } })
}

export async function createPackage(ctx: Context, fields: NewPackage): Promise<PackageRow> {
  refuseForeign(fields.country, fields.currency)
  const id = newId(ctx.now.getTime())
  const effects = [sql`insert into packages ${insertion(packages, { id, ...columnsWithTexts(fields) })}`]
  return one(await ctx.db.write(effects, selectPackages(sql`k.id = ${id}`)))
}

const hasVersion = (id: string, version: number | null): SQL =>
  sql`select khidma.assert_version(k.version, ${version}) from packages k where k.id = ${id} for update`

/** For those who buy from now on: quotes and orders keep what they were made with. */
export async function updatePackage(
  ctx: Context,
  id: string,
  patch: PackageFields,
  expectedVersion: number | null,
): Promise<PackageRow> {
  const changes = assignments(packages, columnsWithTexts(patch))
  const effects = [
    hasVersion(id, expectedVersion),
    sql`select khidma.refuse(409, 'package_retired') from packages where id = ${id} and retired_at is not null`,
    ...(changes ? [sql`update packages set ${changes} where id = ${id}`] : []),
  ]
  return one(await ctx.db.write(effects, selectPackages(sql`k.id = ${id}`)))
}

export async function retirePackage(
  ctx: Context,
  id: string,
  expectedVersion: number | null,
): Promise<PackageRow> {
  const effects = [
    hasVersion(id, expectedVersion),
    sql`update packages set retired_at = now(), active = false where id = ${id} and retired_at is null`,
  ]
  return one(await ctx.db.write(effects, selectPackages(sql`k.id = ${id}`)))
}
