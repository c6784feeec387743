import type pg from 'pg'
import { demoCities } from '../../demo-data/places.ts'
import { trades } from '../../demo-data/trades.ts'
import { withoutTriggers } from '../database.ts'
import { insertPeople, type Person } from '../people.ts'
import { say } from '../section.ts'
import * as rows from './rows.ts'
import { taskTexts } from './texts.ts'

/** Numbers of the scene. */
export interface Counts {
  tasks: number
  /** Tasks that take bids, and tasks that wait for staff. */
  open: number
  queued: number
  /** Open tasks that have a bid to be awarded. */
  awards: number
  taskers: number
  clients: number
}

export interface Tasker extends Person {
  lat: number
  lng: number
}

export interface Scene {
  counts: Counts
  /** Rows there are in the end, by table. */
  rows: Record<string, number>
  /** Active taskers of `CITY`. */
  taskers: Tasker[]
  staff: Person
  /** Fresh bids with the clients of their tasks. */
  awards: { bidId: string; client: Person }[]
}

/** City of the feed and the dispatch board. */
export const CITY = 'Cairo'
export const ZONE = 'Africa/Cairo'

const zones = {
  EG: ZONE,
  NG: 'Africa/Lagos',
  KG: 'Asia/Bishkek',
  IN: 'Asia/Kolkata',
  GH: 'Africa/Accra',
}

export const countsOf = (tasks: number): Counts => ({
  tasks,
  open: tasks / 50,
  queued: tasks / 2_000,
  awards: Math.min(tasks / 1_000, 220),
  taskers: tasks / 200,
  clients: tasks / 50,
})

/** Fills the database by sets of rows, with what triggers would have kept of them; a sample is compared in the end. */
export async function prepareScene(owner: pg.Client, counts: Counts): Promise<Scene> {
  const awarding = await insertPeople(owner, 'client', 20)
  const [staff] = (await insertPeople(owner, 'ops', 1)) as [Person]
  await owner.query(`set maintenance_work_mem = '512MB'; set work_mem = '256MB'`)
  await withoutTriggers(owner, () => fill(owner, counts, awarding))
  await run(owner, 'vacuum', [['vacuum analyze']])
  const { rows: kept } = await owner.query<{ count: string }>(rows.unkept)
  if (kept[0]?.count !== '0')
    throw new Error(`${kept[0]?.count} rows are not as triggers would have left them.`)
  return {
    counts,
    rows: await countRows(owner),
    taskers: await taskersOfCity(owner),
    staff,
    awards: await awardsOf(owner, awarding),
  }
}

type Step = [text: string, values?: unknown[]]

/** The values go to the last of the statements. */
const steps = (texts: string[], values: unknown[]): Step[] =>
  texts.map((text, index) => (index === texts.length - 1 ? [text, values] : [text]))
const plain = (texts: string[]): Step[] => texts.map((text) => [text])

async function run(owner: pg.Client, what: string, all: Step[]): Promise<void> {
  const startedAt = performance.now()
  for (const [text, values] of all) await owner.query(text, values)
  say(`${what}: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
}

async function fill(owner: pg.Client, counts: Counts, awarding: Person[]): Promise<void> {
  const { tasks, open, queued, awards, taskers, clients } = counts
  await run(owner, `${taskers} taskers`, [
    ...steps(rows.cities, [JSON.stringify(citiesOf())]),
    ...steps(rows.taskers, [taskers]),
    ...plain(rows.taskerRows),
    ...steps(rows.trades, [JSON.stringify(tradesOf())]),
    ...plain(rows.taskerTrades),
  ])
  await run(owner, 'plan of the tasks', [
    ...steps(rows.texts, [JSON.stringify(taskTexts())]),
    ...steps(rows.clients, [clients, awarding.map(({ userId }) => userId)]),
    ...plain(rows.clientRows),
    ...steps(rows.planOpen, [open, awards, awarding.length, clients]),
    [rows.planQueued, [queued, clients]],
    [rows.planUpcoming, [clients]],
    [rows.planPast, [Math.floor(tasks / 2 / taskers), clients]],
    [rows.planRest, [tasks, clients]],
    ['analyze'],
  ])
  await withoutIndexes(owner, ['tasks', 'bookings', 'visits', 'bids'], async () => {
    await run(owner, `${tasks} tasks`, plain(rows.tasks))
    await run(owner, 'bookings', plain(rows.bookings))
    await run(owner, 'bids', [[rows.bids, [taskers]]])
  })
}

/** Drops the indexes of tables that no constraint needs, and builds them again after the work. */
async function withoutIndexes(owner: pg.Client, tables: string[], work: () => Promise<void>): Promise<void> {
  const { rows: indexes } = await owner.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
      where i.indrelid = any ($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  )
  for (const { name } of indexes) await owner.query(`drop index ${name}`)
  await work()
  await run(
    owner,
    'indexes',
    indexes.map(({ definition }) => [definition]),
  )
}

const citiesOf = () =>
  demoCities
    .filter(({ city }) => city !== 'Giza')
    .map(({ city, country, currency, districts: [first] }, n) => ({
      n,
      city,
      country,
      currency,
      zone: zones[country],
      district: first?.name,
      lat: first?.lat,
      lng: first?.lng,
    }))

const tradesOf = () => Object.entries(trades).map(([category, { skills }], n) => ({ n, category, skills }))

async function countRows(owner: pg.Client): Promise<Record<string, number>> {
  const { rows: counted } = await owner.query<{ name: string; count: string }>(
    ['tasks', 'open_tasks', 'bids', 'bookings', 'visits', 'calendar_items', 'match_index']
      .map((name) => `select '${name}' as name, count(*) from ${name}`)
      .join(' union all '),
  )
  return Object.fromEntries(counted.map(({ name, count }) => [name, Number(count)]))
}

async function taskersOfCity(owner: pg.Client): Promise<Tasker[]> {
  const { rows: found } = await owner.query<Omit<Tasker, 'role'>>(
    `select t.id as "userId", s.id as "sessionId", t.lat, t.lng
       from bench_taskers t join sessions s on s.user_id = t.id where t.city = 0 order by t.n limit 200`,
  )
  return found.map((tasker) => ({ ...tasker, role: 'tasker' }))
}

async function awardsOf(owner: pg.Client, awarding: Person[]): Promise<Scene['awards']> {
  const { rows: found } = await owner.query<{ bidId: string; clientId: string }>(
    `select distinct on (t.id) b.id as "bidId", t.client_id as "clientId" from tasks t join bids b on b.task_id = t.id
      where t.client_id = any ($1::uuid[]) order by t.id, b.message`,
    [awarding.map(({ userId }) => userId)],
  )
  const clientOf = new Map(awarding.map((client) => [client.userId, client]))
  return found.map(({ bidId, clientId }) => ({ bidId, client: clientOf.get(clientId) as Person }))
}
