import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDispute, resolveDispute } from '../../src/areas/trust/disputes/disputes.ts'
import { cancelBooking } from '../../src/areas/work/bookings/bookings.ts'
import { cancelTask } from '../../src/areas/work/tasks/tasks.ts'
import { newId } from '../../src/core/ids.ts'
import {
  actAs,
  asOwner,
  connect,
  insertBooking,
  insertTask,
  openWorld,
  transaction,
} from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { inTurn, messageOf, outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const REPAIR = readFileSync(
  join(import.meta.dirname, '../../drizzle/migrations/0004_disputes_that_nothing_ends.sql'),
  'utf8',
)

describeReal('a booking in dispute', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 4)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const as = (who: 'client' | 'tasker' | 'ops') => contexts.contextOf(world[who])
  const stateOf = async (booking: string) => {
    const { rows } = await world.connection.query(
      `select b.status as booking, t.state as task, d.status as dispute, d.resolution ->> 'note' as note
         from bookings b join tasks t on t.id = b.task_id left join disputes d on d.booking_id = b.id where b.id = $1`,
      [booking],
    )
    return rows[0]
  }

  let days = 0
  async function aBooking(status = 'in_progress'): Promise<{ task: string; booking: string }> {
    return asOwner(world.connection, async () => {
      days += 1
      const task = await insertTask(world, {
        state: status === 'canceled' ? 'canceled_by_client' : status,
        startsAt: new Date(Date.UTC(2027, 3, days)).toISOString(),
      })
      return { task, booking: await insertBooking(world, task, status) }
    })
  }

  async function aDisputed(): Promise<{ task: string; booking: string; dispute: string }> {
    const story = await aBooking()
    const { id } = await openDispute(as('client'), story.booking, { reason: 'It drips.' })
    return { ...story, dispute: id }
  }

  it('cannot be canceled while its dispute is being decided', async () => {
    for (const cancel of [
      ({ booking }: { booking: string }) => cancelBooking(as('ops'), booking, 'Tired of it.'),
      ({ task }: { task: string }) => cancelTask(as('ops'), task, 'Tired of it.'),
    ]) {
      const open = await aDisputed()
      expect(await outcomeOf(cancel(open))).toBe('booking_in_dispute')

      const story = await aDisputed()
      const slow = await connect(world.ownerUrl)
      try {
        const outcome = await inTurn(slow, world.connection, {
          first: async () => {
            await actAs(slow, world.ops)
            await slow.query('select from bookings where id = $1 for update', [story.booking])
            await slow.query(`update disputes set status = 'rejected' where id = $1`, [story.dispute])
          },
          second: () => outcomeOf(cancel(story)),
        })
        expect(outcome).toBe('invalid_transition')
      } finally {
        await slow.end()
      }
      expect(await stateOf(story.booking)).toMatchObject({ booking: 'completed', dispute: 'rejected' })
    }
  })

  it('ends once, with its dispute, under concurrent decisions and cancellations', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { booking, task, dispute } = await aDisputed()
      const outcomes = await Promise.all([
        outcomeOf(cancelBooking(as('ops'), booking, 'Tired of it.')),
        outcomeOf(resolveDispute(as('ops'), dispute, { outcome: 'canceled' })),
        outcomeOf(cancelTask(as('ops'), task, 'Tired of it.')),
        outcomeOf(resolveDispute(as('ops'), dispute, {})),
      ])
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
      const { booking: status, dispute: end } = await stateOf(booking)
      expect(end).toBe('resolved')
      expect(['completed', 'canceled']).toContain(status)
    }
  })

  it('has an open dispute at commit, and no other booking has one', async () => {
    const { connection } = world
    const broken = /booking .* in dispute while its dispute is/
    const alone = await aBooking()
    const withoutDispute = transaction(connection, world.client, () =>
      connection.query(`update bookings set status = 'disputed' where id = $1`, [alone.booking]),
    )
    expect(await messageOf(withoutDispute)).toMatch(broken)
    const withoutBooking = transaction(connection, world.client, () =>
      connection.query(
        `insert into disputes (id, booking_id, opened_by, reason) values ($1, $2, $3, 'It drips')`,
        [newId(), alone.booking, world.client.id],
      ),
    )
    expect(await messageOf(withoutBooking)).toMatch(broken)
  })

  it('canceled by staff is repaired: the dispute is rejected, and both parties can be erased', async () => {
    const { connection, client, tasker } = world
    await connection.query('delete from disputes')
    await asOwner(connection, () => connection.query(`update bookings set status = 'canceled'`))
    await asOwner(connection, () => connection.query(`update tasks set state = 'canceled_by_client'`))
    const { booking } = await aBooking('canceled')
    const dispute = newId()
    await asOwner(connection, () =>
      connection.query(
        `insert into disputes (id, booking_id, opened_by, reason, status, resolution)
         values ($1, $2, $3, 'It drips', 'investigating', '{"kept": true}')`,
        [dispute, booking, client.id],
      ),
    )
    const other = await aDisputed()
    const obstacles = async (id: string | null) =>
      (await connection.query('select khidma.erasure_obstacles($1) as list', [id])).rows[0].list
    const events = async () =>
      (
        await connection.query(
          `select o.type, (select count(*)::int from outbox_recipients r where r.event_id = o.id) as recipients
             from outbox o where o.object_id = $1 order by o.seq`,
          [dispute],
        )
      ).rows
    expect(await obstacles(client.id)).toContain('open_dispute')

    await connection.query(REPAIR)

    expect(await stateOf(booking)).toEqual({
      booking: 'canceled',
      task: 'canceled_by_client',
      dispute: 'rejected',
      note: 'ended with its booking',
    })
    expect(await events()).toEqual([{ type: 'dispute.rejected', recipients: 2 }])
    const { rows: kept } = await connection.query(
      'select reason, resolution, version from disputes where id = $1',
      [dispute],
    )
    expect(kept).toEqual([
      { reason: 'It drips', resolution: { kept: true, note: 'ended with its booking' }, version: 2 },
    ])
    const { rows: audited } = await connection.query(
      `select action, actor_user_id, actor_role from audit_log where target_id = $1`,
      [dispute],
    )
    expect(audited).toEqual([{ action: 'disputes.update', actor_user_id: null, actor_role: 'ops' }])
    // A dispute whose booking is in dispute is nothing to repair.
    expect(await stateOf(other.booking)).toMatchObject({ booking: 'disputed', dispute: 'open' })

    await connection.query(REPAIR)
    expect(await events()).toHaveLength(1)

    await resolveDispute(as('ops'), other.dispute, { outcome: 'canceled' })
    for (const { id } of [client, tasker]) expect(await obstacles(id)).toEqual([])
  })
})
