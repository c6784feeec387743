import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blockUser, unblockUser } from '../../src/areas/trust/blocks/blocks.ts'
import { acceptBid, awardBid } from '../../src/areas/work/bids/awards.ts'
import { createBid } from '../../src/areas/work/bids/bids.ts'
import { acceptOffer } from '../../src/areas/work/matching/offers.ts'
import { newId } from '../../src/core/ids.ts'
import { actAs, asOwner, connect, insertTask, openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { outcomeOf, somebodyWaits, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

interface Person {
  id: string
  role: string
}

describeReal('a block, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let watcher: Awaited<ReturnType<typeof connect>>

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 20)
    watcher = await connect(world.ownerUrl)
  })
  afterAll(async () => {
    await contexts.close()
    await watcher.end()
    await world.close()
  })

  const own = (text: string, values: unknown[]) =>
    asOwner(world.connection, () => world.connection.query(text, values))

  async function aPerson(role: 'client' | 'tasker'): Promise<Person> {
    const person: Person = { id: newId(), role }
    await own(`insert into users (id, phone, role) values ($1, $2, $3::user_role)`, [
      person.id,
      aPhone(),
      role,
    ])
    if (role === 'tasker')
      await own(
        `insert into tasker_profiles (user_id, status, hourly_rate_amount, hourly_rate_currency) values ($1, 'active', 20000, 'EGP')`,
        [person.id],
      )
    return person
  }

  let days = 0
  async function aTask(client: Person, sourcing: 'bid' | 'match'): Promise<string> {
    const startsAt = new Date(Date.UTC(2027, 5, 1, 10) + 86_400_000 * days++).toISOString()
    const state = sourcing === 'bid' ? 'posted' : 'matching'
    return asOwner(world.connection, async () => {
      const id = await insertTask(world, { state, startsAt, minutes: 60 })
      await world.connection.query(
        `update tasks set client_id = $2, sourcing = $3::sourcing, title = 'A leak', pricing_model = 'fixed',
                deadline = case when $3 = 'bid' then starts_at - interval '1 day' end where id = $1`,
        [id, client.id, sourcing],
      )
      return id
    })
  }

  async function aBid(tasker: Person, taskId: string, status: 'pending' | 'awarded'): Promise<string> {
    const id = newId()
    await own(
      `insert into bids (id, task_id, tasker_id, status, amount, currency, minutes, message, award_expires_at)
       values ($1, $2, $3, $4::bid_status, 20000, 'EGP', 60, 'Mine.', case when $4 = 'awarded' then now() + interval '1 hour' end)`,
      [id, taskId, tasker.id, status],
    )
    return id
  }

  async function anOffer(tasker: Person, taskId: string): Promise<string> {
    const id = newId()
    await own(
      `insert into offers (id, task_id, tasker_id, round, wave, expires_at) values ($1, $2, $3, 1, 1, now() + interval '1 hour')`,
      [id, taskId, tasker.id],
    )
    return id
  }

  /** As matching writes them. */
  const offerBySystem = (tasker: Person, taskId: string) =>
    contexts.systemContext('matching').db.write([
      sql`select from tasks where id = ${taskId} for update`,
      sql`insert into offers (id, task_id, tasker_id, round, wave, expires_at)
          values (${newId()}, ${taskId}, ${tasker.id}, 1, 2, now() + interval '1 hour')`,
    ])

  /** Offers, bids and waiting bookings between the two. */
  const openBetween = async (client: Person, tasker: Person): Promise<number> => {
    const { rows } = await world.connection.query(
      `select (select count(*) from offers o join tasks t on t.id = o.task_id
                where t.client_id = $1 and o.tasker_id = $2 and o.status = 'pending')
            + (select count(*) from bids b join tasks t on t.id = b.task_id
                where t.client_id = $1 and b.tasker_id = $2 and b.status in ('pending', 'awarded'))
            + (select count(*) from bookings b where b.client_id = $1 and b.tasker_id = $2 and b.status = 'offered') as open`,
      [client.id, tasker.id],
    )
    return Number(rows[0].open)
  }

  const terms = {
    amount: 20_000,
    minutes: 60,
    message: 'I can.',
    milestones: [],
    upfrontBasisPoints: 0,
    portfolioMediaIds: [],
  }

  type Rival = (client: Person, tasker: Person) => Promise<() => Promise<unknown>>
  const rivals: Record<string, Rival> = {
    'an offer': async (client, tasker) => {
      const taskId = await aTask(client, 'match')
      return () => offerBySystem(tasker, taskId)
    },
    'a bid': async (client, tasker) => {
      const taskId = await aTask(client, 'bid')
      return () => createBid(contexts.contextOf(tasker), taskId, terms)
    },
    'an award': async (client, tasker) => {
      const bidId = await aBid(tasker, await aTask(client, 'bid'), 'pending')
      return () => awardBid(contexts.contextOf(client), bidId, 1)
    },
    'the acceptance of an award': async (client, tasker) => {
      const bidId = await aBid(tasker, await aTask(client, 'bid'), 'awarded')
      return () => acceptBid(contexts.contextOf(tasker), bidId)
    },
    'the acceptance of an offer': async (client, tasker) => {
      const offerId = await anOffer(tasker, await aTask(client, 'match'))
      return () => acceptOffer(contexts.contextOf(tasker), offerId)
    },
  }

  const refusals = [
    'ok',
    'not_found',
    'bidder_unavailable',
    'award_over',
    'offer_closed',
    'invalid_transition',
    'precondition_failed',
  ]

  it.each(Object.keys(rivals))('beside %s: nothing is open between the two after both', async (name) => {
    for (let round = 0; round < 10; round += 1) {
      const [client, tasker] = [await aPerson('client'), await aPerson('tasker')]
      const rival = await (rivals[name] as Rival)(client, tasker)
      const [blocker, blocked] = round % 2 === 0 ? [client, tasker] : [tasker, client]
      const block = () => blockUser(contexts.contextOf(blocker), { userId: blocked.id })
      const calls = round % 4 < 2 ? [block, rival] : [rival, block]
      const outcomes = await Promise.all(calls.map((call) => outcomeOf(call())))
      for (const outcome of outcomes) expect(refusals).toContain(outcome)
      expect(outcomes[calls.indexOf(block)]).toBe('ok')
      expect(await openBetween(client, tasker)).toBe(0)
    }
  })

  it('waits for an offer that is being written, and ends it', async () => {
    const [client, tasker] = [await aPerson('client'), await aPerson('tasker')]
    const taskId = await aTask(client, 'match')
    const { connection } = world
    await connection.query('begin')
    await actAs(connection, world.system)
    await connection.query(
      `insert into offers (id, task_id, tasker_id, round, wave, expires_at) values ($1, $2, $3, 1, 1, now() + interval '1 hour')`,
      [newId(), taskId, tasker.id],
    )
    const block = blockUser(contexts.contextOf(client), { userId: tasker.id })
    await somebodyWaits(watcher)
    await connection.query('commit')
    await block
    expect(await openBetween(client, tasker)).toBe(0)
  })

  it('counts while it is being written: whoever writes then is refused at once', async () => {
    const [client, tasker] = [await aPerson('client'), await aPerson('tasker')]
    const [matched, open] = [await aTask(client, 'match'), await aTask(client, 'bid')]
    const { connection } = world
    await connection.query('begin')
    await connection.query('select khidma.begin_block($1, $2, 10)', [client.id, tasker.id])
    expect(await outcomeOf(createBid(contexts.contextOf(tasker), open, terms))).toBe('not_found')
    expect(await outcomeOf(offerBySystem(tasker, matched))).toBe('ok')
    await connection.query('rollback')
    expect(await openBetween(client, tasker)).toBe(0)
  })

  it('of both at once, and many times, is one row a direction', async () => {
    const [client, tasker] = [await aPerson('client'), await aPerson('tasker')]
    const outcomes = await times(12, (n) => {
      const [me, other] = n % 2 === 0 ? [client, tasker] : [tasker, client]
      return outcomeOf(blockUser(contexts.contextOf(me), { userId: other.id }))
    })
    expect(new Set(outcomes)).toEqual(new Set(['ok']))
    const { rows } = await world.connection.query(
      'select count(*)::int as rows from user_blocks where blocker_id in ($1, $2)',
      [client.id, tasker.id],
    )
    expect(rows).toEqual([{ rows: 2 }])
    await unblockUser(contexts.contextOf(client), tasker.id)
    expect(await outcomeOf(createBid(contexts.contextOf(tasker), await aTask(client, 'bid'), terms))).toBe(
      'not_found',
    )
  })
})
