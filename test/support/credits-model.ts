import type pg from 'pg'
import { newId } from '../../src/core/ids.ts'
import { aPhone } from './numbers.ts'
import { messageOf } from './races.ts'

/** A plain model of credits, and the same operations on Postgres, with crashes between their statements. */

interface Grant {
  kind: 'paid' | 'bonus' | 'plan'
  purpose: string | null
  document: string
  amount: number
  taken: number
  /** Minutes of the model; null: never. */
  expires: number | null
  isRevoked: boolean
}
interface Spend {
  grant: Grant
  amount: number
  at: number
  wasReturned?: true
}
interface Hold {
  user: number
  amount: number
  spends: Spend[]
  status: 'held' | 'captured' | 'released'
}
interface State {
  /** Minutes since the run began. */
  time: number
  balances: number[]
  grants: Grant[][]
  holds: Map<string, Hold>
}

const priorities = { plan: 30, bonus: 40, paid: 50 }
const left = (grant: Grant) => grant.amount - grant.taken
const hasExpired = ({ expires }: Grant, time: number) => expires !== null && expires <= time

function spendable({ grants, time }: State, user: number, purpose: string | null): Grant[] {
  return (grants[user] ?? [])
    .map((grant, index) => ({ grant, index }))
    .filter(
      ({ grant }) =>
        left(grant) > 0 &&
        !grant.isRevoked &&
        !hasExpired(grant, time) &&
        (purpose === null || grant.purpose === null || grant.purpose === purpose),
    )
    .sort(
      (a, b) =>
        priorities[a.grant.kind] - priorities[b.grant.kind] ||
        (a.grant.expires ?? Number.POSITIVE_INFINITY) - (b.grant.expires ?? Number.POSITIVE_INFINITY) ||
        a.index - b.index,
    )
    .map(({ grant }) => grant)
}

const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)

/** Small and repeatable. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

/**
 * Lets the model move times of grants and spends, with all triggers on but those that refuse or would count it: who switches triggers off with
 * `session_replication_role` makes Postgres forget every plan of its session, at each step.
 *
 * `take_out_drift` takes the time that a run has lasted out of what the present transaction has written: two expiries that are equal in the
 * model are equal in Postgres then, to the microsecond, and the order of the grants decides. A grant that is granted again keeps its time to
 * the millisecond, and would otherwise move past others by as long as the test was busy.
 */
const triggers = `
  create or replace trigger b_guard before update on credit_grants for each row
    when (current_setting('model.clock', true) is distinct from 'moves') execute function khidma.guard_credit_grant();
  create or replace trigger b_guard before update on credit_grant_spends for each row
    when (current_setting('model.clock', true) is distinct from 'moves') execute function khidma.guard_credit_spend();
  create or replace trigger c_released after update on credit_grant_spends for each row
    when (new.status = 'released' and current_setting('model.clock', true) is distinct from 'moves') execute function khidma.move_taken()`

const clock = `
  create or replace function pg_temp.take_out_drift(users uuid[], began timestamptz) returns void language plpgsql as $$
  begin
    perform set_config('model.clock', 'moves', true);
    update credit_grants set effective_at = began, expires_at = expires_at - (now() - began) where user_id = any (users) and effective_at = now();
    update credit_grant_spends set created_at = began
     where created_at = now() and grant_id in (select id from credit_grants where user_id = any (users) and xmin = pg_current_xact_id()::xid);
    perform set_config('model.clock', '', true);
  end $$;
  create or replace function pg_temp.pass_hours(users uuid[], hours int) returns void language plpgsql as $$
  begin
    perform set_config('model.clock', 'moves', true);
    update credit_grants set effective_at = effective_at - make_interval(hours => hours), expires_at = expires_at - make_interval(hours => hours)
     where user_id = any (users);
    update credit_grant_spends set created_at = created_at - make_interval(hours => hours)
     where grant_id in (select id from credit_grants where user_id = any (users));
    perform set_config('model.clock', '', true);
  end $$`

/** Lets time be moved in a database. Before anybody plays: it locks the tables. */
export async function openClock(connection: pg.Client): Promise<void> {
  await connection.query(triggers)
}

export async function playCredits(
  connection: pg.Client,
  { operations, seed }: { operations: number; seed: number },
): Promise<{ crashes: number; refusals: number; done: Record<string, number> }> {
  const random = randomOf(seed)
  const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T
  const users = [newId(), newId(), newId()]
  for (const id of users)
    await connection.query("insert into users (id, phone, role) values ($1, $2, 'tasker')", [id, aPhone()])
  let state: State = { time: 0, balances: [0, 0, 0], grants: [[], [], []], holds: new Map() }
  const orders: { id: string; user: number }[] = []
  await connection.query(clock)
  const began = (await connection.query<{ now: string }>('select now()::text as now')).rows[0]?.now
  const outcome = { crashes: 0, refusals: 0, done: {} as Record<string, number> }
  const mine = `array['${users.join("', '")}']::uuid[]`
  let isBegun = false
  /** One round trip, with the begin of its transaction where it is the first of that. */
  const call = (text: string) => {
    const all = `${isBegun ? '' : 'begin;'} select khidma.${text}; select pg_temp.take_out_drift(${mine}, '${began}')`
    isBegun = true
    return messageOf(connection.query(all))
  }

  const expire = (user: number) => {
    for (const grant of state.grants[user] ?? [])
      if (hasExpired(grant, state.time) && left(grant) > 0) {
        state.balances[user] = (state.balances[user] ?? 0) - left(grant)
        grant.taken = grant.amount
      }
  }
  const again = ({ grant, amount, at }: Spend, user: number) =>
    state.grants[user]?.push({
      ...grant,
      amount,
      taken: 0,
      isRevoked: false,
      expires: grant.expires === null ? null : state.time + (grant.expires - at),
    })

  const acts = {
    async grant() {
      const user = random(3)
      const grant: Grant = {
        kind: pick(['paid', 'bonus', 'plan'] as const),
        purpose: pick([null, null, 'leads', 'job_postings']),
        document: newId(),
        amount: 1 + random(9),
        taken: 0,
        // Never on the hour, so that the time that a test takes decides nothing. Many expire at once.
        expires: random(3) === 0 ? null : state.time + 60 * (1 + random(20)) + 30,
        isRevoked: false,
      }
      const minutes = grant.expires === null ? null : grant.expires - state.time
      const until = minutes === null ? 'null' : `now() + make_interval(mins => ${minutes})`
      const purpose = grant.purpose === null ? 'null' : `'${grant.purpose}'`
      const said = await call(
        `grant_credits('${users[user]}', ${grant.amount}, '${grant.kind}', 'order', '${grant.document}', ${until}, null, ${purpose})`,
      )
      state.grants[user]?.push(grant)
      state.balances[user] = (state.balances[user] ?? 0) + grant.amount
      orders.push({ id: grant.document, user })
      return [said, 'ok'] as const
    },
    async hold() {
      const [user, amount, purpose, id] = [random(3), 1 + random(8), pick(['leads', 'job_postings']), newId()]
      const said = await call(
        `hold_credits('${users[user]}', ${amount}, '${purpose}', 'lead_request', '${id}', null)`,
      )
      const grants = spendable(state, user, purpose)
      if (sum(grants.map(left)) < amount) return [said, 'insufficient_credits'] as const
      expire(user)
      const hold: Hold = { user, amount, spends: [], status: 'held' }
      let open = amount
      for (const grant of grants) {
        const part = Math.min(open, left(grant))
        if (part === 0) break
        grant.taken += part
        open -= part
        hold.spends.push({ grant, amount: part, at: state.time })
      }
      state.holds.set(id, hold)
      return [said, 'ok'] as const
    },
    async capture() {
      const id = pick([...state.holds.keys(), newId()])
      const said = await call(`capture_credits('lead_request', '${id}')`)
      const hold = state.holds.get(id)
      if (hold?.status !== 'held') return [said, 'credits_not_held'] as const
      hold.status = 'captured'
      state.balances[hold.user] = (state.balances[hold.user] ?? 0) - hold.amount
      return [said, 'ok'] as const
    },
    async release() {
      const id = pick([...state.holds.keys(), newId()])
      const said = await call(`release_credits('lead_request', '${id}')`)
      const hold = state.holds.get(id)
      if (hold?.status === 'held') {
        hold.status = 'released'
        const order = new Map(state.grants[hold.user]?.map((grant, index) => [grant, index]))
        for (const spend of hold.spends.toSorted(
          (a, b) => (order.get(a.grant) ?? 0) - (order.get(b.grant) ?? 0),
        )) {
          if (spend.grant.isRevoked)
            state.balances[hold.user] = (state.balances[hold.user] ?? 0) - spend.amount
          else if (hasExpired(spend.grant, state.time)) again(spend, hold.user)
          else spend.grant.taken -= spend.amount
        }
      }
      return [said, 'ok'] as const
    },
    async return() {
      const id = pick([...state.holds.keys(), newId()])
      const said = await call(`return_credits('lead_request', '${id}')`)
      const hold = state.holds.get(id)
      for (const spend of hold?.status === 'captured' ? hold.spends : [])
        if (!spend.wasReturned && !spend.grant.isRevoked && hold) {
          spend.wasReturned = true
          again(spend, hold.user)
          state.balances[hold.user] = (state.balances[hold.user] ?? 0) + spend.amount
        }
      return [said, 'ok'] as const
    },
    async revoke() {
      const order = pick([...orders, { id: newId(), user: 0 }])
      const said = await call(`revoke_credits('order', '${order.id}')`)
      for (const grant of state.grants[order.user] ?? [])
        if (grant.document === order.id && !grant.isRevoked) {
          grant.isRevoked = true
          state.balances[order.user] = (state.balances[order.user] ?? 0) - left(grant)
          grant.taken = grant.amount
        }
      return [said, 'ok'] as const
    },
    async expire() {
      const user = random(3)
      const said = await call(`expire_credits_of('${users[user]}')`)
      expire(user)
      return [said, 'ok'] as const
    },
  }
  const kinds = [
    'grant',
    'hold',
    'hold',
    'hold',
    'capture',
    'release',
    'release',
    'return',
    'revoke',
    'expire',
  ] as const

  /** Ends the transaction, and compares what is there then. */
  async function compareAfter(end: 'commit' | 'rollback', what: string): Promise<void> {
    isBegun = false
    const all = (await connection.query(
      `${end};
       select a.owner_user_id as id, b.balance::int, b.held::int,
              (select coalesce(sum(s.remaining), 0)::int from khidma.spendable_credits(a.owner_user_id, null) s) as available
         from ledger_accounts a join ledger_balances b on b.account_id = a.id where a.owner_user_id = any (${mine}) and a.kind = 'credit_wallet'`,
    )) as unknown as pg.QueryResult<{ id: string; balance: number; held: number; available: number }>[]
    const rows = all.at(-1)?.rows ?? []
    for (const [user, id] of users.entries()) {
      const row = rows.find((found) => found.id === id) ?? { balance: 0, held: 0, available: 0 }
      const held = sum(
        [...state.holds.values()].filter((h) => h.user === user && h.status === 'held').map((h) => h.amount),
      )
      const available = sum(spendable(state, user, null).map(left))
      const [there, here] = [
        `${row.balance} ${row.held} ${row.available}`,
        `${state.balances[user]} ${held} ${available}`,
      ]
      if (there !== here || row.balance < 0 || row.balance < row.held)
        throw new Error(`seed ${seed}, ${what}: Postgres has ${there}, the model ${here}`)
    }
  }

  for (let done = 0; done < operations; ) {
    if (random(25) === 0) {
      const hours = 1 + random(6)
      state.time += 60 * hours
      await connection.query(`select pg_temp.pass_hours(${mine}, ${hours})`)
    }
    const saved = structuredClone(state)
    const known = orders.length
    const steps = 1 + random(3)
    const crashesAfter = random(6) === 0 ? random(steps) : steps
    const names: string[] = []
    let isRefused = false
    for (let step = 0; step <= Math.min(crashesAfter, steps - 1); step += 1) {
      const name = pick(kinds)
      names.push(name)
      done += 1
      const [said, expected] = await acts[name]()
      if (said !== expected)
        throw new Error(`seed ${seed}, ${names}: Postgres says ${said}, the model ${expected}`)
      outcome.done[name] = (outcome.done[name] ?? 0) + 1
      isRefused = said !== 'ok'
      if (isRefused) break
    }
    if (isRefused) outcome.refusals += 1
    if (isRefused || crashesAfter < steps) {
      if (!isRefused) outcome.crashes += 1
      state = saved
      orders.length = known
      await compareAfter('rollback', names.join(', '))
    } else await compareAfter('commit', names.join(', '))
    // A hold that has ended long ago plays no part any more.
    if (state.holds.size > 60)
      for (const [id, hold] of [...state.holds].slice(0, 20))
        if (hold.status !== 'held') state.holds.delete(id)
  }
  return outcome
}

/** Every document of credits has the entries that it says, and every entry its document. */
export async function compareDocuments(connection: pg.Client): Promise<void> {
  const { rows } = await connection.query(
    `select document_type, what from khidma.document_differences() where document_type in ('credit_grant', 'lead_request')`,
  )
  if (rows.length > 0) throw new Error(`the books differ: ${JSON.stringify(rows)}`)
}
