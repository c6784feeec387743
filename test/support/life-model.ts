import fc from 'fast-check'
import type pg from 'pg'
import { expect, it } from 'vitest'
import { bookingMachine } from '../../src/areas/work/bookings/machine.ts'
import { taskMachine } from '../../src/areas/work/tasks/machine.ts'
import { newId } from '../../src/core/ids.ts'
import { endStates, type Machine } from '../../src/core/machine.ts'
import { asOwner, connect, openWorld, type Person, transaction } from './integrity-world.ts'
import { describeReal } from './real-postgres.ts'

/**
 * Random lives of a few tasks and their bookings on Postgres: all parties, the passing of time, sweeps, the same call twice at once, and
 * transactions that die before their commit. After each step the database may have changed only as the machines say, and their promises hold.
 */

type Party = 'client' | 'tasker' | 'ops' | 'system'

/** `:task`, `:booking` and `:change` are those of the step; `:new` is an id, `:at` an hour to begin. */
const actions: Record<string, string> = {
  book: `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during)
         select :new, t.id, t.client_id, :tasker, 'accepted', 12000, tstzrange(:at, :at + interval '1 hour') from tasks t where t.id = :task`,
  confirm: `update bookings set status = 'confirmed', confirmed_at = now() where id = :booking`,
  start: `select khidma.start_booking(:booking, 'none')`,
  complete: `update bookings set status = 'completed', completed_at = now() where id = :booking`,
  cancel: `update bookings set status = 'canceled' where id = :booking`,
  cancelTask: `update bookings set status = 'canceled' where task_id = :task and status <> 'canceled';
               update tasks set state = 'canceled_by_client' where id = :task and state not in ('canceled_by_client', 'canceled_by_tasker')`,
  reportNoShow: `update bookings set status = 'canceled', no_show_by = case khidma.party_in_booking(bookings) when 'client' then 'tasker' else 'client' end where id = :booking`,
  propose: `insert into booking_changes (id, booking_id, proposed_by, proposed_to, was_minutes, minutes, was_starts_at, starts_at, expires_at)
            select :new, b.id, khidma.actor_id(), case khidma.actor_id() when b.client_id then b.tasker_id else b.client_id end, 60, 90,
                   lower(b.scheduled_during), :at, now() + interval '1 day' from bookings b where b.id = :booking`,
  accept: `update booking_changes set status = 'accepted' where booking_id = :booking and status = 'pending'`,
  reject: `update booking_changes set status = 'rejected' where booking_id = :booking and status = 'pending'`,
  dispute: `update bookings set status = 'disputed' where id = :booking;
            insert into disputes (id, booking_id, opened_by, reason) select :new, b.id, khidma.actor_id(), 'It drips' from bookings b where b.id = :booking`,
  resolve: `update disputes set status = 'resolved', resolution = '{"outcome": "completed"}' where booking_id = :booking`,
  callOff: `update disputes set status = 'resolved', resolution = '{"outcome": "canceled"}' where booking_id = :booking`,
  refuse: `update disputes set status = 'rejected' where booking_id = :booking`,
  acceptWork: `select khidma.accept_work((khidma.take_booking(:booking, array['client'], array['completed'])).id, 'client')`,
  setOut: `select khidma.set_out(:booking)`,
  arrive: `select khidma.arrive(:booking, null, null)`,
  note: `select khidma.add_booking_note(:new, :booking, 'It goes on')`,
  hold: `update tasks set state = 'on_hold' where id = :task`,
  resume: `update tasks set state = 'in_progress' where id = :task`,
  fail: `update tasks set state = 'failed' where id = :task`,
  sweep: `select khidma.collect_booking_deadlines(100), khidma.expire_booking_changes(100)`,
}
const sweeps = new Set(['sweep'])

interface Step {
  action: string
  party: Party
  task: number
  tasker: number
  hour: number
  /** Minutes that pass before it. */
  minutes: number
  /** `twice`: from two connections at once; `dies`: before its commit. */
  way: 'once' | 'twice' | 'dies'
}

/** Those who may often do: a life that only meets refusals proves little. */
const usual: Record<string, Party[]> = {
  book: ['tasker'],
  confirm: ['client'],
  dispute: ['client'],
  start: ['tasker'],
  complete: ['tasker'],
  acceptWork: ['client'],
  setOut: ['tasker'],
  arrive: ['tasker'],
  note: ['tasker'],
  resolve: ['ops'],
  callOff: ['ops'],
  refuse: ['ops'],
  hold: ['ops'],
  resume: ['ops'],
  fail: ['ops'],
  sweep: ['system'],
}
const often = ['book', 'confirm', 'start', 'complete']
  .flatMap((action) => Array<string>(8).fill(action))
  .concat(Array<string>(5).fill('dispute'), ['resolve', 'callOff', 'sweep', 'sweep'])
const parties: Party[] = ['client', 'tasker', 'ops', 'system']
const tasks = 2

const step: fc.Arbitrary<Step> = fc
  .record({
    action: fc.constantFrom(...often, ...Object.keys(actions)),
    anybody: fc.constantFrom(...parties),
    isUsual: fc.integer({ min: 0, max: 9 }),
    task: fc.integer({ min: 0, max: tasks - 1 }),
    tasker: fc.integer({ min: 0, max: 1 }),
    hour: fc.integer({ min: 1, max: 5 }),
    minutes: fc.constantFrom(...Array<number>(50).fill(0), 10, 30, 600, 1_500, 5_000),
    way: fc.constantFrom<Step['way']>('once', 'once', 'once', 'once', 'twice', 'dies'),
  })
  .map(({ anybody, isUsual, ...rest }) => {
    const [known] = usual[rest.action] ?? []
    return { ...rest, party: isUsual > 0 && known ? known : sweeps.has(rest.action) ? 'system' : anybody }
  })

interface Seen {
  task: string
  state: string
  booking: string | null
  status: string | null
}

const goingOn = [
  ['accepted', 'confirmation'],
  ['confirmed', 'visit'],
  ['confirmed', 'start'],
  ['in_progress', 'completion'],
] as const

/** Queries that find nothing while all promises hold. */
const promises: Record<string, string> = {
  'one open booking a task': `select task_id from bookings where status <> 'canceled' group by task_id having count(*) > 1`,
  'no tasker in two places': `select a.id from bookings a join bookings b on b.tasker_id = a.tasker_id and b.id > a.id and a.scheduled_during && b.scheduled_during
     where a.status in ('accepted', 'confirmed', 'in_progress') and b.status in ('accepted', 'confirmed', 'in_progress')`,
  'nothing open behind an end': `select l.id from booking_deadlines l join bookings b on b.id = l.booking_id where b.status = 'canceled' and l.outcome is null
     union all select c.id from booking_changes c join bookings b on b.id = c.booking_id where c.status = 'pending' and b.status in ('canceled', 'completed', 'disputed')
     union all select d.id from disputes d join bookings b on b.id = d.booking_id where d.status in ('open', 'investigating', 'escalated') and b.status <> 'disputed'
     union all select p.id from payment_intents p join bookings b on b.id = p.booking_id where b.status = 'canceled' and p.status in ('requires_action', 'authorized')
     union all select b.id from bookings b join tasks t on t.id = b.task_id
       where t.state in ('expired', 'canceled_by_client', 'canceled_by_tasker', 'failed') and b.status <> 'canceled'`,
  'each running booking has its deadlines': `select b.id from bookings b join (values ${goingOn.map(([status, kind]) => `('${status}', '${kind}')`).join(', ')}) k (status, kind)
       on k.status = b.status::text where k.kind <> 'visit' and not exists (select from booking_deadlines l where l.booking_id = b.id and l.kind = k.kind and l.outcome is null)`,
  'no deadline of another state': `select l.id from booking_deadlines l join bookings b on b.id = l.booking_id
     where l.outcome is null and (b.status::text, l.kind) not in (${[...goingOn, ['completed', 'acceptance'], ['completed', 'payment']].map(([status, kind]) => `('${status}', '${kind}')`).join(', ')})`,
  'a passed deadline had its outcome': `select b.id from booking_deadlines l join bookings b on b.id = l.booking_id
     where l.outcome = 'passed' and (l.kind in ('confirmation', 'start') and b.lapsed is distinct from l.kind
        or l.kind = 'acceptance' and b.work_accepted_by is distinct from 'silence')`,
}
const afterSweep = `select l.id from booking_deadlines l where l.outcome is null and l.next_at <= now()`

interface Length {
  runs: number
  steps: number
  timeout: number
  /** Transitions that so many lives are sure to meet. */
  meets: string[]
}

export function lifeModel({ runs, steps, timeout, meets }: Length): void {
  describeReal('the life of tasks and bookings', () => {
    it(`follows the machines and keeps its promises in ${runs} × ${steps} random steps`, {
      timeout,
    }, async () => {
      const world = await openWorld()
      const second = await connect(world.ownerUrl)
      const other: Person = { id: newId(), role: 'tasker' }
      await world.connection.query(
        `insert into users (id, phone, role) values ($1, '+201555000077', 'tasker')`,
        [other.id],
      )
      const made: Record<string, number> = {}
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.array(step, { minLength: steps, maxLength: steps, size: 'max' }),
            async (life) => {
              const scene = await aScene(world)
              for (const each of life)
                await play({ world, second, taskers: [world.tasker, other], scene, made }, each)
            },
          ),
          {
            numRuns: runs,
            ...(process.env.LIFE_MODEL_SEED && { seed: Number(process.env.LIFE_MODEL_SEED) }),
          },
        )
      } finally {
        await second.end()
        await world.close()
      }
      // A life in which nothing happens proves little.
      for (const what of meets) expect(made[what] ?? 0, `${what} ${JSON.stringify(made)}`).toBeGreaterThan(0)
    })
  })
}

type World = Awaited<ReturnType<typeof openWorld>>
interface Stage {
  world: World
  second: pg.Client
  taskers: Person[]
  scene: string[]
  made: Record<string, number>
}

/** Posted tasks of one client; earlier runs have left the calendar. */
async function aScene({ connection, client }: World): Promise<string[]> {
  const ids = Array.from({ length: tasks }, () => newId())
  await asOwner(connection, async () => {
    await connection.query(
      `update bookings set status = 'canceled' where status in ('accepted', 'confirmed', 'in_progress')`,
    )
    await connection.query('delete from booking_deadlines')
    await connection.query('delete from booking_changes')
    await connection.query('delete from disputes')
    await connection.query(`update payment_intents set status = 'canceled' where status <> 'captured'`)
    await connection.query(`update tasks set state = 'canceled_by_client'`)
    await connection.query(`update bookings set status = 'canceled', lapsed = null`)
    for (const id of ids)
      await connection.query(
        `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state)
         values ($1, $2, 'plumbing', 'A leak', 'Tahrir 1', 'Cairo', 30.0444, 31.2357, now() + interval '3 hours', 60, 'posted')`,
        [id, client.id],
      )
  })
  return ids
}

async function play(stage: Stage, each: Step): Promise<void> {
  const { world, second, scene, taskers, made } = stage
  const { connection } = world
  if (each.minutes > 0) await letPass(connection, each.minutes)
  const before = await look(connection, scene)
  const [task] = [scene[each.task] as string]
  const seen = before.find((row) => row.task === task)
  const person =
    each.party === 'tasker' ? await taskerOf(stage, seen?.booking ?? null, each) : world[each.party]
  const text = actions[each.action] as string
  const values: Record<string, string> = {
    task: `'${task}'`,
    booking: seen?.booking ? `'${seen.booking}'` : 'null',
    tasker: `'${(each.party === 'tasker' ? person : taskers[each.tasker])?.id}'`,
    at: `date_trunc('hour', now()) + interval '${each.hour} hours'`,
  }
  const filled = () =>
    text.replace(/:(task|booking|tasker|at|new)\b/g, (_, name: string) => values[name] ?? `'${newId()}'`)
  const attempt = (line: pg.Client) =>
    transaction(line, person, async () => {
      await line.query(filled())
      if (each.way === 'dies') throw new Error('dies')
    }).then(
      () => true,
      () => false,
    )
  const done =
    each.way === 'twice'
      ? await Promise.all([attempt(connection), attempt(second)])
      : [await attempt(connection)]
  const after = await look(connection, scene)
  const label = JSON.stringify(each)
  if (!done.includes(true)) expect(after, `nothing changes: ${label}`).toEqual(before)
  for (const row of after) {
    const was = before.find((old) => old.task === row.task)
    expectMove(taskMachine as Machine, was?.state ?? null, row.state, label)
    const sameBooking = was?.booking === row.booking
    expectMove(bookingMachine as Machine, sameBooking ? (was?.status ?? null) : null, row.status, label, made)
  }
  for (const [what, query] of Object.entries(promises))
    expect((await connection.query(query)).rows, `${what}: ${label}`).toEqual([])
  if (each.action === 'sweep' && done.every(Boolean) && each.way === 'once')
    expect((await connection.query(afterSweep)).rows, `swept: ${label}`).toEqual([])
}

/** The tasker of the booking, mostly; where there is none, the one of the step. */
async function taskerOf(
  { world, taskers }: Stage,
  booking: string | null,
  { tasker, hour }: Step,
): Promise<Person> {
  const { rows } = await world.connection.query(
    `select tasker_id as id from bookings where id = $1 and status <> 'canceled'`,
    [booking],
  )
  const own = taskers.find(({ id }) => id === rows[0]?.id)
  return own && hour < 5 ? own : (taskers[tasker] as Person)
}

/** States of the tasks and of the newest booking of each. */
async function look(connection: pg.Client, scene: string[]): Promise<Seen[]> {
  const { rows } = await connection.query<Seen>(
    `select t.id as task, t.state, b.id as booking, b.status from tasks t
       left join lateral (select * from bookings b where b.task_id = t.id order by b.id desc limit 1) b on true
      where t.id = any ($1) order by t.id`,
    [scene],
  )
  return rows
}

/** A step may take an object along several transitions (a completed task that is paid is settled); each of them the machine knows. */
function expectMove(
  machine: Machine,
  from: string | null,
  to: string | null,
  label: string,
  made?: Record<string, number>,
): void {
  if (from === to || to === null) return
  const reached = new Map<string | null, string[]>([[from, []]])
  for (const [state, path] of reached)
    for (const each of machine.transitions)
      if (each.from.includes(state) && !reached.has(each.to)) reached.set(each.to, [...path, each.name])
  const path = reached.get(to)
  expect(path, `${machine.name} ${from} → ${to}: ${label}`).toBeDefined()
  expect(
    from !== null && endStates(machine).includes(from),
    `${machine.name} leaves its end ${from}: ${label}`,
  ).toBe(false)
  for (const name of path ?? []) if (made) made[name] = (made[name] ?? 0) + 1
}

/** The test clock: everything that is stored as an instant comes nearer. */
const letPass = (connection: pg.Client, minutes: number) =>
  asOwner(connection, async () => {
    const by = `make_interval(mins => ${minutes})`
    await connection.query(
      `update booking_deadlines set due_at = due_at - ${by}, next_at = next_at - ${by}, created_at = created_at - ${by}`,
    )
    await connection.query(
      `update booking_changes set expires_at = expires_at - ${by}, starts_at = starts_at - ${by}, was_starts_at = was_starts_at - ${by} where status = 'pending'`,
    )
    await connection.query(
      `update bookings set scheduled_during = tstzrange(lower(scheduled_during) - ${by}, upper(scheduled_during) - ${by}),
              started_at = started_at - ${by}, confirmed_at = confirmed_at - ${by}, completed_at = completed_at - ${by}
        where status <> 'canceled'`,
    )
    await connection.query(
      `update visits set during = tstzrange(lower(during) - ${by}, upper(during) - ${by}), started_at = started_at - ${by}, ended_at = ended_at - ${by}`,
    )
    // By a detour: an item that has moved must not meet one that has not.
    for (const step of [`interval '900000 hours'`, `${by} - interval '900000 hours'`])
      await connection.query(
        `update calendar_items set during = tstzrange(lower(during) - (${step}), upper(during) - (${step})),
                guarded = tstzrange(lower(guarded) - (${step}), upper(guarded) - (${step}))`,
      )
  })
