import { sql } from 'drizzle-orm'
import { accountKinds } from '../../../core/account-kinds.ts'
import type { Context } from '../../../core/context.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  columnsOf,
  int,
  list,
  nullable,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { ledgerEntries } from '../../../db/schema/money/ledger.ts'

const entryLine = {
  id: uuid,
  account: oneOf(accountKinds),
  ownerUserId: nullable(uuid),
  ownerName: nullable(text),
  amount: int,
  balanceAfter: nullable(int),
  createdAt: time,
}

const entryRow = { ...columnsOf(ledgerEntries), lines: list(entryLine) }
export type EntryRow = RowOf<typeof entryRow>

export interface EntryFilters {
  bookingId?: string | undefined
  type?: EntryRow['entryType'] | undefined
  /** Owner of an account that a line of the entry is on. */
  userId?: string | undefined
}

/** For staff only: the policy of its operation says so. */
export function listEntries(
  ctx: Context,
  { bookingId, type, userId }: EntryFilters,
  page: PageRequest,
): Promise<EntryRow[]> {
  const { within, orderAndLimit } = listing(page, 'e')
  const conditions = [within]
  if (bookingId) conditions.push(sql`e.booking_id = ${bookingId}`)
  if (type) conditions.push(sql`e.entry_type = ${type}`)
  if (userId)
    conditions.push(sql`e.id in (select l.entry_id from ledger_accounts a join ledger_lines l on l.account_id = a.id
      where a.owner_user_id = ${userId})`)
  return ctx.db.read(rowsOf(entryRow)`
    select ${rowColumns(ledgerEntries, 'e')},
           (select json_agg(json_build_object('id', l.id, 'account', a.kind, 'ownerUserId', a.owner_user_id, 'ownerName', a.owner_name,
                     'amount', l.amount, 'balanceAfter', l.balance_after, 'createdAt', ${isoTime(sql`l.created_at`)})
                   order by l.amount, l.id)
              from ledger_lines l join ledger_accounts a on a.id = l.account_id where l.entry_id = e.id) as lines
      from ledger_entries e where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`)
}
