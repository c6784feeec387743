import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { int, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one, type Statement } from '../../../db/unit.ts'

/** Accounts that users have with us, by the name that the API gives them. All are guarded: each line has its running balance. */
export const walletAccounts = {
  wallet: 'client_wallet',
  earnings: 'tasker_payable',
  prepaid: 'escrow',
} as const
export const walletAccountNames = Object.keys(walletAccounts) as [WalletAccountName, ...WalletAccountName[]]
export type WalletAccountName = keyof typeof walletAccounts

export const nameOfAccount = sql.raw(
  `case a.kind ${Object.entries(walletAccounts)
    .map(([name, kind]) => `when '${kind}' then '${name}'`)
    .join(' ')} end`,
)

/** `user` is SQL that names whose; `only` narrows to one account. */
export const accountsOf = (user: SQL, only?: WalletAccountName): SQL => {
  const kinds = only ? [walletAccounts[only]] : Object.values(walletAccounts)
  return sql`a.owner_user_id = ${user} and a.kind in (${sql.join(
    kinds.map((kind) => sql`${kind}`),
    sql`, `,
  )})`
}

const walletAccount = {
  account: oneOf(walletAccountNames),
  currency: text,
  balance: int,
  held: int,
  available: int,
  createdAt: time,
  lastTransactionAt: nullable(time),
}
const walletRow = { accounts: list(walletAccount) }
export type WalletRow = RowOf<typeof walletRow>

const walletView = (user: string): Statement<WalletRow> => rowsOf(walletRow)`
  select coalesce((select json_agg(w order by w.currency, w.account) from (
           select ${nameOfAccount} as account, a.currency, b.balance, b.held, b.balance - b.held as available,
                  ${isoTime(sql`a.created_at`)} as "createdAt",
                  (select ${isoTime(sql`l.created_at`)} from ledger_lines l where l.account_id = a.id order by l.id desc limit 1)
                    as "lastTransactionAt"
             from ledger_accounts a join ledger_balances b on b.account_id = a.id where ${accountsOf(sql`u.id`)}) w), '[]') as accounts
    from users u where u.id = ${user}`

export async function getOwnWallet(ctx: Context<UserActor>): Promise<WalletRow> {
  return one(await ctx.db.read(walletView(ctx.actor.userId)))
}

/** For staff: the policy of its operation says so. */
export async function getWalletOf(ctx: Context, userId: string): Promise<WalletRow> {
  return one(await ctx.db.read(walletView(userId)))
}

const entryRow = {
  id: uuid,
  account: oneOf(walletAccountNames),
  currency: text,
  amount: int,
  balanceAfter: int,
  posting: text,
  documentType: nullable(text),
  documentId: nullable(uuid),
  bookingId: nullable(uuid),
  createdAt: time,
}
export type WalletEntryRow = RowOf<typeof entryRow>

export interface WalletEntryFilters {
  account?: WalletAccountName | undefined
  currency?: string | undefined
}

/** Lines of their accounts. Each account is read by its own index, so that a page costs what it shows. */
export function listWalletEntries(
  ctx: Context<UserActor>,
  { account, currency }: WalletEntryFilters,
  page: PageRequest,
): Promise<WalletEntryRow[]> {
  const { within, orderAndLimit } = listing(page, 'l')
  return ctx.db.read(rowsOf(entryRow)`
    select l.id, ${nameOfAccount} as account, a.currency, l.amount, l.balance_after as "balanceAfter", e.posting,
           e.document_type as "documentType", e.document_id as "documentId", e.booking_id as "bookingId",
           ${isoTime(sql`l.created_at`)} as "createdAt"
      from ledger_accounts a
     cross join lateral (select l.* from ledger_lines l where l.account_id = a.id and ${within} ${orderAndLimit}) l
      join ledger_entries e on e.id = l.entry_id
     where ${accountsOf(sql`${ctx.actor.userId}::uuid`, account)} and ${currency ? sql`a.currency = ${currency}` : sql`true`}
     ${orderAndLimit}`)
}
