import type pg from 'pg'
import { newId } from '../../src/core/ids.ts'
import { eventually } from './eventually.ts'

/** The books by SQL, for tests that race on real connections. */

export interface Line {
  account: string
  owner: string | null
  amount: number
}

export interface Entry {
  id?: string
  type?: string
  booking?: string | null
  reference?: string | null
  currency?: string
  lines: Line[]
}

export async function postEntry(connection: pg.Client, entry: Entry): Promise<string> {
  const {
    id = newId(),
    type = 'adjustment',
    booking = null,
    reference = null,
    currency = 'EGP',
    lines,
  } = entry
  const { rows } = await connection.query('select khidma.post_entry($1, $2, $3, $4, $5, $6) as id', [
    id,
    type,
    booking,
    reference,
    currency,
    JSON.stringify(lines),
  ])
  return rows[0].id
}

export interface Account {
  id: string
  kind: string
  owner: string | null
  guarded: boolean
  /** As the view tells it, as the lines tell it, and as it is stored. */
  balance: number
  sum: number
  stored: number
  lines: number
  storedLines: number
}

/** Every account with what its lines add up to, at one moment. */
export async function readAccounts(connection: pg.Client): Promise<Account[]> {
  const { rows } = await connection.query<Account>(`
    select v.id, v.kind, v.owner_user_id as owner, v.guarded, v.balance::float8 as balance,
           coalesce(t.sum, 0)::float8 as sum, coalesce(t.lines, 0)::int as lines,
           b.balance::float8 as stored, b.lines::int as "storedLines"
      from account_balances v join ledger_balances b on b.account_id = v.id
      left join (select account_id, sum(amount) as sum, count(*) as lines from ledger_lines group by 1) t on t.account_id = v.id
     order by v.kind, v.owner_user_id`)
  return rows
}

/**
 * Rolls up all that is committed and returns how many accounts that were. A roll-up stops below the oldest transaction
 * that runs anywhere on the server, so another test's makes this wait.
 */
export async function rollUp(connection: pg.Client): Promise<number> {
  await eventually('the end of what runs beside the postings', async () => {
    const { rows } = await connection.query(
      'select coalesce(bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())), true) as settled from ledger_lines',
    )
    return rows[0].settled
  })
  const { rows } = await connection.query('select khidma.roll_up_balances() as accounts')
  return rows[0].accounts
}

/** The sum of all accounts, at one moment. */
export async function trialBalance(connection: pg.Client): Promise<number> {
  const { rows } = await connection.query(
    'select coalesce(sum(balance), 0)::float8 as total from account_balances',
  )
  return rows[0].total
}
