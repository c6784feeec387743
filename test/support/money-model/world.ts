import pg from 'pg'
import { newId } from '../../../src/core/ids.ts'
import { type Currency, currencies } from './books.ts'
import type { GatewayKind } from './gateway.ts'

/** People and gateways of the model in a database of their own. */

/** One gateway a currency, each with other abilities: holds and parts, no holds, holds that are captured whole. */
export const gatewayOf: Record<Currency, GatewayKind> = {
  EGP: { name: 'stripe', holds: true, capturesParts: true },
  NGN: { name: 'paystack', holds: false, capturesParts: false },
  INR: { name: 'razorpay', holds: true, capturesParts: false },
}
const countryOf: Record<Currency, string> = { EGP: 'EG', NGN: 'NG', INR: 'IN' }
/** A lost chargeback falls on the tasker here, by policy; elsewhere on the platform. */
export const chargebacksAreTaskers = (currency: Currency): boolean => currency === 'EGP'

export interface Person {
  id: string
  role: 'client' | 'tasker' | 'admin'
}

export interface Group {
  clients: Person[]
  taskers: Person[]
}

export interface Staff {
  proposer: Person
  approver: Person
  /** A file: the word of a bank. */
  proof: string
}

const admin = (): Person => ({ id: newId(), role: 'admin' })

/** Record of changes and events: a third of all work, and no part of any sum. A long run goes without; a short one has them. */
const withoutRecords = `do $$
declare t record;
begin
  for t in select tgname, tgrelid::regclass as name from pg_trigger where tgname like 'z_audit%' loop
    execute format('drop trigger %I on %s', t.tgname, t.name);
  end loop;
  create or replace function khidma.emit(
    p_type text, p_object_type text, p_object_id uuid, p_object_seq int, p_data jsonb, p_recipients uuid[]
  ) returns void language plpgsql as 'begin end';
end $$`

export async function prepare(owner: pg.Client, hasRecords: boolean): Promise<Staff> {
  const staff = { proposer: admin(), approver: admin(), proof: newId() }
  if (!hasRecords) await owner.query(withoutRecords)
  await owner.query('set session_replication_role = replica')
  await insertUsers(owner, [staff.proposer, staff.approver], 0)
  await owner.query(
    `insert into media_files (id, user_id, kind, storage_url, storage_key, uploaded_at) values ($1, $2, 'document', 'proof', 'proof', now())`,
    [staff.proof, staff.proposer.id],
  )
  for (const currency of currencies) {
    const { name } = gatewayOf[currency]
    await owner.query(
      `insert into payment_gateway_configs (id, gateway, display_name, config, status, countries, currencies, methods, activated_at)
       values ($1, $2, $2, 'k.x.y', 'active', array[$3], array[$4], '{card}', now())`,
      [newId(), name, countryOf[currency], currency],
    )
    await owner.query(
      `insert into config_entries (id, key, country, value, valid_during, reason) values ($1, 'chargebacks.policy', $2, $3, tstzrange(now(), null), 'Test')`,
      [
        newId(),
        countryOf[currency],
        { responsible: chargebacksAreTaskers(currency) ? 'tasker' : 'platform', reminderHours: 48 },
      ],
    )
  }
  await owner.query('set session_replication_role = origin')
  return staff
}

/** People of one connection: nobody else touches what is theirs. */
export async function insertGroup(owner: pg.Client, index: number): Promise<Group> {
  const people = (role: Person['role'], count: number) =>
    Array.from({ length: count }, (): Person => ({ id: newId(), role }))
  const group = { clients: people('client', 6), taskers: people('tasker', 5) }
  const all = [...group.clients, ...group.taskers]
  await owner.query('set session_replication_role = replica')
  await insertUsers(owner, all, (index + 1) * 100)
  for (const { id, role } of all) {
    if (role === 'tasker')
      await owner.query(
        `insert into tasker_profiles (user_id, status, hourly_rate_amount) values ($1, 'active', 12000)`,
        [id],
      )
    for (const currency of currencies)
      await owner.query(
        `insert into payout_accounts (id, user_id, kind, country, currency, details, last_four, holder_name, is_default)
         values ($1, $2, 'bank', $3, $4, 'k.x.y', '0002', 'Amina Hassan', true)`,
        [newId(), id, countryOf[currency], currency],
      )
  }
  await owner.query('set session_replication_role = origin')
  return group
}

async function insertUsers(owner: pg.Client, people: Person[], first: number): Promise<void> {
  for (const [index, { id, role }] of people.entries())
    await owner.query('insert into users (id, phone, role) values ($1, $2, $3)', [
      id,
      `+2015${String(first + index).padStart(8, '0')}`,
      role,
    ])
}

export type Actor = Person | { id: null; role: 'system' }
export const system: Actor = { id: null, role: 'system' }

// biome-ignore lint/suspicious/noExplicitAny: rows of any statement
export type Rows = any[]

/** One connection, which does a transaction in one round trip. */
export class Line {
  readonly #client: pg.Client
  /** A refused statement has left its transaction open. */
  #isBroken = false
  trips = 0

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url })
  }

  open = (): Promise<unknown> => this.#client.connect()
  close = (): Promise<void> => this.#client.end()

  /** Returns the rows of the last statement, or what refused it: a problem's code, or the name of a constraint. */
  async transact(
    actor: Actor,
    statements: string[],
    end: 'commit' | 'rollback' = 'commit',
  ): Promise<Rows | string> {
    const begun = `begin; select khidma.begin_request('${actor.role}', ${actor.id ? `'${actor.id}'` : 'null'}, 'model', null, null, null, null, null)`
    // A constraint that is checked at the commit refuses here what it would refuse there.
    const text = [
      ...(this.#isBroken ? ['rollback'] : []),
      begun,
      ...statements,
      'set constraints all immediate',
      end,
    ]
    this.trips += 1
    try {
      const results = (await this.#client.query(text.join(';\n'))) as unknown as pg.QueryResult[]
      this.#isBroken = false
      return results.at(-3)?.rows ?? []
    } catch (error) {
      this.#isBroken = true
      const { constraint, message } = error as pg.DatabaseError
      return constraint ?? message
    }
  }

  async read(text: string): Promise<Rows> {
    const { rows } = await this.#client
      .query(`${this.#isBroken ? 'rollback' : 'select 1'};${text}`)
      .then((all) => (all as unknown as pg.QueryResult[]).at(-1) as pg.QueryResult)
    this.#isBroken = false
    return rows
  }
}
