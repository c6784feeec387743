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
export const countryOf: Record<Currency, string> = { EGP: 'EG', NGN: 'NG', INR: 'IN' }
/** A lost chargeback falls on the tasker here, by policy; elsewhere on the platform. */
export const chargebacksAreTaskers = (currency: Currency): boolean => currency === 'EGP'

export interface Person {
  id: string
  role: 'client' | 'tasker' | 'admin'
}

/** Ends with each payment of an order, used or returned. */
export interface Coupon {
  code: string
  basisPoints: number
  limit: number
  /** Orders that use it, or have reserved it. */
  uses: Set<string>
}

export interface Group {
  clients: Person[]
  taskers: Person[]
  coupons: Record<Currency, Coupon>
}

export const planPrice = 4_999
/** A package and a plan in each currency; one country taxes packages. */
export const sold: Record<
  Currency,
  { packageId: string; planId: string; price: number; gives: number; taxBasisPoints: number }
> = {
  EGP: { packageId: newId(), planId: newId(), price: 33_335, gives: 5, taxBasisPoints: 1_400 },
  NGN: { packageId: newId(), planId: newId(), price: 20_001, gives: 2, taxBasisPoints: 0 },
  INR: { packageId: newId(), planId: newId(), price: 99_995, gives: 7, taxBasisPoints: 0 },
}

async function insertSales(owner: pg.Client): Promise<void> {
  await owner.query(`select set_config('khidma.role', 'system', false)`)
  for (const currency of currencies) {
    const { packageId, planId, price, gives } = sold[currency]
    const names = { en: 'Model', ar: 'نموذج' }
    await owner.query(
      `insert into packages (id, kind, names, country, price, currency, postings) values ($1, 'job_posting', $2, $3, $4, $5, $6)`,
      [packageId, names, countryOf[currency], price, currency, gives],
    )
    await owner.query(
      `insert into plans (id, names, country, currency, price_month) values ($1, $2, $3, $4, $5)`,
      [planId, names, countryOf[currency], currency, planPrice],
    )
  }
  await owner.query(
    `insert into tax_rules (id, name, kind, rate_basis_points, country, applies_to, starts_at) values ($1, 'VAT', 'vat', $2, 'EG', '{package}', now() - interval '1 day')`,
    [newId(), sold.EGP.taxBasisPoints],
  )
}

async function insertCoupons(owner: pg.Client): Promise<Record<Currency, Coupon>> {
  const coupons = currencies.map((currency): [Currency, Coupon] => [
    currency,
    { code: `M${newId().slice(-12)}`, basisPoints: 1_250, limit: 8, uses: new Set() },
  ])
  await owner.query(`select set_config('khidma.role', 'system', false)`)
  for (const [currency, { code, basisPoints, limit }] of coupons)
    await owner.query(
      `insert into discount_rules (id, name, code, discount_type, discount_value, country, currency, usage_limit, starts_at)
       values ($1, 'Model', $2, 'percent', $3, $4, $5, $6, now() - interval '1 day')`,
      [newId(), code, basisPoints, countryOf[currency], currency, limit],
    )
  return Object.fromEntries(coupons) as Record<Currency, Coupon>
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
  await insertSales(owner)
  return staff
}

/** People of one connection: nobody else touches what is theirs. */
export async function insertGroup(owner: pg.Client, index: number): Promise<Group> {
  const people = (role: Person['role'], count: number) =>
    Array.from({ length: count }, (): Person => ({ id: newId(), role }))
  const group = {
    clients: people('client', 6),
    taskers: people('tasker', 5),
    coupons: await insertCoupons(owner),
  }
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
