import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { invoiceSellers, taxDetails } from '../../../db/schema/commerce/invoices.ts'
import type { TaxStatus } from '../../../db/schema/commerce/price-rules.ts'
import { one, type Statement } from '../../../db/unit.ts'

/** Details for the tax office: of users, and of the operator's entities. */

const detailsRow = columnsOf(taxDetails)
export type TaxDetailsRow = RowOf<typeof detailsRow>

export interface TaxDetailsFields {
  legalName: string | null
  taxId: string | null
  address: string | null
  country: string | null
  region: string | null
}

const ownDetails = (userId: string): Statement<TaxDetailsRow> =>
  rowsOf(detailsRow)`select ${rowColumns(taxDetails, 'd')} from tax_details d where d.user_id = ${userId}`

/** Null where the caller has none: then invoices name them by their profile. */
export async function getTaxDetails(ctx: Context<UserActor>): Promise<TaxDetailsRow | null> {
  return (await ctx.db.read(ownDetails(ctx.actor.userId)))[0] ?? null
}

/**
 * Invoices and prices from now on go by them; those before keep what they say. With a tax number one is registered. An exemption that staff
 * have found stays as long as the number does.
 */
export async function setTaxDetails(
  ctx: Context<UserActor>,
  fields: TaxDetailsFields,
): Promise<TaxDetailsRow> {
  const { userId } = ctx.actor
  const status = fields.taxId === null ? 'ordinary' : 'registered'
  const set = sql`
    insert into tax_details ${insertion(taxDetails, { userId, status, ...fields })}
    on conflict (user_id) do update
      set legal_name = excluded.legal_name, tax_id = excluded.tax_id, address = excluded.address, country = excluded.country, region = excluded.region,
          status = case when tax_details.status = 'exempt' and tax_details.tax_id is not distinct from excluded.tax_id
                        then 'exempt' else excluded.status end`
  return one(await ctx.db.write([set], ownDetails(userId)))
}

export async function deleteTaxDetails(ctx: Context<UserActor>): Promise<void> {
  await ctx.db.write([sql`delete from tax_details where user_id = ${ctx.actor.userId}`])
}

/** For prices from now on. Nobody is registered without a number (constraint `tax_details_registered`). */
export async function setTaxStatus(ctx: Context, userId: string, status: TaxStatus): Promise<TaxDetailsRow> {
  // With their number: a row that is only proposed is held against the constraint as well.
  const set = sql`
    insert into tax_details (user_id, status, tax_id)
    select u.id, ${status}, d.tax_id from users u left join tax_details d on d.user_id = u.id where u.id = ${userId}
    on conflict (user_id) do update set status = excluded.status`
  return one(await ctx.db.write([set], ownDetails(userId)))
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
