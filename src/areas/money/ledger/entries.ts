import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { columnsOf, int, list, nullable, oneOf, type RowOf, rowsOf, time, uuid } from '../../../db/rows.ts'
import { ledgerEntries } from '../../../db/schema/money/ledger.ts'
import { accountKinds } from './posting.ts'

const entryLine = {
  id: uuid,
  account: oneOf(accountKinds),
  ownerUserId: nullable(uuid),
  amount: int,
  balanceAfter: nullable(int),
  createdAt: time,
}

const entryRow = { ...columnsOf(ledgerEntries), lines: list(entryLine) }
export type EntryRow = RowOf<typeof entryRow>

export interface EntryFilters {
  bookingId?: string | undefined
  type?: EntryRow['entryType'] | undefined
}

/** For staff only: the policy of its operation says so. */
export function listEntries(
  ctx: Context,
  { bookingId, type }: EntryFilters,
  page: PageRequest,
): Promise<EntryRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`e.id`)
  const ofBooking = bookingId ? sql`e.booking_id = ${bookingId}` : sql`true`
  const ofType = type ? sql`e.entry_type = ${type}` : sql`true`
  return ctx.db.read(rowsOf(entryRow)`
    select ${rowColumns(ledgerEntries, 'e')},
           (select json_agg(json_build_object('id', l.id, 'account', a.kind, 'ownerUserId', a.owner_user_id,
                     'amount', l.amount, 'balanceAfter', l.balance_after, 'createdAt', ${isoTime(sql`l.created_at`)})
                   order by l.amount, l.id)
              from ledger_lines l join ledger_accounts a on a.id = l.account_id where l.entry_id = e.id) as lines
      from ledger_entries e where ${ofBooking} and ${ofType} and ${after} ${orderAndLimit}`)
}
