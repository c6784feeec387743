import { type SQL, sql } from 'drizzle-orm'

export const accountKinds = [
  'client_cash',
  'client_wallet',
  'platform_fee',
  'tasker_payable',
  'escrow',
  'commission_receivable',
  'refund_receivable',
  'platform_clearing',
] as const
export type AccountKind = (typeof accountKinds)[number]

/** Platform accounts have no owner. */
export const ofPlatform = sql`null::uuid`

export interface PostingLine {
  account: AccountKind
  owner: SQL
  /** Credit is positive, debit negative; minor units. Zero leaves the line out. */
  amount: SQL
}

export interface Posting {
  id: string
  type: 'authorization' | 'capture' | 'refund' | 'payout' | 'fee' | 'adjustment'
  bookingId: SQL
  /** Names the business fact: the same type and reference post once. */
  reference: SQL
  currency: SQL
  lines: PostingLine[]
}

/** One balanced entry, as an expression for the select list of an effect. The only way to the books. */
export function post({ id, type, bookingId, reference, currency, lines }: Posting): SQL {
  const objects = lines.map(
    ({ account, owner, amount }) =>
      sql`jsonb_build_object('account', ${account}::text, 'owner', ${owner}, 'amount', ${amount})`,
  )
  return sql`khidma.post_entry(${id}, ${type}, ${bookingId}, ${reference}, ${currency},
    jsonb_build_array(${sql.join(objects, sql`, `)}))`
}

export interface AccountName {
  kind: AccountKind
  owner: SQL
}

/**
 * Effects for a posting whose amounts depend on a balance: opens the accounts and locks them in the order in which
 * `post_entry` does, so that what is read next stays true until the posting, and crossing postings wait in line.
 * `from` is where owners and currency come from.
 */
export function lockAccounts(accounts: AccountName[], currency: SQL, from: SQL): SQL[] {
  const named = sql.join(
    accounts.map(
      ({ kind, owner }) =>
        sql`select ${kind}::text as kind, ${owner} as owner, ${currency} as currency from ${from}`,
    ),
    sql` union `,
  )
  return [
    sql`insert into ledger_accounts (id, kind, owner_user_id, currency, guarded)
        select khidma.uuid_v7(), n.kind, n.owner, n.currency, khidma.is_guarded(n.kind)
          from (${named}) n order by n.kind, n.owner
        on conflict (kind, owner_user_id, currency) do nothing`,
    sql`select from ledger_balances l join ledger_accounts a on a.id = l.account_id
          join (${named}) n on n.kind = a.kind and n.owner is not distinct from a.owner_user_id and n.currency = a.currency
         where a.guarded order by l.account_id for update of l`,
  ]
}

/** Balance of a guarded account now; zero where the account was never used. */
export const balanceOf = ({ kind, owner }: AccountName, currency: SQL): SQL =>
  sql`coalesce((select l.balance from ledger_balances l join ledger_accounts a on a.id = l.account_id
        where a.kind = ${kind} and a.owner_user_id is not distinct from ${owner} and a.currency = ${currency}), 0)`
