import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import { aBooking, aClient, anAdmin, anOps, aTasker, ok } from '../../../support/story.ts'

const about = (fields: object) => ({
  kind: 'safety',
  description: 'He smoked next to the gas pipe.',
  ...fields,
})
const send = (as: Caller | undefined, fields: object) => api('/v1/reports', { as, body: about(fields) })
const act = (id: string, action: string, as: Caller) =>
  api(`/v1/reports/${id}/${action}`, { as, method: 'POST' })

async function aReport(): Promise<{ id: string; reporter: Caller }> {
  const reporter = await aClient()
  const { userId } = await aTasker()
  const { body } = await ok(send(reporter, { reportedUserId: userId }))
  return { id: body.id, reporter }
}

describe('reporting', () => {
  it('a booking is about the other party', async () => {
    const { bookingId, client, tasker } = await aBooking()
    for (const [reporter, reported] of [
      [client, tasker],
      [tasker, client],
    ] as const) {
      const { status, body } = await send(reporter, { bookingId })
      expect(status).toBe(201)
      expect(body).toMatchObject({
        bookingId,
        status: 'open',
        kind: 'safety',
        reporterId: reporter.userId,
        reportedUserId: reported.userId,
      })
    }
  })

  it('a booking of others or an unknown user returns 404', async () => {
    const { bookingId, tasker } = await aBooking()
    const stranger = await aClient()
    expect((await send(stranger, { bookingId })).status).toBe(404)
    expect((await send(stranger, { bookingId: newId() })).status).toBe(404)
    expect((await send(stranger, { reportedUserId: newId() })).status).toBe(404)
    expect((await send(stranger, { reportedUserId: tasker.userId, bookingId })).status).toBe(404)
    expect((await send(undefined, { bookingId })).status).toBe(401)
    expect((await ok(api('/v1/reports', { as: stranger }))).body.data).toEqual([])
  })

  it('by staff may name any booking without a user', async () => {
    const { bookingId } = await aBooking()
    const { body } = await ok(send(await anOps(), { bookingId }))
    expect(body).toMatchObject({ bookingId, reportedUserId: null })
  })

  it.each([
    {},
    { reportedUserId: 'me' },
    { reportedUserId: newId(), kind: 'rudeness' },
    { reportedUserId: newId(), description: ' ' },
    { reportedUserId: newId(), description: 'x'.repeat(4_001) },
    { reportedUserId: newId(), status: 'resolved' },
  ])('refuses %o', async (fields) => {
    expect(await send(await aClient(), fields)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  })

  it('oneself is refused', async () => {
    const me = await aClient()
    const answer = await send(me, { reportedUserId: me.userId })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/reportedUserId' }] } })
  })
})

describe('a report', () => {
  it('is visible to its reporter and staff, never to the reported user', async () => {
    const { bookingId, client, tasker } = await aBooking()
    const { body } = await ok(send(client, { bookingId }))
    const path = `/v1/reports/${body.id}`
    for (const as of [client, await anOps(), await anAdmin()])
      expect((await api(path, { as })).status).toBe(200)
    for (const as of [tasker, await aClient()]) expect((await api(path, { as })).status).toBe(404)
    const listed = async (as: Caller) =>
      (await ok(api(`/v1/reports?bookingId=${bookingId}`, { as }))).body.data
    expect(await listed(client)).toHaveLength(1)
    expect(await listed(tasker)).toEqual([])
    expect(await listed(await anOps())).toHaveLength(1)
    const resolved = await ok(api(`/v1/reports?bookingId=${bookingId}&status=resolved`, { as: client }))
    expect(resolved.body.data).toEqual([])
    const ofReporter = (await ok(api(path, { as: client }))).body.allowedActions
    expect(ofReporter).toContainEqual({ action: 'resolve', allowed: false, reason: 'wrong_party' })
  })

  const steps: [string, string[], string][] = [
    ['investigate', ['open'], 'investigating'],
    ['resolve', ['open', 'investigating'], 'resolved'],
    ['dismiss', ['open', 'investigating'], 'dismissed'],
  ]
  const leadsTo: Record<string, string[]> = {
    open: [],
    investigating: ['investigate'],
    resolved: ['resolve'],
    dismissed: ['dismiss'],
  }
  const cases = Object.keys(leadsTo).flatMap((state) =>
    steps.map(([action, from, to]) => ({ state, action, from, to })),
  )
  it.each(cases)('that is $state: $action', async ({ state, action, from, to }) => {
    const ops = await anOps()
    const { id, reporter } = await aReport()
    for (const step of leadsTo[state] ?? []) await ok(act(id, step, ops))
    expect((await act(id, action, reporter)).status).toBe(403)
    const answer = await act(id, action, ops)
    if (from.includes(state)) expect(answer).toMatchObject({ status: 200, body: { status: to } })
    else expect(answer).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
  })

  it('that does not exist returns 404 to ops', async () => {
    expect((await act(newId(), 'resolve', await anOps())).status).toBe(404)
  })
})
