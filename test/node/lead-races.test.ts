import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { moveTasker } from '../../src/areas/supply/taskers/profiles.ts'
import { endLeads } from '../../src/areas/work/leads/jobs.ts'
import {
  acceptRequest,
  declineRequest,
  replyToRequest,
  requestLead,
  withdrawRequest,
} from '../../src/areas/work/leads/requests.ts'
import { cancelTask } from '../../src/areas/work/tasks/tasks.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertTask, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const width = 20

describeReal('leads, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, width)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const query = async (text: string, ...values: unknown[]) =>
    (await world.connection.query(text, values)).rows

  async function someTaskers(number: number, credits = 20): Promise<Person[]> {
    const people = Array.from({ length: number }, (): Person => ({ id: newId(), role: 'tasker' }))
    const ids = people.map(({ id }) => id)
    await asOwner(world.connection, async () => {
      await query(
        `insert into users (id, phone, role) select id, phone, 'tasker' from unnest($1::uuid[], $2::text[]) as u (id, phone)`,
        ids,
        people.map(aPhone),
      )
      await query(
        `insert into tasker_profiles (user_id, status) select id, 'active' from unnest($1::uuid[]) id`,
        ids,
      )
      await query(
        `insert into tasker_categories (tasker_id, category) select id, 'plumbing' from unnest($1::uuid[]) id`,
        ids,
      )
    })
    for (const id of ids)
      await query(`select khidma.grant_credits($1, $2, 'paid', 'order', $3)`, id, credits, newId())
    return people
  }

  let hour = 0
  async function aLead(): Promise<{ taskId: string; leadId: string }> {
    const leadId = newId()
    hour += 3
    return asOwner(world.connection, async () => {
      const startsAt = new Date(Date.UTC(2027, 5, 1, hour)).toISOString()
      const taskId = await insertTask(world, { state: 'posted', startsAt, minutes: 60 })
      await query(
        `update tasks set sourcing = 'lead', title = 'A leak', pricing_model = 'fixed', deadline = starts_at - interval '1 day' where id = $1`,
        taskId,
      )
      await query(
        `insert into leads (id, task_id, round, status, opened_at, approved_at) values ($1, $2, 1, 'open', now(), now())`,
        leadId,
        taskId,
      )
      return { taskId, leadId }
    })
  }

  const terms = { message: 'I can.', amount: 20_000, minutes: 60, credits: 50 }
  const ask = (tasker: Person, leadId: string) => requestLead(contexts.contextOf(tasker), leadId, terms)
  const asClient = () => contexts.contextOf(world.client)
  const asStaff = () => contexts.contextOf(world.ops)
  const suspend = ({ id }: Person) =>
    contexts.systemContext('test').db.write([sql`select khidma.suspend_account(${id}, 'A test.')`])
  const restore = ({ id }: Person) =>
    asOwner(world.connection, () => query(`update users set status = 'active' where id = $1`, id))
  const wallets = (people: Person[]) =>
    query(
      `select b.balance::int, b.held::int from ledger_accounts a join ledger_balances b on b.account_id = a.id
        where a.owner_user_id = any ($1) and a.kind = 'credit_wallet' order by b.balance, b.held`,
      people.map(({ id }) => id),
    )
  const differences = () =>
    query(
      `select document_type, what from khidma.document_differences() where document_type in ('credit_grant', 'lead_request')`,
    )

  it(`${width} taskers ask for one lead: its five seats are taken, the others keep their credits`, async () => {
    const [taskers, { leadId }] = [await someTaskers(width), await aLead()]
    const outcomes = await times(width, (n) => outcomeOf(ask(taskers[n] as Person, leadId)))
    expect(count(outcomes)).toEqual({ ok: 5, limit_reached: width - 5 })
    const found = await wallets(taskers)
    expect(found.filter(({ held }) => held > 0)).toHaveLength(5)
    expect(found.every(({ balance }) => balance === 20)).toBe(true)
  })

  it('one tasker asks for many leads: credits for two of them are held, and no more', async () => {
    const [tasker] = (await someTaskers(1, 10)) as [Person]
    const ids: string[] = []
    while (ids.length < width) ids.push((await aLead()).leadId)
    const outcomes = await times(width, (n) => outcomeOf(ask(tasker, ids[n] as string)))
    expect(count(outcomes)).toEqual({ ok: 2, insufficient_credits: width - 2 })
    expect(await wallets([tasker])).toEqual([{ balance: 10, held: 10 }])
  })

  it('the client accepts all of them at once: one booking, one is charged', async () => {
    const [taskers, { leadId, taskId }] = [await someTaskers(5), await aLead()]
    const requests: string[] = []
    for (const tasker of taskers) requests.push((await ask(tasker, leadId)).id)
    const outcomes = await times(10, (n) => outcomeOf(acceptRequest(asClient(), requests[n % 5] as string)))
    expect(count(outcomes).ok).toBe(1)
    expect(await query('select status::text from bookings where task_id = $1', taskId)).toHaveLength(1)
    const found = await wallets(taskers)
    expect(found.map(({ held }) => held)).toEqual([0, 0, 0, 0, 0])
    expect(found.filter(({ balance }) => balance === 20)).toHaveLength(4)
    expect(await differences()).toEqual([])
  })

  it('whatever happens at once, every request ends in one way, and its hold with it', async () => {
    for (let round = 0; round < 9; round += 1) {
      const [taskers, { leadId, taskId }] = [await someTaskers(4), await aLead()]
      const requests: string[] = []
      for (const tasker of taskers) requests.push((await ask(tasker, leadId)).id)
      const [first, second, third, fourth] = requests as [string, string, string, string]
      await query(`update lead_requests set expires_at = now() - interval '1 second' where id = $1`, fourth)
      const acts = [
        () => replyToRequest(asClient(), first, 'When?'),
        () => withdrawRequest(contexts.contextOf(taskers[0] as Person), first),
        () => acceptRequest(asClient(), second),
        () => declineRequest(asClient(), second, 'No.'),
        () => withdrawRequest(contexts.contextOf(taskers[1] as Person), second),
        () => acceptRequest(asClient(), third),
        () => endLeads(contexts.systemContext('leads'), 100),
        () => endLeads(contexts.systemContext('leads'), 100),
        ...(round % 2 === 0 ? [() => cancelTask(asClient(), taskId, 'No more.')] : []),
        ...(round % 3 === 0 ? [() => suspend(world.client)] : []),
        ...(round % 3 === 1
          ? [() => moveTasker(asStaff(), String(taskers[2]?.id), 'suspend', 'A test.')]
          : []),
        ...(round % 3 === 2 ? [() => suspend(taskers[1] as Person)] : []),
      ]
      const outcomes = await times(acts.length, (n) => outcomeOf((acts[n] as () => Promise<unknown>)()))
      expect(outcomes.filter((outcome) => /deadlock|temporarily/.test(outcome))).toEqual([])
      await restore(world.client)
      const ended = await query(
        `select r.status::text as status, r.charged_at is not null as charged,
                (select string_agg(h.status::text, ',') from ledger_holds h where h.document_id = r.id) as holds
           from lead_requests r where r.task_id = $1`,
        taskId,
      )
      for (const { status, charged, holds } of ended)
        expect(holds).toBe(status === 'pending' ? 'held' : charged ? 'captured' : 'released')
    }
    expect(await differences()).toEqual([])
  })
})
