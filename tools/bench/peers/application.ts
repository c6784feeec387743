import { createHash, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { newId } from '../../../src/core/ids.ts'

/**
 * Three operations as a lean application on `pg` writes them: named prepared statements, its rules in one function each, the same
 * rows as ours in tables without triggers. It does without our looks at user and session, idempotency keys and the chain of the
 * audit.
 */

export interface Caller {
  userId: string
  sessionId: string
  requestId: string
  ip: string
  userAgent: string
}

export interface NewTask {
  category: string
  description: string
  address: string
  city: string
  lat: number
  lng: number
  startsAt: string
  estMinutes: number
}

export class Refused extends Error {
  readonly status: number

  constructor(status: number, code: string) {
    super(code)
    this.status = status
  }
}

export async function getTask(db: pg.ClientBase, caller: Caller, taskId: string) {
  const { rows } = await run(db, 'task', taskById, [taskId, caller.userId])
  if (!rows[0]) throw new Refused(404, 'not_found')
  return rows[0]
}

export async function createTask(db: pg.ClientBase, caller: Caller, task: NewTask) {
  const { category, description, address, city, lat, lng, startsAt, estMinutes } = task
  if (Date.parse(startsAt) <= Date.now()) throw new Refused(422, 'starts_at_refused')
  const known = await run(
    db,
    'category',
    'select from task_categories where slug = $1 and deleted_at is null and active',
    [category],
  )
  if (known.rowCount === 0) throw new Refused(422, 'unknown_category')
  const [band] = (await run(db, 'band', bandOf, [category, city])).rows
  if (!band) throw new Refused(422, 'price_unavailable')
  const amount = (anHour: string) => Math.round((Number(anHour) * estMinutes) / 60)
  return transaction(db, async () => {
    const { rows } = await run(db, 'insert-task', insertTask, [
      ...[newId(), caller.userId, category, description, address, city, lat, lng, startsAt, estMinutes],
      ...[band.id, amount(band.min_amount), amount(band.max_amount), band.currency],
    ])
    const { created_at, updated_at, version, location, ...columns } = rows[0] as Record<string, unknown>
    const id = String(columns.id)
    await run(db, 'task-event', insertTaskEvent, [
      newId(),
      id,
      null,
      'draft',
      caller.userId,
      stepOf('create'),
    ])
    const facts = { to: 'draft', ...stepOf('create'), taskId: id, clientId: caller.userId }
    await emit(db, 'task.created', 'task', id, 1, facts, [caller.userId])
    const changes = Object.entries(columns).map(([name, value]) => [name, [null, value]])
    await audit(db, caller, 'tasks', 'insert', id, Object.fromEntries(changes))
    return { ...columns, version, created_at, updated_at, allowedActions: ['post', 'cancel'] }
  })
}

export async function confirmBooking(db: pg.ClientBase, caller: Caller, bookingId: string) {
  return transaction(db, async () => {
    const [booking] = (await run(db, 'lock-booking', lockBooking, [bookingId])).rows
    if (!booking || ![booking.client_id, booking.tasker_id].includes(caller.userId))
      throw new Refused(404, 'not_found')
    if (booking.client_id !== caller.userId) throw new Refused(403, 'forbidden')
    if (booking.status !== 'accepted' || booking.state !== 'accepted')
      throw new Refused(409, 'invalid_transition')
    const { task_id: taskId, client_id: clientId, tasker_id: taskerId } = booking
    const facts = {
      from: 'accepted',
      to: 'confirmed',
      ...stepOf('confirm'),
      taskId,
      bookingId,
      clientId,
      taskerId,
    }
    const people = [clientId, taskerId]
    await run(db, 'confirm-booking', confirmBookingRow, [bookingId])
    await run(db, 'booking-event', insertBookingEvent, [
      newId(),
      bookingId,
      'accepted',
      'confirmed',
      caller.userId,
      stepOf('confirm'),
    ])
    await emit(db, 'booking.confirmed', 'booking', bookingId, booking.version + 1, facts, people)
    await audit(db, caller, 'bookings', 'update', bookingId, { status: ['accepted', 'confirmed'] })
    await run(db, 'end-deadlines', endDeadlines, [bookingId])
    await run(db, 'set-deadlines', insertDeadlines, [newId(), newId(), bookingId])
    await run(db, 'confirm-task', confirmTaskRow, [taskId])
    await run(db, 'task-event', insertTaskEvent, [
      newId(),
      taskId,
      'accepted',
      'confirmed',
      caller.userId,
      stepOf('confirm'),
    ])
    await emit(db, 'task.confirmed', 'task', taskId, booking.task_version + 1, facts, people)
    await audit(db, caller, 'tasks', 'update', taskId, { state: ['accepted', 'confirmed'] })
    const { rows } = await run(db, 'booking', bookingById, [bookingId])
    return { ...rows[0], allowedActions: ['cancel'] }
  })
}

const stepOf = (action: string) => ({ action, party: 'client' })

const run = (db: pg.ClientBase, name: string, text: string, values: unknown[]) =>
  // biome-ignore lint/suspicious/noExplicitAny: rows as `pg` gives them
  db.query<any>({ name, text, values })

async function transaction<T>(db: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await db.query('begin')
  try {
    const result = await work()
    await db.query('commit')
    return result
  } catch (error) {
    await db.query('rollback')
    throw error
  }
}

const emit = (
  db: pg.ClientBase,
  ...[type, objectType, objectId, version, data, recipients]: [
    string,
    string,
    string,
    number,
    object,
    string[],
  ]
) => run(db, 'emit', insertEvent, [newId(), type, objectType, objectId, version, data, recipients])

function audit(
  db: pg.ClientBase,
  { userId, sessionId, requestId, ip, userAgent }: Caller,
  ...[table, step, targetId, changes]: [string, string, string, object]
) {
  const salt = randomUUID()
  const meta = { changes }
  const digest = createHash('sha256')
    .update(JSON.stringify([salt, meta, ip, userAgent]))
    .digest()
  const values = [
    newId(),
    userId,
    sessionId,
    table,
    `${table}.${step}`,
    targetId,
    requestId,
    ip,
    userAgent,
    meta,
    salt,
    digest,
  ]
  return run(db, 'audit', insertAudit, values)
}

const taskById = `
  select t.id, t.client_id as "clientId", t.sourcing, t.category, t.subcategory, t.description,
         case when mine then t.address end as address, t.city, t.district, t.lat, t.lng, t.starts_at as "startsAt",
         t.flexibility_minutes as "flexibilityMinutes", t.pricing_model as "pricingModel", t.est_minutes as "estMinutes",
         t.est_min_amount as "estMinAmount", t.est_max_amount as "estMaxAmount", t.currency,
         t.structured_inputs as "structuredInputs", t.state, t.version, t.created_at as "createdAt", t.updated_at as "updatedAt",
         b.id as "bookingId"
    from tasks t left join bookings b on b.task_id = t.id
   cross join lateral (select t.client_id = $2 or coalesce(b.tasker_id = $2 and b.status <> 'offered', false)) seen (mine)
   where t.id = $1 and (mine or exists (select from offers o where o.task_id = t.id and o.tasker_id = $2 and o.status = 'pending'))`

const bandOf = `
  with recursive up as (
    select c.id, c.parent_id, 0 as distance from task_categories c where c.slug = $1 and c.deleted_at is null and c.active
    union all
    select c.id, c.parent_id, up.distance + 1 from task_categories c join up on c.id = up.parent_id)
  select b.id, b.min_amount, b.max_amount, b.currency
    from up join pricing_bands b on b.category_id = up.id and b.valid_during @> now() and (b.city is null or lower(b.city) = lower($2))
   order by up.distance, b.city nulls last, b.id desc limit 1`

const insertTask = `
  insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, price_band_id,
                     est_min_amount, est_max_amount, currency)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning *`

const lockBooking = `
  select b.task_id, b.client_id, b.tasker_id, b.status, b.version, t.state, t.version as task_version
    from bookings b join tasks t on t.id = b.task_id where b.id = $1 for update`

const confirmBookingRow = `update bookings set status = 'confirmed', updated_at = now(), version = version + 1 where id = $1`
const endDeadlines = `
  update booking_deadlines set outcome = 'met', ended_at = now(), next_at = null where booking_id = $1 and outcome is null`

const insertDeadlines = `
  insert into booking_deadlines (id, booking_id, kind, due_at, reminders, next_at)
  select d.id, b.id, d.kind, d.due_at, d.reminders, d.next_at
    from bookings b
   cross join lateral (values
           ($1::uuid, 'visit', lower(b.scheduled_during), '{1440,60}'::int[], lower(b.scheduled_during) - interval '1 day'),
           ($2, 'start', upper(b.scheduled_during) + interval '1 day', '{1380}', upper(b.scheduled_during) + interval '1 hour')
         ) d (id, kind, due_at, reminders, next_at)
   where b.id = $3`

const confirmTaskRow = `update tasks set state = 'confirmed', updated_at = now(), version = version + 1 where id = $1`

const insertBookingEvent = `
  insert into booking_events (id, booking_id, from_status, to_status, actor_user_id, meta) values ($1, $2, $3, $4, $5, $6)`

const insertTaskEvent = `
  insert into task_state_events (id, task_id, from_state, to_state, actor_user_id, meta) values ($1, $2, $3, $4, $5, $6)`

const insertEvent = `
  with written as (
    insert into outbox (id, type, object_type, object_id, object_seq, data) values ($1, $2, $3, $4, $5, $6) returning id, xid, seq)
  insert into outbox_recipients (user_id, xid, seq, event_id)
  select r, w.xid, w.seq, w.id from written w, unnest($7::uuid[]) r`

const insertAudit = `
  insert into audit_log (id, actor_type, actor_id, actor_user_id, actor_role, source_id, subject_user_id, module, action, target_type,
                         target_id, request_id, correlation_id, ip_address, user_agent, meta, salt, changes_digest)
  values ($1, 'user', $2::uuid::text, $2, 'client', $3, $2, $4, $5, $4, $6, $7, $7, $8, $9, $10, $11, $12)`

const bookingById = `
  select b.id, b.status, b.client_id, b.tasker_id, b.agreed_rate_amount, b.agreed_rate_currency, b.agreed_minimum_minutes,
         lower(b.scheduled_during) as scheduled_from, upper(b.scheduled_during) as scheduled_until, b.started_at, b.completed_at,
         b.cancel_reason, b.created_at, b.updated_at, b.version, client.full_name as client_name, tasker.full_name as tasker_name,
         chat.id as conversation_id, row_to_json(t) as task, pay.id as payment_id, pay.method, pay.status as payment_status,
         d.id as dispute_id
    from bookings b
    join tasks t on t.id = b.task_id
    join users client on client.id = b.client_id
    join users tasker on tasker.id = b.tasker_id
    left join conversations chat on chat.booking_id = b.id
    left join payment_intents pay on pay.booking_id = b.id and pay.purpose = 'booking'
    left join disputes d on d.booking_id = b.id
   where b.id = $1`
