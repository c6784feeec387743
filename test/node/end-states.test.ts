import { afterAll, beforeAll, expect, it } from 'vitest'
import { machines } from '../../src/areas/index.ts'
import { bookingMachine } from '../../src/areas/work/bookings/machine.ts'
import { taskMachine } from '../../src/areas/work/tasks/machine.ts'
import { newId } from '../../src/core/ids.ts'
import { endStates } from '../../src/core/machine.ts'
import { contractRow, insertRow, openContractBeside } from '../support/contract-scenes.ts'
import { aside, disputed, type Ending, endings, endsOf } from '../support/endings.ts'
import { goesOn, hanging, OPEN } from '../support/hanging.ts'
import {
  actAs,
  asOwner,
  insertBooking,
  insertPayment,
  insertTask,
  openWorld,
} from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('an end state', () => {
  let world: Awaited<ReturnType<typeof openWorld>>

  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('of each machine is in the table of this test, or aside with a reason', () => {
    const listed = endings.map(([machine, state]) => `${machine.name} ${state}`)
    const declared = machines
      .filter(({ name }) => !(name in aside))
      .flatMap((machine) => endsOf(machine).map((state) => `${machine.name} ${state}`))
    expect(listed.toSorted()).toEqual(declared.toSorted())
    expect(Object.keys(aside).filter((name) => !machines.some((machine) => machine.name === name))).toEqual(
      [],
    )
  })

  it('says what becomes of everything that has a state and hangs on a task or a booking', async () => {
    const { rows } = await world.connection.query<{ name: string }>(
      `select distinct c.conrelid::regclass::text as name from pg_constraint c
         join pg_attribute a on a.attrelid = c.conrelid and a.attname in ('status', 'state', 'outcome') and not a.attisdropped
        where c.contype = 'f' and c.confrelid in ('tasks'::regclass, 'bookings'::regclass) order by 1`,
    )
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(hanging).toSorted())
  })

  it.each(['client', 'tasker', 'ops', 'system'] as const)(
    'is none for a task in dispute while its dispute is open, whoever tries (%s)',
    async (who) => {
      const { connection } = world
      const ways = [
        ...endStates(taskMachine).map((state) => `update tasks set state = '${state}' where id = :task`),
        ...endStates(bookingMachine).map(
          (state) => `update bookings set status = '${state}' where id = :booking`,
        ),
        `update bookings set status = 'canceled' where id = :booking; update tasks set state = 'canceled_by_client' where id = :task`,
        `update bookings set status = 'completed' where id = :booking`,
      ]
      for (const way of ways) {
        await connection.query('begin')
        const ids = await asOwner(connection, () => prepare({ ...disputed, way, by: who, steps: [] }))
        await actAs(connection, world[who])
        const attempt = async () => {
          await connection.query(withIds(way, ids))
          await connection.query('set constraints all immediate')
        }
        await expect(attempt(), way).rejects.toThrow()
        await connection.query('rollback')
      }
    },
  )

  const cases = endings.flatMap(([machine, state, ways]) =>
    ways.map((ending) => [`${machine.name} ${state}`, ending.way, machine, state, ending] as const),
  )
  it.each(cases)('%s, %s: leaves no open row', async (name, _way, machine, state, ending) => {
    const { connection } = world
    await connection.query('begin')
    try {
      const ids = await asOwner(connection, () => prepare(ending))
      await actAs(connection, world[ending.by])
      for (const step of ending.steps) await connection.query(withIds(step, ids))
      const table = {
        task: ['tasks', 'id', ids.task],
        offer: ['offers', 'id', ids.offer],
        bid: ['bids', 'id', ids.bid],
        dispute_offer: ['dispute_offers', 'id', ids.mediation],
      }[machine.name] ?? [machine.table, machine.name === 'booking' ? 'id' : 'booking_id', ids.booking]
      const { rows } = await connection.query(
        `select ${machine.column} as state from ${table[0]} where ${table[1]} = $1`,
        [table[2]],
      )
      expect(rows).toEqual([{ state }])
      const open = await connection.query<{ what: string }>(OPEN, [ids.task])
      expect(open.rows.map(({ what }) => what).sort()).toEqual(
        (ending.goesOn ?? goesOn[name] ?? []).toSorted(),
      )
      // Books are not kept in this test: all other promises of the commit hold.
      await connection.query('set constraints task_follows_booking, booking_follows_dispute immediate')
    } finally {
      await connection.query('rollback')
    }
  })

  async function prepare({
    task: state,
    booking: status,
    payment,
    dispute,
    isMediated,
    offers = 0,
    bids = 0,
    isAssigned,
    contract,
  }: Ending) {
    const { connection } = world
    const task = await insertTask(world, { state })
    const booking = status ? await insertBooking(world, task, status) : newId()
    if (payment) await insertPayment(world, booking, payment)
    const running =
      { accepted: ['confirmation'], confirmed: ['visit', 'start'], in_progress: ['completion'] }[
        status ?? ''
      ] ?? []
    for (const kind of running)
      await connection.query(
        `insert into booking_deadlines (id, booking_id, kind, due_at, next_at) values ($1, $2, $3, now() + interval '1 hour', now() + interval '1 hour')`,
        [newId(), booking, kind],
      )
    if (running.length > 0)
      await connection.query(
        `insert into booking_changes (id, booking_id, proposed_by, proposed_to, was_minutes, minutes, was_starts_at, starts_at, expires_at)
         select $1, b.id, b.client_id, b.tasker_id, 60, 90, lower(b.scheduled_during), lower(b.scheduled_during), now() + interval '1 hour'
           from bookings b where b.id = $2`,
        [newId(), booking],
      )
    if (contract) {
      const id = newId()
      const status = contract === 'delivered' ? 'active' : contract
      await insertRow(world, 'contracts', contractRow(world, { id, bookingId: booking, status }))
      await openContractBeside(world, id, status)
      if (contract === 'delivered')
        await connection.query(
          `update milestones set status = 'submitted', submitted_at = now(), releases_at = now() - interval '1 minute' where contract_id = $1`,
          [id],
        )
    }
    const mediation = newId()
    if (dispute) {
      const id = newId()
      await connection.query(
        `insert into disputes (id, booking_id, opened_by, reason, status, due_at) values ($1, $2, $3, 'It drips', $4, now() + interval '1 day')`,
        [id, booking, world.client.id, dispute],
      )
      if (isMediated)
        await connection.query(
          `insert into dispute_offers (id, dispute_id, client_id, tasker_id, proposed_by, side, amount, client_amount, tasker_amount, currency, expires_at)
           values ($1, $2, $3, $4, $3, 'client', 12000, 5000, 7000, 'EGP', now() + interval '1 hour')`,
          [mediation, id, world.client.id, world.tasker.id],
        )
    }
    if (isAssigned) {
      await connection.query(
        `update tasks set sourcing = 'assign', assigned_to = $2, assigned_at = now() where id = $1`,
        [task, world.tasker.id],
      )
      await connection.query(
        `insert into assignments (id, task_id, tasker_id, booking_id, mode, status, expires_at, ended_at)
         select $1, b.task_id, b.tasker_id, b.id, 'offer', s.status::assignment_status, now() + interval '1 hour', case s.status when 'accepted' then now() end
           from bookings b, (values ($3)) s (status) where b.id = $2`,
        [newId(), booking, status === 'offered' ? 'pending' : 'accepted'],
      )
    }
    const people = [world.tasker.id, world.stranger.id]
    const made = [newId(), newId()]
    for (let index = 0; index < offers; index += 1)
      await connection.query(
        `insert into offers (id, task_id, tasker_id, wave, status, expires_at) values ($1, $2, $3, 1, 'pending', now())`,
        [made[index], task, people[index]],
      )
    const bidIds = [newId(), newId()]
    if (bids > 0)
      await connection.query(
        `update tasks set sourcing = 'bid', title = 'Tap', deadline = now() + interval '1 day' where id = $1`,
        [task],
      )
    for (let index = 0; index < bids; index += 1)
      await connection.query(
        `insert into bids (id, task_id, tasker_id, amount, currency, minutes, message) values ($1, $2, $3, 25000, 'EGP', 90, 'I can')`,
        [bidIds[index], task, people[index]],
      )
    return {
      task,
      booking,
      bid: bidIds[0] as string,
      mediation,
      offer: made[0] as string,
      tasker: world.tasker.id as string,
      new: newId(),
    }
  }
})

const withIds = (text: string, ids: Record<string, string>): string =>
  text.replace(
    /:(task|booking|bid|mediation|offer|tasker|new)\b/g,
    (_whole, name: string) => `'${ids[name]}'`,
  )
