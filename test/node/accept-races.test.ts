import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeWave, endWay, markOfferDelivered } from '../../src/areas/work/matching/matching.ts'
import { acceptOffer, declineOffer } from '../../src/areas/work/matching/offers.ts'
import { cancelTask } from '../../src/areas/work/tasks/tasks.ts'
import { newId } from '../../src/core/ids.ts'
import { Problem } from '../../src/core/problems.ts'
import { asOwner, insertTask, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { describeReal } from '../support/real-postgres.ts'

const acceptors = 100

/** Counts what became of each of several attempts at once. */
async function outcomes(attempts: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const settled of await Promise.allSettled(attempts)) {
    if (settled.status === 'rejected' && !(settled.reason instanceof Problem)) throw settled.reason
    const outcome = settled.status === 'fulfilled' ? 'done' : (settled.reason as Problem).code
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

describeReal('accepting offers, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, acceptors)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  async function someTaskers(count: number): Promise<Person[]> {
    const people = Array.from({ length: count }, (): Person => ({ id: newId(), role: 'tasker' }))
    await asOwner(world.connection, async () => {
      const ids = people.map(({ id }) => id)
      await world.connection.query(
        `insert into users (id, phone, role) select id, phone, 'tasker' from unnest($1::uuid[], $2::text[]) as u (id, phone)`,
        [ids, people.map(aPhone)],
      )
      await world.connection.query(
        `insert into tasker_profiles (user_id, status, hourly_rate_amount)
         select id, 'active', 12000 from unnest($1::uuid[]) id`,
        [ids],
      )
    })
    return people
  }

  const inMatching = (startsAt: string) =>
    asOwner(world.connection, () => insertTask(world, { state: 'matching', startsAt, minutes: 60 }))

  /** Returns the ids of the offers, in the order of the taskers. */
  async function offer(taskId: string, taskers: Person[]): Promise<string[]> {
    const ids = taskers.map(() => newId())
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into offers (id, task_id, tasker_id, wave, expires_at)
         select o.id, $1, o.tasker, 1, now() + interval '1 hour' from unnest($2::uuid[], $3::uuid[]) o (id, tasker)`,
        [taskId, ids, taskers.map(({ id }) => id)],
      ),
    )
    return ids
  }

  const count = async (table: string, where: string, values: unknown[]): Promise<number> =>
    Number(
      (await world.connection.query(`select count(*) from ${table} where ${where}`, values)).rows[0].count,
    )

  it(`${acceptors} taskers accept the same task: one booking, and ${acceptors - 1} clear refusals`, async () => {
    const task = await inMatching('2027-03-01T10:00:00Z')
    const taskers = await someTaskers(acceptors)
    const offers = await offer(task, taskers)
    const result = await outcomes(
      taskers.map((tasker, index) => acceptOffer(contexts.contextOf(tasker), offers[index] as string)),
    )
    expect(result).toEqual({ done: 1, offer_taken: acceptors - 1 })
    expect(await count('bookings', 'task_id = $1', [task])).toBe(1)
    expect(
      await count('conversations c join bookings b on b.id = c.booking_id', 'b.task_id = $1', [task]),
    ).toBe(1)
    const { rows } = await world.connection.query(
      `select t.state, b.agreed_rate_amount::int as rate, o.status, count(*)::int as offers
         from tasks t join bookings b on b.task_id = t.id join offers o on o.task_id = t.id
        where t.id = $1 group by 1, 2, 3 order by 3`,
      [task],
    )
    expect(rows).toEqual([
      { state: 'accepted', rate: 12_000, status: 'accepted', offers: 1 },
      { state: 'accepted', rate: 12_000, status: 'withdrawn', offers: acceptors - 1 },
    ])
    // One answer, one acceptance, and nothing for who was too late.
    expect(
      await count('tasker_profiles', 'user_id = any ($1) and offers_answered = 1', [
        taskers.map(({ id }) => id),
      ]),
    ).toBe(1)
  })

  it('the same tasker accepts the same offer ten times: one booking', async () => {
    const task = await inMatching('2027-03-02T10:00:00Z')
    const [tasker] = (await someTaskers(1)) as [Person]
    const [offerId] = (await offer(task, [tasker])) as [string]
    const attempts = Array.from({ length: 10 }, () => acceptOffer(contexts.contextOf(tasker), offerId))
    expect(await outcomes(attempts)).toEqual({ done: 1, invalid_transition: 9 })
  })

  it('one tasker accepts two tasks at the same hour: one booking, and one tasker_busy', async () => {
    for (let round = 0; round < 10; round += 1) {
      const day = String(round + 10)
      const tasks = [
        await inMatching(`2027-03-${day}T10:00:00Z`),
        await inMatching(`2027-03-${day}T10:30:00Z`),
      ]
      const [tasker] = (await someTaskers(1)) as [Person]
      const offers: string[] = []
      for (const task of tasks) offers.push(...(await offer(task, [tasker])))
      const result = await outcomes(offers.map((id) => acceptOffer(contexts.contextOf(tasker), id)))
      expect(result).toEqual({ done: 1, tasker_busy: 1 })
      expect(await count('bookings', 'tasker_id = $1', [tasker.id])).toBe(1)
      // The refused attempt has answered nothing: the other offer is still pending.
      expect(await count('offers', `tasker_id = $1 and status = 'pending'`, [tasker.id])).toBe(1)
    }
  })

  it('the client cancels while the tasker accepts: either both or only the cancellation, consistently', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 20; round += 1) {
      const task = await inMatching(`2027-04-01T${String(round).padStart(2, '0')}:00:00Z`)
      const [tasker] = (await someTaskers(1)) as [Person]
      const [offerId] = (await offer(task, [tasker])) as [string]
      const accept = () => acceptOffer(contexts.contextOf(tasker), offerId)
      const cancel = () => cancelTask(contexts.contextOf(world.client), task, 'Changed my mind.')
      const inTurn = round % 2 === 0 ? [accept, cancel] : [cancel, accept]
      const result = await outcomes(inTurn.map((call) => call()))
      seen.add(JSON.stringify(Object.entries(result).sort()))
      const { rows } = await world.connection.query(
        'select t.state, b.status from tasks t left join bookings b on b.task_id = t.id where t.id = $1',
        [task],
      )
      expect(rows).toEqual([{ state: 'canceled_by_client', status: result.done === 2 ? 'canceled' : null }])
    }
    const both = JSON.stringify([['done', 2]])
    const canceledFirst = JSON.stringify([
      ['done', 1],
      ['offer_closed', 1],
    ])
    for (const outcome of seen) expect([both, canceledFirst]).toContain(outcome)
  })

  it('waves of several tasks end while the same taskers answer, without a deadlock', async () => {
    const system = { ...world.ops, role: 'system' }
    const taskers = await someTaskers(3)
    for (let round = 0; round < 5; round += 1) {
      const tasks: string[] = []
      for (const day of [1, 2, 3, 4, 5, 6]) {
        tasks.push(await inMatching(`2027-05-0${day}T${String(round).padStart(2, '0')}:00:00Z`))
      }
      const made: string[][] = []
      // The same people, each time in another order.
      for (const [index, task] of tasks.entries()) {
        const order = [...taskers.slice(index % 3), ...taskers.slice(0, index % 3)]
        const ids = await offer(task, order)
        await Promise.all(
          ids.map((id) => markOfferDelivered(contexts.contextOf(system), id, Date.now(), 600)),
        )
        made.push(order.map((tasker) => ids[order.indexOf(tasker)] as string))
      }
      const attempts = tasks.flatMap((task, index) => {
        const order = [...taskers.slice(index % 3), ...taskers.slice(0, index % 3)]
        const [first, second] = order as [Person, Person]
        const [a, b] = made[index] as [string, string]
        return [
          () => closeWave(contexts.contextOf(system), { taskId: task, round: 1 }, 1),
          () => acceptOffer(contexts.contextOf(first), a),
          () => declineOffer(contexts.contextOf(second), b),
          () => endWay(contexts.contextOf(system), { taskId: task, round: 1 }),
        ]
      })
      const result = await outcomes(attempts.map((call) => call()))
      expect(
        Object.keys(result).filter((code) => !['done', 'offer_closed', 'offer_taken'].includes(code)),
      ).toEqual([])
      for (const task of tasks) {
        const { rows } = await world.connection.query(
          'select t.state, b.status from tasks t left join bookings b on b.task_id = t.id where t.id = $1',
          [task],
        )
        expect([
          { state: 'accepted', status: 'accepted' },
          { state: 'expired', status: null },
        ]).toContainEqual(rows[0])
      }
    }
    // Each delivered offer that was not withdrawn counts once, and the rates follow.
    const { rows } = await world.connection.query(
      `select p.offers_answered = count(o.id) filter (where o.status <> 'withdrawn') as fits
         from tasker_profiles p join offers o on o.tasker_id = p.user_id where p.user_id = any ($1) group by p.user_id`,
      [taskers.map(({ id }) => id)],
    )
    expect(rows).toEqual([{ fits: true }, { fits: true }, { fits: true }])
  })
})
