import { postTask } from '../../../src/areas/work/tasks/tasks.ts'
import { newId } from '../../../src/core/ids.ts'
import { asOwner, type Person } from '../integrity-world.ts'
import type { WorkWorld } from './world.ts'

export const sourcings = ['match', 'bid', 'assign'] as const
export type TaskSourcing = (typeof sourcings)[number]

/** Rows of one task that people act on, as they are before an act; ids of the newest or the open one. */
export interface Seen {
  task: string
  state: string
  client: string
  sourcing: string
  booking: string | null
  status: string | null
  tasker: string | null
  contract: string | null
  contractStatus: string | null
  dispute: string | null
  /** Offers and bids that wait, and bids that were awarded. */
  offers: number
  bids: number
  awarded: number
  /** Sides that have signed the contract, and what escrow holds. */
  signed: string[]
  held: number
}

/** Tasks of one life, each found in its own way; those of earlier lives have ended. */
export interface Scene {
  tasks: string[]
}

export async function aScene(
  { connection, query, clients, contexts }: WorkWorld,
  ways: readonly TaskSourcing[],
): Promise<Scene> {
  const tasks = ways.map(() => newId())
  await asOwner(connection, async () => {
    for (const [index, id] of tasks.entries())
      await query(
        `insert into tasks (id, client_id, category, title, description, address, city, lat, lng, starts_at, deadline, est_minutes, state, sourcing, pricing_model)
         values ($1, $2, 'plumbing', 'A leak', 'It drips', 'Tahrir 1', 'Cairo', 30.0444, 31.2357, now() + make_interval(hours => $3),
                 now() + make_interval(hours => $3) - interval '30 minutes', 60, 'draft', $4, 'fixed')`,
        [id, clients[index % clients.length]?.id, 4 + 2 * index, ways[index]],
      )
  })
  for (const [index, id] of tasks.entries())
    await postTask(contexts.contextOf(clients[index % clients.length] as Person), id)
  return { tasks }
}

export const look = ({ query }: WorkWorld, { tasks }: Scene): Promise<Seen[]> =>
  query<Seen>(
    `select t.id as task, t.state, t.client_id as client, t.sourcing, b.id as booking, b.status, b.tasker_id as tasker,
            c.id as contract, c.status as "contractStatus",
            (select d.id from disputes d where d.booking_id = b.id order by d.id desc limit 1) as dispute,
            (select count(*)::int from offers o where o.task_id = t.id and o.status = 'pending' and o.expires_at > now()) as offers,
            (select count(*)::int from bids d where d.task_id = t.id and d.status = 'pending') as bids,
            (select count(*)::int from bids d where d.task_id = t.id and d.status = 'awarded') as awarded,
            array(select s.party from contract_signatures s where s.contract_id = c.id and s.cleared_at is null and s.amendment_id is null) as signed,
            coalesce(khidma.held_in_escrow(c.id), 0)::int as held
       from unnest($1::uuid[]) with ordinality k (id, n) join tasks t on t.id = k.id
       left join lateral (select * from bookings x where x.task_id = t.id order by x.id desc limit 1) b on true
       left join contracts c on c.booking_id = b.id order by k.n`,
    [tasks],
  )

export const personOf = (people: readonly Person[], id: string | null, or: Person): Person =>
  people.find((person) => person.id === id) ?? or
