import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { configure } from '../../../support/bids.ts'
import {
  aLead,
  aPendingLead,
  aRequest,
  ask,
  creditsOf,
  giveCredits,
  leadOf,
  letBeSilent,
  onRequest,
  requestOf,
} from '../../../support/leads.ts'
import { anOps, ok, taskStateOf } from '../../../support/story.ts'
import { aReadyTasker, aTrade } from '../../../support/work.ts'

const feedOf = async (as: Caller) =>
  (await ok(api('/v1/leads?limit=100', { as }))).body.data.map(({ id }: { id: string }) => id)

describe('a lead', () => {
  it('waits for staff, is open once they approve it, and its case closes with the decision', async () => {
    const [trade, client, ops] = [await aTrade(), await signedIn('client'), await anOps()]
    const tasker = await aReadyTasker(trade)
    const { taskId, leadId } = await aPendingLead(client, trade)
    expect(await leadOf(client, taskId)).toMatchObject({ status: 'pending', approvedAt: null })
    expect(await feedOf(tasker)).toEqual([])
    expect((await api(`/v1/leads/${leadId}`, { as: tasker })).status).toBe(404)
    const cases = async (status: string) =>
      (await ok(api(`/v1/cases?subjectId=${leadId}&status=${status}`, { as: ops }))).body.data
    expect(await cases('open')).toMatchObject([{ kind: 'approval', subjectType: 'lead', status: 'open' }])
    await ok(api(`/v1/leads/${leadId}/approve`, { as: ops, method: 'POST' }))
    expect(await cases('closed')).toMatchObject([{ status: 'closed', decision: 'open' }])
    expect(await leadOf(client, taskId)).toMatchObject({ status: 'open' })
    expect(await feedOf(tasker)).toEqual([leadId])
    expect(await api(`/v1/leads/${leadId}/approve`, { as: ops, method: 'POST' })).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    })
  })

  it('that staff reject takes its task along, with the reason', async () => {
    const [trade, client] = [await aTrade(), await signedIn('client')]
    const { taskId, leadId } = await aPendingLead(client, trade)
    const body = { reason: 'This is employment.' }
    await ok(api(`/v1/leads/${leadId}/reject`, { as: await anOps(), body }))
    expect(await leadOf(client, taskId)).toMatchObject({ status: 'rejected', rejectReason: body.reason })
    expect(await taskStateOf(taskId)).toBe('canceled_by_client')
  })

  it('is open at once by configuration, for clients of that trust', async () => {
    const [trade, client] = [await aTrade(), await signedIn('client')]
    await configure('leads.approve_from', 'new', { categoryId: trade.id })
    const { taskId } = await aPendingLead(client, trade)
    expect(await leadOf(client, taskId)).toMatchObject({ status: 'open' })
  })

  it('needs a title and a deadline', async () => {
    const [trade, client] = [await aTrade(), await signedIn('client')]
    await expect(aPendingLead(client, trade, { title: undefined })).rejects.toThrow('title_required')
    await expect(aPendingLead(client, trade, { deadline: undefined })).rejects.toThrow('deadline_refused')
  })

  it('is listed to those alone who can ask for it, and discloses neither the address nor the client', async () => {
    const { trade, client, taskers, leadId } = await aLead(1)
    const stranger = await aReadyTasker(await aTrade())
    await giveCredits(stranger, 20)
    const shown = (await ok(api(`/v1/leads/${leadId}`, { as: taskers[0] }))).body
    expect(shown).toMatchObject({ category: trade.slug, seats: 5, seatsTaken: 0, myRequestId: null })
    expect(JSON.stringify(shown)).not.toMatch(client.userId)
    expect(Object.keys(shown)).not.toContain('address')
    expect(await feedOf(stranger)).not.toContain(leadId)
    for (const as of [stranger, client]) {
      expect((await api(`/v1/leads/${leadId}`, { as })).status).toBe(404)
      expect((await ask(as, leadId)).status).toBe(404)
    }
    expect((await api('/v1/leads', { as: client })).body).toMatchObject({ code: 'not_a_tasker' })
    expect((await ask(taskers[0], newId())).status).toBe(404)
  })
})

describe('the price of a lead', () => {
  it('is by category, value, freshness and competition, shown before, and frozen on the request', async () => {
    const { trade, taskers, leadId } = await aLead(3, { budgetMinAmount: 100_000, budgetMaxAmount: 200_000 })
    await configure(
      'leads.price',
      {
        base: 4,
        least: 1,
        value: [
          { currency: 'EGP', fromAmount: 1_000, credits: 1 },
          { currency: 'EGP', fromAmount: 150_000, credits: 6 },
          { currency: 'EGP', fromAmount: 900_000, credits: 60 },
        ],
        freshness: [{ hours: 24, percent: -50 }],
        competition: [{ requests: 1, percent: 20 }],
      },
      { categoryId: trade.id },
    )
    const priceFor = async (index: 0 | 1 | 2) =>
      (await ok(api(`/v1/leads/${leadId}`, { as: taskers[index] }))).body.price
    const first = await priceFor(0)
    expect(first).toMatchObject({ credits: 10, base: 4, valueAmount: 200_000, valueCredits: 6, requests: 0 })
    expect(await aRequest(taskers[0], leadId, { credits: 10 })).toMatchObject({ credits: 10, price: first })
    expect(await ask(taskers[1], leadId, { credits: 10 })).toMatchObject({
      status: 409,
      body: { code: 'lead_price_changed', detail: expect.stringContaining('12') },
    })
    await database().write([
      sql`update leads set opened_at = now() - interval '30 hours' where id = ${leadId}`,
    ])
    expect(await priceFor(1)).toMatchObject({ credits: 6, freshnessPercent: -50, competitionPercent: 20 })
    expect(await aRequest(taskers[1], leadId, { credits: 10 })).toMatchObject({ credits: 6 })
    expect(await creditsOf(taskers[1])).toMatchObject({ held: 6, available: 14 })
  })
})

describe('a request for a lead', () => {
  it('takes a seat and holds credits, once', async () => {
    const { trade, client, taskers, leadId, taskId } = await aLead(3)
    await configure('leads.seats', 2, { categoryId: trade.id })
    const first = await aRequest(taskers[0], leadId)
    expect(first).toMatchObject({ status: 'pending', credits: 5, chargedAt: null, bookingId: null })
    expect(await creditsOf(taskers[0])).toMatchObject({ balance: 20, held: 5 })
    expect((await ask(taskers[0], leadId)).body).toMatchObject({ code: 'lead_request_exists' })
    await aRequest(taskers[1], leadId)
    expect((await ask(taskers[2], leadId)).body).toMatchObject({ code: 'limit_reached' })
    const { data } = (await ok(api(`/v1/tasks/${taskId}/lead-requests`, { as: client }))).body
    expect(data).toMatchObject([
      { taskerId: taskers[1].userId, credits: null, price: null },
      { taskerId: taskers[0].userId, credits: null },
    ])
    await ok(onRequest(taskers[0], first.id, 'withdraw'))
    await aRequest(taskers[2], leadId)
    const mine = (await ok(api('/v1/lead-requests', { as: taskers[0] }))).body.data
    expect(mine).toMatchObject([{ id: first.id, status: 'withdrawn' }])
    expect((await api(`/v1/tasks/${taskId}/lead-requests`, { as: taskers[2] })).status).toBe(404)
  })

  it('needs the credits for it, and says how many there are', async () => {
    const { trade, leadId } = await aLead(0)
    const poor = await aReadyTasker(trade)
    await giveCredits(poor, 4)
    await giveCredits(poor, 50, { purpose: 'job_postings' })
    expect((await ask(poor, leadId)).body).toMatchObject({ code: 'insufficient_credits' })
    expect(await creditsOf(poor)).toMatchObject({ held: 0 })
    expect((await ask(poor, leadId, { message: 'Call +20 101 234 5678' })).body).toMatchObject({
      code: 'contacts_refused',
    })
  })

  it('is spent by the first reply, whatever follows', async () => {
    const { client, taskers, leadId } = await aLead(1)
    const { id } = await aRequest(taskers[0], leadId)
    expect((await onRequest(taskers[0], id, 'reply')).status).toBe(403)
    const replied = (await ok(onRequest(client, id, 'reply'))).body
    expect(replied).toMatchObject({ status: 'replied', reply: 'Can you come at ten?', bookingId: null })
    expect(await creditsOf(taskers[0])).toMatchObject({ balance: 15, held: 0 })
    await ok(onRequest(client, id, 'decline'))
    expect(await creditsOf(taskers[0])).toMatchObject({ balance: 15, held: 0 })
    expect((await ask(taskers[0], leadId)).body).toMatchObject({ code: 'lead_request_declined' })
  })

  it('that is accepted becomes the one booking, at its price, and frees the others', async () => {
    const { client, taskers, leadId, taskId } = await aLead(3)
    const [first, second] = [await aRequest(taskers[0], leadId), await aRequest(taskers[1], leadId)]
    await ok(onRequest(client, second.id, 'reply'))
    const accepted = (await ok(onRequest(client, first.id, 'accept'))).body
    expect(accepted).toMatchObject({ status: 'accepted', bookingId: expect.any(String) })
    const booking = (await ok(api(`/v1/bookings/${accepted.bookingId}`, { as: taskers[0] }))).body
    expect(booking).toMatchObject({
      status: 'accepted',
      agreedRateAmount: 25_000,
    })
    expect(await taskStateOf(taskId)).toBe('accepted')
    expect(await leadOf(client, taskId)).toMatchObject({ status: 'closed' })
    expect(await requestOf(taskers[1], second.id)).toMatchObject({ status: 'rejected' })
    expect(await creditsOf(taskers[0])).toMatchObject({ balance: 15, held: 0 })
    expect(await creditsOf(taskers[1])).toMatchObject({ balance: 15, held: 0 })
    expect((await onRequest(client, second.id, 'accept')).body).toMatchObject({ code: 'invalid_transition' })
    expect((await ask(taskers[2], leadId)).body).toMatchObject({ code: 'lead_closed' })
  })

  it('that nobody answers is over by the clock, before any sweep', async () => {
    const { client, taskers, leadId } = await aLead(1)
    const { id } = await aRequest(taskers[0], leadId)
    await letBeSilent(id)
    expect(await requestOf(client, id)).toMatchObject({ status: 'expired' })
    for (const action of ['reply', 'accept'])
      expect((await onRequest(client, id, action)).body).toMatchObject({ code: 'lead_request_over' })
  })
})
