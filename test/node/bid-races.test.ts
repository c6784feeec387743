import { afterAll, beforeAll, expect, it } from 'vitest'
import { acceptBid, awardBid, counterBid, declineBid, revokeBid } from '../../src/areas/work/bids/awards.ts'
import { createBid, updateBid, withdrawBid } from '../../src/areas/work/bids/bids.ts'
import { endBidding } from '../../src/areas/work/bids/jobs.ts'
import { cancelTask } from '../../src/areas/work/tasks/tasks.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertTask, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const clients = 50

describeReal('bids, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, clients)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  async function somePeople(number: number, role: 'client' | 'tasker'): Promise<Person[]> {
    const people = Array.from({ length: number }, (): Person => ({ id: newId(), role }))
    await asOwner(world.connection, async () => {
      const ids = people.map(({ id }) => id)
      await world.connection.query(
        `insert into users (id, phone, role) select id, phone, $3::user_role from unnest($1::uuid[], $2::text[]) as u (id, phone)`,
        [ids, people.map(aPhone), role],
      )
      if (role === 'tasker')
        await world.connection.query(
          `insert into tasker_profiles (user_id, status) select id, 'active' from unnest($1::uuid[]) id`,
          [ids],
        )
    })
    return people
  }

  /** Posted, and bid on until the day before its start. */
  async function anOpenTask(client: Person, startsAt = '2027-06-01T10:00:00Z'): Promise<string> {
    return asOwner(world.connection, async () => {
      const id = await insertTask(world, { state: 'posted', startsAt, minutes: 60 })
      await world.connection.query(
        `update tasks set client_id = $2, sourcing = 'bid', title = 'A leak', pricing_model = 'fixed',
                deadline = starts_at - interval '1 day' where id = $1`,
        [id, client.id],
      )
      await world.connection.query(
        `insert into open_tasks (task_id, category, place, is_remote, skills, currency, deadline)
         select id, category, location, false, '{}', currency, deadline from tasks where id = $1`,
        [id],
      )
      return id
    })
  }

  let texts = 0
  const terms = () => ({
    amount: 20_000,
    minutes: 60,
    message: `Text ${++texts}`,
    milestones: [],
    upfrontBasisPoints: 0,
    portfolioMediaIds: [],
  })
  const bid = async (
    tasker: Person,
    taskId: string,
    status: 'pending' | 'awarded' = 'pending',
  ): Promise<string> => {
    const id = newId()
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into bids (id, task_id, tasker_id, status, amount, currency, minutes, message, award_expires_at)
         values ($1, $2, $3, $4::bid_status, 20000, 'EGP', 60, $5, case when $4 = 'awarded' then now() + interval '1 hour' end)`,
        [id, taskId, tasker.id, status, `Text ${id}`],
      ),
    )
    return id
  }
  const rowsOf = async (text: string, ...values: unknown[]) =>
    (await world.connection.query(text, values)).rows
  const standingOf = async (taskId: string) =>
    (
      await rowsOf(
        `select t.state, (select count(*)::int from bookings b where b.task_id = t.id and b.status <> 'canceled') as bookings,
                array(select b.status::text from bids b where b.task_id = t.id order by b.status) as bids
           from tasks t where t.id = $1`,
        taskId,
      )
    )[0]

  it(`${clients} clients award bids of one tasker for the same hour: one booking`, async () => {
    const [people, [tasker]] = [
      await somePeople(clients, 'client'),
      (await somePeople(1, 'tasker')) as [Person],
    ]
    const bids: string[] = []
    for (const client of people) bids.push(await bid(tasker, await anOpenTask(client)))
    const outcomes = await times(clients, (n) =>
      outcomeOf(awardBid(contexts.contextOf(people[n] as Person), bids[n] as string, 1)),
    )
    expect(count(outcomes)).toEqual({ ok: 1, tasker_busy: clients - 1 })
    const states = await rowsOf(
      `select status::text, count(*)::int as bids from bids where tasker_id = $1 group by 1 order by 1`,
      tasker.id,
    )
    expect(states).toEqual([
      { status: 'accepted', bids: 1 },
      { status: 'pending', bids: clients - 1 },
    ])
    expect(
      await rowsOf('select bid_id is not null as won from bookings where tasker_id = $1', tasker.id),
    ).toEqual([{ won: true }])
  })

  it('the client awards ten bids of a task at once: one wins, and the others are notified', async () => {
    const taskId = await anOpenTask(world.client, '2027-06-02T10:00:00Z')
    const taskers = await somePeople(10, 'tasker')
    const bids: string[] = []
    for (const tasker of taskers) bids.push(await bid(tasker, taskId))
    const outcomes = await times(10, (n) =>
      outcomeOf(awardBid(contexts.contextOf(world.client), bids[n] as string, 1)),
    )
    expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 9 })
    expect(await standingOf(taskId)).toEqual({
      state: 'accepted',
      bookings: 1,
      bids: ['accepted', ...Array(9).fill('rejected')],
    })
    const told = await rowsOf(
      `select count(*)::int as events from outbox where type = 'bid.rejected' and object_id = any ($1)`,
      bids,
    )
    expect(told).toEqual([{ events: 9 }])
  })

  it('the tasker accepts or withdraws, and the client revokes, declines or cancels, at once: one outcome, and nothing left open', async () => {
    for (let round = 0; round < 12; round += 1) {
      const taskId = await anOpenTask(world.client, `2027-07-${String(round + 1).padStart(2, '0')}T10:00:00Z`)
      const [tasker, other] = (await somePeople(2, 'tasker')) as [Person, Person]
      const [bidId, otherBid] = [await bid(tasker, taskId, 'awarded'), await bid(other, taskId)]
      const [byTasker, byClient] = [contexts.contextOf(tasker), contexts.contextOf(world.client)]
      const calls = [
        () => acceptBid(byTasker, bidId),
        () => withdrawBid(byTasker, bidId),
        [
          () => revokeBid(byClient, bidId),
          () => declineBid(byClient, bidId, 'No.'),
          () => cancelTask(byClient, taskId, 'Changed my mind.'),
        ][round % 3] as () => Promise<unknown>,
        () => withdrawBid(contexts.contextOf(other), otherBid),
      ]
      const order = round % 2 === 0 ? calls : calls.toReversed()
      const outcomes = await Promise.all(order.map((call) => outcomeOf(call())))
      for (const outcome of outcomes) expect(['ok', 'invalid_transition']).toContain(outcome)
      const standing = await standingOf(taskId)
      const won = standing.bids.filter((status: string) => status === 'accepted').length
      expect(standing.bookings <= won && won <= 1).toBe(true)
      if (standing.bookings === 1) expect(standing.state).toBe('accepted')
      if (standing.state !== 'posted')
        expect(standing.bids.filter((status: string) => ['pending', 'awarded'].includes(status))).toEqual([])
    }
  })

  it('an award beside the cancellation of the task, its expiry and a change of the bid: consistent, and never at other terms', async () => {
    for (let round = 0; round < 12; round += 1) {
      const taskId = await anOpenTask(world.client, `2027-08-${String(round + 1).padStart(2, '0')}T10:00:00Z`)
      const [tasker] = (await somePeople(1, 'tasker')) as [Person]
      const bidId = await bid(tasker, taskId)
      const [byTasker, byClient] = [contexts.contextOf(tasker), contexts.contextOf(world.client)]
      const rivals = [
        () => cancelTask(byClient, taskId, 'Changed my mind.'),
        () => updateBid(byTasker, bidId, { amount: 99_000 }, null),
        () => counterBid(byClient, bidId, { amount: 1_000 }),
      ]
      const rival = rivals[round % 3] as () => Promise<unknown>
      const calls = [
        () => awardBid(byClient, bidId, 1),
        rival,
        () => endBidding(contexts.systemContext('test'), 10),
      ]
      const order = round % 2 === 0 ? calls : calls.toReversed()
      const outcomes = await Promise.all(order.map((call) => outcomeOf(call())))
      for (const outcome of outcomes)
        expect([
          'ok',
          'invalid_transition',
          'precondition_failed',
          'bid_not_pending',
          'bidding_closed',
        ]).toContain(outcome)
      const booked = await rowsOf(
        'select agreed_rate_amount::int as price from bookings where task_id = $1',
        taskId,
      )
      expect([[], [{ price: 20_000 }]]).toContainEqual(booked)
      const { state, bids } = await standingOf(taskId)
      if (state !== 'posted') expect(bids).not.toContain('pending')
    }
  })

  it('a tasker bids thirty times at once: as many as the limit of the day, and one a task', async () => {
    const [tasker] = (await somePeople(1, 'tasker')) as [Person]
    const tasks: string[] = []
    for (let n = 0; n < 30; n += 1) tasks.push(await anOpenTask(world.client))
    const outcomes = await times(30, (n) =>
      outcomeOf(createBid(contexts.contextOf(tasker), tasks[n] as string, terms())),
    )
    expect(count(outcomes)).toEqual({ ok: 20, limit_reached: 10 })
    const seats = await rowsOf('select seat from claims where subject = $1 order by seat', tasker.id)
    expect(seats.map(({ seat }) => seat)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
    const [second] = (await somePeople(1, 'tasker')) as [Person]
    const same = await times(10, () =>
      outcomeOf(createBid(contexts.contextOf(second), tasks[0] as string, terms())),
    )
    expect(count(same)).toEqual({ ok: 1, bid_exists: 9 })
  })

  it('sweeps that run beside each other end each award and each task once', async () => {
    const [tasker] = (await somePeople(1, 'tasker')) as [Person]
    const [late, awarded] = [await anOpenTask(world.client), await anOpenTask(world.client)]
    const bids = [await bid(tasker, late), await bid(tasker, awarded, 'awarded')]
    await asOwner(world.connection, async () => {
      await world.connection.query(`update tasks set deadline = now() where id = $1`, [late])
      await world.connection.query(`update open_tasks set deadline = now() where task_id = $1`, [late])
      await world.connection.query(`update bids set award_expires_at = now() where id = $1`, [bids[1]])
    })
    await times(4, () => endBidding(contexts.systemContext('test'), 10))
    await endBidding(contexts.systemContext('test'), 10)
    expect(await standingOf(late)).toEqual({ state: 'expired', bookings: 0, bids: ['expired'] })
    expect(await standingOf(awarded)).toEqual({ state: 'posted', bookings: 0, bids: ['expired'] })
    const told = await rowsOf(
      `select count(*)::int as events from outbox where type = 'bid.expired' and object_id = any ($1)`,
      bids,
    )
    expect(told).toEqual([{ events: 2 }])
  })
})
