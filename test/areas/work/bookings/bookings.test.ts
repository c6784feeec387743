import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import {
  aBooking,
  aClient,
  anAdmin,
  anOps,
  aTasker,
  type BookedStory,
  type BookingState,
  bookingStates,
  chooseCash,
  dispute,
  ok,
  pay,
  taskStateOf,
} from '../../../support/story.ts'

const path = ({ bookingId }: Pick<BookedStory, 'bookingId'>, action = '') =>
  `/v1/bookings/${bookingId}${action}`
const act = (story: BookedStory, action: string, as: Caller) =>
  api(path(story, `/${action}`), {
    as,
    ...(action === 'cancel' ? { body: { reason: 'Something came up.' } } : { method: 'POST' }),
  })

describe('a booking is returned', () => {
  it('to both parties and staff only', async () => {
    const story = await aBooking()
    for (const as of [story.client, story.tasker, await anOps(), await anAdmin()]) {
      expect((await api(path(story), { as })).status).toBe(200)
    }
    for (const as of [await aClient(), await aTasker()]) {
      expect(await api(path(story), { as })).toMatchObject({ status: 404, body: { code: 'not_found' } })
      expect((await api(path(story, '/events'), { as })).status).toBe(404)
    }
    expect((await api(path(story))).status).toBe(401)
    expect((await api(path({ bookingId: newId() }), { as: await anOps() })).status).toBe(404)
  })

  it('with its task, parties, conversation and payment, in one round trip', async () => {
    const story = await aBooking({ state: 'confirmed' })
    await chooseCash(story)
    const { body, headers } = await api(path(story), { as: story.client })
    expect(body).toMatchObject({
      id: story.bookingId,
      status: 'confirmed',
      client: { id: story.client.userId, name: 'Test client' },
      tasker: { id: story.tasker.userId, name: 'Test tasker' },
      task: {
        id: story.taskId,
        state: 'confirmed',
        address: '12 Talaat Harb St',
        lat: 30.0444,
        currency: 'EGP',
      },
      agreedRateAmount: 20_000,
      payment: { method: 'cash', status: 'requires_action' },
      disputeId: null,
      startedAt: null,
    })
    expect(body.conversationId).toMatch(/^[0-9a-f-]{36}$/)
    expect(Date.parse(body.scheduledUntil) - Date.parse(body.scheduledFrom)).toBe(90 * 60_000)
    for (const time of [body.scheduledFrom, body.createdAt, body.task.startsAt])
      expect(time).toMatch(/\.\d{3}Z$/)
    expect(headers.get('server-timing')).toContain('round-trips=1')
  })

  it('with an ETag that changes with its payment, even if its own row does not', async () => {
    const story = await aBooking({ state: 'completed' })
    const before = await api(path(story), { as: story.client })
    const etag = before.headers.get('etag') ?? ''
    expect((await api(path(story), { as: story.client, headers: { 'if-none-match': etag } })).status).toBe(
      304,
    )
    await pay(story)
    const after = await api(path(story), { as: story.client, headers: { 'if-none-match': etag } })
    expect(after.status).toBe(200)
    expect(after.body.version).toBe(before.body.version)
  })
})

describe('who may do what, when', () => {
  const actions = {
    confirm: { from: ['accepted'], by: 'client', to: 'confirmed' },
    start: { from: ['confirmed'], by: 'tasker', to: 'in_progress' },
    complete: { from: ['in_progress'], by: 'tasker', to: 'completed' },
    cancel: { from: ['accepted', 'confirmed'], by: 'either', to: 'canceled' },
  } as const

  it.each(Object.keys(actions) as (keyof typeof actions)[])(
    '%s: a stranger gets 404, the wrong party 403',
    async (action) => {
      const { from, by } = actions[action]
      const story = await aBooking({ state: from[0] })
      // A tasker's role may call all of them, so that the refusal is the relation's.
      expect((await act(story, action, await aTasker())).status).toBe(404)
      expect((await act({ ...story, bookingId: newId() }, action, await aTasker())).status).toBe(404)
      const wrong = { client: [story.tasker], tasker: [story.client], either: [] }[by]
      for (const as of [...wrong, ...(by === 'either' ? [] : [await anOps()])]) {
        expect(await act(story, action, as)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
      }
      expect((await api(path(story), { as: story.client })).body.status).toBe(from[0])
    },
  )

  it('depends on the party of the booking, not on the role: returns 403 for the other party’s action', async () => {
    const owner = await aTasker()
    const story = await aBooking({ client: owner, state: 'confirmed' })
    expect((await act(story, 'start', owner)).status).toBe(403)
    expect((await act(story, 'start', story.tasker)).status).toBe(200)
  })

  const cases = bookingStates.flatMap((state) =>
    (Object.keys(actions) as (keyof typeof actions)[]).map((action) => ({ state, action })),
  )
  it.each(cases)('$action of a booking that is $state', async ({ state, action }) => {
    const story = await aBooking({ state })
    const { from, by, to } = actions[action]
    const isFrom = (from as readonly BookingState[]).includes(state)
    const as = by === 'tasker' ? story.tasker : story.client
    const answer = await act(story, action, as)
    if (isFrom) expect(answer).toMatchObject({ status: 200, body: { status: to } })
    else expect(answer).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
    // `allowedActions` announces exactly the actions that are carried out.
    const { body } = await api(path(story), { as })
    for (const { action: name, allowed } of body.allowedActions) {
      if (name === 'dispute') continue
      // Others are of bookings that staff have offered: test/areas/work/assignment.
      const action = actions[name as keyof typeof actions] ?? { from: ['offered'], by: 'tasker' }
      const now = (action.from as readonly string[]).includes(body.status)
      const part = action.by
      const mine = part === 'either' || (part === 'tasker') === (as === story.tasker)
      expect({ name, allowed }).toEqual({ name, allowed: now && mine })
    }
  })

  it.each(['client', 'tasker', 'ops'] as const)(
    'the %s cancels, and the task ends as it should',
    async (who) => {
      const story = await aBooking({ state: 'confirmed' })
      await chooseCash(story)
      const as = who === 'ops' ? await anOps() : story[who]
      const { status, body } = await act(story, 'cancel', as)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        status: 'canceled',
        cancelReason: 'Something came up.',
        payment: { status: 'canceled' },
        task: { state: who === 'tasker' ? 'canceled_by_tasker' : 'canceled_by_client' },
      })
      expect(await taskStateOf(story.taskId)).toBe(body.task.state)
    },
  )

  it('asks for a reason to cancel', async () => {
    const story = await aBooking()
    for (const body of [{}, { reason: '  ' }, { reason: 'x'.repeat(501) }, { reason: 'ok', more: 1 }]) {
      const answer = await api(path(story, '/cancel'), { as: story.client, body })
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    }
    expect((await api(path(story), { as: story.client })).body.status).toBe('accepted')
  })

  it('has one effect for a repeated key, and refuses a call without one', async () => {
    const story = await aBooking()
    const headers = { 'idempotency-key': newId() }
    const first = await api(path(story, '/confirm'), { as: story.client, method: 'POST', headers })
    const again = await api(path(story, '/confirm'), { as: story.client, method: 'POST', headers })
    expect(again.status).toBe(200)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await act(story, 'confirm', story.client)).status).toBe(409)
  })

  it('records the times of the work', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const started = (await api(path(story), { as: story.client })).body
    expect(Math.abs(Date.parse(started.startedAt) - Date.now())).toBeLessThan(60_000)
    const { body } = await act(story, 'complete', story.tasker)
    expect(body.startedAt).toBe(started.startedAt)
    expect(Date.parse(body.completedAt)).toBeGreaterThanOrEqual(Date.parse(body.startedAt))
    expect(body.task.state).toBe('completed')
  })

  it('counts for its tasker once it is completed', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const figures = async () => (await ok(api('/v1/me/tasker-profile', { as: story.tasker }))).body
    expect(await figures()).toMatchObject({ bookingsCompleted: 0 })
    await ok(act(story, 'complete', story.tasker))
    expect(await figures()).toMatchObject({ bookingsCompleted: 1, completionRate: 1 })
  })
})

describe('the history of a booking', () => {
  it('lists each change with actor and reason, in order and in pages', async () => {
    const story = await aBooking({ state: 'confirmed' })
    await ok(act(story, 'cancel', story.tasker))
    const all = await api(path(story, '/events'), { as: story.client })
    const { client, tasker } = story
    expect(all.body.data).toMatchObject([
      {
        from: null,
        to: 'accepted',
        action: 'accepted',
        party: 'tasker',
        actorUserId: tasker.userId,
        reason: null,
      },
      {
        from: 'accepted',
        to: 'confirmed',
        action: 'confirm',
        party: 'client',
        actorUserId: client.userId,
        reason: null,
      },
      { from: 'confirmed', to: 'canceled', action: 'cancel', party: 'tasker', reason: 'Something came up.' },
    ])
    const paged = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = cursor ? `?limit=1&cursor=${cursor}` : '?limit=1'
      const { body } = await ok(api(path(story, `/events${query}`), { as: client }))
      paged.push(...body.data)
      cursor = body.nextCursor
    }
    expect(paged).toEqual(all.body.data)
  })
})

describe('lists of bookings', () => {
  it("contain the caller's own, newest first, filtered by party and status", async () => {
    const me = await aTasker()
    const asTasker = await aBooking({ tasker: me, state: 'confirmed' })
    const asClient = await aBooking({ client: me, startsAt: new Date(Date.now() + 72 * 3_600_000) })
    await aBooking()
    const idsOf = async (query: string) =>
      (await ok(api(`/v1/bookings${query}`, { as: me }))).body.data.map(({ id }: { id: string }) => id)
    expect(await idsOf('')).toEqual([asClient.bookingId, asTasker.bookingId])
    expect(await idsOf('?role=tasker')).toEqual([asTasker.bookingId])
    expect(await idsOf('?role=client')).toEqual([asClient.bookingId])
    expect(await idsOf('?status=confirmed')).toEqual([asTasker.bookingId])
    expect(await idsOf('?status=completed')).toEqual([])
    expect((await api('/v1/bookings?status=lost', { as: me })).status).toBe(400)
    const first = await ok(api('/v1/bookings?limit=1', { as: me }))
    const second = await ok(api(`/v1/bookings?limit=1&cursor=${first.body.nextCursor}`, { as: me }))
    expect(second.body).toMatchObject({ data: [{ id: asTasker.bookingId }], nextCursor: null })
    const other = await api(`/v1/bookings?limit=1&status=confirmed&cursor=${first.body.nextCursor}`, {
      as: me,
    })
    expect(other).toMatchObject({ status: 400, body: { code: 'cursor_mismatch' } })
    const seenByOps = await ok(api('/v1/bookings?limit=5', { as: await anOps() }))
    expect(seenByOps.body.data.length).toBeGreaterThan(2)
  })
})

describe('allowed actions', () => {
  it('include a dispute where none is open', async () => {
    const story = await aBooking({ state: 'completed' })
    const disputable = async (as: Caller) =>
      (await ok(api(path(story), { as }))).body.allowedActions.find(
        ({ action }: { action: string }) => action === 'dispute',
      )
    expect(await disputable(story.client)).toEqual({ action: 'dispute', allowed: true })
    await pay(story)
    const disputeId = await dispute(story)
    expect(await disputable(story.client)).toEqual({
      action: 'dispute',
      allowed: false,
      reason: 'wrong_state',
    })
    await ok(api(`/v1/disputes/${disputeId}/reject`, { as: await anOps(), body: {} }))
    expect(await disputable(story.client)).toEqual({ action: 'dispute', allowed: true })
  })
})
