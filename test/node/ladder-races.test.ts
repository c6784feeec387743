import { afterAll, beforeAll, expect, it } from 'vitest'
import { awardBid } from '../../src/areas/work/bids/awards.ts'
import { endWay } from '../../src/areas/work/matching/matching.ts'
import { acceptOffer } from '../../src/areas/work/matching/offers.ts'
import { newId } from '../../src/core/ids.ts'
import { Problem } from '../../src/core/problems.ts'
import { asOwner, insertTask, openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { describeReal } from '../support/real-postgres.ts'

const rungs = [{ way: 'match', seconds: 90 }, { way: 'bid', seconds: 7_200 }, { way: 'assign' }]
const rounds = 25

describeReal('a ladder, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 12)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const climb = (taskId: string) => endWay(contexts.systemContext('matching'), { taskId, round: 1 })

  const outcomeOf = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => 'done',
      (error: unknown) => {
        if (error instanceof Problem) return error.code
        throw error
      },
    )

  /** A task whose time on its rung is over. */
  const onRung = (rung: number, state: string, startsAt: string) =>
    asOwner(world.connection, async () => {
      const id = await insertTask(world, { state, startsAt })
      await world.connection.query(
        `update tasks set ladder = $2, rung = $3::int, climbs_at = now() - interval '1 minute', title = 'Tap',
                sourcing = case $3::int when 0 then 'match' else 'bid' end::sourcing, deadline = now() + interval '1 hour' where id = $1`,
        [id, JSON.stringify(rungs), rung],
      )
      return id
    })

  const hours = (n: number) => new Date(Date.UTC(2027, 4, 1) + n * 3 * 3_600_000).toISOString()

  const endOf = async (task: string) => {
    const { rows } = await world.connection.query(
      `select t.state, t.sourcing, t.rung, t.climbs_at is not null as "climbs", count(b.id)::int as bookings,
              (select count(*)::int from offers o where o.task_id = t.id and o.status = 'pending')
                + (select count(*)::int from bids d where d.task_id = t.id and d.status in ('pending', 'awarded')) as open
         from tasks t left join bookings b on b.task_id = t.id where t.id = $1 group by t.id`,
      [task],
    )
    return rows[0]
  }

  it('is climbed by one rung, however many say that its time is over', async () => {
    const task = await onRung(0, 'matching', hours(0))
    await Promise.all(Array.from({ length: 10 }, () => climb(task)))
    expect(await endOf(task)).toEqual({
      ...{ state: 'posted', sourcing: 'bid', rung: 1, climbs: true },
      ...{ bookings: 0, open: 0 },
    })
    const { rows } = await world.connection.query(
      `select count(*)::int as n from outbox where object_id = $1 and type = 'task.climbed'`,
      [task],
    )
    expect(rows).toEqual([{ n: 1 }])
  })

  it('and an offer that is accepted beside it: one of both, and nothing is left open', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < rounds; round += 1) {
      const task = await onRung(0, 'matching', hours(1 + round))
      const offer = newId()
      await asOwner(world.connection, () =>
        world.connection.query(
          `insert into offers (id, task_id, tasker_id, wave, expires_at) values ($1, $2, $3, 1, now() + interval '1 hour')`,
          [offer, task, world.tasker.id],
        ),
      )
      const [accepted] = await Promise.all([
        outcomeOf(acceptOffer(contexts.contextOf(world.tasker), offer)),
        climb(task),
      ])
      const end = await endOf(task)
      seen.add(accepted)
      expect(end).toEqual(
        accepted === 'done'
          ? { state: 'accepted', sourcing: 'match', rung: 0, climbs: false, bookings: 1, open: 0 }
          : { state: 'posted', sourcing: 'bid', rung: 1, climbs: true, bookings: 0, open: 0 },
      )
    }
    expect([...seen].every((code) => ['done', 'offer_closed', 'invalid_transition'].includes(code))).toBe(
      true,
    )
  })

  it('and a bid that is awarded beside it: one of both, and nothing is left open', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const task = await onRung(1, 'posted', hours(100 + round))
      const bid = newId()
      await asOwner(world.connection, () =>
        world.connection.query(
          `insert into bids (id, task_id, tasker_id, amount, currency, minutes) values ($1, $2, $3, 20000, 'EGP', 60)`,
          [bid, task, world.tasker.id],
        ),
      )
      const [awarded] = await Promise.all([
        outcomeOf(awardBid(contexts.contextOf(world.client), bid, null)),
        climb(task),
      ])
      expect(['done', 'invalid_transition', 'bidding_closed']).toContain(awarded)
      expect(await endOf(task)).toEqual(
        awarded === 'done'
          ? { state: 'accepted', sourcing: 'bid', rung: 1, climbs: false, bookings: 1, open: 0 }
          : { state: 'posted', sourcing: 'assign', rung: 2, climbs: false, bookings: 0, open: 0 },
      )
    }
  })
})
