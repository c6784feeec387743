import { afterAll, beforeAll, expect, it } from 'vitest'
import { searchTaskers } from '../../src/areas/supply/taskers/taskers.ts'
import { asOwner, insertTask, openWorld } from '../support/integrity-world.ts'
import { explain, type PlanNode, statementOf } from '../support/plans.ts'
import { describeReal } from '../support/real-postgres.ts'

const taskersCount = 20_000
const categories = ['plumbing', 'cleaning', 'painting', 'moving']

describeReal(`who is near, among ${taskersCount} taskers of one city`, () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let taskId: string

  beforeAll(async () => {
    world = await openWorld()
    // The same crowd in every run.
    await world.connection.query('select setseed(0.25)')
    await asOwner(world.connection, async () => {
      await world.connection.query(
        `with people as (
           insert into users (id, phone, role)
           select khidma.uuid_v7(), '+2018' || lpad(n::text, 8, '0'), 'tasker' from generate_series(1, ${taskersCount}) n returning id
         ), profiles as (
           insert into tasker_profiles (user_id, status) select id, 'active' from people returning user_id
         )
         insert into match_index (tasker_id, category, center, radius_m, rating_avg, rating_count, acceptance_rate,
                                  completion_rate, offers_answered, bookings_ended, rate_currency)
         select p.user_id, ($1::text[])[1 + floor(random() * 4)],
                st_setsrid(st_makepoint(31.0 + random() * 0.5, 29.9 + random() * 0.3), 4326)::geography,
                2000 + random() * 10000, 3 + random() * 2, (random() * 100)::int, random(), random(), 50, 40, 'EGP'
           from profiles p`,
        [categories],
      )
      taskId = await insertTask(world, { state: 'matching' })
    })
    await world.connection.query('analyze')
  })
  afterAll(() => world.close())

  const matchScans = (nodes: PlanNode[]) => nodes.filter((node) => node['Relation Name'] === 'match_index')

  it('candidates come from one nearest-neighbour scan of the index on (category, centre)', async () => {
    const { nodes, ms } = await explain(world.connection, 'select * from khidma.rank_candidates($1, 30)', [
      taskId,
    ])
    const [scan, ...others] = matchScans(nodes)
    expect(others).toEqual([])
    expect(scan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'match_index_category_center' })
    expect(scan?.['Index Cond']).toMatch(/category =/)
    expect(scan?.['Order By']).toMatch(/center <->/)
    expect(scan?.['Actual Rows']).toBe(400)
    expect(
      nodes.filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'match_index'),
    ).toEqual([])
    console.log(`rank_candidates: ${ms.toFixed(1)} ms`)
  })

  it('asks the calendar of each candidate once, in their order, and of nobody whom it does not need', async () => {
    const { connection } = world
    await connection.query(`set track_functions = 'all'`)
    /** Calls that this connection has made and not reported yet. */
    const calls = async (): Promise<Record<string, number>> => {
      const { rows } = await connection.query(
        `select f.funcname as name, f.calls::int from pg_stat_xact_user_functions f where f.funcname in ('is_free', 'slot_verdicts')`,
      )
      return Object.fromEntries(rows.map(({ name, calls }) => [name, calls]))
    }
    for (const limit of [30, 1_000]) {
      await connection.query('begin')
      const before = await calls()
      const { rows } = await connection.query('select tasker_id from khidma.rank_candidates($1, $2)', [
        taskId,
        limit,
      ])
      const after = await calls()
      await connection.query('commit')
      expect(rows.length).toBeGreaterThanOrEqual(30)
      for (const name of ['is_free', 'slot_verdicts'])
        expect([name, (after[name] ?? 0) - (before[name] ?? 0)]).toEqual([name, rows.length])
    }
    await world.connection.query('reset track_functions')
  })

  it('ranks by nearness first, within the radius, and says why', async () => {
    const { rows } = await world.connection.query('select * from khidma.rank_candidates($1, 30)', [taskId])
    expect(rows).toHaveLength(30)
    const scores = rows.map(({ score }) => Number(score))
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    for (const { explanation, score } of rows) {
      const { nearness, rating, acceptance, completion, newcomer } = explanation
      for (const part of [nearness, rating, acceptance, completion, newcomer]) {
        expect(part).toBeGreaterThanOrEqual(0)
        expect(part).toBeLessThanOrEqual(1)
      }
      const sum = 0.4 * nearness + 0.25 * rating + 0.15 * acceptance + 0.15 * completion + 0.05 * newcomer
      expect(sum).toBeCloseTo(Number(score), 3)
    }
  })

  it('a search ranks alike, and stops with its page', async () => {
    const question = { category: 'plumbing', lat: 30.0444, lng: 31.2357, radiusKm: 10 }
    const statement = await statementOf({ kind: 'anonymous' }, (ctx) =>
      searchTaskers(ctx, question, { limit: 20, after: null }),
    )
    const { nodes, ms } = await explain(world.connection, statement.text, statement.params)
    const [scan, ...others] = matchScans(nodes)
    expect(others).toEqual([])
    expect(scan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'match_index_category_center' })
    expect(scan?.['Index Cond']).toMatch(/category =/)
    expect(scan?.['Order By']).toMatch(/center <->/)
    expect(scan?.['Actual Rows']).toBeLessThan(60)
    console.log(`taskers.search: ${ms.toFixed(1)} ms`)
  })
})
