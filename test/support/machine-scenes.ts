import type { DatabaseError } from 'pg'
import { newId } from '../../src/core/ids.ts'
import type { Machine } from '../../src/core/machine.ts'
import { actAs, asOwner, type Person, type World } from './integrity-world.ts'
import { openBeside } from './machine-scenes/beside.ts'
import { commerceScenes } from './machine-scenes/commerce.ts'
import { contractsScenes } from './machine-scenes/contracts.ts'
import { jobsScenes } from './machine-scenes/jobs.ts'
import { moneyScenes } from './machine-scenes/money.ts'
import { peopleScenes } from './machine-scenes/people.ts'
import { type Scene, type Scenes, taskBeside } from './machine-scenes/scene.ts'
import { supplyScenes } from './machine-scenes/supply.ts'
import { trustScenes } from './machine-scenes/trust.ts'
import { workScenes } from './machine-scenes/work.ts'

/** The people that the world has for the parties that a machine names. */
export function actorsOf(world: World, { people }: Machine): [party: string | null, person: Person][] {
  const [client, tasker] = [world.client, world.tasker]
  const mine = Object.keys(people).filter((party) => !['invited', 'company'].includes(party))
  const isTasker = (party: string) =>
    ['tasker', 'counterparty', 'reviewee', 'member', 'applicant'].includes(party)
  return [
    ...mine.map((party): [string, Person] => [party, isTasker(party) ? tasker : client]),
    // Nobody to an object that has no client, or no tasker.
    ...(mine.some(isTasker) ? [] : ([[null, tasker]] satisfies [null, Person][])),
    ...(mine.some((party) => !isTasker(party)) ? [] : ([[null, client]] satisfies [null, Person][])),
    ['ops', world.ops],
    ['system', world.system],
    ['provider', { id: null, role: 'provider' }],
    [null, world.stranger],
  ]
}

/** Column that names an object of the machine. */
export const keyOf = ({ table }: Machine): string =>
  ['tasker_profiles', 'company_profiles'].includes(table) ? 'user_id' : 'id'

/** Their moves post to the ledger, which takes no line after a savepoint: only in the transaction of its entry itself. */
const posting = new Set(['lead_request', 'contract', 'milestone', 'adjustment', 'dispute_offer'])

/**
 * Lets each of `people` try the same in the same scene, in a transaction that is taken back. One scene for all of them where that
 * can be: to set it without triggers makes Postgres forget the plans of all that follows.
 */
export async function inScene<T>(
  { connection }: World,
  { name }: Machine,
  people: readonly Person[],
  prepare: () => Promise<Scene>,
  attempt: (scene: Scene) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  const groups = posting.has(name) ? people.map((person) => [person]) : [people]
  for (const group of groups) {
    await connection.query('begin')
    try {
      const scene = await asOwner(connection, prepare)
      for (const person of group) {
        if (group.length > 1) await connection.query('savepoint scene')
        await actAs(connection, person)
        results.push(await attempt(scene))
        if (group.length > 1) await connection.query('rollback to scene')
      }
    } finally {
      await connection.query('rollback')
    }
  }
  return results
}

/** Becomes `ok`, or the code of the refusal. */
export async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'ok'
  } catch (error) {
    return (error as DatabaseError).code ?? String(error)
  }
}

/** The object in `state`, with what can be open beside it, for a move to `next`. */
export async function anObject(world: World, machine: Machine, state: string, next: string): Promise<Scene> {
  const scene = await aScene(world, machine, state, { next })
  await world.connection.query(...scene.insert)
  await openBeside(world, machine.name, scene.key, state)
  return scene
}

/** An object that is to come into being in `state`. */
export const aBirth = (world: World, machine: Machine, state: string): Promise<Scene> =>
  aScene(world, machine, state, {
    taskStates: { accepted: 'matching', offered: 'posted', confirmed: 'posted', pending: 'posted' },
  })

const scenes: Scenes = {
  ...workScenes,
  ...contractsScenes,
  ...jobsScenes,
  ...moneyScenes,
  ...commerceScenes,
  ...trustScenes,
  ...peopleScenes,
  ...supplyScenes,
}

/** All that an object hangs on. */
async function aScene(
  world: World,
  { name, table }: Machine,
  state: string,
  { taskStates = taskBeside, next }: { taskStates?: Record<string, string>; next?: string } = {},
): Promise<Scene> {
  const make = scenes[name]
  if (!make) throw new Error(`test/support/machine-scenes has no scene for the machine ${name}.`)
  const id = newId()
  const row = (columns: string, ...values: unknown[]): Scene => {
    const places = values.map((_, index) => `$${index + 1}`).join(', ')
    return { key: id, insert: [`insert into ${table} (${columns}) values (${places})`, values] }
  }
  return make({ world, id, state, next, taskStates, row })
}
