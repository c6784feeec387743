import type pg from 'pg'
import { median } from 'simple-statistics'
import { newId } from '../../../src/core/ids.ts'
import { connectTo, withDatabase, withoutTriggers } from '../database.ts'
import { insertPeople, type Person } from '../people.ts'
import { cpuTimeMs } from '../processes.ts'
import { insertCrowd, insertTasks, PLACE } from '../scenes.ts'
import { type BenchOptions, perSecond, type Report, ranged, type Section, say } from '../section.ts'

export const ranking: Section = { name: 'ranking', run }

const GOAL = 2
/** `matching.candidates`. */
const CANDIDATES = 30
const TASKS = 20
/** As many around each task as the ranking looks at. */
const NEAREST = 400

const scan = `
  select i.tasker_id, i.center <-> t.location as distance
    from tasks t cross join lateral (
      select * from match_index i where i.category = t.category and (i.rate_currency = t.currency or i.rate_currency is null)
       order by i.center <-> t.location limit ${NEAREST}) i
   where t.id = $1`

const questions = {
  scan: { text: scan, what: `the bare scan of the nearest ${NEAREST}, with distances` },
  ranking: {
    text: `select * from khidma.rank_candidates($1, ${CANDIDATES})`,
    what: `\`khidma.rank_candidates\`: the best ${CANDIDATES} who are free`,
  },
}
type Question = keyof typeof questions
const names = Object.keys(questions) as Question[]

async function run({ quick }: BenchOptions): Promise<Report> {
  const taskers = quick ? 20_000 : 1_000_000
  const [rounds, calls] = quick ? [3, 20] : [12, 40]
  return withDatabase(async (database) => {
    const { owner } = database
    say(`preparing ${perSecond(taskers)} taskers`)
    const [client] = (await insertPeople(owner, 'client', 1)) as [Person]
    await insertCrowd(owner, taskers)
    const [tasks] = (await insertTasks(owner, [client], TASKS)) as [string[]]
    await placeAmongThem(owner, tasks)
    const connection = await connectTo(database.url)
    try {
      const costs = await compare(connection, tasks, { rounds, calls })
      return { ...report(costs, { taskers, rounds, calls }), postgres: database.version }
    } finally {
      await connection.end()
    }
  })
}

/** Each task at a place of its own in the crowd. Of the taskers near it every second one has weekly hours, every tenth work at that time, every fifth some hours before. */
async function placeAmongThem(owner: pg.Client, tasks: string[]): Promise<void> {
  await withoutTriggers(owner, async () => {
    for (const id of tasks) {
      await owner.query(
        'update tasks set lat = $2 + random() * 0.3, lng = $3 + random() * 0.3 where id = $1',
        [id, PLACE.lat + 0.03, PLACE.lng + 0.03],
      )
      const { rows } = await owner.query<{ tasker_id: string }>(scan, [id])
      const near = rows.map(({ tasker_id }) => tasker_id)
      const working = near.filter((_, index) => index % 2 === 0)
      await owner.query(
        `with made as (
           insert into schedules (id, tasker_id, effective_from, zone)
           select khidma.uuid_v7(), t, current_date, 'Africa/Cairo' from unnest($1::uuid[]) t
           on conflict do nothing returning id)
         insert into schedule_rules (id, schedule_id, weekday, from_minute, until_minute)
         select khidma.uuid_v7(), made.id, day, 0, 1440 from made, generate_series(1, 7) day`,
        [working],
      )
      const engaged = near.flatMap((tasker, index) =>
        index % 10 === 0 || index % 5 === 1
          ? [{ id: newId(), tasker, hoursBefore: index % 10 === 0 ? 0 : 4 }]
          : [],
      )
      await owner.query(
        `insert into calendar_items (id, tasker_id, kind, during, guarded, source_id)
         select e.id, e.tasker, 'hold', r.at, r.at, e.id
           from tasks t, jsonb_to_recordset($1) e (id uuid, tasker uuid, "hoursBefore" int)
          cross join lateral (select t.starts_at - make_interval(hours => "hoursBefore")) s (at)
          cross join lateral (select tstzrange(s.at, s.at + interval '1 hour')) r (at)
          where t.id = $2
         on conflict do nothing`,
        [JSON.stringify(engaged), id],
      )
    }
  })
  await owner.query('analyze')
}

async function compare(
  connection: pg.Client,
  tasks: string[],
  { rounds, calls }: { rounds: number; calls: number },
): Promise<Record<Question, number[]>> {
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0]?.pid as number
  const round = async (name: Question): Promise<number> => {
    const before = cpuTimeMs(pid)
    for (let call = 0; call < calls; call += 1) {
      const answer = await connection.query({
        name,
        text: questions[name].text,
        values: [tasks[call % TASKS]],
      })
      const expected = name === 'scan' ? NEAREST : CANDIDATES
      if (answer.rowCount !== expected) throw new Error(`${name} found ${answer.rowCount} of ${expected}`)
    }
    return (cpuTimeMs(pid) - before) / calls
  }
  const costs: Record<Question, number[]> = { scan: [], ranking: [] }
  for (const name of names) await round(name)
  for (let index = 0; index < rounds; index += 1) {
    for (const name of index % 2 === 0 ? names : names.toReversed()) costs[name].push(await round(name))
  }
  return costs
}

function report(
  costs: Record<Question, number[]>,
  { taskers, rounds, calls }: { taskers: number; rounds: number; calls: number },
): Report {
  const ratios = costs.ranking.map((cost, index) => cost / (costs.scan[index] as number))
  return {
    title: 'Ranking of taskers',
    method: [
      `${perSecond(taskers)} active taskers of one trade in one region; around each of ${TASKS} tasks every second one has weekly hours, every tenth`,
      'work at that time, and every fifth another appointment on that day. Processor time of the one backend, a call, prepared statements; the ranking leaves out who is not free, blocked,',
      `restricted or above the cap of debts. ${rounds} rounds of ${calls} calls, taking turns; medians, with the range of the rounds, and ratios round by round.`,
    ].join('\n'),
    tables: [
      {
        columns: ['', 'CPU a call', 'ranking / scan'],
        rows: names.map((name) => [
          questions[name].what,
          `${ranged(costs[name])} ms`,
          name === 'ranking' ? ranged(ratios) : '',
        ]),
      },
    ],
    goals: [
      {
        what: 'the ranking against the bare scan',
        goal: `≤ ${GOAL}`,
        figure: ranged(ratios),
        met: median(ratios) <= GOAL,
      },
    ],
  }
}
