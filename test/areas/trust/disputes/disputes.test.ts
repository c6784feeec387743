import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { aSupporter } from '../../../contract/callers.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import {
  aBooking,
  aClient,
  anAdmin,
  anOps,
  aTasker,
  type BookedStory,
  bookingStates,
  dispute,
  ok,
  pay,
  taskStateOf,
} from '../../../support/story.ts'

const open = ({ bookingId }: Pick<BookedStory, 'bookingId'>, as: Caller | undefined, fields: object = {}) =>
  api(`/v1/bookings/${bookingId}/dispute`, { as, body: { reason: 'It still drips.', ...fields } })
const act = (id: string, action: string, as: Caller, body?: object) =>
  api(`/v1/disputes/${id}/${action}`, { as, ...(body ? { body } : { method: 'POST' }) })
const bookingOf = async (story: BookedStory) =>
  (await ok(api(`/v1/bookings/${story.bookingId}`, { as: story.client }))).body

describe('opening a dispute', () => {
  it('is for the parties and ops', async () => {
    const story = await aBooking({ state: 'completed' })
    for (const as of [await aClient(), await aTasker()]) expect((await open(story, as)).status).toBe(404)
    expect((await open({ bookingId: newId() }, story.client)).status).toBe(404)
    expect((await open({ bookingId: newId() }, await anOps())).status).toBe(404)
    expect((await open(story, undefined)).status).toBe(401)
    expect((await bookingOf(story)).status).toBe('completed')
    const { status, body } = await open(story, story.client)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      bookingId: story.bookingId,
      status: 'open',
      openedBy: story.client.userId,
      reason: 'It still drips.',
      amountInQuestion: null,
      currency: 'EGP',
      resolution: null,
    })
    for (const who of ['tasker', 'ops'] as const) {
      const other = await aBooking({ state: 'completed' })
      const as = who === 'ops' ? await anOps() : other.tasker
      expect((await open(other, as)).body).toMatchObject({ openedBy: as.userId, amountInQuestion: null })
    }
  })

  const disputable = ['in_progress', 'completed', 'settled', 'reviewed']
  it.each(bookingStates)('of a booking that is %s', async (state) => {
    const story = await aBooking({ state })
    const answer = await open(story, story.tasker)
    if (!disputable.includes(state)) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
      return
    }
    expect(answer.status).toBe(201)
    expect(await bookingOf(story)).toMatchObject({
      status: 'disputed',
      task: { state: 'disputed' },
      disputeId: answer.body.id,
    })
    const { body } = await ok(api(`/v1/bookings/${story.bookingId}/events`, { as: story.client }))
    expect(body.data.at(-1)).toMatchObject({ to: 'disputed', reason: 'It still drips.' })
  })

  it('is possible once at a time for a booking, and so often in all', async () => {
    const story = await aBooking({ state: 'completed' })
    const ops = await anOps()
    for (let round = 1; round <= 3; round += 1) {
      const id = await dispute(story)
      expect((await bookingOf(story)).disputeId).toBe(id)
      expect(await open(story, story.tasker)).toMatchObject({ status: 409 })
      await ok(act(id, 'resolve', ops, {}))
      expect((await bookingOf(story)).status).toBe('completed')
    }
    expect(await open(story, story.client)).toMatchObject({
      status: 409,
      body: { code: 'too_many_disputes' },
    })
    expect((await bookingOf(story)).status).toBe('completed')
    // Staff may: they know why.
    await ok(open(story, ops))
    const { body } = await ok(api(`/v1/disputes?bookingId=${story.bookingId}`, { as: story.client }))
    expect(body.data.map(({ status }: { status: string }) => status)).toEqual([
      'open',
      'resolved',
      'resolved',
      'resolved',
    ])
  })

  it('ends some time after the work, but for staff', async () => {
    const story = await aBooking({ state: 'settled' })
    await database().write([
      sql`update bookings set completed_at = completed_at - interval '61 days', started_at = started_at - interval '61 days' where id = ${story.bookingId}`,
    ])
    expect(await open(story, story.tasker)).toMatchObject({ status: 409, body: { code: 'dispute_too_late' } })
    await ok(open(story, await anOps()))
  })

  it('says what it is about, and who is to respond until when', async () => {
    const story = await aBooking({ state: 'completed' })
    const { body } = await ok(
      open(story, story.client, { type: 'damage', description: 'The sink broke as well.' }),
    )
    expect(body).toMatchObject({
      type: 'damage',
      description: 'The sink broke as well.',
      respondentId: story.tasker.userId,
      respondedAt: null,
      resolvedAt: null,
      resolvedBy: null,
      appealUntil: null,
    })
    const hoursUntil = (at: string) => (Date.parse(at) - Date.parse(body.createdAt)) / 3_600_000
    expect([Math.round(hoursUntil(body.respondBy)), Math.round(hoursUntil(body.dueAt))]).toEqual([72, 120])
    const byStaff = await ok(open(await aBooking({ state: 'completed' }), await anOps()))
    expect(byStaff.body).toMatchObject({ type: 'other', respondentId: null, respondBy: null })
  })

  it('limits the disputed amount to what was paid', async () => {
    const paid = await aBooking({ state: 'settled' })
    const { body: payment } = await ok(api(`/v1/bookings/${paid.bookingId}/payment`, { as: paid.client }))
    const unpaid = await aBooking({ state: 'completed' })
    for (const [story, amount] of [
      [paid, payment.amountCaptured],
      [unpaid, 0],
    ] as const) {
      const refused = await open(story, story.client, { amountInQuestion: amount + 1 })
      expect(refused).toMatchObject({
        status: 422,
        body: { code: 'amount_above_paid', errors: [{ pointer: '/amountInQuestion' }] },
      })
      expect(refused.body.detail).toContain(`was ${amount} minor units`)
      expect((await bookingOf(story)).status).toBe('completed')
    }
    const { body } = await ok(open(paid, paid.client, { amountInQuestion: payment.amountCaptured }))
    expect(body.amountInQuestion).toBe(payment.amountCaptured)
    expect((await ok(open(unpaid, unpaid.client))).body.amountInQuestion).toBeNull()
  })

  it.each([
    { reason: '' },
    { amountInQuestion: 0 },
    { amountInQuestion: -5 },
    { amountInQuestion: 1.5 },
    { status: 'x' },
  ])('refuses %o', async (fields) => {
    const story = await aBooking({ state: 'completed' })
    expect(await open(story, story.client, fields)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  })
})

describe('a dispute', () => {
  it('is visible to the parties and staff', async () => {
    const story = await aBooking({ state: 'completed' })
    const id = await dispute(story)
    for (const as of [story.client, story.tasker, await anOps(), await anAdmin()]) {
      expect((await api(`/v1/disputes/${id}`, { as })).status).toBe(200)
      const { body } = await ok(api(`/v1/disputes?bookingId=${story.bookingId}`, { as }))
      expect(body.data).toMatchObject([{ id }])
    }
    const stranger = await aTasker()
    expect((await api(`/v1/disputes/${id}`, { as: stranger })).status).toBe(404)
    expect((await ok(api('/v1/disputes', { as: stranger }))).body.data).toEqual([])
    expect((await ok(api('/v1/disputes?status=rejected', { as: story.client }))).body.data).toEqual([])
  })

  const actions: Record<string, { from: string[]; to: string; body?: object }> = {
    investigate: { from: ['open', 'escalated'], to: 'investigating' },
    escalate: { from: ['open', 'investigating'], to: 'escalated' },
    resolve: { from: ['open', 'investigating', 'escalated'], to: 'resolved', body: {} },
    reject: { from: ['open', 'investigating', 'escalated'], to: 'rejected', body: {} },
  }
  const leadsTo: Record<string, string | undefined> = {
    open: undefined,
    investigating: 'investigate',
    escalated: 'escalate',
    resolved: 'resolve',
    rejected: 'reject',
  }
  const cases = Object.keys(leadsTo).flatMap((state) =>
    Object.keys(actions).map((action) => ({ state, action })),
  )
  it.each(cases)('that is $state: $action', async ({ state, action }) => {
    const ops = await anOps()
    const story = await aBooking({ state: 'completed' })
    const id = await dispute(story)
    const before = leadsTo[state]
    if (before) await ok(act(id, before, ops, actions[before]?.body))
    const { from, to, body } = actions[action] as (typeof actions)[string]
    for (const as of [story.client, story.tasker, await aClient()]) {
      expect((await act(id, action, as, body)).status).toBe(403)
    }
    const answer = await act(id, action, ops, body)
    if (from.includes(state)) expect(answer).toMatchObject({ status: 200, body: { status: to } })
    else expect(answer).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
  })

  it('is prepared by support, and decided by others', async () => {
    const support = (await aSupporter()).as as Caller
    const id = await dispute(await aBooking({ state: 'completed' }))
    expect((await act(id, 'investigate', support)).status).toBe(200)
    for (const action of ['resolve', 'reject', 'refund']) {
      const { status, body } = await act(id, action, support, actions[action]?.body ?? { amount: 1 })
      expect([action, status, body.code]).toEqual([action, 403, 'permission_missing'])
    }
  })

  it('that does not exist returns 404 to ops for every decision', async () => {
    const ops = await anOps()
    for (const [action, { body }] of Object.entries(actions)) {
      expect((await act(newId(), action, ops, body)).status).toBe(404)
    }
  })

  const ends = ['resolve', 'reject'] as const
  it.each(ends)(
    'after %s: the booking is completed, and the task as far as it was before',
    async (action) => {
      const ops = await anOps()
      for (const [before, after] of [
        ['in_progress', 'completed'],
        ['completed', 'completed'],
        ['settled', 'settled'],
        ['reviewed', 'reviewed'],
      ] as const) {
        const story = await aBooking({ state: before })
        const id = await dispute(story)
        const { body } = await ok(act(id, action, ops, { note: 'Photos were checked.' }))
        expect(body.resolution).toMatchObject({ note: 'Photos were checked.', refundAmount: null })
        const booking = await bookingOf(story)
        expect([booking.status, await taskStateOf(story.taskId)]).toEqual(['completed', after])
        expect(booking.completedAt).not.toBeNull()
      }
    },
  )

  it('prevents staff from canceling its booking or task', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const id = await dispute(story)
    const ops = await anOps()
    for (const path of [`/v1/bookings/${story.bookingId}/cancel`, `/v1/tasks/${story.taskId}/cancel`]) {
      for (const as of [ops, await anAdmin()]) {
        const refused = await api(path, { as, body: { reason: 'Tired of it.' } })
        expect(refused).toMatchObject({ status: 409, body: { code: 'booking_in_dispute' } })
        expect(refused.body.detail).toContain(id)
      }
    }
    expect(await bookingOf(story)).toMatchObject({ status: 'disputed', task: { state: 'disputed' } })
    await ok(act(id, 'resolve', ops, { outcome: 'canceled' }))
    expect(await bookingOf(story)).toMatchObject({
      status: 'canceled',
      task: { state: 'canceled_by_client' },
    })
  })

  it('resolved after interrupted work leaves a fare for the time until the dispute', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const id = await dispute(story)
    const { createdAt } = (await ok(api(`/v1/disputes/${id}`, { as: story.client }))).body
    await ok(act(id, 'resolve', await anOps(), {}))
    expect((await bookingOf(story)).completedAt).toBe(createdAt)
    await pay(story)
    expect(await taskStateOf(story.taskId)).toBe('settled')
  })

  it('can end in a cancellation for unpaid work only', async () => {
    const ops = await anOps()
    const unpaid = await aBooking({ state: 'in_progress' })
    const { body } = await ok(
      act(await dispute(unpaid), 'resolve', ops, { outcome: 'canceled', note: 'Never came.' }),
    )
    expect(body).toMatchObject({ status: 'resolved', resolution: { outcome: 'canceled' } })
    expect(await bookingOf(unpaid)).toMatchObject({
      status: 'canceled',
      cancelReason: 'Never came.',
      task: { state: 'canceled_by_client' },
    })

    const paid = await aBooking({ state: 'settled' })
    const id = await dispute(paid)
    const refused = await act(id, 'resolve', ops, { outcome: 'canceled' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'already_paid' } })
    expect((await bookingOf(paid)).status).toBe('disputed')
    expect((await ok(api(`/v1/disputes/${id}`, { as: ops }))).body.status).toBe('open')
  })
})
