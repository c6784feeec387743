import { afterAll, beforeAll, expect, it } from 'vitest'
import { publishDueReviews } from '../../src/areas/trust/reviews/jobs.ts'
import { flagReview, hideReview, publishReview } from '../../src/areas/trust/reviews/moderation.ts'
import { createReview, type ReviewFields, updateReview } from '../../src/areas/trust/reviews/reviews.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertBooking, insertTask, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const fields = (rating: number): ReviewFields => ({
  rating,
  criteria: {},
  tags: [],
  comment: null,
  isPublic: true,
  mediaIds: [],
})

/** The same numbers at each run: a failure can be repeated. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

describeReal('reviews, from many connections at once', { timeout: 240_000 }, () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 20)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const as = (person: Person) => contexts.contextOf(person)

  const aCompleted = (): Promise<string> =>
    asOwner(world.connection, async () =>
      insertBooking(world, await insertTask(world, { state: 'settled' }), 'completed'),
    )

  async function somePeople(number: number): Promise<Person[]> {
    const people = Array.from({ length: number }, (): Person => ({ id: newId(), role: 'client' }))
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into users (id, phone, role) select id, phone, 'client' from unnest($1::uuid[], $2::text[]) as u (id, phone)`,
        [people.map(({ id }) => id), people.map(aPhone)],
      ),
    )
    return people
  }

  const statuses = async (booking: string) =>
    (
      await world.connection.query(
        `select r.status, t.state from reviews r join bookings b on b.id = r.booking_id join tasks t on t.id = b.task_id where r.booking_id = $1`,
        [booking],
      )
    ).rows

  /** Kept figures of both sides, and the same from the rows by plain SQL. */
  async function figures() {
    const { rows } = await world.connection.query<{ kept: object; rebuilt: object }>(
      `select json_build_array(f.review_count, f.rating_sum, f.stars, f.criteria) as kept,
              (select json_build_array(count(*), coalesce(sum(r.rating), 0),
                        array(select count(*) filter (where r2.rating = n) from generate_series(1, 5) n left join reviews r2
                                on r2.entity_id = f.entity_id and r2.entity_type = f.entity_type and r2.status = 'published' and r2.is_public
                               group by n order by n),
                        coalesce((select jsonb_object_agg(k, v) from (
                           select s.key as k, jsonb_build_object('count', count(*), 'sum', sum(s.value::int)) as v
                             from reviews r3, jsonb_each_text(r3.criteria) s
                            where r3.entity_id = f.entity_id and r3.entity_type = f.entity_type and r3.status = 'published' and r3.is_public group by 1) c), '{}'))
                 from reviews r where r.entity_id = f.entity_id and r.entity_type = f.entity_type and r.status = 'published' and r.is_public) as rebuilt
         from rating_figures f where f.entity_id in ($1, $2) order by f.entity_type`,
      [world.client.id, world.tasker.id],
    )
    const profile = await world.connection.query(
      `select p.rating_count = f.review_count and p.rating_avg = case when f.review_count > 0 then round(f.rating_sum::numeric / f.review_count, 2) else 0 end as same
         from tasker_profiles p join rating_figures f on f.entity_id = p.user_id and f.entity_type = 'professional' where p.user_id = $1`,
      [world.tasker.id],
    )
    return { rows, same: profile.rows[0]?.same }
  }

  it('both sides at once publish both reviews and end the task, beside the job', async () => {
    for (let round = 0; round < 10; round++) {
      const booking = await aCompleted()
      const outcomes = await Promise.all([
        outcomeOf(createReview(as(world.client), booking, fields(5))),
        outcomeOf(createReview(as(world.tasker), booking, fields(4))),
        outcomeOf(publishDueReviews(contexts.systemContext('test'), 100)),
      ])
      expect(outcomes).toEqual(['ok', 'ok', 'ok'])
      expect(await statuses(booking)).toEqual([
        { status: 'published', state: 'reviewed' },
        { status: 'published', state: 'reviewed' },
      ])
    }
    const { rows, same } = await figures()
    expect(same).toBe(true)
    for (const { kept, rebuilt } of rows) expect(kept).toEqual(rebuilt)
  })

  it('flags beside a decision to hide leave it hidden', async () => {
    const booking = await aCompleted()
    const { id } = await createReview(as(world.client), booking, fields(1))
    await createReview(as(world.tasker), booking, fields(1))
    const readers = await somePeople(12)
    const outcomes = await Promise.all([
      outcomeOf(hideReview(as(world.ops), id, 'It names a third person')),
      ...readers.map((reader) => outcomeOf(flagReview(as(reader), id, { reason: 'false', note: null }))),
    ])
    expect(outcomes[0]).toBe('ok')
    // A reader who comes after it is hidden, or flagged, does not find it.
    expect(Object.keys(count(outcomes)).filter((outcome) => !['ok', 'not_found'].includes(outcome))).toEqual(
      [],
    )
    const { rows } = await world.connection.query('select status from reviews where id = $1', [id])
    expect(rows).toEqual([{ status: 'hidden' }])
  })

  it('of many who flag at once, the decisive one moves it once', async () => {
    const booking = await aCompleted()
    const { id } = await createReview(as(world.client), booking, fields(1))
    await createReview(as(world.tasker), booking, fields(1))
    const readers = await somePeople(10)
    await Promise.all(
      readers.map((reader) => outcomeOf(flagReview(as(reader), id, { reason: 'false', note: null }))),
    )
    const { rows } = await world.connection.query(
      `select r.status, (select count(*)::int from outbox o where o.object_id = r.id and o.type = 'review.flagged') as times from reviews r where r.id = $1`,
      [id],
    )
    expect(rows).toEqual([{ status: 'flagged', times: 1 }])
  })

  it('the ten-thousandth flag costs what the first one did', async () => {
    const booking = await aCompleted()
    const { id } = await createReview(as(world.client), booking, fields(1))
    await createReview(as(world.tasker), booking, fields(1))
    await hideReview(as(world.ops), id, 'Looked at')
    await publishReview(as(world.ops), id)
    const flag = async (reader: Person): Promise<number> => {
      const begun = performance.now()
      await flagReview(as(reader), id, { reason: 'false', note: null })
      return performance.now() - begun
    }
    const few = await somePeople(20)
    const before: number[] = []
    for (const reader of few.slice(0, 10)) before.push(await flag(reader))
    await asOwner(world.connection, () =>
      world.connection.query(
        `with many as (insert into users (id, phone, role) select khidma.uuid_v7(), '+2010' || lpad(n::text, 8, '0'), 'client'
                         from generate_series(1, 10000) n on conflict do nothing returning id)
         insert into review_flags (id, review_id, user_id, reason) select khidma.uuid_v7(), $1, m.id, 'false' from many m`,
        [id],
      ),
    )
    const after: number[] = []
    for (const reader of few.slice(10)) after.push(await flag(reader))
    const middle = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] as number
    expect(middle(after)).toBeLessThan(Math.max(middle(before) * 5, 50))
  })

  it.each([1, 2, 3])('figures equal the rows after any order of changes (%i)', async (seed) => {
    const next = numbers(seed)
    const written: { id: string; version: number; by: Person }[] = []
    const kept: object[] = []
    for (let step = 0; step < 40; step++) {
      const act = next(6)
      const one = written[next(Math.max(written.length, 1))]
      if (act === 0 || !one) {
        const booking = await aCompleted()
        for (const by of [world.client, world.tasker]) {
          const side = by === world.client ? { quality: 1 + next(5) } : { respect: 1 + next(5) }
          const sent = { ...fields(1 + next(5)), isPublic: next(4) > 0, criteria: side }
          const { id, version } = await createReview(as(by), booking, sent)
          if (next(3) > 0 || by === world.tasker) written.push({ id, version, by })
          if (by === world.client && next(2) > 0) {
            await outcomeOf(updateReview(as(by), id, { rating: 1 + next(5) }, null))
          }
        }
      } else if (act === 1) await outcomeOf(hideReview(as(world.ops), one.id, 'Looked at'))
      else if (act === 2) await outcomeOf(publishReview(as(world.ops), one.id))
      else if (act === 3)
        await outcomeOf(updateReview(as(one.by), one.id, { comment: 'Pay by InstaPay' }, null))
      else if (act === 4) await outcomeOf(updateReview(as(one.by), one.id, { rating: 1 + next(5) }, null))
      else
        await times(2, () => outcomeOf(updateReview(as(one.by), one.id, { comment: `Text ${step}` }, null)))
      const { rows, same } = await figures()
      expect(same).toBe(true)
      for (const each of rows) expect(each.kept).toEqual(each.rebuilt)
      kept.push(rows.map((each) => each.kept))
    }
    // The steps have moved the figures.
    expect(new Set(kept.map((each) => JSON.stringify(each))).size).toBeGreaterThan(5)
  })
})
