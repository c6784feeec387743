import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import { aChat } from '../../../support/chat.ts'
import { aFile } from '../../../support/profiles.ts'
import { aBooking, aClient, anAdmin, anOps, aTasker, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

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

describe('the depth of a report', () => {
  const reportOf = async (as: Caller, id: string) => (await ok(api(`/v1/reports/${id}`, { as }))).body
  const decideOn = (id: string, action: string, as: Caller, body?: object) =>
    api(`/v1/reports/${id}/${action}`, { as, method: 'POST', ...(body && { body }) })

  it('has files of the reporter, which the reporter and staff alone read', async () => {
    const [reporter, other] = [await aClient(), await aTasker()]
    const [first, second] = [await aFile(reporter), await aFile(reporter)]
    const { id } = (await ok(send(reporter, { reportedUserId: other.userId, mediaIds: [first] }))).body
    const add = (as: Caller, mediaId: string) => api(`/v1/reports/${id}/evidence`, { as, body: { mediaId } })
    expect((await ok(add(reporter, second))).body.mediaIds).toEqual([first, second])
    expect((await ok(add(reporter, second))).body.mediaIds).toEqual([first, second])
    expect(await codeOf(add(reporter, await aFile(other)))).toBe('422 media_refused')
    expect(await codeOf(add(other, await aFile(other)))).toBe('404 not_found')
    expect((await reportOf(await anOps(), id)).mediaIds).toEqual([first, second])
    for (const as of [reporter, await anOps()])
      expect((await api(`/v1/media/${first}`, { as })).status).toBe(200)
    expect((await api(`/v1/media/${first}`, { as: other })).status).toBe(404)
    await ok(act(id, 'dismiss', await anOps()))
    expect(await codeOf(add(reporter, await aFile(reporter)))).toBe('409 report_decided')
  })

  it('of a review, a message or a task keeps it as it was, and is about whoever wrote it', async () => {
    const story = await aBooking({ state: 'reviewed' })
    const { client, tasker, bookingId, taskId } = story
    const ops = await anOps()
    const { data } = (await ok(api(`/v1/taskers/${tasker.userId}/reviews`))).body
    const reviewId = data[0].id
    const ofReview = (await ok(send(tasker, { reviewId }))).body
    expect(ofReview).toMatchObject({
      subjectType: 'review',
      subjectId: reviewId,
      reportedUserId: client.userId,
      bookingId,
      snapshot: null,
    })
    expect((await reportOf(ops, ofReview.id)).snapshot).toMatchObject({ rating: expect.any(Number) })
    const chat = await aChat({ with: client })
    const say = { kind: 'text', text: 'Pay me outside.', clientMessageId: newId() }
    const message = (
      await ok(api(`/v1/conversations/${chat.conversationId}/messages`, { as: chat.people[1], body: say }))
    ).body
    await ok(api(`/v1/conversations/${chat.conversationId}/messages`, { as: client }))
    const ofMessage = (await ok(send(client, { messageId: message.id }))).body
    expect(ofMessage).toMatchObject({ subjectType: 'message', reportedUserId: chat.people[1].userId })
    expect((await reportOf(ops, ofMessage.id)).snapshot).toMatchObject({ text: 'Pay me outside.' })
    expect(await codeOf(send(tasker, { messageId: message.id }))).toBe('404 not_found')
    const ofTask = (await ok(send(tasker, { taskId }))).body
    expect(ofTask).toMatchObject({ subjectType: 'task', reportedUserId: client.userId })
    expect(await codeOf(send(await aClient(), { taskId }))).toBe('404 not_found')
    expect(await codeOf(send(client, { taskId }))).toBe('403 forbidden')
    expect(await codeOf(send(client, { taskId, reviewId }))).toBe('400 invalid_request')
  })

  it('tells the reporter the outcome and the answer, and nobody else', async () => {
    const { id, reporter } = await aReport()
    const answer = { outcome: 'not_enough_evidence', message: 'Please call us next time.' }
    await ok(decideOn(id, 'dismiss', await anOps(), answer))
    expect(await reportOf(reporter, id)).toMatchObject({
      status: 'dismissed',
      outcome: 'not_enough_evidence',
      outcomeText: 'Please call us next time.',
      caseId: null,
    })
    const second = await aReport()
    await ok(decideOn(second.id, 'resolve', await anOps()))
    expect(await reportOf(second.reporter, second.id)).toMatchObject({
      outcome: 'action_taken',
      outcomeText: null,
    })
    const third = await aReport()
    expect(await codeOf(decideOn(third.id, 'resolve', await anOps(), { outcome: 'no_violation' }))).toBe(
      '400 invalid_request',
    )
  })

  it('gathers in one case about the person, which is taken by whoever investigates and closes with the last report', async () => {
    const [ops, { userId: reportedUserId }] = [await anOps(), await aTasker()]
    const made = [
      (await ok(send(await aClient(), { reportedUserId }))).body.id,
      (await ok(send(await aClient(), { reportedUserId }))).body.id,
    ]
    const [first, second] = [await reportOf(ops, made[0]), await reportOf(ops, made[1])]
    expect(first.caseId).toBe(second.caseId)
    const caseOf = async () => (await ok(api(`/v1/cases/${first.caseId}`, { as: ops }))).body
    expect(await caseOf()).toMatchObject({
      kind: 'report',
      subjectType: 'user',
      subjectId: reportedUserId,
      status: 'open',
    })
    await ok(act(made[0], 'investigate', ops))
    expect(await reportOf(ops, made[1])).toMatchObject({ assigneeId: ops.userId })
    await ok(api(`/v1/cases/${first.caseId}/notes`, { as: ops, body: { text: 'Called her.' } }))
    await ok(act(made[0], 'dismiss', ops))
    expect((await caseOf()).status).toBe('assigned')
    await ok(act(made[1], 'resolve', ops))
    expect(await caseOf()).toMatchObject({ status: 'closed', decision: 'resolved', decidedBy: ops.userId })
    const again = (await ok(send(await aClient(), { reportedUserId }))).body.id
    expect((await reportOf(ops, again)).caseId).not.toBe(first.caseId)
  })

  it('is resolved by a suspension with the permission of both, together or not at all', async () => {
    const admin = await anAdmin()
    const [reporter, reported] = [await aClient(), await aClient()]
    const { id } = (await ok(send(reporter, { reportedUserId: reported.userId }))).body
    const body = { reason: 'Threatened a tasker.', message: 'You will not meet them again.' }
    expect(await codeOf(decideOn(id, 'resolve-by-suspension', await anOps(), body))).toMatch(/^403/)
    expect(await reportOf(reporter, id)).toMatchObject({ status: 'open' })
    await ok(decideOn(id, 'resolve-by-suspension', admin, body))
    expect(await reportOf(reporter, id)).toMatchObject({
      status: 'resolved',
      outcome: 'action_taken',
      outcomeText: body.message,
    })
    expect(await reportOf(admin, id)).toMatchObject({ outcome: 'suspended' })
    const account = (await ok(api(`/v1/users/${reported.userId}`, { as: admin }))).body
    expect(account).toMatchObject({ status: 'suspended', suspensionReason: body.reason })
    const second = (await ok(send(reporter, { reportedUserId: reported.userId }))).body.id
    expect(await codeOf(decideOn(second, 'resolve-by-suspension', admin, body))).toBe(
      '409 account_not_in_state',
    )
    expect(await reportOf(reporter, second)).toMatchObject({ status: 'open', outcome: null })
  })
})
