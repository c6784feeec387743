import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { json, nullable } from '../../../core/rows.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { bool, columnsOf, int, list, narrowed, oneOf, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { type InvoiceParty, invoiceLineKinds, invoices } from '../../../db/schema/commerce/invoices.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { isAdmitted, listForCompany } from '../../people/companies/members.ts'
import type { InvoiceStatus } from './machine.ts'

const lineRow = {
  line: int,
  kind: oneOf(invoiceLineKinds),
  description: text,
  quantity: int,
  unitPrice: int,
  discount: int,
  tax: int,
  total: int,
}
const taxRow = { name: text, component: text, rateBasisPoints: int, base: int, amount: int, isIncluded: bool }

const invoiceRow = {
  ...columnsOf(invoices),
  seller: json<InvoiceParty>(),
  buyer: json<InvoiceParty>(),
  supplier: nullable(json<InvoiceParty>()),
  label: narrowed<string>(text),
  isOverdue: bool,
  lines: list(lineRow),
  taxes: list(taxRow),
  /** Tax collected at source of the fare. */
  withheldTax: nullable(int),
}
export type InvoiceRow = RowOf<typeof invoiceRow>

/** Invoices with their lines and taxes. */
export const invoiceView = (where: SQL): Statement<InvoiceRow> =>
  rowsOf(invoiceRow)`
    select ${rowColumns(invoices, 'i')}, khidma.is_overdue(i) as "isOverdue",
           coalesce((select json_agg(json_build_object('line', l.line, 'kind', l.kind, 'description', l.description, 'quantity', l.quantity,
                       'unitPrice', l.unit_price, 'discount', l.discount, 'tax', l.tax, 'total', l.total) order by l.line)
                       from invoice_lines l where l.invoice_id = i.id), '[]') as lines,
           coalesce((select json_agg(json_build_object('name', x.name, 'component', x.component, 'rateBasisPoints', x.rate_basis_points,
                       'base', x.base, 'amount', x.amount, 'isIncluded', x.is_included) order by x.position)
                       from invoice_tax_lines x where x.invoice_id = i.id), '[]') as taxes,
           case when i.supplier_id is not null then (select w.amount from tax_withholdings w where w.entry_id = i.document_id) end as "withheldTax"
      from invoices i where ${where}`

/** For its buyer, for who earned the fare, for who sees the money of one of them that is a company, and for staff. */
export async function getInvoice(ctx: Context<UserActor>, id: string): Promise<InvoiceRow> {
  const me = userIdOf(ctx.actor)
  const ofCompany = (account: SQL): SQL => isAdmitted(ctx.actor, account, 'seeMoney')
  const visible = isStaff(ctx.actor)
    ? sql`true`
    : sql`(${me}::uuid in (i.buyer_id, i.supplier_id) or ${ofCompany(sql`i.buyer_id`)} or ${ofCompany(sql`i.supplier_id`)})`
  return one(await ctx.db.read(invoiceView(sql`i.id = ${id} and ${visible}`)))
}

/** Returns the invoice that the link of a page names. */
export const getLinkedInvoice = async (ctx: Context, id: string): Promise<InvoiceRow> =>
  one(await ctx.db.read(invoiceView(sql`i.id = ${id}`)))

export interface InvoiceFilters {
  status?: InvoiceStatus | undefined
  kind?: InvoiceRow['kind'] | undefined
  bookingId?: string | undefined
  documentId?: string | undefined
  userId?: string | undefined
  number?: string | undefined
  overdue?: boolean | undefined
}

function conditionsOf({
  status,
  kind,
  bookingId,
  documentId,
  userId,
  number,
  overdue,
}: InvoiceFilters): SQL[] {
  const conditions: SQL[] = []
  if (status) conditions.push(sql`i.status = ${status}`)
  if (kind) conditions.push(sql`i.kind = ${kind}`)
  if (bookingId) conditions.push(sql`i.booking_id = ${bookingId}`)
  if (documentId) conditions.push(sql`i.document_id = ${documentId}`)
  if (userId) conditions.push(sql`i.buyer_id = ${userId}`)
  if (number) conditions.push(sql`i.label = ${number}`)
  if (overdue !== undefined) conditions.push(sql`khidma.is_overdue(i) = ${overdue}`)
  return conditions
}

export function listInvoices(
  ctx: Context,
  filters: InvoiceFilters,
  page: PageRequest,
): Promise<InvoiceRow[]> {
  const { within, orderAndLimit } = listing(page, 'i')
  const where = sql.join([within, ...conditionsOf(filters)], sql` and `)
  return ctx.db.read(invoiceView(sql`${where} ${orderAndLimit}`))
}

export type OwnSide = 'buyer' | 'supplier'

/** The invoices of the caller: those that they owe or have paid, or those that were issued on their behalf. */
export function listOwnInvoices(
  ctx: Context<UserActor>,
  { side = 'buyer', ...filters }: InvoiceFilters & { side?: OwnSide | undefined },
  page: PageRequest,
): Promise<InvoiceRow[]> {
  const { within, orderAndLimit } = listing(page, 'i')
  const { userId } = ctx.actor
  const mine = side === 'buyer' ? sql`i.buyer_id = ${userId}` : sql`i.supplier_id = ${userId}`
  const where = sql.join([mine, within, ...conditionsOf(filters)], sql` and `)
  return ctx.db.read(invoiceView(sql`${where} ${orderAndLimit}`))
}

export function listCompanyInvoices(
  ctx: Context<UserActor>,
  companyId: string,
  filters: InvoiceFilters,
  page: PageRequest,
): Promise<InvoiceRow[]> {
  const { within, orderAndLimit } = listing(page, 'i')
  const where = sql.join([sql`i.buyer_id = ${companyId}`, within, ...conditionsOf(filters)], sql` and `)
  const rows = invoiceView(sql`${where} ${orderAndLimit}`)
  return listForCompany(ctx, { companyId, ability: 'seeMoney' }, invoiceRow, rows)
}

export async function voidInvoice(ctx: Context<UserActor>, id: string, reason: string): Promise<InvoiceRow> {
  const effect = sql`select khidma.void_invoice(${id}, ${reason})`
  return one(await ctx.db.write([effect], invoiceView(sql`i.id = ${id}`)))
}

/** Numbers are given at the commit; the answer shows this one, so that it is taken right before. */
const takeNumbers = sql`select khidma.take_invoice_numbers()`

export async function creditInvoice(
  ctx: Context<UserActor>,
  invoiceId: string,
  { amountMinor = null, reason }: { amountMinor?: number | null | undefined; reason: string },
): Promise<InvoiceRow> {
  const id = newId(ctx.now.getTime())
  const credit = sql`select khidma.issue_credit_note(${invoiceId}, ${amountMinor}::bigint, ${reason}, 'invoice', null, ${id})`
  return one(await ctx.db.write([credit, takeNumbers], invoiceView(sql`i.id = ${id}`)))
}
