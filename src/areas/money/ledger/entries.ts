import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { isoTime, type JsonRow, rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { ledgerEntries } from '../../../db/schema/money/ledger.ts'
import type { AccountKind } from './posting.ts'

export interface EntryLine {
  id: string
  account: AccountKind
  ownerUserId: string | null
  amount: number
  balanceAfter: number | null
  createdAt: string
}

export interface EntryRow extends JsonRow<typeof ledgerEntries> {
  lines: EntryLine[]
}

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
  return ctx.db.read<EntryRow>(sql`
    select ${rowColumns(ledgerEntries, 'e')},
           (select json_agg(json_build_object('id', l.id, 'account', a.kind, 'ownerUserId', a.owner_user_id,
                     'amount', l.amount, 'balanceAfter', l.balance_after, 'createdAt', ${isoTime(sql`l.created_at`)})
                   order by l.amount, l.id)
              from ledger_lines l join ledger_accounts a on a.id = l.account_id where l.entry_id = e.id) as lines
      from ledger_entries e where ${ofBooking} and ${ofType} and ${after} ${orderAndLimit}`)
}
