import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { taxWithholdings } from '../../../db/schema/commerce/invoices.ts'

/** Tax collected at source of fares (`drizzle/sql/commerce/invoices/withholdings.sql`). */

const withholdingRow = columnsOf(taxWithholdings)
export type WithholdingRow = RowOf<typeof withholdingRow>

export interface WithholdingFilters {
  userId?: string | undefined
  bookingId?: string | undefined
  currency?: string | undefined
}

export function listWithholdings(
  ctx: Context,
  { userId, bookingId, currency }: WithholdingFilters,
  page: PageRequest,
): Promise<WithholdingRow[]> {
  const { within, orderAndLimit } = listing(page, 'w')
  const conditions: SQL[] = [within]
  if (userId) conditions.push(sql`w.user_id = ${userId}`)
  if (bookingId) conditions.push(sql`w.booking_id = ${bookingId}`)
  if (currency) conditions.push(sql`w.currency = ${currency}`)
  return ctx.db.read(
    rowsOf(
      withholdingRow,
    )`select ${rowColumns(taxWithholdings, 'w')} from tax_withholdings w where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`,
  )
}

export const listOwnWithholdings = (
  ctx: Context<UserActor>,
  filters: { bookingId?: string | undefined },
  page: PageRequest,
): Promise<WithholdingRow[]> => listWithholdings(ctx, { ...filters, userId: ctx.actor.userId }, page)
