import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { invoiceSellers, taxDetails } from '../../../db/schema/commerce/invoices.ts'
import { one, type Statement } from '../../../db/unit.ts'

/** Details that invoices name: of users, and of the operator's entities. */

const detailsRow = columnsOf(taxDetails)
export type TaxDetailsRow = RowOf<typeof detailsRow>

export interface TaxDetailsFields {
  legalName: string
  taxId: string | null
  address: string | null
  country: string | null
}

const ownDetails = (userId: string): Statement<TaxDetailsRow> =>
  rowsOf(detailsRow)`select ${rowColumns(taxDetails, 'd')} from tax_details d where d.user_id = ${userId}`

/** Null where the caller has none: then invoices name them by their profile. */
export async function getTaxDetails(ctx: Context<UserActor>): Promise<TaxDetailsRow | null> {
  return (await ctx.db.read(ownDetails(ctx.actor.userId)))[0] ?? null
}

/** Invoices that are issued from now on name them; those before keep what they say. */
export async function setTaxDetails(
  ctx: Context<UserActor>,
  { legalName, taxId, address, country }: TaxDetailsFields,
): Promise<TaxDetailsRow> {
  const { userId } = ctx.actor
  const set = sql`
    insert into tax_details ${insertion(taxDetails, { userId, legalName, taxId, address, country })}
    on conflict (user_id) do update set legal_name = excluded.legal_name, tax_id = excluded.tax_id, address = excluded.address, country = excluded.country`
  return one(await ctx.db.write([set], ownDetails(userId)))
}

export async function deleteTaxDetails(ctx: Context<UserActor>): Promise<void> {
  await ctx.db.write([sql`delete from tax_details where user_id = ${ctx.actor.userId}`])
}

const sellerRow = columnsOf(invoiceSellers)
export type SellerRow = RowOf<typeof sellerRow>

export const listSellers = (ctx: Context): Promise<SellerRow[]> =>
  ctx.db.read(
    rowsOf(sellerRow)`select ${rowColumns(invoiceSellers, 's')} from invoice_sellers s order by s.country`,
  )

const sellerView = (id: string): Statement<SellerRow> =>
  rowsOf(sellerRow)`select ${rowColumns(invoiceSellers, 's')} from invoice_sellers s where s.id = ${id}`

export const getSeller = async (ctx: Context, id: string): Promise<SellerRow> =>
  one(await ctx.db.read(sellerView(id)))

export interface SellerPatch {
  name?: string | undefined
  taxId?: string | null | undefined
  address?: string | null | undefined
  fiscalYearStartsIn?: number | undefined
}

/** Invoices that are issued from now on name it so. */
export async function updateSeller(
  ctx: Context<UserActor>,
  id: string,
  patch: SellerPatch,
  expectedVersion: number | null,
): Promise<SellerRow> {
  const changes = assignments(invoiceSellers, patch)
  const effects = [
    sql`select khidma.assert_version(s.version, ${expectedVersion}) from invoice_sellers s where s.id = ${id} for update`,
    ...(changes ? [sql`update invoice_sellers set ${changes} where id = ${id}`] : []),
  ]
  return one(await ctx.db.write(effects, sellerView(id)))
}
