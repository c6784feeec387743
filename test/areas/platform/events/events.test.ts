import { describe, expect, it } from 'vitest'
import { machines } from '../../../../src/areas/index.ts'
import { eventTypes } from '../../../../src/core/events.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, signedIn } from '../../../support/api.ts'
import { pullEvents } from '../../../support/events.ts'
import { aBooking } from '../../../support/story.ts'

describe('events', () => {
  it('are declared exactly as the machines emit them', () => {
    const emitted = machines.flatMap(({ transitions }) => transitions.flatMap(({ event }) => event ?? []))
    const own = [
      'conversation.opened',
      'case.overdue',
      'dispute.evidence_added',
      'dispute.offer_answered',
      'dispute.overdue',
      'dispute.reported_decided',
      'dispute.response_reminder',
      'requirement.lapsed',
      'review.answered',
      'verification.expiring',
      'session.opened',
      'session.revoked',
      'api_key.created',
      'api_key.rotated',
      'api_key.revoked',
      'candidate_view.created',
      'bid.counter_declined',
      'bid.countered',
      'bid.updated',
      'question.answered',
      'question.asked',
      'booking.acceptance_reminder',
      'booking.arrived',
      'booking.completion_reminder',
      'booking.confirmation_reminder',
      'booking.noted',
      'booking.on_the_way',
      'booking.payment_reminder',
      'booking.running_late',
      'booking.start_reminder',
      'booking.unpaid',
      'booking.visit_reminder',
      'booking.work_accepted',
      'contract.dormant',
      'contract.revised',
      'contract.signed',
      'escrow.funded',
      'milestone.due_soon',
      'milestone.release_reminder',
      'milestone.release_requested',
      'task.deleted',
      'task.restored',
      'task_series.skipped',
      'task.invited',
      'task.priced',
      'task.sla_breached',
      'booking.fee_waived',
      'chargeback.reminder',
      'config.changed',
      'credit_grant.created',
      'credit_grant.returned',
      'debt.cap_reached',
      'debt.written_off',
      'invoice.credited',
      'invoice.debited',
      'invoice.issued',
      'invoice.overdue',
      'invoice.reminder',
      'order.partially_refunded',
      'job_application.interview_chosen',
      'job_application.interview_proposed',
      'job_posting.changes_approved',
      'job_posting.changes_pending',
      'job_posting.changes_rejected',
      'subscription.change_failed',
      'subscription.changed',
      'subscription.renewed',
      'payment_intent.cash_reported',
      'payment_intent.objected',
      'payment_intent.reminder',
      'payout.held',
      'payout.released',
      'payout_account.added',
      'payout_account.refused',
      'webhook.failing',
      'webhook.disabled',
      'webhook.recovered',
      'user.sign_in_blocked',
      'user_block.created',
      'user.restricted',
      'user.restrictions_lifted',
      'user.password_changed',
      'user.email_changed',
      'user.phone_changed',
      'user.mfa_enabled',
      'user.mfa_disabled',
      'user.backup_codes_changed',
      'user.backup_code_used',
      'otp_breaker.tripped',
      'otp_breaker.reset',
      'erasure.scheduled',
      'company_member.payout_answered',
      'company_member.payout_proposed',
      'company_member.role_changed',
      'user_role.approved',
      'user_role.rejected',
      'user_role.revoked',
      'user_role.expired',
    ]
    expect(Object.keys(eventTypes).sort()).toEqual([...new Set([...emitted, ...own])].sort())
  })

  it('are listed in order for the users they concern', async () => {
    const { client, tasker, bookingId, taskId } = await aBooking({ state: 'confirmed' })
    const { data } = await pullEvents(client, '?limit=100')
    const types = data.map((event: { type: string }) => event.type)
    expect(types).toEqual([
      'task.created',
      'task.posted',
      'booking.accepted',
      'task.accepted',
      'payment_intent.created',
      'conversation.opened',
      'booking.confirmed',
      'task.confirmed',
    ])
    expect(data.at(-2)).toMatchObject({
      object: { type: 'booking', id: bookingId, sequence: 2 },
      data: {
        from: 'accepted',
        to: 'confirmed',
        taskId,
        bookingId,
        clientId: client.userId,
        taskerId: tasker.userId,
      },
    })
    const theirs = await pullEvents(tasker, '?limit=100&type=booking.confirmed')
    expect(theirs.data.map((event: { id: string }) => event.id)).toEqual([data.at(-2).id])
    expect((await pullEvents(await signedIn())).data).toEqual([])
  })

  it('continue after a sequence, page by page', async () => {
    const { client } = await aBooking({ state: 'completed' })
    const all = (await pullEvents(client, '?limit=100')).data
    const seen: unknown[] = []
    for (let after = 0; ; ) {
      const { data } = await pullEvents(client, `?limit=2&after=${after}`)
      seen.push(...data)
      if (data.length === 0) break
      after = data.at(-1).sequence
    }
    expect(seen).toEqual(all)
    const paged: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const body = await pullEvents(client, `?limit=3${query}`)
      paged.push(...body.data)
      cursor = body.nextCursor
    }
    expect(paged).toEqual(all)
  })

  it('are shown one by one to those they concern and to staff, and do not exist for others', async () => {
    const { client, tasker } = await aBooking({ state: 'confirmed' })
    const { data } = await pullEvents(client, '?limit=100')
    const [draft, confirmed] = [data[0], data.at(-2)]
    const get = async (id: string, as = client) => {
      const { status, body } = await api(`/v1/events/${id}`, { as })
      return status === 200 ? body : [status, body.code]
    }
    for (const as of [client, tasker, await signedIn('ops')]) {
      expect(await get(confirmed.id, as)).toEqual(confirmed)
    }
    expect(await get(draft.id)).toEqual(draft)
    const missing = [404, 'not_found']
    expect(await get(draft.id, tasker)).toEqual(missing)
    expect(await get(confirmed.id, await signedIn('client'))).toEqual(missing)
    expect(await get(newId())).toEqual(missing)
  })

  it('are all visible to staff', async () => {
    const [first, ...later] = (await pullEvents((await aBooking()).client)).data
    const { data } = await pullEvents(await signedIn('ops'), `?limit=100&after=${first.sequence}`)
    expect(later.length).toBeGreaterThan(1)
    expect(data).toEqual(expect.arrayContaining(later))
  })
})
