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

  /** Runs some work, and counts what this connection did in it. */
  async function counted<T>(
    query: string,
    work: () => Promise<T>,
  ): Promise<{ answer: T; counts: Record<string, number> }> {
    const { connection } = world
    const look = async () => (await connection.query<{ name: string; count: number }>(query)).rows
    await connection.query('begin')
    const before = new Map((await look()).map(({ name, count }) => [name, count]))
    const answer = await work()
    const after = await look()
    await connection.query('commit')
    const counts = after.map(({ name, count }) => [name, count - (before.get(name) ?? 0)] as const)
    return { answer, counts: Object.fromEntries(counts) }
  }

  const rank = async (limit: number) =>
    (await world.connection.query('select * from khidma.rank_candidates($1, $2)', [taskId, limit])).rows

  it('candidates come from one nearest-neighbour scan, however large their trade is', async () => {
    const { counts } = await counted(
      `select k.name, k.count::int from pg_stat_xact_user_tables t
        cross join lateral (values ('seq_scan', t.seq_scan), ('idx_scan', t.idx_scan), ('idx_tup_fetch', t.idx_tup_fetch)) k (name, count)
        where t.relname = 'match_index'`,
      () => rank(30),
    )
    // A bitmap of the index would fetch the five thousand plumbers and sort them.
    expect(counts).toMatchObject({ seq_scan: 0, idx_scan: 1 })
    expect(counts.idx_tup_fetch).toBeGreaterThanOrEqual(400)
    expect(counts.idx_tup_fetch).toBeLessThan(500)
  })

  it('reads the hours of a few more than it needs at once, and the calendar of those alone who have something in it', async () => {
    const { connection } = world
    await connection.query(`set track_functions = 'all'`)
    const calls = (limit: number) =>
      counted(
        `select f.name, coalesce((select x.calls from pg_stat_xact_user_functions x where x.funcname = f.name), 0)::int as count
           from unnest('{hours_of_taskers,who_is_free,is_free}'::text[]) f (name)`,
        () => rank(limit),
      )
    const first = await calls(30)
    expect(first.counts).toEqual({ hours_of_taskers: 1, who_is_free: 1, is_free: 0 })
    // The best ten are at work, the next five have an appointment on that day: others come in their places.
    await asOwner(connection, () =>
      connection.query(
        `insert into calendar_items (id, tasker_id, kind, during, guarded, source_id)
         select x.id, x.tasker, 'hold', x.at, x.at, x.id
           from (select khidma.uuid_v7() as id, u.tasker, tstzrange(f.at, f.at + interval '1 hour') as at
                   from unnest($1::uuid[]) with ordinality u (tasker, n)
                  cross join lateral (select t.starts_at - case when u.n > 10 then interval '5 hours' else interval '0' end from tasks t where t.id = $2) f (at)) x`,
        [first.answer.slice(0, 15).map(({ tasker_id }) => tasker_id), taskId],
      ),
    )
    const second = await calls(30)
    expect(second.counts).toMatchObject({ who_is_free: 1, is_free: 15 })
    expect(second.answer.slice(0, 20)).toEqual(first.answer.slice(10))
    expect(second.answer).toHaveLength(30)
    // Those of the first look are not enough: there is a second one.
    const more = await calls(10)
    expect(more.counts).toMatchObject({ who_is_free: 2, is_free: 15 })
    expect(more.answer).toEqual(second.answer.slice(0, 10))
    await asOwner(connection, () => connection.query('delete from calendar_items'))
    await connection.query('reset track_functions')
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
