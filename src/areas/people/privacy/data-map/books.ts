import { sql } from 'drizzle-orm'
import { type Holding, owned } from './holding.ts'

/** Money: the books stay. */
export const books: Record<string, Holding> = {
  payment_intents: {
    of: ({ user }) =>
      sql`t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    personal: 'provider_reference',
    other:
      'id booking_id method status provider amount_authorized amount_captured currency created_at updated_at version',
    erasure: 'keep',
    why: 'books',
  },
  payouts: {
    of: owned('tasker_id'),
    personal: 'provider_reference',
    other:
      'id tasker_id booking_id amount currency status provider scheduled_for paid_at created_at updated_at version',
    erasure: 'keep',
    why: 'books',
  },
  ledger_accounts: {
    of: owned('owner_user_id'),
    other: 'id kind owner_user_id currency guarded created_at',
    erasure: 'keep',
    why: 'books',
  },
  ledger_balances: {
    of: ({ user }) =>
      sql`t.account_id in (select a.id from ledger_accounts a where a.owner_user_id = ${user})`,
    other: 'account_id guarded balance lines rolled_up_xid updated_at',
    hidden: 'rolled_up_xid',
    erasure: 'keep',
    why: 'books',
  },
  ledger_entries: {
    of: ({ user }) =>
      sql`t.id in (select l.entry_id from ledger_lines l join ledger_accounts a on a.id = l.account_id where a.owner_user_id = ${user})`,
    other: 'id entry_type booking_id reference_id currency actor_user_id request_id created_at',
    erasure: 'keep',
    why: 'books',
  },
  ledger_lines: {
    of: ({ user }) =>
      sql`t.account_id in (select a.id from ledger_accounts a where a.owner_user_id = ${user})`,
    other: 'id entry_id account_id amount currency balance_after xid created_at',
    hidden: 'xid',
    erasure: 'keep',
    why: 'books',
  },
}
