import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import { configure } from '../../../support/bids.ts'
import {
  aLead,
  aPendingLead,
  aRequest,
  creditsOf,
  type LeadStory,
  onRequest,
} from '../../../support/leads.ts'
import { anOps, ok, withKey } from '../../../support/story.ts'

const refund = (as: Caller, requestId: string, reason = 'unreachable') =>
  api(`/v1/lead-requests/${requestId}/refunds`, { as, body: { reason }, headers: withKey() })
const decide = async (id: string, action: 'approve' | 'reject') =>
  api(`/v1/lead-refunds/${id}/${action}`, {
    as: await anOps(),
    method: 'POST',
    ...(action === 'reject' && { body: { reason: 'The client has answered.' } }),
  })

/** A request that the client has answered: the credits are spent. */
async function aSpentLead(): Promise<LeadStory & { tasker: Caller; requestId: string }> {
  const story = await aLead(1)
  const tasker = story.taskers[0]
  const { id } = await aRequest(tasker, story.leadId)
  await ok(onRequest(story.client, id, 'reply'))
  return { ...story, tasker, requestId: id }
}

describe('the credits of a bad lead', () => {
  it('come back where staff approve, with what was left of their time, and the case closes', async () => {
    const { tasker, client, requestId } = await aSpentLead()
    expect(await creditsOf(tasker)).toMatchObject({ balance: 15 })
    expect((await refund(client, requestId)).status).toBe(403)
    const { id, ...asked } = (await ok(refund(tasker, requestId))).body
    expect(asked).toMatchObject({ status: 'pending', credits: 5, returned: null })
    expect((await refund(tasker, requestId)).body).toMatchObject({ code: 'lead_refund_exists' })
    const cases = (await ok(api(`/v1/cases?subjectId=${id}`, { as: await anOps() }))).body.data
    expect(cases).toMatchObject([{ kind: 'approval', subjectType: 'lead_refund' }])
    expect((await ok(decide(id, 'approve'))).body).toMatchObject({ status: 'approved', returned: 5 })
    expect(await creditsOf(tasker)).toMatchObject({ balance: 20, available: 20 })
    expect((await decide(id, 'approve')).body).toMatchObject({ code: 'invalid_transition' })
    expect(await creditsOf(tasker)).toMatchObject({ balance: 20 })
  })

  it('stay spent where staff reject', async () => {
    const { tasker, requestId } = await aSpentLead()
    const { id } = (await ok(refund(tasker, requestId))).body
    await ok(decide(id, 'reject'))
    const mine = (await ok(api('/v1/lead-refunds', { as: tasker }))).body.data
    expect(mine).toMatchObject([{ id, status: 'rejected', decisionNote: 'The client has answered.' }])
    expect(await creditsOf(tasker)).toMatchObject({ balance: 15 })
  })

  it('come back at once for the reasons of the configuration', async () => {
    const { trade, tasker, requestId } = await aSpentLead()
    await configure('leads.refund_automatic', ['duplicate'], { categoryId: trade.id })
    expect((await ok(refund(tasker, requestId, 'duplicate'))).body).toMatchObject({
      status: 'approved',
      returned: 5,
    })
    expect(await creditsOf(tasker)).toMatchObject({ balance: 20 })
  })

  it('are asked for in time, and only where they were spent', async () => {
    const { tasker, requestId, client, trade } = await aSpentLead()
    await database().write([
      sql`update lead_requests set charged_at = now() - interval '8 days' where id = ${requestId}`,
    ])
    expect((await refund(tasker, requestId)).body).toMatchObject({ code: 'lead_refund_refused' })
    const { leadId } = await aPendingLead(client, trade)
    await ok(api(`/v1/leads/${leadId}/approve`, { as: await anOps(), method: 'POST' }))
    const { id } = await aRequest(tasker, leadId)
    expect((await refund(tasker, id)).body).toMatchObject({ code: 'lead_refund_refused' })
  })

  it('are limited by the month, whatever becomes of them', async () => {
    const { tasker, requestId, client, trade } = await aSpentLead()
    await configure('leads.refunds_a_month', 1, { categoryId: trade.id })
    const { id } = (await ok(refund(tasker, requestId))).body
    await ok(decide(id, 'reject'))
    const { leadId } = await aPendingLead(client, trade)
    await ok(api(`/v1/leads/${leadId}/approve`, { as: await anOps(), method: 'POST' }))
    const second = await aRequest(tasker, leadId)
    await ok(onRequest(client, second.id, 'reply'))
    expect((await refund(tasker, second.id)).body).toMatchObject({ code: 'limit_reached' })
  })
})
