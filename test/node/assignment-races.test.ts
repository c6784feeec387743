import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  assignTask,
  dispatchMany,
  reassignTask,
  undoAssignment,
} from '../../src/areas/work/assignment/assignments.ts'
import { expireAssignments } from '../../src/areas/work/assignment/jobs.ts'
import { acceptBooking, declineBooking } from '../../src/areas/work/bookings/bookings.ts'
import { cancelTask } from '../../src/areas/work/tasks/tasks.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertTask, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const reason = 'Nearest.'

describeReal('assignment by staff, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let hour = 0

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 16)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const asOps = () => contexts.contextOf(world.ops)

  async function someTaskers(howMany: number, mode = 'offer'): Promise<Person[]> {
    const people = Array.from({ length: howMany }, (): Person => ({ id: newId(), role: 'tasker' }))
    const ids = people.map(({ id }) => id)
    await asOwner(world.connection, async () => {
      await world.connection.query(
        `insert into users (id, phone, role) select id, phone, 'tasker' from unnest($1::uuid[], $2::text[]) as u (id, phone)`,
        [ids, people.map(aPhone)],
      )
      await world.connection.query(
        `insert into tasker_profiles (user_id, status, hourly_rate_amount, assignment_mode)
         select id, 'active', 12000, $2 from unnest($1::uuid[]) id`,
        [ids, mode],
      )
    })
    return people
  }

  /** An hour of its own, unless `hour` is given. */
  async function aTask(at?: number): Promise<string> {
    if (at === undefined) hour += 2
    const startsAt = new Date(Date.UTC(2027, 2, 1, at ?? hour)).toISOString()
    return asOwner(world.connection, async () => {
      const id = await insertTask(world, { state: 'posted', startsAt })
      await world.connection.query(`update tasks set sourcing = 'assign' where id = $1`, [id])
      return id
    })
  }

  async function stateOf(taskId: string) {
    const { rows } = await world.connection.query(
      `select t.state, t.assigned_to as "assignedTo",
              (select count(*)::int from bookings b where b.task_id = t.id and b.status <> 'canceled') as open,
              (select count(*)::int from assignments a join bookings b on b.id = a.booking_id
                where a.task_id = t.id and a.status in ('pending', 'accepted') and b.status <> 'canceled') as given,
              (select count(*)::int from assignments a join bookings b on b.id = a.booking_id
                where a.task_id = t.id and (a.status = 'pending') <> (b.status = 'offered')) as stray,
              (select b.tasker_id from bookings b where b.task_id = t.id and b.status <> 'canceled') as tasker
         from tasks t where t.id = $1`,
      [taskId],
    )
    return rows[0]
  }

  it('of many who assign the same task one does, and the others hear that it is taken', async () => {
    const [task, taskers] = [await aTask(), await someTaskers(8)]
    const outcomes = await times(8, (n) =>
      outcomeOf(assignTask(asOps(), task, taskers[n]?.id as string, reason)),
    )
    expect(count(outcomes)).toEqual({ ok: 1, already_assigned: 7 })
    const state = await stateOf(task)
    expect(state).toMatchObject({ state: 'posted', open: 1, given: 1 })
    expect(state.assignedTo).toBe(state.tasker)
  })

  it('one tasker is given one of two tasks of the same hour, by two members of staff', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [tasker] = (await someTaskers(1, 'direct')) as [Person]
      const tasks = [await aTask(), await aTask(hour)]
      const outcomes = await Promise.all(
        tasks.map((task) => outcomeOf(assignTask(asOps(), task, tasker.id as string, reason))),
      )
      expect(count(outcomes)).toEqual({ ok: 1, assignment_conflict: 1 })
    }
  })

  it('two who reassign at once: each step is whole, and somebody has the task in the end', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [task, taskers] = [await aTask(), await someTaskers(3)]
      const [first, second, third] = taskers.map(({ id }) => id as string) as [string, string, string]
      await assignTask(asOps(), task, first, reason)
      const outcomes = await Promise.all(
        [second, third].map((tasker) => outcomeOf(reassignTask(asOps(), task, tasker, reason))),
      )
      expect(count(outcomes)).toEqual({ ok: 2 })
      const state = await stateOf(task)
      expect(state).toMatchObject({ open: 1, given: 1 })
      expect([second, third]).toContain(state.tasker)
      expect(state.assignedTo).toBe(state.tasker)
    }
  })

  it('an answer beside a reassignment, a sweep and a cancellation: one of them, and nothing half done', async () => {
    for (let round = 0; round < 12; round += 1) {
      const [task, taskers] = [await aTask(), await someTaskers(2)]
      const [tasker, other] = taskers as [Person, Person]
      const { booking } = await assignTask(asOps(), task, tasker.id as string, reason)
      const bookingId = booking?.id as string
      const answers = [
        () => acceptBooking(contexts.contextOf(tasker), bookingId),
        () => declineBooking(contexts.contextOf(tasker), bookingId, 'I am away.'),
      ]
      if (round % 3 === 1)
        await world.connection.query(`update assignments set expires_at = now() where task_id = $1`, [task])
      const rivals = [
        () => reassignTask(asOps(), task, other.id as string, reason),
        () => expireAssignments(contexts.systemContext('test'), 100),
        () => cancelTask(contexts.contextOf(world.client), task, 'Changed my mind.'),
      ]
      const calls = [answers[round % 2], rivals[round % 3]] as (() => Promise<unknown>)[]
      const outcomes = await Promise.all(calls.map((call) => outcomeOf(call())))
      expect(
        outcomes.filter(
          (outcome) =>
            ![
              'ok',
              'invalid_transition',
              'assignment_expired',
              'not_reassignable',
              'temporarily_unavailable',
            ].includes(outcome),
        ),
      ).toEqual([])
      const state = await stateOf(task)
      expect(state).toMatchObject({ open: state.given, stray: 0 })
      expect(state.assignedTo).toBe(state.tasker)
    }
  })

  it('two undo the same: once', async () => {
    const [task, taskers] = [await aTask(), await someTaskers(1)]
    const { assignment } = await assignTask(asOps(), task, taskers[0]?.id as string, reason)
    await reassignTask(asOps(), task, null, reason)
    const outcomes = await times(4, () =>
      outcomeOf(undoAssignment(asOps(), assignment?.id as string, 'The wrong one.')),
    )
    expect(count(outcomes)).toEqual({ ok: 1, undo_refused: 3 })
    expect(await stateOf(task)).toMatchObject({ open: 1, given: 1 })
  })

  it('many calls for many tasks in opposite orders: each task is given once, without a deadlock', async () => {
    const tasks = [await aTask(), await aTask(), await aTask(), await aTask()]
    const taskers = await someTaskers(4)
    const items = tasks.map((taskId, n) => ({ taskId, taskerId: taskers[n]?.id as string }))
    const results = await Promise.all(
      [items, items.toReversed(), items, items.toReversed()].map((each) =>
        dispatchMany(asOps(), each, reason),
      ),
    )
    const codes = results.flat().map(({ code }) => code ?? 'done')
    expect(count(codes)).toEqual({ done: 4, already_assigned: 12 })
  })
})
