import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { endLeads } from '../../../../src/areas/work/leads/jobs.ts'
import { endWay } from '../../../../src/areas/work/matching/matching.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { configure, makeBid } from '../../../support/bids.ts'
import {
  aRequest,
  ask,
  creditsOf,
  giveCredits,
  leadOf,
  onRequest,
  requestOf,
} from '../../../support/leads.ts'
import { aClient, anOps, ok } from '../../../support/story.ts'
import { aReadyTasker, aTrade, codeOf, inHours, post, type Trade } from '../../../support/work.ts'

const ladder = [
  { way: 'match', seconds: 90 },
  { way: 'bid', seconds: 7_200 },
  { way: 'lead', seconds: 86_400 },
  { way: 'assign' },
]
const dayMs = 86_400_000
const context = () => systemContext(env, 'test')

interface Climber {
  trade: Trade
  taskers: [Caller, Caller]
  client: Caller
  taskId: string
}

async function aClimber(rungs: object[] = ladder, approveFrom = 'never'): Promise<Climber> {
  const trade = await aTrade()
  const taskers: [Caller, Caller] = [await aReadyTasker(trade), await aReadyTasker(trade)]
  for (const tasker of taskers) await giveCredits(tasker, 20)
  await configure('tasks.ladder', rungs, { categoryId: trade.id })
  await configure('leads.approve_from', approveFrom, { categoryId: trade.id })
  const client = await aClient()
  const taskId = await post(client, trade, { startsAt: inHours(96), estMinutes: 90 })
  return { trade, taskers, client, taskId }
}

/** The time of the rung is over, and its matcher finds out. */
async function climb(taskId: string): Promise<void> {
  await database().write([sql`update tasks set climbs_at = now() - interval '1 minute' where id = ${taskId}`])
  await endWay(context(), { taskId, round: 1 })
}

async function onLead(rungs: object[] = ladder, approveFrom = 'new'): Promise<Climber & { leadId: string }> {
  const climber = await aClimber(rungs, approveFrom)
  const place = rungs.findIndex((rung) => 'way' in rung && rung.way === 'lead')
  for (let n = 0; n < place; n += 1) await climb(climber.taskId)
  return { ...climber, leadId: (await leadOf(climber.client, climber.taskId)).id }
}

const taskOf = async (client: Caller, taskId: string) =>
  (await ok(api(`/v1/tasks/${taskId}`, { as: client }))).body
const approve = async (leadId: string) =>
  ok(api(`/v1/leads/${leadId}/approve`, { as: await anOps(), method: 'POST' }))

describe('the rung of leads', () => {
  it('waits for staff as every lead does; bids have ended, and once it is open it has its whole time', async () => {
    const { client, taskId, taskers } = await aClimber()
    await climb(taskId)
    const { body: bid } = await ok(makeBid(taskers[0], taskId))
    await climb(taskId)
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'posted', sourcing: 'lead' })
    expect((await ok(api(`/v1/bids/${bid.id}`, { as: taskers[0] }))).body.status).toBe('expired')
    const lead = await leadOf(client, taskId)
    expect(lead).toMatchObject({ status: 'pending', requests: 0 })
    expect(await codeOf(ask(taskers[0], lead.id))).toBe('404 not_found')
    await database().write([
      sql`update tasks set climbs_at = now() + interval '1 hour', deadline = now() + interval '1 hour' where id = ${taskId}`,
    ])
    await approve(lead.id)
    const task = await taskOf(client, taskId)
    expect(task.deadline).toBe(task.climbsAt)
    expect(Date.parse(task.climbsAt)).toBeGreaterThan(Date.now() + dayMs - 60_000)
    expect(await aRequest(taskers[0], lead.id)).toMatchObject({ status: 'pending' })
  })

  it('is open at once for a client who is trusted as far as the market says', async () => {
    const { client, taskId } = await onLead()
    expect(await leadOf(client, taskId)).toMatchObject({ status: 'open' })
  })

  it('follows on matching alone', async () => {
    const { client, taskId, taskers, leadId } = await onLead([
      { way: 'match', seconds: 90 },
      { way: 'lead', seconds: 600 },
    ])
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'posted', sourcing: 'lead' })
    expect(await aRequest(taskers[0], leadId)).toMatchObject({ status: 'pending' })
  })

  it('closes with its time: what is held is free, what was answered stays spent', async () => {
    const { client, taskId, taskers, leadId } = await onLead()
    const [silent, answered] = [await aRequest(taskers[0], leadId), await aRequest(taskers[1], leadId)]
    await ok(onRequest(client, answered.id, 'reply'))
    await climb(taskId)
    expect(await taskOf(client, taskId)).toMatchObject({
      state: 'posted',
      sourcing: 'assign',
      climbsAt: null,
    })
    expect(await leadOf(client, taskId)).toMatchObject({ status: 'closed' })
    expect(await requestOf(taskers[0], silent.id)).toMatchObject({ status: 'expired', chargedAt: null })
    expect(await requestOf(taskers[1], answered.id)).toMatchObject({ status: 'expired' })
    expect(await creditsOf(taskers[0])).toMatchObject({ balance: 20, held: 0 })
    expect(await creditsOf(taskers[1])).toMatchObject({ balance: 20 - answered.credits, held: 0 })
    expect(await codeOf(onRequest(client, silent.id, 'accept'))).toBe('409 invalid_transition')
  })

  it('expires where it is the last, and the sweep of leads leaves it to its ladder', async () => {
    const { client, taskId, taskers, leadId } = await onLead(ladder.slice(0, 3))
    const { id } = await aRequest(taskers[0], leadId)
    await database().write([
      sql`update tasks set climbs_at = now() - interval '1 minute', deadline = now() - interval '1 minute' where id = ${taskId}`,
    ])
    expect(await codeOf(onRequest(client, id, 'accept'))).toBe('409 lead_closed')
    await endLeads(context(), 1_000)
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'posted', sourcing: 'lead' })
    await climb(taskId)
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'expired', climbsAt: null })
    expect(await requestOf(taskers[0], id)).toMatchObject({ status: 'expired' })
    expect(await creditsOf(taskers[0])).toMatchObject({ balance: 20, held: 0 })
  })

  it('ends with the request that the client accepts, at its price; nothing else has bound them', async () => {
    const { client, taskId, taskers, leadId } = await onLead()
    const { id } = await aRequest(taskers[0], leadId, { amountMinor: 27_000 })
    await ok(onRequest(client, id, 'accept'))
    const task = await taskOf(client, taskId)
    expect(task).toMatchObject({ state: 'accepted', sourcing: 'lead', climbsAt: null })
    const booking = (await ok(api(`/v1/bookings/${task.bookingId}`, { as: client }))).body
    expect(booking.fare).toMatchObject({ rateAmountMinor: 27_000 })
    await endWay(context(), { taskId, round: 1 })
    expect(await taskOf(client, taskId)).toMatchObject({ state: 'accepted' })
  })

  it('cancels the task where staff reject the lead, and closes one that nobody has approved in time', async () => {
    const rejected = await onLead(ladder, 'never')
    const body = { reason: 'This is employment.' }
    await ok(api(`/v1/leads/${rejected.leadId}/reject`, { as: await anOps(), body }))
    expect(await taskOf(rejected.client, rejected.taskId)).toMatchObject({
      state: 'canceled_by_client',
      climbsAt: null,
    })
    const late = await onLead(ladder, 'never')
    await climb(late.taskId)
    expect(await leadOf(late.client, late.taskId)).toMatchObject({ status: 'closed', approvedAt: null })
    expect(await codeOf(api(`/v1/leads/${late.leadId}/approve`, { as: await anOps(), method: 'POST' }))).toBe(
      '409 invalid_transition',
    )
    expect(await taskOf(late.client, late.taskId)).toMatchObject({ sourcing: 'assign' })
  })

  it('is in the history of the task, as each climb is', async () => {
    const { client, taskId } = await onLead()
    await climb(taskId)
    const { data } = (await ok(api(`/v1/tasks/${taskId}/events`, { as: client }))).body
    expect(
      data
        .filter(({ action }: { action: string }) => action === 'climb')
        .map(({ from, to, party, sourcing, reason }: Record<string, string>) => [
          from,
          to,
          party,
          sourcing,
          reason,
        ]),
    ).toEqual([
      [expect.stringMatching('posted|matching'), 'posted', 'system', 'bid', 'no_tasker_found'],
      ['posted', 'posted', 'system', 'lead', 'no_tasker_found'],
      ['posted', 'posted', 'system', 'assign', 'no_tasker_found'],
    ])
  })

  it('begins below when the task is posted again, and needs no approval a second time', async () => {
    const { client, taskId } = await onLead(ladder.slice(0, 3), 'never')
    await approve((await leadOf(client, taskId)).id)
    await climb(taskId)
    await ok(api(`/v1/tasks/${taskId}/repost`, { as: client, body: {} }))
    expect(await taskOf(client, taskId)).toMatchObject({ sourcing: 'match', round: 2 })
    for (const _rung of [1, 2]) {
      await database().write([
        sql`update tasks set climbs_at = now() - interval '1 minute' where id = ${taskId}`,
      ])
      await endWay(context(), { taskId, round: 2 })
    }
    expect(await leadOf(client, taskId)).toMatchObject({ status: 'open', round: 2 })
  })
})
