import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { runJobs } from '../../../../src/scheduled.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import {
  aDirectTasker,
  advanceClocks,
  anAssignedTask,
  aQueuedTask,
  dispatch,
  triageOf,
} from '../../../support/dispatch.ts'
import { pullEvents } from '../../../support/events.ts'
import { aBooking, aClient, anAdmin, anOps, aTasker, ok, pay, taskStateOf } from '../../../support/story.ts'
import { codeOf, readAll } from '../../../support/work.ts'

const reason = 'The part has to be ordered.'
const triage = (as: Caller, taskId: string, body: object) =>
  api(`/v1/tasks/${taskId}/triage`, { as, method: 'PATCH', body })
const bookingOf = async (as: Caller, bookingId: string) =>
  (await ok(api(`/v1/bookings/${bookingId}`, { as }))).body

/** Tasks of a city of its own: nobody else's are in its queue. */
async function inTown(tasks: string[]): Promise<string> {
  const city = `Town ${newId()}`
  await database().write(tasks.map((id) => sql`update tasks set city = ${city} where id = ${id}`))
  return city
}

describe('the queue', () => {
  it('is sorted by priority, then by age, page by page, and narrowed by its filters', async () => {
    const ops = await anOps()
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) ids.push((await aQueuedTask()).taskId)
    const [a, b, c, d, e] = ids as [string, string, string, string, string]
    const city = encodeURIComponent(await inTown(ids))
    for (const [taskId, priority] of [
      [c, 'urgent'],
      [b, 'low'],
      [e, 'urgent'],
    ] as const)
      await ok(triage(ops, taskId, { priority }))
    const listed = async (query = '') =>
      (await readAll(`/v1/dispatch/queue?city=${city}&limit=2${query}`, ops)).map(({ id }) => id)
    expect(await listed()).toEqual([c, e, a, d, b])
    expect(await listed('&priority=urgent')).toEqual([c, e])
    await ok(dispatch(ops, d, 'assign', { taskerId: (await aTasker()).userId }))
    expect(await listed('&isUnassigned=true')).toEqual([c, e, a, b])
    const { assignedTo } = await triageOf(ops, d)
    expect(await listed(`&assignedTo=${assignedTo.id}`)).toEqual([d])
    await advanceClocks(a, 100_000)
    expect(await listed('&isLate=true')).toEqual([a])
    expect(await listed('&isLate=false')).toEqual([c, e, d, b])
    expect(await listed('&state=confirmed')).toEqual([])
    expect(await listed('&sourcing=assign')).toHaveLength(5)
    expect(await listed('&urgencyLevel=2')).toEqual([])
  })

  it('has views of one’s own and shared ones, which only their owner changes', async () => {
    const [owner, colleague] = [await anOps(), await anOps()]
    const body = { name: `Mine ${newId()}`, filters: { city: 'Cairo', isUnassigned: true } }
    const view = (await ok(api('/v1/dispatch/views', { as: owner, body }))).body
    expect(view).toMatchObject({ ...body, isShared: false, ownerId: owner.userId })
    const path = `/v1/dispatch/views/${view.id}`
    const namesOf = async (as: Caller) =>
      (await readAll('/v1/dispatch/views?limit=100', as)).map(({ name }) => name)
    expect(await namesOf(colleague)).not.toContain(body.name)
    expect(await codeOf(api(path, { as: colleague, method: 'PATCH', body: { name: 'X' } }))).toBe(
      '404 not_found',
    )
    await ok(api(path, { as: owner, method: 'PATCH', body: { isShared: true } }))
    expect(await namesOf(colleague)).toContain(body.name)
    expect(await codeOf(api(path, { as: colleague, method: 'DELETE' }))).toBe('403 forbidden')
    expect(await codeOf(api('/v1/dispatch/views', { as: owner, body }))).toBe('409 already_exists')
    await ok(api(path, { as: owner, method: 'DELETE' }))
    expect(await namesOf(owner)).not.toContain(body.name)
  })
})

describe('triage', () => {
  it('sets the estimate until a booking is open; where it is raised, the client confirms whatever the contract says', async () => {
    const [{ taskId, client }, ops, tasker] = [await aQueuedTask(), await anOps(), await aDirectTasker()]
    const estimate = { leastAmountMinor: 50_000, mostAmountMinor: 200_000 }
    expect((await ok(triage(ops, taskId, { estimate }))).body).toMatchObject({
      estMinAmount: 50_000,
      estMaxAmount: 200_000,
    })
    const seen = (await ok(api(`/v1/tasks/${taskId}`, { as: client }))).body
    expect(seen).toMatchObject({ estMaxAmount: 200_000 })
    const { body } = await ok(dispatch(ops, taskId, 'assign', { taskerId: tasker.userId }))
    expect(body).toMatchObject({ state: 'accepted', booking: { status: 'accepted' } })
    expect(await codeOf(triage(ops, taskId, { estimate }))).toBe('409 estimate_agreed')
    await ok(api(`/v1/bookings/${body.booking.id}/confirm`, { as: client, method: 'POST' }))
    const events = (await pullEvents(client, '?limit=100')).data
    expect(events.find(({ type }: { type: string }) => type === 'task.priced').data.kind).toBe('estimate')
  })

  it('sets the final cost up to what the client has agreed to, and that is what is paid', async () => {
    const { taskId, client, ops, tasker, bookingId } = await anAssignedTask({
      isDirect: true,
      estMaxAmount: 60_000,
    })
    expect(await codeOf(triage(ops, taskId, { finalCostAmountMinor: 60_001 }))).toBe(
      '409 final_cost_above_limit',
    )
    await ok(triage(ops, taskId, { finalCostAmountMinor: 45_000 }))
    const expected = { leastAmountMinor: 45_000, expectedAmountMinor: 45_000, mostAmountMinor: 45_000 }
    expect((await bookingOf(client, bookingId)).fare.estimate).toEqual(expected)
    await ok(api(`/v1/bookings/${bookingId}/start`, { as: tasker, method: 'POST' }))
    await ok(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))
    expect((await bookingOf(client, bookingId)).fare.final).toMatchObject({
      amountMinor: 45_000,
      billedMinutes: null,
      rule: 'final_cost',
    })
    expect(await codeOf(triage(ops, taskId, { finalCostAmountMinor: 1 }))).toBe('409 task_over')
    await pay({ taskId, client, tasker, bookingId })
    const paid = (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client }))).body
    expect(paid).toMatchObject({ status: 'captured', amountCaptured: 45_000 })
  })

  it('gives way to a price that both sides agree on later', async () => {
    const { taskId, client, ops, tasker, bookingId } = await anAssignedTask({ isDirect: true })
    await ok(triage(ops, taskId, { finalCostAmountMinor: 15_000 }))
    const body = { rateAmountMinor: 30_000, reason: 'More to do.' }
    const change = (await ok(api(`/v1/bookings/${bookingId}/changes`, { as: tasker, body }))).body
    await ok(api(`/v1/bookings/${bookingId}/changes/${change.id}/accept`, { as: client, method: 'POST' }))
    expect((await bookingOf(client, bookingId)).fare.estimate.expectedAmountMinor).toBe(45_000)
    expect((await triageOf(ops, taskId)).finalCostAmount).toBeNull()
  })

  it('refuses a lost update, a draft, and what has ended', async () => {
    const [{ taskId }, ops] = [await aQueuedTask(), await anOps()]
    await ok(triage(ops, taskId, { internalNotes: 'Call first.' }))
    const stale = api(`/v1/tasks/${taskId}/triage`, {
      as: ops,
      method: 'PATCH',
      body: { priority: 'high' },
      headers: { 'if-match': '"1"' },
    })
    expect(await codeOf(stale)).toBe('412 precondition_failed')
    expect((await ok(triage(ops, taskId, { internalNotes: null }))).body.internalNotes).toBeNull()
    const ended = await aBooking({ state: 'canceled' })
    expect(await codeOf(triage(ops, ended.taskId, { priority: 'low' }))).toBe('409 task_over')
    expect(await codeOf(triage(ops, newId(), { priority: 'low' }))).toBe('404 not_found')
  })
})

describe('hold, resume and fail', () => {
  it('stop begun work and let it go on, with the reason for both parties', async () => {
    const { taskId, bookingId, client, tasker } = await aBooking({ state: 'in_progress' })
    const ops = await anOps()
    await ok(dispatch(ops, taskId, 'hold', { reason }))
    expect(await bookingOf(client, bookingId)).toMatchObject({
      status: 'in_progress',
      task: { state: 'on_hold' },
    })
    expect(await codeOf(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))).toBe(
      '409 invalid_transition',
    )
    const history = (await ok(api(`/v1/tasks/${taskId}/events`, { as: client }))).body.data
    expect(history.at(-1)).toMatchObject({ to: 'on_hold', action: 'hold', reason })
    expect((await ok(dispatch(ops, taskId, 'resume', { reason }))).body.state).toBe('in_progress')
    await ok(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))
    expect(await codeOf(dispatch(ops, taskId, 'hold', { reason }))).toBe('409 invalid_transition')
  })

  it('of a confirmed booking pause its clock, forbid to report a no-show, and leave the cancellation open', async () => {
    const { taskId, client, ops, tasker, bookingId } = await anAssignedTask({ isDirect: true })
    await ok(dispatch(ops, taskId, 'hold', { reason }))
    const [held] = (await triageOf(ops, taskId)).clocks
    expect(held).toMatchObject({ kind: 'start', pausedAt: expect.any(String), isLate: false })
    await database().write([
      sql`update bookings set scheduled_during = tstzrange(now() - interval '2 hours', now() - interval '1 hour') where id = ${bookingId}`,
    ])
    expect(
      await codeOf(api(`/v1/bookings/${bookingId}/report-no-show`, { as: tasker, body: { reason } })),
    ).toBe('409 task_on_hold')
    expect(await codeOf(dispatch(ops, taskId, 'fail', { reason }))).toBe('409 work_not_begun')
    await ok(dispatch(ops, taskId, 'resume', { reason }))
    expect(await taskStateOf(taskId)).toBe('confirmed')
    await ok(dispatch(ops, taskId, 'hold', { reason }))
    await ok(api(`/v1/bookings/${bookingId}/cancel`, { as: client, body: { reason } }))
    expect(await triageOf(ops, taskId)).toMatchObject({ state: 'canceled_by_client', clocks: [] })
  })

  it('end work that cannot be done: no fare, no fee, nothing left reserved', async () => {
    const { taskId, bookingId, client } = await aBooking({ state: 'in_progress' })
    const ops = await anOps()
    await ok(
      api(`/v1/bookings/${bookingId}/payment`, {
        as: client,
        body: { method: 'cash' },
        headers: { 'idempotency-key': newId() },
      }),
    )
    await ok(dispatch(ops, taskId, 'hold', { reason }))
    expect((await ok(dispatch(ops, taskId, 'fail', { reason }))).body).toMatchObject({
      state: 'failed',
      booking: { status: 'canceled' },
    })
    expect(await bookingOf(client, bookingId)).toMatchObject({
      status: 'canceled',
      cancellationFee: null,
      payment: { status: 'canceled' },
    })
  })
})

describe('clocks of service levels', () => {
  it('run one after the other, each against the minutes of the priority', async () => {
    const [{ taskId, client }, ops, tasker] = [await aQueuedTask(), await anOps(), await aTasker()]
    const clocks = async () => (await triageOf(ops, taskId)).clocks
    const [assign] = await clocks()
    expect(assign).toMatchObject({ kind: 'assign', isLate: false })
    expect((Date.parse(assign.dueAt) - Date.now()) / 60_000).toBeCloseTo(240, 0)
    await ok(triage(ops, taskId, { priority: 'urgent' }))
    expect((Date.parse((await clocks())[0].dueAt) - Date.now()) / 60_000).toBeCloseTo(15, 0)
    const { body } = await ok(dispatch(ops, taskId, 'assign', { taskerId: tasker.userId }))
    expect(body.clocks).toMatchObject([{ kind: 'accept' }])
    await ok(api(`/v1/bookings/${body.booking.id}/accept`, { as: tasker, method: 'POST' }))
    expect(await clocks()).toEqual([])
    await ok(api(`/v1/bookings/${body.booking.id}/confirm`, { as: client, method: 'POST' }))
    const [start] = await clocks()
    const { scheduledFrom } = await bookingOf(client, body.booking.id)
    expect(start.kind).toBe('start')
    expect(Date.parse(start.dueAt) - Date.parse(scheduledFrom)).toBe(10 * 60_000)
    const outcomes = await database().read(
      sql`select kind, outcome from task_clocks where task_id = ${taskId} order by id`,
    )
    expect(outcomes).toEqual([
      { kind: 'assign', outcome: 'met' },
      { kind: 'accept', outcome: 'met' },
      { kind: 'start', outcome: null },
    ])
  })

  it('tell of a breach once, be it seen by the sweep or by the end of the clock', async () => {
    const [swept, ended, admin] = [await aQueuedTask(), await aQueuedTask(), await anAdmin()]
    for (const { taskId } of [swept, ended]) await advanceClocks(taskId, 100_000)
    expect((await triageOf(admin, swept.taskId)).clocks[0].isLate).toBe(true)
    await ok(dispatch(admin, ended.taskId, 'assign', { taskerId: (await aTasker()).userId }))
    for (const _run of [1, 2]) await runJobs(env, ['breachesOfServiceLevels'])
    await ok(dispatch(admin, swept.taskId, 'assign', { taskerId: (await aTasker()).userId }))
    const emitted = await database().read(
      sql`select object_id as id, data ->> 'clock' as clock from outbox
           where type = 'task.sla_breached' and object_id in (${swept.taskId}, ${ended.taskId}) order by seq`,
    )
    expect(emitted).toHaveLength(2)
    expect(new Set(emitted.map((row) => (row as { id: string }).id)).size).toBe(2)
  })

  it('pause during a hold, and are due later by as long as it lasted', async () => {
    const { taskId, ops } = await anAssignedTask({ isDirect: true })
    const [{ dueAt }] = (await triageOf(ops, taskId)).clocks
    await ok(dispatch(ops, taskId, 'hold', { reason }))
    await database().write([
      sql`update task_clocks set paused_at = paused_at - interval '90 minutes' where task_id = ${taskId} and ended_at is null`,
    ])
    await ok(dispatch(ops, taskId, 'resume', { reason }))
    const [after] = (await triageOf(ops, taskId)).clocks
    expect((Date.parse(after.dueAt) - Date.parse(dueAt)) / 60_000).toBeCloseTo(90, 0)
    expect(after.pausedAt).toBeNull()
  })

  it('let a task expire that nobody was assigned to, long after its start', async () => {
    const { taskId } = await aQueuedTask()
    await database().write([sql`update tasks set starts_at = now() - interval '2 days' where id = ${taskId}`])
    await runJobs(env, ['endOfAssignments'])
    expect(await taskStateOf(taskId)).toBe('expired')
  })
})

describe('many at once', () => {
  it('have an outcome each, and what is refused undoes nothing', async () => {
    const [ops, tasker, other] = [await anOps(), await aTasker(), await aTasker()]
    const [a, b] = [await aQueuedTask(), await aQueuedTask()]
    const taken = await anAssignedTask()
    const unknown = newId()
    const items = [
      { taskId: a.taskId, taskerId: tasker.userId },
      { taskId: taken.taskId, taskerId: tasker.userId },
      { taskId: unknown, taskerId: tasker.userId },
      { taskId: b.taskId, taskerId: ops.userId },
    ]
    const { body } = await ok(api('/v1/dispatch/assignments', { as: ops, body: { items } }))
    expect(body.results).toMatchObject([
      { taskId: a.taskId, outcome: 'done', code: null, detail: null },
      { taskId: taken.taskId, outcome: 'refused', code: 'already_assigned' },
      { taskId: unknown, outcome: 'refused', code: 'not_found' },
      {
        taskId: b.taskId,
        outcome: 'refused',
        code: 'tasker_not_assignable',
        detail: 'The user is no tasker.',
      },
    ])
    expect((await triageOf(ops, a.taskId)).assignedTo.id).toBe(tasker.userId)
    expect(await triageOf(ops, b.taskId)).toMatchObject({ assignedTo: null, booking: null })
    // A tasker whose rate is in another currency is refused by a constraint: it has the code that the single operation has.
    await database().write([
      sql`update tasker_profiles set hourly_rate_currency = 'NGN' where user_id = ${other.userId}`,
    ])
    const foreign = { items: [{ taskId: b.taskId, taskerId: other.userId }] }
    expect(
      (await ok(api('/v1/dispatch/assignments', { as: ops, body: foreign }))).body.results,
    ).toMatchObject([{ outcome: 'refused', code: 'rate_currency_refused' }])
  })

  it('get a priority each', async () => {
    const [ops, a, over] = [await anOps(), await aQueuedTask(), await aBooking({ state: 'canceled' })]
    const items = [
      { taskId: a.taskId, priority: 'high' },
      { taskId: over.taskId, priority: 'high' },
    ]
    const { body } = await ok(api('/v1/dispatch/priorities', { as: ops, body: { items } }))
    expect(body.results).toMatchObject([{ outcome: 'done' }, { outcome: 'refused', code: 'task_over' }])
    expect((await triageOf(ops, a.taskId)).priority).toBe('high')
  })
})

describe('the board of a day', () => {
  it('shows taskers, hours, visits and conflicts by name, and what nobody has', async () => {
    const ops = await anOps()
    const startsAt = new Date(Date.UTC(2027, 4, 4, 9))
    const [open, tasker] = [await aQueuedTask({ startsAt }), await aTasker()]
    const offered = await aQueuedTask({ startsAt: new Date(startsAt.getTime() + 3 * 3_600_000) })
    const direct = await aQueuedTask({ startsAt })
    const city = await inTown([open.taskId, offered.taskId, direct.taskId])
    await ok(dispatch(ops, offered.taskId, 'assign', { taskerId: tasker.userId }))
    await ok(
      api(`/v1/taskers/${tasker.userId}/assignment-mode`, {
        as: ops,
        method: 'PUT',
        body: { assignmentMode: 'direct' },
      }),
    )
    await ok(dispatch(ops, direct.taskId, 'assign', { taskerId: tasker.userId }))
    const hours = { kind: 'available', startsAt: '2027-05-04T06:00:00Z', endsAt: '2027-05-04T10:00:00Z' }
    await ok(api('/v1/me/availability', { as: tasker, body: hours }))
    const off = { kind: 'unavailable', startsAt: '2027-05-04T18:00:00Z', endsAt: '2027-05-04T19:00:00Z' }
    await ok(api('/v1/me/availability', { as: tasker, body: off }))
    const query = `city=${encodeURIComponent(city)}&day=2027-05-04&timezone=Africa/Cairo`
    const board = (await ok(api(`/v1/dispatch/board?${query}`, { as: ops }))).body
    expect(board).toMatchObject({ from: '2027-05-03T21:00:00.000Z', until: '2027-05-04T21:00:00.000Z' })
    expect(board.unassigned).toMatchObject([{ taskId: open.taskId }])
    const row = board.taskers[0]
    expect(row).toMatchObject({
      taskerId: tasker.userId,
      assignmentMode: 'direct',
      shifts: [
        { kind: 'available', from: '2027-05-04T06:00:00.000Z', until: '2027-05-04T10:00:00.000Z' },
        { kind: 'unavailable', from: '2027-05-04T18:00:00.000Z', until: '2027-05-04T19:00:00.000Z' },
      ],
    })
    expect(row.visits).toMatchObject([
      { taskId: direct.taskId, status: 'confirmed', conflicts: [{ kind: 'outside_hours' }] },
      { taskId: offered.taskId, status: 'offered', conflicts: [{ kind: 'outside_hours' }] },
    ])
    const tomorrow = query.replace('05-04', '05-05')
    expect((await ok(api(`/v1/dispatch/board?${tomorrow}`, { as: ops }))).body.unassigned).toEqual([])
  })

  it('is for staff alone', async () => {
    const query = 'city=Cairo&day=2027-05-04&timezone=Africa/Cairo'
    expect(await codeOf(api(`/v1/dispatch/board?${query}`, { as: await aClient() }))).toBe('403 forbidden')
  })
})
