import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { createUnit } from '../../../../src/db/unit.ts'
import { adjust } from '../../../support/adjustments.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { configure } from '../../../support/bids.ts'
import { aLead, aRequest, ask, creditsOf, onRequest } from '../../../support/leads.ts'
import { aBooking, anAdmin, ok, withKey } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'
import { asOwner } from '../../people/privacy/keeping.ts'

const hourMs = 3_600_000

const feedOf = async (as: Caller) =>
  (await ok(api('/v1/leads?limit=100', { as }))).body.data.map(({ id }: { id: string }) => id)
const refund = (as: Caller, requestId: string, reason = 'duplicate') =>
  api(`/v1/lead-requests/${requestId}/refunds`, { as, body: { reason }, headers: withKey() })

describe('a request for a lead', () => {
  it('is answered within the hours of its market', async () => {
    const { trade, taskers, leadId } = await aLead(2)
    const early = await aRequest(taskers[0], leadId)
    await configure('leads.answer_hours', 2, { categoryId: trade.id })
    const late = await aRequest(taskers[1], leadId)
    expect(Date.parse(early.expiresAt) - Date.now()).toBeGreaterThan(47 * hourMs)
    expect(Date.parse(late.expiresAt) - Date.now()).toBeLessThan(2 * hourMs + 60_000)
    expect(Date.parse(late.expiresAt) - Date.now()).toBeGreaterThan(hourMs)
  })

  it('is not for somebody with a block between the two: the lead is not there', async () => {
    const { client, taskers, leadId } = await aLead(2)
    await ok(api('/v1/me/blocks', { as: client, body: { userId: taskers[0].userId } }))
    expect([await feedOf(taskers[0]), (await feedOf(taskers[1])).includes(leadId)]).toEqual([[], true])
    expect(await codeOf(api(`/v1/leads/${leadId}`, { as: taskers[0] }))).toBe('404 not_found')
    expect(await codeOf(ask(taskers[0], leadId))).toBe('404 not_found')
  })

  it('is not for a tasker who is suspended, nor for an account that is', async () => {
    const { taskers, leadId } = await aLead(2)
    const body = { reason: 'A test.' }
    await ok(api(`/v1/taskers/${taskers[0].userId}/suspend`, { as: await anAdmin(), body }))
    expect(await codeOf(ask(taskers[0], leadId))).toBe('403 tasker_not_active')
    await asOwner(sql`update users set status = 'suspended' where id = ${taskers[1].userId}`)
    await expect(
      database().write([
        sql`select khidma.request_lead(gen_random_uuid(), ${leadId}, ${taskers[1].userId}, 'I can.', 1000, 60, 100)`,
      ]),
    ).rejects.toMatchObject({ code: 'tasker_not_active' })
  })

  it('is neither made nor accepted beyond the debts that a tasker may have', async () => {
    const { client, taskers, leadId } = await aLead(2)
    const city = `Capped ${newId()}`
    const { id } = await aRequest(taskers[0], leadId)
    await configure('debts.cap', { EGP: 1_000 }, { city })
    for (const tasker of taskers.slice(0, 2)) {
      const { taskId } = await aBooking({ state: 'completed', tasker })
      await database().write([
        sql`update tasks set city = ${city} where id = ${taskId}`,
        adjust([
          { account: 'commission_receivable', owner: tasker.userId, amount: -1_001 },
          { account: 'platform_fee', owner: null, amount: 1_001 },
        ]),
      ])
    }
    expect(await codeOf(ask(taskers[1], leadId))).toBe('409 debt_cap_reached')
    expect(await codeOf(onRequest(client, id, 'accept'))).toBe('409 bidder_unavailable')
  })

  it('is never without its hold, whatever code writes it', async () => {
    const { taskers, leadId } = await aLead(2)
    const { id } = await aRequest(taskers[0], leadId)
    const { userId, sessionId } = taskers[1]
    const actor = { kind: 'user', userId, role: 'tasker', sessionId } as const
    await expect(
      createUnit({ env, actor, requestId: newId() }).write([
        sql`insert into lead_requests (id, lead_id, task_id, tasker_id, message, amount, currency, minutes, credits, price, expires_at)
            select gen_random_uuid(), r.lead_id, r.task_id, ${userId}, 'x', 1, 'EGP', 60, 5, '{}', now() + interval '1 day'
              from lead_requests r where r.id = ${id}`,
      ]),
    ).rejects.toThrow(/the credits of lead request/)
  })
})

describe('the price of a lead', () => {
  it('is never below the least one', async () => {
    const { trade, taskers, leadId } = await aLead(1)
    const price = { base: 1, least: 3, value: [], freshness: [{ hours: 0, percent: -90 }], competition: [] }
    await configure('leads.price', price, { categoryId: trade.id })
    expect(await aRequest(taskers[0], leadId)).toMatchObject({ credits: 3, price: { base: 1, credits: 3 } })
  })
})

describe('a refund of credits', () => {
  async function aSpentLead() {
    const story = await aLead(1)
    const { id } = await aRequest(story.taskers[0], story.leadId)
    await ok(onRequest(story.client, id, 'reply'))
    return { ...story, tasker: story.taskers[0], requestId: id }
  }

  it('is asked for within the days of its market', async () => {
    const { trade, tasker, requestId } = await aSpentLead()
    await configure('leads.refund_days', 2, { categoryId: trade.id })
    await asOwner(
      sql`update lead_requests set charged_at = now() - interval '3 days' where id = ${requestId}`,
    )
    expect(await codeOf(refund(tasker, requestId))).toBe('409 lead_refund_refused')
  })

  it('is decided by staff for a tasker who is flagged, whatever the reason', async () => {
    const { trade, tasker, requestId } = await aSpentLead()
    await configure('leads.refund_automatic', ['duplicate'], { categoryId: trade.id })
    const body = { reason: 'A test.' }
    await ok(api(`/v1/taskers/${tasker.userId}/flag`, { as: await anAdmin(), body }))
    expect((await ok(refund(tasker, requestId))).body).toMatchObject({ status: 'pending', returned: null })
    expect(await creditsOf(tasker)).toMatchObject({ balance: 15 })
  })

  it('is refused once the work has begun', async () => {
    const { client, tasker, requestId } = await aSpentLead()
    const { bookingId } = (await ok(onRequest(client, requestId, 'accept'))).body
    const put = (status: string) =>
      asOwner(sql`update bookings set status = ${status}::booking_status where id = ${bookingId}`)
    await put('in_progress')
    expect(await codeOf(refund(tasker, requestId))).toBe('409 lead_refund_refused')
    await put('accepted')
    const reason = 'It is no job.'
    await ok(api(`/v1/bookings/${bookingId}/cancel`, { as: client, body: { reason } }))
    expect((await ok(refund(tasker, requestId))).body).toMatchObject({ status: 'pending' })
  })
})
