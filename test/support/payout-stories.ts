import { sql } from 'drizzle-orm'
import { newId } from '../../src/core/ids.ts'
import { adjust } from './adjustments.ts'
import { api, type Caller, database } from './api.ts'
import { ok, withKey } from './story.ts'

/** People with money to be paid out, by the API and by the functions that jobs call. */

export const bankAccount = (
  accountNumber = 'EG380019000500000000263180002',
  holderName = 'Amina Hassan',
) => ({
  kind: 'bank' as const,
  country: 'EG',
  bankCode: 'NBEGEGCX',
  accountNumber,
  holderName,
})

export const addAccount = async (as: Caller, currency = 'EGP', destination: object = bankAccount()) =>
  (await ok(api('/v1/me/payout-accounts', { as, body: { currency, destination }, headers: withKey() }))).body

/** Money of the platform's bank, owed to somebody or in their wallet. */
export const fund = (account: string, { userId }: Caller, amount: number, currency = 'EGP') =>
  database().write([
    adjust(
      [
        { account: 'platform_clearing', owner: null, amount: -amount },
        { account, owner: userId, amount },
      ],
      null,
      currency,
    ),
  ])

export const terms = { minimum: { EGP: 1_000, KGS: 1_000 }, holdDays: 2 }

/** Does for one tasker what a payday does. */
export const schedule = ({ userId }: Caller, currency = 'EGP', given: object = terms) =>
  database().write([
    sql`select khidma.schedule_payout(${userId}, ${currency}, ${JSON.stringify(given)}::jsonb)`,
  ])

/** An account at a gateway that nobody can open. */
export async function aPayingConfig(gateway = 'stripe'): Promise<string> {
  const id = newId()
  await database().write([
    sql`insert into payment_gateway_configs (id, gateway, display_name, config, currencies) values (${id}, ${gateway}, 'Test', 'sealed', '{EGP}')`,
  ])
  return id
}

/** Hands a scheduled payout to a gateway, or to finance. */
export const send = (id: string, configId: string | null = null) =>
  database().write([sql`select khidma.start_payout(${id}, ${configId}::uuid, null)`])

/** Ends the attempt of that number, the last one by default. */
export const finish = (id: string, status: string, failure: string | null = null, number?: number) =>
  database().write([
    sql`select khidma.end_payout(t.id, ${status}, 'bank-1', null, ${failure}::text)
          from payouts p join payout_attempts t on t.payout_id = p.id and t.number = coalesce(${number ?? null}::int, p.attempt)
         where p.id = ${id}`,
  ])

export const payoutsOf = async (as: Caller, query = '') =>
  (await ok(api(`/v1/payouts?${query}`, { as }))).body.data

/** Balance and held amount of an account in the books. */
export async function balanceOf({ userId }: Caller, kind: string, currency = 'EGP') {
  const [row] = await database().read<{ balance: number; held: number }>(sql`
    select v.balance, b.held from account_balances v join ledger_balances b on b.account_id = v.id
     where v.owner_user_id = ${userId} and v.kind = ${kind} and v.currency = ${currency}`)
  return row ? { balance: row.balance, held: row.held } : { balance: 0, held: 0 }
}

/** A payout of a tasker that is scheduled. */
export async function aScheduledPayout(tasker: Caller, amount = 25_000, currency = 'EGP') {
  await addAccount(tasker, currency)
  await fund('tasker_payable', tasker, amount, currency)
  await schedule(tasker, currency)
  const [payout] = await payoutsOf(tasker)
  return payout as { id: string; amount: number; status: string }
}

/** All entries of a document, by their kind, with their lines. */
export const entriesOf = (id: string) =>
  database().read<{ posting: string; lines: Record<string, number> }>(sql`
    select e.posting, (select json_object_agg(a.kind || coalesce(':' || a.owner_name, ''), l.amount)
                         from ledger_lines l join ledger_accounts a on a.id = l.account_id where l.entry_id = e.id) as lines
      from ledger_entries e where e.document_id = ${id} order by e.id`)
