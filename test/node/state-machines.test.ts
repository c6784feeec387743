import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventData } from '../../src/areas/event-data.ts'
import { machines } from '../../src/areas/index.ts'
import type { EventTypeName } from '../../src/core/events.ts'
import { newId } from '../../src/core/ids.ts'
import { allowedActions, type Machine, transitionRows } from '../../src/core/machine.ts'
import { type Emission, eventSamples, misfitsOf } from '../../tools/openapi/event-samples.ts'
import { readSqlInventory } from '../../tools/sql/inventory.ts'
import { keepEmissions } from '../support/event-samples-file.ts'
import { openWorld, type Person } from '../support/integrity-world.ts'
import { aBirth, actorsOf, anObject, inScene, keyOf, outcomeOf } from '../support/machine-scenes.ts'
import { describeReal } from '../support/real-postgres.ts'
import { type Happening, happeningsPage, watch } from '../support/what-happens.ts'

const PAGE = join(import.meta.dirname, '../../docs/what-happens.md')

const named = machines.map((machine) => [machine.name, machine] as const)

describeReal('state machines on Postgres', () => {
  let world: Awaited<ReturnType<typeof openWorld>>

  beforeAll(async () => {
    world = await openWorld()
    // Staff who may do everything: what permissions refuse is tested elsewhere.
    world.ops = { id: newId(), role: 'admin' }
    await world.connection.query(
      `insert into users (id, phone, role) values ($1, '+201555000009', 'admin')`,
      [world.ops.id],
    )
  })
  afterAll(async () => {
    await world.close()
    if (process.env.UPDATE) keepEmissions(emissions)
  })

  it('state_transitions contains exactly the transitions of the machines', async () => {
    const { rows } = await world.connection.query(
      'select machine, name, from_state, to_state, party, drives_to, event from state_transitions',
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
        `select coalesce(array_agg(e.enumlabel::text), '{}') as labels,
                (select max(pg_get_constraintdef(c.oid)) from pg_constraint c
                  where c.conrelid = $1::regclass and c.contype = 'c'
                    and pg_get_constraintdef(c.oid) like '%(' || $2 || ' = ANY%') as definition
           from pg_attribute a join pg_enum e on e.enumtypid = a.atttypid
          where a.attrelid = $1::regclass and a.attname = $2`,
        [machine.table, machine.column],
      )
      const [{ labels, definition }] = rows
      const checked = [...String(definition ?? '').matchAll(/'(\w+)'/g)].map(([, label]) => label)
      expect((labels.length > 0 ? labels : checked).sort(), machine.name).toEqual([...machine.states].sort())
    }
  })

  it.each(named)(
    '%s: every state × state × actor is allowed, forbidden or impossible as declared',
    async (_name, machine) => {
      const wrong: string[] = []
      const actors = actorsOf(world, machine)
      for (const from of machine.states) {
        for (const to of machine.states) {
          if (from === to && !guardsWhatStays(machine)) continue
          const outcomes = await moves(
            machine,
            from,
            to,
            actors.map(([, person]) => person),
          )
          for (const [index, [party]] of actors.entries()) {
            const expected = expectedOutcome(machine, from, to, party)
            const actual = outcomes[index]
            if (actual !== expected) wrong.push(`${from} → ${to} by ${party}: ${actual}, not ${expected}`)
          }
        }
      }
      expect(wrong).toEqual([])
    },
    240_000,
  )

  it('a transaction without an actor changes no state', async () => {
    const task = machines.find(({ name }) => name === 'task')
    expect(await moves(task as Machine, 'draft', 'posted', [{ id: null, role: '' }])).toEqual(['KH404'])
  })

  it('each transition does what docs/what-happens.md says, and emits its event', async () => {
    const all = new Map<Machine, Happening[]>()
    for (const machine of machines) all.set(machine, await happeningsOf(machine))
    const page = happeningsPage(all)
    if (process.env.UPDATE) writeFileSync(PAGE, page)
    expect(
      readFileSync(PAGE, 'utf8'),
      'docs/what-happens.md: UPDATE=1 npx vitest run --project node test/node/state-machines.test.ts',
    ).toBe(page)
  }, 240_000)

  it('every field of the published examples is really sent', () => {
    const sent = new Set(
      emissions.flatMap(({ type, data }) => Object.keys(data).map((name) => `${type} ${name}`)),
    )
    const types = new Set(emissions.map(({ type }) => type))
    const published = Object.entries(eventSamples)
      .filter(([type]) => types.has(type))
      .flatMap(([type, { data }]) => Object.keys(data).map((name) => `${type} ${name}`))
    const unsent = published.filter((field) => !sent.has(field) && !notInScenes.test(field))
    expect(unsent).toEqual([])
  })

  /** Changes an object of the machine in the name of each person, and takes all of it back. */
  const moves = (machine: Machine, from: string, to: string, people: readonly Person[]) =>
    inScene(
      world,
      machine,
      people,
      () => anObject(world, machine, from, to),
      ({ key }) => outcomeOf(update(machine, key, to).then(() => expectEventsToFit(world.connection))),
    )

  const update = ({ table, column, ...machine }: Machine, key: string, to: string) =>
    world.connection.query(
      `update ${table} set ${column} = $1 where ${keyOf({ table, column, ...machine })} = $2`,
      [to, key],
    )

  async function happeningsOf(machine: Machine): Promise<Happening[]> {
    const happenings: Happening[] = []
    const actors = actorsOf(world, machine)
    for (const { name: action, from: froms, to, by, event, consequences = [] } of machine.transitions) {
      const people = by.map((party) => {
        const [, person] = actors.find(([each]) => each === party) ?? []
        if (!person) throw new Error(`Nobody in the world is ${party} to a ${machine.name}.`)
        return person
      })
      for (const from of froms) {
        const seen = await inScene(
          world,
          machine,
          people,
          () => (from === null ? aBirth(world, machine, to) : anObject(world, machine, from, to)),
          async ({ key, insert }) => {
            const happened = await watch(world, () =>
              from === null ? world.connection.query(...insert) : update(machine, key, to),
            )
            await expectEventsToFit(world.connection)
            return happened
          },
        )
        for (const [index, party] of by.entries()) {
          const happened = seen[index] as (typeof seen)[number]
          const types = happened.events.map(({ type }) => type)
          if (event) expect(types, `${machine.name} ${action} by ${party}`).toContain(event)
          happenings.push({ action, from, to, party, consequences, ...happened })
        }
      }
    }
    return happenings
  }
})

describe('a machine', () => {
  const { functions, triggers } = readSqlInventory()

  it.each(named)('%s: its table is guarded, recorded and followed by triggers', (_name, machine) => {
    const lines = triggers.filter(({ table }) => table === machine.table)
    const calls = (trigger: string) => lines.find(({ name }) => name === trigger)?.calls
    expect(calls('b_guard_state')).toBe(`khidma.guard_${machine.name}_state`)
    const hears = machine.transitions.some(({ event }) => event !== undefined)
    const teller = tellers[machine.name]
    if (hears) expect(teller ? calls(teller) : calls('c_record_transition')).toBeDefined()
    if (!teller && hears)
      expect(calls('c_record_transition')).toBe(`khidma.record_${machine.name}_transition`)
    if (machine.consequences) expect(calls('d_consequences')).toBe(`khidma.${machine.name}_consequences`)
  })

  it.each(named)('%s: names each of its consequences once, and each has a function', (_name, machine) => {
    const declared = Object.keys(machine.consequences ?? {})
    const used = new Set(machine.transitions.flatMap(({ consequences = [] }) => consequences))
    expect([...used].sort()).toEqual([...declared].sort())
    const written = functions
      .map(({ name }) => name.replace('khidma.', ''))
      .filter((name) => machine.states.some((state) => name === `after_${machine.name}_${state}`))
    expect(written.sort()).toEqual([...declared].sort())
    for (const { from, to, consequences = [] } of machine.transitions) {
      for (const consequence of consequences) {
        const states = [to, ...from].map((state) => `after_${machine.name}_${state}`)
        expect(states).toContain(consequence)
      }
    }
  })

  it.each(named)(
    '%s: transitions between the same two states have the same consequences',
    (_name, machine) => {
      // SQL knows a transition by its two states: it would call what one of them names for all of them.
      const pairs = machine.transitions.flatMap(({ from, to, consequences = [] }) =>
        from.map((state) => [`${state} to ${to}`, consequences.toSorted().join(', ')] as const),
      )
      const disagreeing = pairs.filter(([pair, calls]) => calls !== new Map(pairs).get(pair))
      expect(disagreeing).toEqual([])
    },
  )

  it('allows an action exactly where it has the transition', () => {
    for (const machine of machines) {
      for (const state of machine.states) {
        for (const party of [...Object.keys(machine.people), 'ops', null]) {
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
})

/** Machines whose events have data of their own, and the trigger that tells of them. */
const tellers: Record<string, string | undefined> = {
  company: 'd_decided',
  export: 'e_changed',
  erasure: 'e_changed',
}

/** An account's status is written as it is by what changes other things of it. */
const guardsWhatStays = ({ name }: Machine): boolean => name !== 'user'

function expectedOutcome(machine: Machine, from: string, to: string, party: string | null): string {
  if (party === null) return 'KH404'
  const mine = machine.transitions.filter(
    (transition) => transition.to === to && transition.by.includes(party),
  )
  if (mine.some((transition) => transition.from.includes(from))) return 'ok'
  return mine.length === 0 ? 'KH403' : 'KH409'
}

/** Fields that the scenes lack: the API tests send them. */
const notInScenes =
  /^(task\.accepted offerId|booking\.canceled (noShowBy|lapsed)|(payout|report|invoice)\.\w+ bookingId|lead_request\.\w+ conversationId)$/

/** Those that the run has seen. */
const emissions: Emission[] = []

/** The data of every event that the change wrote is what the schema of the event says, and like the published example. */
async function expectEventsToFit(connection: pg.Client): Promise<void> {
  const { rows } = await connection.query<Emission & { type: EventTypeName }>(
    `select type, object_type as "objectType", object_id as "objectId", object_seq as "objectSeq", data
       from outbox where xid = pg_current_xact_id_if_assigned() order by seq`,
  )
  emissions.push(...rows)
  if (!process.env.UPDATE) expect(rows.flatMap((row) => misfitsOf(row, eventSamples))).toEqual([])
  for (const { type, data } of rows)
    expect(eventData[type].safeParse(data), `${type} ${JSON.stringify(data)}`).toMatchObject({
      success: true,
    })
}
