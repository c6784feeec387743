import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { runJobs } from '../../../../src/scheduled.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { aBid, aBidding, bidOf } from '../../../support/bids.ts'
import {
  aDirectTasker,
  anAssignedTask,
  aQueuedTask,
  assignmentsOf,
  dispatch,
  passAnswerDeadline,
  triageOf,
} from '../../../support/dispatch.ts'
import { pullEvents } from '../../../support/events.ts'
import { aBooking, anOps, aTasker, chooseCash, ok, taskStateOf } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const reason = 'Nearest of those who know boilers.'
const answer = (bookingId: string, as: Parameters<typeof api>[1], action = 'accept') =>
  api(`/v1/bookings/${bookingId}/${action}`, { method: 'POST', ...as })
const typesOf = async (as: Caller): Promise<string[]> =>
  (await pullEvents(as, '?limit=100')).data.map(({ type }: { type: string }) => type)
const declined = { body: { reason: 'I am away that day.' } }

describe('an assigned task', () => {
  it('is offered to its tasker, who accepts it, and then goes on like any booking', async () => {
    const { taskId, client, ops, tasker, bookingId } = await anAssignedTask()
    expect(await triageOf(ops, taskId)).toMatchObject({
      state: 'posted',
      assignedTo: { id: tasker.userId },
      booking: { id: bookingId, status: 'offered' },
      assignment: { status: 'pending' },
    })
    const mine = (await ok(api('/v1/me/assignments?status=pending', { as: tasker }))).body.data
    expect(mine).toMatchObject([{ taskId, bookingId, mode: 'offer', status: 'pending', endedAt: null }])
    expect(Date.parse(mine[0].expiresAt) - Date.parse(mine[0].createdAt)).toBeCloseTo(120 * 60_000, -4)
    const { body } = await ok(answer(bookingId, { as: tasker }))
    expect(body).toMatchObject({ status: 'accepted', agreedRateAmount: 20_000 })
    expect(await taskStateOf(taskId)).toBe('accepted')
    await ok(api(`/v1/bookings/${bookingId}/confirm`, { as: client, method: 'POST' }))
    expect(await triageOf(ops, taskId)).toMatchObject({
      state: 'confirmed',
      assignedTo: { id: tasker.userId },
      assignment: { status: 'accepted' },
    })
    const types = await typesOf(client)
    expect(types).toEqual(
      expect.arrayContaining(['assignment.created', 'booking.offered', 'booking.accepted']),
    )
  })

  it('is confirmed at once where the contract of the tasker says so', async () => {
    const { taskId, client, ops, tasker, bookingId } = await anAssignedTask({ isDirect: true })
    const { body } = await ok(api(`/v1/bookings/${bookingId}`, { as: tasker }))
    expect(body).toMatchObject({ status: 'confirmed', conversationId: expect.any(String) })
    expect(await triageOf(ops, taskId)).toMatchObject({
      state: 'confirmed',
      assignment: { status: 'accepted', expiresAt: null },
    })
    expect(await typesOf(client)).toContain('assignment.confirmed')
  })

  it('returns to the queue when its tasker declines, with the reason in its history', async () => {
    const { taskId, client, ops, tasker, bookingId } = await anAssignedTask()
    const { body } = await ok(answer(bookingId, { as: tasker, ...declined }, 'decline'))
    expect(body).toMatchObject({ status: 'canceled', cancellationFee: null })
    expect(await triageOf(ops, taskId)).toMatchObject({ state: 'posted', assignedTo: null, assignedAt: null })
    expect(await assignmentsOf(ops, taskId)).toMatchObject([
      { status: 'declined', outcomeReason: declined.body.reason, assignedBy: { id: ops.userId } },
    ])
    // Declining breaks no promise: it counts as an answer, not as a booking that was not completed.
    const [counts] = await database().read(
      sql`select offers_answered as answered, bookings_ended as ended from tasker_profiles where user_id = ${tasker.userId}`,
    )
    expect(counts).toEqual({ answered: 1, ended: 0 })
    const next = await aTasker()
    await ok(dispatch(ops, taskId, 'assign', { taskerId: next.userId, reason }))
    expect(await typesOf(client)).toContain('assignment.declined')
  })

  it('returns to the queue after silence, and a late answer is refused before the sweep', async () => {
    const { taskId, ops, tasker, bookingId, assignmentId } = await anAssignedTask()
    await passAnswerDeadline(assignmentId)
    expect(await codeOf(answer(bookingId, { as: tasker }))).toBe('409 assignment_expired')
    expect(await codeOf(answer(bookingId, { as: tasker, ...declined }, 'decline'))).toBe(
      '409 assignment_expired',
    )
    const [shown] = (await ok(api('/v1/me/assignments', { as: tasker }))).body.data
    expect(shown).toMatchObject({ status: 'expired' })
    await runJobs(env, ['endOfAssignments'])
    expect(await triageOf(ops, taskId)).toMatchObject({
      assignedTo: null,
      booking: { status: 'canceled' },
      assignment: { status: 'expired' },
    })
    await runJobs(env, ['endOfAssignments'])
    expect(await assignmentsOf(ops, taskId)).toHaveLength(1)
  })

  it('is nobody else’s to answer', async () => {
    const { client, bookingId } = await anAssignedTask()
    expect(await codeOf(answer(bookingId, { as: client }))).toBe('403 forbidden')
    expect(await codeOf(answer(bookingId, { as: await aTasker() }))).toBe('404 not_found')
    expect(await codeOf(answer(bookingId, { as: client, ...declined }, 'decline'))).toBe('403 forbidden')
  })

  it('takes its assignment along when the client cancels it', async () => {
    const { taskId, client, ops } = await anAssignedTask()
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'No longer needed.' } }))
    expect(await assignmentsOf(ops, taskId)).toMatchObject([{ status: 'withdrawn' }])
    expect(await triageOf(ops, taskId)).toMatchObject({
      state: 'canceled_by_client',
      booking: { status: 'canceled' },
      clocks: [],
    })
  })
})

describe('to assign', () => {
  it('takes an open task out of the hands of matching', async () => {
    const { taskId } = await aQueuedTask({ sourcing: 'match' })
    await database().write([sql`update tasks set state = 'matching' where id = ${taskId}`])
    const [first, second, ops] = [await aTasker(), await aTasker(), await anOps()]
    await database().write([
      sql`insert into offers (id, task_id, tasker_id, wave, expires_at)
          values (khidma.uuid_v7(), ${taskId}, ${first.userId}, 1, now() + interval '1 minute')`,
    ])
    const { body } = await ok(dispatch(ops, taskId, 'assign', { taskerId: second.userId }))
    expect(body).toMatchObject({ state: 'posted', sourcing: 'assign', assignedTo: { id: second.userId } })
    expect(await database().read(sql`select status from offers where task_id = ${taskId}`)).toEqual([
      { status: 'withdrawn' },
    ])
  })

  it('takes a task out of bidding, and ends its bids without using up their seats', async () => {
    const { taskId, taskers } = await aBidding(2)
    const bids = [await aBid(taskers[0], taskId), await aBid(taskers[1], taskId)]
    const tasker = await aTasker()
    await ok(dispatch(await anOps(), taskId, 'assign', { taskerId: tasker.userId }))
    for (const [n, { id }] of bids.entries())
      expect(await bidOf(taskers[n] as Caller, id)).toMatchObject({ status: 'expired' })
    const seats = await database().read<{ status: string }>(
      sql`select status from claims where document_id in ${bids.map(({ id }) => id)}`,
    )
    expect(seats.map(({ status }) => status)).toEqual(['returned', 'returned'])
    expect(await typesOf(taskers[0])).toContain('bid.expired')
  })

  it('names what keeps a tasker from it', async () => {
    const ops = await anOps()
    const startsAt = new Date(Date.now() + 48 * 3_600_000)
    const busy = await aDirectTasker()
    const [{ taskId: first }, { taskId }] = [await aQueuedTask({ startsAt }), await aQueuedTask({ startsAt })]
    const assign = (taskerId: string) => dispatch(ops, taskId, 'assign', { taskerId })
    await ok(dispatch(ops, first, 'assign', { taskerId: busy.userId }))
    const refused = await assign(busy.userId)
    expect(refused.body).toMatchObject({
      code: 'assignment_conflict',
      detail: expect.stringContaining(startsAt.toISOString()),
    })
    const away = await aTasker()
    const block = {
      kind: 'unavailable',
      startsAt: new Date(startsAt.getTime() - 3_600_000),
      endsAt: new Date(startsAt.getTime() + 3_600_000),
    }
    await ok(api('/v1/me/availability', { as: away, body: block }))
    expect((await assign(away.userId)).body).toMatchObject({
      code: 'assignment_conflict',
      detail: expect.stringContaining('absent'),
    })
    const suspended = await aTasker()
    await database()
      .write([sql`update tasker_profiles set status = 'suspended' where user_id = ${suspended.userId}`])
      .catch(() => undefined)
    expect(await codeOf(assign(ops.userId))).toBe('409 tasker_not_assignable')
    expect(await taskStateOf(taskId)).toBe('posted')
  })

  it('refuses a task that somebody has, or that is not open', async () => {
    const { taskId, ops } = await anAssignedTask()
    const other = await aTasker()
    expect(await codeOf(dispatch(ops, taskId, 'assign', { taskerId: other.userId }))).toBe(
      '409 already_assigned',
    )
    const story = await aBooking({ state: 'completed' })
    expect(await codeOf(dispatch(ops, story.taskId, 'assign', { taskerId: other.userId }))).toBe(
      '409 already_assigned',
    )
    const canceled = await aBooking({ state: 'canceled' })
    expect(await codeOf(dispatch(ops, canceled.taskId, 'assign', { taskerId: other.userId }))).toBe(
      '409 not_assignable',
    )
  })
})

describe('to reassign', () => {
  it('takes a confirmed task from its tasker without a fee, releases its payment, and keeps the history', async () => {
    const { taskId, client, ops, tasker, bookingId } = await anAssignedTask({ isDirect: true })
    await chooseCash({ bookingId, client })
    const other = await aTasker()
    const { body } = await ok(dispatch(ops, taskId, 'reassign', { taskerId: other.userId, reason }))
    expect(body).toMatchObject({
      state: 'posted',
      assignedTo: { id: other.userId },
      booking: { status: 'offered' },
    })
    const old = (await ok(api(`/v1/bookings/${bookingId}`, { as: tasker }))).body
    expect(old).toMatchObject({ status: 'canceled', cancellationFee: null, payment: { status: 'canceled' } })
    const [now, before] = await assignmentsOf(ops, taskId)
    expect(now).toMatchObject({ status: 'pending', replacesId: before.id, reason })
    expect(before).toMatchObject({ status: 'revoked', outcomeReason: reason, tasker: { id: tasker.userId } })
    const [ended] = await database().read(
      sql`select bookings_ended as ended from tasker_profiles where user_id = ${tasker.userId}`,
    )
    expect(ended).toEqual({ ended: 0 })
    // The events of the two bookings: the client is never informed that the task was canceled.
    const types = await typesOf(client)
    expect(types).toEqual(expect.arrayContaining(['task.queued', 'assignment.revoked', 'booking.released']))
    expect(types).not.toContain('task.canceled_by_client')
  })

  it('works for a booking that matching found, and refuses begun work', async () => {
    const [story, ops, other] = [await aBooking({ state: 'confirmed' }), await anOps(), await aTasker()]
    const { body } = await ok(dispatch(ops, story.taskId, 'reassign', { taskerId: other.userId, reason }))
    expect(body).toMatchObject({ sourcing: 'assign', booking: { status: 'offered' } })
    const begun = await aBooking({ state: 'in_progress' })
    expect(await codeOf(dispatch(ops, begun.taskId, 'reassign', { taskerId: other.userId, reason }))).toBe(
      '409 not_reassignable',
    )
  })

  it('or to nobody, after which the task waits in the queue', async () => {
    const { taskId, ops } = await anAssignedTask()
    const { body } = await ok(dispatch(ops, taskId, 'unassign', { reason }))
    expect(body).toMatchObject({ state: 'posted', assignedTo: null, assignment: { status: 'withdrawn' } })
    expect(await codeOf(dispatch(ops, taskId, 'unassign', { reason }))).toBe('409 not_reassignable')
  })
})

describe('to undo', () => {
  const undo = (as: Parameters<typeof dispatch>[0], id: string) =>
    api(`/v1/assignments/${id}/undo`, { as, body: { reason: 'The wrong name.' } })

  it('returns a task to the queue, or to whoever had it before, as far as they had got', async () => {
    const { taskId, ops, tasker, bookingId, assignmentId } = await anAssignedTask({ isDirect: true })
    const other = await aTasker()
    const moved = await ok(dispatch(ops, taskId, 'reassign', { taskerId: other.userId, reason }))
    const { body } = await ok(undo(ops, moved.body.assignment.id))
    expect(body).toMatchObject({
      state: 'confirmed',
      assignedTo: { id: tasker.userId },
      booking: { status: 'confirmed' },
    })
    expect(body.booking.id).not.toBe(bookingId)
    const rows = await assignmentsOf(ops, taskId)
    expect(rows.map(({ status }: { status: string }) => status)).toEqual(['accepted', 'withdrawn', 'revoked'])
    expect(rows[0]).toMatchObject({ undoesId: rows[1].id, mode: 'direct' })
    // Neither the undo nor what it took back can be undone.
    for (const { id } of rows) expect(await codeOf(undo(ops, id))).toBe('409 undo_refused')
    expect(await codeOf(undo(ops, assignmentId))).toBe('409 undo_refused')
    const fresh = await anAssignedTask()
    expect((await ok(undo(fresh.ops, fresh.assignmentId))).body).toMatchObject({ assignedTo: null })
  })

  it('restores a task that was unassigned', async () => {
    const { taskId, ops, tasker, assignmentId } = await anAssignedTask()
    await ok(dispatch(ops, taskId, 'unassign', { reason }))
    expect((await ok(undo(ops, assignmentId))).body).toMatchObject({
      assignedTo: { id: tasker.userId },
      booking: { status: 'offered' },
    })
  })

  it('is refused after an answer, and when its time is over', async () => {
    const { ops, tasker, bookingId, assignmentId } = await anAssignedTask()
    await ok(answer(bookingId, { as: tasker }))
    expect((await undo(ops, assignmentId)).body).toMatchObject({
      code: 'undo_refused',
      detail: expect.stringContaining('answered'),
    })
    const late = await anAssignedTask()
    await database().write([
      sql`update assignments set created_at = now() - interval '1 hour' where id = ${late.assignmentId}`,
    ])
    expect((await undo(late.ops, late.assignmentId)).body).toMatchObject({
      code: 'undo_refused',
      detail: expect.stringContaining('time'),
    })
  })
})
