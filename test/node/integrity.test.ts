import type { DatabaseError } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { eventually } from '../support/eventually.ts'
import {
  actAs,
  asOwner,
  connect,
  insertBooking,
  insertTask,
  openWorld,
  type Person,
  transaction,
} from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { describeReal } from '../support/real-postgres.ts'

type Connection = Awaited<ReturnType<typeof connect>>

const codeOf = (error: unknown): string => {
  const { code, message, constraint } = error as DatabaseError
  return code?.startsWith('KH') ? `${code} ${message}` : `${code} ${constraint ?? ''}`.trim()
}

/** Counts what became of each of several attempts at once: `ok`, or why not. */
async function outcomes(attempts: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const settled of await Promise.allSettled(attempts)) {
    const outcome = settled.status === 'fulfilled' ? 'ok' : codeOf(settled.reason)
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

describeReal('what Postgres promises, from several connections', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let others: Connection[]

  beforeAll(async () => {
    world = await openWorld()
    others = await Promise.all(Array.from({ length: 8 }, () => connect(world.ownerUrl)))
  })
  afterAll(async () => {
    await Promise.all(others.map((connection) => connection.end()))
    await world.close()
  })

  const inMatching = (startsAt: string) =>
    asOwner(world.connection, () => insertTask(world, { state: 'matching', startsAt }))

  async function anotherTasker(): Promise<Person> {
    const id = newId()
    await world.connection.query(`insert into users (id, phone, role) values ($1, $2, 'tasker')`, [
      id,
      aPhone(),
    ])
    await asOwner(world.connection, () =>
      world.connection.query(`insert into tasker_profiles (user_id, status) values ($1, 'active')`, [id]),
    )
    return { id, role: 'tasker' }
  }

  it('a task becomes one booking under concurrent acceptance', async () => {
    const task = await inMatching('2027-02-01T10:00:00Z')
    const taskers: Person[] = []
    for (const _ of others) taskers.push(await anotherTasker())
    const result = await outcomes(
      others.map((connection, index) =>
        transaction(connection, taskers[index] as Person, () =>
          insertBooking({ ...world, connection, tasker: taskers[index] as Person }, task, 'accepted'),
        ),
      ),
    )
    expect(result).toEqual({ ok: 1, '23505 bookings_one_open': 7 })
    const { rows } = await world.connection.query('select state from tasks where id = $1', [task])
    expect(rows[0].state).toBe('accepted')
  })

  it('no tasker has overlapping bookings, but may have adjacent ones', async () => {
    const tasker = await anotherTasker()
    const starts = ['10:00', '10:30', '10:45', '11:00'].map((time) => `2027-02-02T${time}:00Z`)
    const tasks: string[] = []
    for (const start of starts) tasks.push(await inMatching(start))
    const book = (connection: Connection, task: string) =>
      transaction(connection, tasker, () => insertBooking({ ...world, connection, tasker }, task, 'accepted'))
    await book(world.connection, tasks[0] as string)
    const result = await outcomes(
      [1, 2, 3].map((index) => book(others[index] as never, tasks[index] as string)),
    )
    // 10:30 and 10:45 overlap the booking; 11:00 begins where it ends.
    expect(result).toEqual({ ok: 1, '23P01 calendar_items_no_overlap': 2 })
  })

  it.each([
    ['accepted', []],
    ['confirmed', ['confirmed']],
    ['in_progress', ['confirmed', 'in_progress']],
  ])('a booking that is %s keeps its time from every other booking', async (state, path) => {
    const tasker = await anotherTasker()
    const mine = { ...world, tasker }
    const [first, second] = [
      await inMatching('2027-02-12T10:00:00Z'),
      await inMatching('2027-02-12T10:30:00Z'),
    ]
    const booking = await transaction(world.connection, tasker, () => insertBooking(mine, first, 'accepted'))
    for (const status of path) {
      await transaction(world.connection, status === 'confirmed' ? world.client : tasker, () =>
        world.connection.query('update bookings set status = $2 where id = $1', [booking, status]),
      )
    }
    const again = transaction(world.connection, tasker, () => insertBooking(mine, second, 'accepted'))
    expect([state, await again.then(() => 'ok', codeOf)]).toEqual([state, '23P01 calendar_items_no_overlap'])
  })

  it('task and booking move together or not at all', async () => {
    const task = await inMatching('2027-02-03T10:00:00Z')
    const tasker = await anotherTasker()
    const booking = await transaction(world.connection, tasker, () =>
      insertBooking({ ...world, tasker }, task, 'accepted'),
    )
    const states = async () =>
      (
        await world.connection.query(
          'select t.state, b.status from tasks t join bookings b on b.task_id = t.id where t.id = $1',
          [task],
        )
      ).rows[0]
    expect(await states()).toEqual({ state: 'accepted', status: 'accepted' })

    const alone = transaction(world.connection, world.client, () =>
      world.connection.query(`update tasks set state = 'confirmed' where id = $1`, [task]),
    )
    expect(codeOf(await alone.catch((error) => error))).toBe('23514 task_follows_booking')
    expect(await states()).toEqual({ state: 'accepted', status: 'accepted' })

    await transaction(world.connection, world.client, () =>
      world.connection.query(`update bookings set status = 'confirmed' where id = $1`, [booking]),
    )
    expect(await states()).toEqual({ state: 'confirmed', status: 'confirmed' })

    await transaction(world.connection, tasker, () =>
      world.connection.query(`update bookings set status = 'canceled' where id = $1`, [booking]),
    )
    expect(await states()).toEqual({ state: 'canceled_by_tasker', status: 'canceled' })
    const history = await world.connection.query(
      'select to_state, actor_user_id from task_state_events where task_id = $1 order by id',
      [task],
    )
    expect(history.rows.map((row) => row.to_state)).toEqual(['accepted', 'confirmed', 'canceled_by_tasker'])
    expect(history.rows[2].actor_user_id).toBe(tasker.id)
  })

  it('of two who confirm at once, one confirms and the other conflicts', async () => {
    const task = await inMatching('2027-02-04T10:00:00Z')
    const tasker = await anotherTasker()
    const booking = await transaction(world.connection, tasker, () =>
      insertBooking({ ...world, tasker }, task, 'accepted'),
    )
    const result = await outcomes(
      others.map((connection) =>
        transaction(connection, world.client, () =>
          connection.query(`update bookings set status = 'confirmed' where id = $1`, [booking]),
        ),
      ),
    )
    expect(result).toEqual({ ok: 1, 'KH409 invalid_transition': 7 })
  })

  it('both reviews at once end the task once', async () => {
    const task = await asOwner(world.connection, () => insertTask(world, { state: 'settled' }))
    const booking = await asOwner(world.connection, () => insertBooking(world, task, 'completed'))
    const review = (connection: Connection, person: Person) =>
      transaction(connection, person, () =>
        connection.query(
          'insert into reviews (id, booking_id, reviewer_id, reviewee_id, rating) values ($1, $2, $3, $4, 5)',
          [newId(), booking, person.id, newId()],
        ),
      )
    const [a, b, c] = others as [Connection, Connection, Connection]
    const result = await outcomes([review(a, world.client), review(b, world.tasker), review(c, world.client)])
    expect(result).toEqual({ ok: 2, '23505 reviews_booking_reviewer_key': 1 })
    const { rows } = await world.connection.query(
      `select t.state, (select count(*)::int from task_state_events e where e.task_id = t.id and e.to_state = 'reviewed') as times
         from tasks t where t.id = $1`,
      [task],
    )
    expect(rows[0]).toEqual({ state: 'reviewed', times: 1 })
  })

  it('every change leaves an audit row with fields, actor and request', async () => {
    await world.connection.query('begin')
    await actAs(world.connection, world.ops)
    const request = (await world.connection.query('select khidma.request_id() as id')).rows[0].id
    await world.connection.query(`update users set full_name = 'Mona' where id = $1`, [world.client.id])
    await world.connection.query('commit')
    const { rows } = await world.connection.query(
      'select actor_user_id, actor_role, action, target_id, meta from audit_log where request_id = $1',
      [request],
    )
    expect(rows).toEqual([
      {
        actor_user_id: world.ops.id,
        actor_role: 'ops',
        action: 'users.update',
        target_id: world.client.id,
        meta: { changes: { full_name: [null, 'Mona'] } },
      },
    ])
  })

  it('history and audit cannot be rewritten, not even by the owner', async () => {
    for (const statement of [
      `update audit_log set action = 'x'`,
      'delete from audit_log',
      'truncate audit_log',
      `update task_state_events set reason = 'x'`,
      'delete from booking_events',
      'truncate task_state_events',
      'truncate booking_events',
    ]) {
      const error = await world.connection.query(statement).catch((refusal) => refusal)
      expect(codeOf(error), statement).toBe('23001')
    }
  })

  it('events are committed and rolled back with their change', async () => {
    const task = await insertTaskAs(world.client)
    await world.connection.query('begin')
    await actAs(world.connection, world.client)
    await world.connection.query(`update tasks set state = 'posted' where id = $1`, [task])
    await world.connection.query('rollback')
    const types = async () =>
      (await world.connection.query('select type from outbox where object_id = $1 order by seq', [task])).rows
    expect(await types()).toEqual([{ type: 'task.created' }])
    await transaction(world.connection, world.client, () =>
      world.connection.query(`update tasks set state = 'posted' where id = $1`, [task]),
    )
    expect(await types()).toEqual([{ type: 'task.created' }, { type: 'task.posted' }])
    const recipients = await world.connection.query(
      'select distinct r.user_id from outbox_recipients r join outbox o on o.id = r.event_id where o.object_id = $1',
      [task],
    )
    expect(recipients.rows).toEqual([{ user_id: world.client.id }])
  })

  async function insertTaskAs(person: Person): Promise<string> {
    return transaction(world.connection, person, () => insertTask(world))
  }

  it('an idempotency key has one effect from many connections, and replays its answer', async () => {
    const scope = world.client.id
    const key = newId()
    const begin = (connection: Connection, hash: string) =>
      connection.query(`select khidma.begin_request('client', $1, 'r', null, null, $2, $3, $4)`, [
        world.client.id,
        scope,
        key,
        hash,
      ])
    let refused = 0
    const effect = async (connection: Connection, hash = 'a') => {
      await connection.query('begin')
      try {
        await begin(connection, hash)
        const id = await insertTask({ ...world, connection })
        // In the middle of its work until all others have asked.
        await eventually('all others were refused', () => refused === others.length - 1)
        await connection.query('select khidma.finish_request($1)', [JSON.stringify([{ id }])])
        await connection.query('commit')
        return id
      } catch (error) {
        refused += 1
        await connection.query('rollback')
        throw error
      }
    }
    const before = await countTasks()
    const result = await outcomes(others.map((connection) => effect(connection)))
    expect(result).toEqual({ ok: 1, 'KH409 idempotency_in_progress': 7 })
    expect(await countTasks()).toBe(before + 1)

    const replay = (await effect(others[0] as never).catch((error) => error)) as DatabaseError
    expect(replay.code).toBe('KH200')
    expect(JSON.parse(replay.detail ?? '')).toHaveLength(1)
    expect(await outcomes([effect(others[1] as never, 'b')])).toEqual({ 'KH422 idempotency_mismatch': 1 })
    expect(await countTasks()).toBe(before + 1)
  })

  it('a key whose transaction was rolled back is free again', async () => {
    const [connection] = others as [Connection]
    const key = newId()
    for (const end of ['rollback', 'commit']) {
      await connection.query('begin')
      await connection.query(
        `select khidma.begin_request('client', $1, 'r', null, null, 'scope', $2, 'hash')`,
        [world.client.id, key],
      )
      await connection.query(`select khidma.finish_request('[]')`)
      await connection.query(end)
    }
    const { rows } = await connection.query(
      'select count(*)::int as n from idempotency_keys where key = $1',
      [key],
    )
    expect(rows[0].n).toBe(1)
  })

  async function countTasks(): Promise<number> {
    return (await world.connection.query('select count(*)::int as n from tasks')).rows[0].n
  }

  it('the application role cannot touch books, history, machines or triggers', async () => {
    const [connection] = others as [Connection]
    await connection.query('set role khidma_app')
    try {
      for (const statement of [
        'update ledger_lines set amount = 1',
        'delete from ledger_entries',
        'truncate ledger_lines',
        'delete from ledger_balances',
        `update task_state_events set reason = 'x'`,
        `update audit_log set action = 'x'`,
        `insert into state_transitions (machine, name, to_state, party) values ('task', 'x', 'settled', 'client')`,
        'alter table tasks disable trigger b_guard_state',
        'set session_replication_role = replica',
      ]) {
        const error = await connection.query(statement).catch((refusal) => refusal)
        expect(codeOf(error), statement).toBe('42501')
      }
    } finally {
      await connection.query('reset role')
    }
  })
})
