import type { DatabaseError } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { machines } from '../../src/areas/index.ts'
import { eventData } from '../../src/core/event-data.ts'
import type { EventTypeName } from '../../src/core/events.ts'
import { newId } from '../../src/core/ids.ts'
import { allowedActions, type Machine, transitionRows } from '../../src/core/machine.ts'
import {
  actAs,
  asOwner,
  insertBooking,
  insertTask,
  openWorld,
  type Person,
} from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

type OpenWorld = Awaited<ReturnType<typeof openWorld>>

/** What the client is to objects that have no client. */
const ownerNames: Record<string, string> = { report: 'reporter', verification: 'owner' }

/** The state its task stands in while a booking (or its payment) is in the given one. */
const taskStateBeside: Record<string, string> = {
  offered: 'posted',
  accepted: 'accepted',
  confirmed: 'confirmed',
  in_progress: 'in_progress',
  completed: 'completed',
  canceled: 'canceled_by_client',
  disputed: 'disputed',
}

describeReal('state machines on Postgres', () => {
  let world: OpenWorld

  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('state_transitions holds exactly what the machine tables say', async () => {
    const { rows } = await world.connection.query(
      'select machine, name, from_state, to_state, party, drives_to from state_transitions',
    )
    const inDatabase = rows.map((row) => Object.values(row).join('|')).sort()
    const inCode = machines
      .flatMap((machine) => transitionRows(machine))
      .map((row) => Object.values(row).join('|'))
      .sort()
    expect(inDatabase).toEqual(inCode)
  })

  it('the column types know every state', async () => {
    for (const machine of machines) {
      const { rows } = await world.connection.query(
        `select e.enumlabel from pg_attribute a join pg_enum e on e.enumtypid = a.atttypid
          where a.attrelid = $1::regclass and a.attname = $2 order by e.enumsortorder`,
        [machine.table, machine.column],
      )
      expect(rows.map((row) => row.enumlabel).sort(), machine.name).toEqual([...machine.states].sort())
    }
  })

  it.each(machines.map((machine) => [machine.name, machine] as const))(
    '%s: every state × state × actor is allowed, forbidden or impossible as declared',
    async (_name, machine) => {
      const actors: [party: string | null, person: Person][] = [
        [ownerNames[machine.name] ?? 'client', world.client],
        ['tasker', world.tasker],
        ['ops', world.ops],
        ['system', world.system],
        [null, world.stranger],
      ]
      const wrong: string[] = []
      for (const from of machine.states) {
        for (const [party, person] of actors) {
          const mine = hasPart(machine, party) ? party : null
          for (const to of machine.states) {
            const expected = expectedOutcome(machine, from, to, mine)
            const actual = await attempt(world, machine, from, to, person)
            if (actual !== expected) wrong.push(`${from} → ${to} by ${party}: ${actual}, not ${expected}`)
          }
        }
      }
      expect(wrong).toEqual([])
    },
    240_000,
  )

  it('a transaction without an actor changes no state', async () => {
    const outcome = await attempt(world, machineNamed('task'), 'draft', 'posted', { id: null, role: '' })
    expect(outcome).toBe('KH404')
  })
})

it('allowedActions offers an action exactly where the machine has its transition', () => {
  for (const machine of machines) {
    for (const state of machine.states) {
      for (const party of ['client', 'tasker', 'ops', 'reporter', 'owner', null]) {
        for (const { action, allowed, reason } of allowedActions(machine, state, party)) {
          const legal = machine.transitions.some(
            ({ name, from, by, derived }) =>
              name === action && !derived && from.includes(state) && party !== null && by.includes(party),
          )
          expect(allowed, `${machine.name} ${state} ${party} ${action}`).toBe(legal)
          expect(reason === undefined).toBe(allowed)
        }
      }
    }
  }
})

function machineNamed(name: string): Machine {
  const machine = machines.find((candidate) => candidate.name === name)
  if (!machine) throw new Error(name)
  return machine
}

/** Who is nobody to an object: the client to a tasker's profile or offer. */
function hasPart(machine: Machine, party: string | null): boolean {
  const people: Record<string, string[]> = {
    offer: ['tasker'],
    payout: ['tasker'],
    tasker: ['tasker'],
    report: ['reporter'],
    verification: ['owner'],
  }
  if (party === 'ops' || party === 'system') return true
  return party !== null && (people[machine.name] ?? ['client', 'tasker']).includes(party)
}

function expectedOutcome(machine: Machine, from: string, to: string, party: string | null): string {
  if (party === null) return 'KH404'
  const mine = machine.transitions.filter(
    (transition) => transition.to === to && transition.by.includes(party),
  )
  if (mine.some((transition) => transition.from.includes(from))) return 'ok'
  return mine.length === 0 ? 'KH403' : 'KH409'
}

/** Sets the object to `from`, tries the change in the person's name, and takes all of it back. */
async function attempt(
  world: OpenWorld,
  machine: Machine,
  from: string,
  to: string,
  person: Person,
): Promise<string> {
  const { connection } = world
  await connection.query('begin')
  try {
    const key = await asOwner(connection, () => insertObject(world, machine, from))
    await actAs(connection, person)
    const idColumn = ['tasker', 'verification'].includes(machine.name) ? 'user_id' : 'id'
    await connection.query(`update ${machine.table} set ${machine.column} = $1 where ${idColumn} = $2`, [
      to,
      key,
    ])
    await expectEventsToFit(connection)
    return 'ok'
  } catch (error) {
    return (error as DatabaseError).code ?? String(error)
  } finally {
    await connection.query('rollback')
  }
}

/** Everything that the change told is what the schemas of its events say. */
async function expectEventsToFit(connection: OpenWorld['connection']): Promise<void> {
  const { rows } = await connection.query(
    'select type, data from outbox where xid = pg_current_xact_id_if_assigned()',
  )
  for (const { type, data } of rows) {
    expect(
      eventData[type as EventTypeName]?.safeParse(data),
      `${type} ${JSON.stringify(data)}`,
    ).toMatchObject({
      success: true,
    })
  }
}

async function insertObject(world: OpenWorld, machine: Machine, state: string): Promise<string> {
  const { connection, tasker, client } = world
  const id = newId()
  switch (machine.name) {
    case 'task': {
      const taskId = await insertTask(world, { state })
      await insertBooking(world, taskId, 'canceled')
      return taskId
    }
    case 'booking':
      return insertBooking(
        world,
        await insertTask(world, { state: taskStateBeside[state] ?? 'posted' }),
        state,
      )
    case 'tasker':
      await connection.query('update tasker_profiles set status = $1 where user_id = $2', [state, tasker.id])
      return tasker.id as string
    case 'offer':
      await connection.query(
        `insert into offers (id, task_id, tasker_id, wave, status, expires_at) values ($1, $2, $3, 1, $4, now())`,
        [id, await insertTask(world, { state: 'matching' }), tasker.id, state],
      )
      return id
    case 'payout':
      await connection.query(`insert into payouts (id, tasker_id, amount, status) values ($1, $2, 100, $3)`, [
        id,
        tasker.id,
        state,
      ])
      return id
    case 'verification':
      await connection.query(
        'insert into user_verifications (user_id, verification_status) values ($1, $2)',
        [client.id, state],
      )
      return client.id as string
    case 'report':
      await connection.query(
        `insert into reports (id, reporter_id, kind, status) values ($1, $2, 'fraud', $3)`,
        [id, client.id, state],
      )
      return id
    default: {
      const bookingId = await insertBooking(
        world,
        await insertTask(world, { state: 'completed' }),
        'completed',
      )
      if (machine.name === 'payment_intent') {
        await connection.query(
          `insert into payment_intents (id, booking_id, method, status) values ($1, $2, 'cash', $3)`,
          [id, bookingId, state],
        )
      } else {
        await connection.query(
          `insert into disputes (id, booking_id, opened_by, reason, status) values ($1, $2, $3, 'Unfinished', $4)`,
          [id, bookingId, client.id, state],
        )
      }
      return id
    }
  }
}
