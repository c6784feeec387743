import pg from 'pg'
import { newId } from '../../src/core/ids.ts'
import { freshDatabase } from './real-postgres.ts'

/** Someone who acts in a transaction; `stranger` is a signed-in user who has no part in anything. */
export interface Person {
  id: string | null
  role: string
}

export interface World {
  connection: pg.Client
  client: Person
  tasker: Person
  ops: Person
  stranger: Person
  system: Person
}

/** A database of its own with the people that every object needs. Connections are the owner's. */
export async function openWorld(): Promise<World & { ownerUrl: string; close(): Promise<void> }> {
  const { ownerUrl } = await freshDatabase()
  const connection = await connect(ownerUrl)
  const people = {
    client: person('client'),
    tasker: person('tasker'),
    ops: person('ops'),
    stranger: person('client'),
  }
  for (const [index, { id, role }] of Object.values(people).entries()) {
    await connection.query('insert into users (id, phone, role) values ($1, $2, $3)', [
      id,
      `+20155500000${index}`,
      role,
    ])
  }
  await asOwner(connection, () =>
    connection.query(
      `insert into tasker_profiles (user_id, status, hourly_rate_amount) values ($1, 'active', 12000)`,
      [people.tasker.id],
    ),
  )
  return {
    ...people,
    system: { id: null, role: 'system' },
    connection,
    ownerUrl,
    close: () => connection.end(),
  }
}

const person = (role: string): Person => ({ id: newId(), role })

export async function connect(url: string): Promise<pg.Client> {
  const connection = new pg.Client({ connectionString: url })
  await connection.connect()
  return connection
}

/** Sets a scene that no path leads to at once: without triggers, which only the owner of the cluster can do. */
export async function asOwner<T>(connection: pg.Client, work: () => Promise<T>): Promise<T> {
  await connection.query('set session_replication_role = replica')
  try {
    return await work()
  } finally {
    await connection.query('set session_replication_role = origin')
  }
}

export const actAs = (connection: pg.Client, { id, role }: Person) =>
  connection.query('select khidma.begin_request($1, $2, $3, null, null, null, null, null)', [
    role,
    id,
    newId(),
  ])

/** One transaction in somebody's name; rolled back when it throws. */
export async function transaction<T>(
  connection: pg.Client,
  actor: Person,
  work: () => Promise<T>,
): Promise<T> {
  await connection.query('begin')
  try {
    await actAs(connection, actor)
    const result = await work()
    await connection.query('commit')
    return result
  } catch (error) {
    await connection.query('rollback')
    throw error
  }
}

export interface TaskOptions {
  state?: string
  startsAt?: string
  minutes?: number
  currency?: string
}

export async function insertTask(world: World, options: TaskOptions = {}): Promise<string> {
  const id = newId()
  const { state = 'draft', startsAt = '2027-01-10T10:00:00Z', minutes = 60, currency = 'EGP' } = options
  await world.connection.query(
    `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state, currency)
     values ($1, $2, 'plumbing', 'A leak', 'Tahrir 1', 'Cairo', 30.0444, 31.2357, $3, $4, $5, $6)`,
    [id, world.client.id, startsAt, minutes, state, currency],
  )
  return id
}

export async function insertBooking(world: World, taskId: string, status: string): Promise<string> {
  const id = newId()
  await world.connection.query(
    `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, agreed_rate_currency, scheduled_during)
     select $1, t.id, t.client_id, $3, $4::booking_status, 12000, t.currency,
            tstzrange(t.starts_at, t.starts_at + make_interval(mins => t.est_minutes))
       from tasks t where t.id = $2`,
    [id, taskId, world.tasker.id, status],
  )
  return id
}

/** The payment of a booking, in cash; captured ones have the fare of an hour. */
export async function insertPayment(
  { connection }: World,
  bookingId: string,
  status: string,
): Promise<string> {
  const id = newId()
  const amount = status === 'captured' ? 12_000 : 0
  await connection.query(
    `insert into payment_intents (id, booking_id, payer_id, payee_id, method, provider, status, currency, amount_authorized, amount_captured)
     select $1, b.id, b.client_id, b.tasker_id, 'cash', 'cash', $3::payment_status, b.agreed_rate_currency, $4, $4 from bookings b where b.id = $2`,
    [id, bookingId, status, amount],
  )
  return id
}
