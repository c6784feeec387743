import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { awardBid } from '../../src/areas/work/bids/awards.ts'
import { createBid } from '../../src/areas/work/bids/bids.ts'
import { endLeads } from '../../src/areas/work/leads/jobs.ts'
import {
  acceptRequest,
  declineRequest,
  replyToRequest,
  requestLead,
  withdrawRequest,
} from '../../src/areas/work/leads/requests.ts'
import { endWay } from '../../src/areas/work/matching/matching.ts'
import { acceptOffer } from '../../src/areas/work/matching/offers.ts'
import { cancelTask } from '../../src/areas/work/tasks/tasks.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertTask, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

type Act =
  | { act: 'climb' | 'sweep' | 'silence' | 'cancel' }
  | { act: 'fits'; tasker: number; place: number }
  | { act: 'offer' | 'bid' | 'ask'; tasker: number }
  | { act: 'accept offer' | 'award' | 'reply' | 'accept' | 'decline' | 'withdraw'; which: number }

const taskerCount = 3
const credits = 40

const rungs = fc
  .subarray(['pick', 'bid', 'lead', 'lead'] as const, { minLength: 1 })
  .map((ways) => [...new Set(ways)])
  .chain((ways) =>
    fc
      .boolean()
      .map((endsWithStaff) => [
        { way: 'match', seconds: 90 },
        ...ways.map((way) => ({ way, seconds: 3_600 })),
        ...(endsWithStaff ? [{ way: 'assign' }] : []),
      ]),
  )
const tasker = fc.nat(taskerCount - 1)
const which = fc.nat(1)
const wishes = ['offer', 'bid', 'ask'] as const
const answers = ['accept offer', 'award', 'reply', 'accept', 'decline', 'withdraw'] as const
const ofWay: Record<string, { wish: (typeof wishes)[number]; answers: (typeof answers)[number][] }> = {
  match: { wish: 'offer', answers: ['accept offer'] },
  bid: { wish: 'bid', answers: ['award'] },
  lead: { wish: 'ask', answers: ['reply', 'reply', 'accept', 'decline', 'withdraw'] },
}
/** `fits`: what people do in the way of the moment; the others come whenever they like. */
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Act>({ act: 'climb' }) },
    { weight: 6, arbitrary: fc.record({ act: fc.constant('fits'), tasker, place: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.constantFrom<Act>({ act: 'sweep' }, { act: 'silence' }, { act: 'cancel' }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constantFrom(...wishes), tasker }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constantFrom(...answers), which }) },
  ),
  { minLength: 6, maxLength: 14, size: 'max' },
)

describeReal('a ladder with every way, whatever happens on it', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let hour = 0

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 2)
    await world.connection.query(
      `insert into config_entries (id, key, value, valid_during, reason)
       values ($1, 'leads.approve_from', '"new"', tstzrange(now() - interval '1 minute', null), 'Test')`,
      [newId()],
    )
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const query = async (text: string, ...values: unknown[]) =>
    (await world.connection.query(text, values)).rows

  async function someTaskers(): Promise<Person[]> {
    const people = Array.from({ length: taskerCount }, (): Person => ({ id: newId(), role: 'tasker' }))
    await asOwner(world.connection, async () => {
      for (const { id } of people) {
        await query(`insert into users (id, phone, role) values ($1, $2, 'tasker')`, id, aPhone())
        await query(
          `insert into tasker_profiles (user_id, status, hourly_rate_amount) values ($1, 'active', 12000)`,
          id,
        )
        await query(`insert into tasker_categories (tasker_id, category) values ($1, 'plumbing')`, id)
      }
    })
    for (const { id } of people)
      await query(`select khidma.grant_credits($1, $2, 'paid', 'order', $3)`, id, credits, newId())
    return people
  }

  async function aClimber(ladder: object[]): Promise<string> {
    hour += 3
    return asOwner(world.connection, async () => {
      const startsAt = new Date(Date.UTC(2027, 8, 1, hour)).toISOString()
      const id = await insertTask(world, { state: 'matching', startsAt })
      await query(
        `update tasks set ladder = $2, rung = 0, climbs_at = now() + interval '90 seconds', pricing_model = 'fixed' where id = $1`,
        id,
        JSON.stringify(ladder),
      )
      return id
    })
  }

  /** The rung is over. */
  async function climb(task: string): Promise<void> {
    await query(
      `update tasks set climbs_at = now() - interval '1 second' where id = $1 and climbs_at is not null`,
      task,
    )
    await endWay(contexts.systemContext('matching'), { taskId: task, round: 1 })
  }

  /** Everything that is open about a task; one row. */
  const lookAt = async (task: string, people: Person[]) =>
    (
      await query(
        `select t.state, t.sourcing, t.ladder -> t.rung ->> 'way' as way, t.climbs_at is not null as climbs,
                t.state in ('posted', 'matching') as "isOpen", jsonb_array_length(t.ladder) - 1 - t.rung as "rungsLeft",
                (select count(*)::int from offers o where o.task_id = t.id and o.status = 'pending') as offers,
                (select count(*)::int from bids b where b.task_id = t.id and b.status in ('pending', 'awarded')) as bids,
                (select count(*)::int from leads l where l.task_id = t.id and l.status in ('pending', 'open')) as leads,
                (select count(*)::int from lead_requests r where r.task_id = t.id and r.status in ('pending', 'replied')) as requests,
                (select coalesce(sum(r.credits), 0)::int from lead_requests r where r.task_id = t.id and r.status = 'pending') as waiting,
                (select coalesce(sum(r.credits), 0)::int from lead_requests r where r.task_id = t.id and r.charged_at is not null) as charged,
                (select count(*)::int from claims c where c.limit_id = 'leads.seats' and c.subject = t.id and c.status = 'reserved') as seats,
                (select count(*)::int from bookings b where b.task_id = t.id and b.status <> 'canceled') as bookings,
                (select sum(b.held)::int from ledger_accounts a join ledger_balances b on b.account_id = a.id
                  where a.kind = 'credit_wallet' and a.owner_user_id = any ($2)) as held,
                (select sum(b.balance)::int from ledger_accounts a join ledger_balances b on b.account_id = a.id
                  where a.kind = 'credit_wallet' and a.owner_user_id = any ($2)) as balance
           from tasks t where t.id = $1`,
        task,
        people.map(({ id }) => id),
      )
    )[0]

  async function check(task: string, people: Person[], what: string): Promise<Record<string, unknown>> {
    const at = await lookAt(task, people)
    const may = (way: string, n: number) => (at.isOpen && way === at.sourcing ? n : 0)
    expect({ what, ...at }).toEqual({
      what,
      ...at,
      offers: may('match', at.offers),
      bids: may('bid', at.bids),
      // Exactly while the task is on the rung.
      leads: may('lead', 1),
      requests: may('lead', at.requests),
      seats: at.requests,
      held: at.waiting,
      balance: taskerCount * credits - at.charged,
      bookings: at.state === 'accepted' ? 1 : 0,
      climbs: at.isOpen && at.sourcing !== 'assign',
    })
    return at
  }

  /** More wishes than answers, as long as there is something to answer. */
  async function fitting(task: string, people: Person[], step: Extract<Act, { act: 'fits' }>): Promise<Act> {
    const { sourcing, offers, bids, requests } = await lookAt(task, people)
    const way = ofWay[sourcing]
    if (!way) return { act: 'sweep' }
    const isWish = offers + bids + requests === 0 || step.place < 5
    if (isWish) return { act: way.wish, tasker: step.tasker }
    return { act: way.answers[step.place % way.answers.length] ?? 'accept', which: step.tasker }
  }

  async function play(task: string, people: Person[], given: Act): Promise<[string, string]> {
    const step = given.act === 'fits' ? await fitting(task, people, given) : given
    return [step.act, await act(task, people, step)]
  }

  async function act(task: string, people: Person[], step: Act): Promise<string> {
    const client = () => contexts.contextOf(world.client)
    if ('tasker' in step) {
      const person = people[step.tasker] as Person
      const as = contexts.contextOf(person)
      if (step.act === 'bid') {
        const terms = {
          amount: 20_000,
          minutes: 60,
          message: `I can: ${newId().replaceAll(/[\d-]/g, 'x')}.`,
          milestones: [],
        }
        return outcomeOf(createBid(as, task, { ...terms, upfrontBasisPoints: 0, portfolioMediaIds: [] }))
      }
      if (step.act === 'offer') {
        await asOwner(world.connection, () =>
          query(
            `insert into offers (id, task_id, tasker_id, wave, expires_at)
           select $1, t.id, $3, 1, now() + interval '1 hour' from tasks t
            where t.id = $2 and t.state = 'matching' and not exists (select from offers o where o.task_id = t.id and o.tasker_id = $3)`,
            newId(),
            task,
            person.id,
          ),
        )
        return 'ok'
      }
      const [lead] = await query('select id from leads where task_id = $1', task)
      const terms = { message: 'I can.', amount: 20_000, minutes: 60, credits: 50 }
      return lead ? outcomeOf(requestLead(as, lead.id, terms)) : 'none'
    }
    if ('which' in step) {
      const table = { 'accept offer': 'offers', award: 'bids' }[step.act as string] ?? 'lead_requests'
      const found = await query(
        `select id, tasker_id from ${table} where task_id = $1 order by status::text in ('pending', 'replied') desc, id`,
        task,
      )
      const one = found[step.which % Math.max(1, Math.min(2, found.length))]
      if (!one) return 'none'
      const as = contexts.contextOf({ id: one.tasker_id, role: 'tasker' })
      if (step.act === 'accept offer') return outcomeOf(acceptOffer(as, one.id))
      if (step.act === 'award') return outcomeOf(awardBid(client(), one.id, null))
      if (step.act === 'reply') return outcomeOf(replyToRequest(client(), one.id, 'When?'))
      if (step.act === 'accept') return outcomeOf(acceptRequest(client(), one.id))
      if (step.act === 'decline') return outcomeOf(declineRequest(client(), one.id, 'No.'))
      return outcomeOf(withdrawRequest(as, one.id))
    }
    if (step.act === 'climb') await climb(task)
    else if (step.act === 'cancel') return outcomeOf(cancelTask(client(), task, 'No more.'))
    else {
      if (step.act === 'silence')
        await query(
          `update lead_requests set expires_at = now() - interval '1 second' where task_id = $1`,
          task,
        )
      await endLeads(contexts.systemContext('leads'), 100)
    }
    return 'ok'
  }

  it('has open what its rung has, holds what waits, and has spent what was answered', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(rungs, acts, async (ladder, steps) => {
        const [task, people] = [await aClimber(ladder), await someTaskers()]
        for (const step of steps) {
          const [name, outcome] = await play(task, people, step)
          expect(outcome).not.toMatch(/error|deadlock|constraint/i)
          const { sourcing } = await check(task, people, JSON.stringify(step))
          seen.add(`${name} ${outcome}`).add(`way ${sourcing}`)
        }
        for (let left = (await lookAt(task, people)).rungsLeft; left >= 0; left -= 1) await climb(task)
        const { isOpen, sourcing, requests, held } = await check(task, people, 'the end')
        expect([requests, held]).toEqual([0, 0])
        expect(isOpen).toBe(isOpen && sourcing === 'assign')
      }),
      { numRuns: 40, seed: 20_261_130, endOnFailure: true },
    )
    for (const one of [
      'way lead',
      'ask ok',
      'reply ok',
      'accept ok',
      'award ok',
      'accept offer ok',
      'withdraw ok',
    ])
      expect([...seen]).toContain(one)
  }, 240_000)
})
