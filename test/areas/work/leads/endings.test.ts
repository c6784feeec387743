import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { endLeads } from '../../../../src/areas/work/leads/jobs.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, database, env } from '../../../support/api.ts'
import {
  aLead,
  aRequest,
  creditsOf,
  type LeadStory,
  letBeSilent,
  onRequest,
  requestOf,
} from '../../../support/leads.ts'
import { anAdmin, anOps, ok } from '../../../support/story.ts'

interface Scene extends LeadStory {
  requestId: string
}

const sweep = () => endLeads(systemContext(env, 'test'), 1_000)
/** As the job of erasures begins, before it takes the credits. */
const erased = (userId: string) => database().write([sql`select khidma.close_for_erasure(${userId})`])
const restrict = { switches: ['transact'], reason: 'A test.' }

/** Every way in which a request ends: its status then, and whether the credits of one that was pending are spent. */
const ways: [way: string, end: (scene: Scene) => Promise<unknown>, status: string, spent?: true][] = [
  [
    'the client accepts',
    ({ client, requestId }) => ok(onRequest(client, requestId, 'accept')),
    'accepted',
    true,
  ],
  ['the client declines', ({ client, requestId }) => ok(onRequest(client, requestId, 'decline')), 'rejected'],
  [
    'the tasker withdraws',
    ({ taskers, requestId }) => ok(onRequest(taskers[0], requestId, 'withdraw')),
    'withdrawn',
  ],
  [
    'another is accepted',
    async ({ client, taskers, leadId }) => {
      const { id } = await aRequest(taskers[1], leadId)
      await ok(onRequest(client, id, 'accept'))
    },
    'rejected',
  ],
  [
    'the client cancels the task',
    ({ client, taskId }) =>
      ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'No more.' } })),
    'expired',
  ],
  [
    'staff cancel the task',
    async ({ taskId }) =>
      ok(api(`/v1/tasks/${taskId}/cancel`, { as: await anOps(), body: { reason: 'Spam.' } })),
    'expired',
  ],
  [
    'the deadline passes',
    async ({ taskId }) => {
      await database().write([
        sql`update tasks set deadline = now() - interval '1 minute' where id = ${taskId}`,
      ])
      await sweep()
    },
    'expired',
  ],
  [
    'staff take the task over',
    async ({ taskId, taskers }) => {
      const body = { taskerId: taskers[1].userId, reason: 'The nearest.' }
      await ok(api(`/v1/tasks/${taskId}/assign`, { as: await anOps(), body }))
    },
    'expired',
  ],
  [
    'the client closes the account',
    ({ client }) => ok(api('/v1/me/close', { as: client, body: {} })),
    'expired',
  ],
  [
    'the tasker closes the account',
    ({ taskers }) => ok(api('/v1/me/close', { as: taskers[0], body: {} })),
    'withdrawn',
  ],
  [
    'the client blocks the tasker',
    ({ client, taskers }) => ok(api('/v1/me/blocks', { as: client, body: { userId: taskers[0].userId } })),
    'rejected',
  ],
  [
    'the tasker blocks the client',
    ({ client, taskers }) => ok(api('/v1/me/blocks', { as: taskers[0], body: { userId: client.userId } })),
    'withdrawn',
  ],
  [
    'the tasker is restricted',
    async ({ taskers }) =>
      ok(api(`/v1/users/${taskers[0].userId}/restrict`, { as: await anAdmin(), body: restrict })),
    'withdrawn',
  ],
  [
    'the profile of the tasker is suspended',
    async ({ taskers }) =>
      ok(
        api(`/v1/taskers/${taskers[0].userId}/suspend`, { as: await anAdmin(), body: { reason: 'A test.' } }),
      ),
    'withdrawn',
  ],
  [
    'the tasker is offboarded',
    async ({ taskers }) =>
      ok(
        api(`/v1/taskers/${taskers[0].userId}/offboard`, {
          as: await anAdmin(),
          body: { reason: 'A test.' },
        }),
      ),
    'withdrawn',
  ],
  [
    'the client is restricted',
    async ({ client }) =>
      ok(api(`/v1/users/${client.userId}/restrict`, { as: await anAdmin(), body: restrict })),
    'expired',
  ],
  [
    'the client is suspended',
    async ({ client }) =>
      ok(api(`/v1/users/${client.userId}/suspend`, { as: await anAdmin(), body: { reason: 'A test.' } })),
    'expired',
  ],
  ['the client is erased', ({ client }) => erased(client.userId), 'expired'],
  ['the tasker is erased', ({ taskers }) => erased(taskers[0].userId), 'withdrawn'],
  [
    'the rung of the ladder is over',
    async ({ taskId }) => {
      const rungs = JSON.stringify([
        { way: 'match', seconds: 60 },
        { way: 'lead', seconds: 60 },
        { way: 'assign' },
      ])
      await database().write([
        sql`update tasks set ladder = ${rungs}::jsonb, rung = 1, climbs_at = now() where id = ${taskId}`,
        sql`select khidma.climb_ladder(${taskId}::uuid, 1)`,
      ])
    },
    'expired',
  ],
  [
    'the tasker is suspended',
    async ({ taskers }) =>
      ok(api(`/v1/users/${taskers[0].userId}/suspend`, { as: await anAdmin(), body: { reason: 'A test.' } })),
    'withdrawn',
  ],
]

const cases = ways.flatMap(([way, end, status, spent]) =>
  (['pending', 'replied'] as const).map(
    (from) => [way, from, { end, status, spent: spent || from === 'replied' }] as const,
  ),
)

const creditsIn = async (userId: string) => {
  const [row] = await database().read<{ balance: string; held: string; open: string; seats: string }>(sql`
    select b.balance, b.held, (select count(*) from ledger_holds h where h.account_id = a.id and h.status = 'held') as open,
           (select count(*) from claims c join lead_requests r on r.id = c.document_id where r.tasker_id = ${userId} and c.status = 'reserved') as seats
      from ledger_accounts a join ledger_balances b on b.account_id = a.id
     where a.owner_user_id = ${userId} and a.kind = 'credit_wallet'`)
  return row && Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)]))
}

describe('every end of a request settles its hold and its seat', () => {
  it.each(cases)('%s, while it is %s', async (_way, from, { end, status, spent }) => {
    const story = await aLead(2)
    const { id: requestId } = await aRequest(story.taskers[0], story.leadId)
    if (from === 'replied') await ok(onRequest(story.client, requestId, 'reply'))
    await end({ ...story, requestId })
    expect(await requestOf(await anOps(), requestId)).toMatchObject({ status })
    expect(await creditsIn(story.taskers[0].userId)).toEqual({
      balance: spent ? 15 : 20,
      held: 0,
      open: 0,
      seats: 0,
    })
  })

  it('a silent client costs nothing', async () => {
    const { taskers, leadId } = await aLead(1)
    const { id } = await aRequest(taskers[0], leadId)
    await letBeSilent(id)
    await sweep()
    await sweep()
    expect(await creditsOf(taskers[0])).toMatchObject({ balance: 20, held: 0 })
    expect(await requestOf(taskers[0], id)).toMatchObject({ status: 'expired' })
  })
})
