import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { servedCountries } from '../../../core/countries.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { columnsOf, nullable, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { priceDocuments } from '../../../db/schema/commerce/orders.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { actFor, isAdmitted } from '../../people/companies/members.ts'
import type { SoldCountry } from '../packages/packages.ts'

export const documentRow = columnsOf(priceDocuments)
const quoteRow = { ...documentRow, orderId: nullable(uuid) }
export type QuoteRow = RowOf<typeof quoteRow>

const theQuote = (ctx: Context<UserActor>, id: string): Statement<QuoteRow> => rowsOf(quoteRow)`
  select ${rowColumns(priceDocuments, 'd')}, (select o.id from orders o where o.document_id = d.id) as "orderId"
    from price_documents d where d.id = ${id} and (d.user_id = ${ctx.actor.userId} or ${isAdmitted(ctx.actor, sql`d.user_id`, 'buy')})`

export interface QuoteItem {
  packageId: string
  quantity: number
}

export interface QuoteRequest {
  country: SoldCountry
  items: QuoteItem[]
  couponCode?: string | null | undefined
}

/** Buys for a company, with its taxes and its coupons, or for the caller. */
export interface NewQuote extends QuoteRequest {
  companyId?: string | null | undefined
}

/** Inputs of the price of a request now: writing them computes it. */
function inputsOf(ctx: Context, buyer: SQL, { country, items, couponCode }: QuoteRequest): SQL {
  const { currency } = servedCountries[country]
  return sql`khidma.inputs_of_packages(${buyer}, ${JSON.stringify(items)}::jsonb, ${country}, ${currency}, ${couponCode ?? null}::text, ${ctx.locale})`
}

const validUntil = (country: string): SQL =>
  sql`now() + make_interval(mins => (khidma.config_value('orders.quote', ${country}, null, null) ->> 'minutes')::int)`

export async function createQuote(
  ctx: Context<UserActor>,
  { companyId, ...request }: NewQuote,
): Promise<QuoteRow> {
  const id = newId(ctx.now.getTime())
  const { country } = request
  const buyer = companyId ?? ctx.actor.userId
  const effects = [
    ...(companyId ? actFor(ctx, companyId, 'buy') : []),
    sql`insert into price_documents (id, user_id, country, currency, price, valid_until)
        values (${id}, ${buyer}, ${country}, ${servedCountries[country].currency}, ${inputsOf(ctx, sql`${buyer}::uuid`, request)}, ${validUntil(country)})`,
  ]
  return one(await ctx.db.write(effects, theQuote(ctx, id)))
}

/** The whole document is computed anew: nothing of the old price stays. */
export async function replaceQuote(
  ctx: Context<UserActor>,
  id: string,
  request: QuoteRequest,
  expectedVersion: number | null,
): Promise<QuoteRow> {
  const { country } = request
  const effects = [
    sql`select khidma.lock_quote(${id}::uuid, ${expectedVersion}::int)`,
    sql`update price_documents set country = ${country}, currency = ${servedCountries[country].currency},
               price = ${inputsOf(ctx, sql`user_id`, request)}, valid_until = ${validUntil(country)} where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, theQuote(ctx, id)))
}

export async function getQuote(ctx: Context<UserActor>, id: string): Promise<QuoteRow> {
  return one(await ctx.db.read(theQuote(ctx, id)))
}
