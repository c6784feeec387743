import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  acceptChange,
  proposeChange,
  rejectChange,
  withdrawChange,
} from '../../src/areas/work/bookings/booking-changes.ts'
import { cancelBooking, completeBooking } from '../../src/areas/work/bookings/bookings.ts'
import { expireBookingChanges } from '../../src/areas/work/bookings/jobs.ts'
import { startBooking } from '../../src/areas/work/bookings/life/start-codes.ts'
import { asOwner, insertBooking, insertTask, openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('agreed changes of a booking, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let day = 0

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 16)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const asClient = () => contexts.contextOf(world.client)
  const asTasker = () => contexts.contextOf(world.tasker)

  async function aBooking(status: 'confirmed' | 'in_progress'): Promise<string> {
    day += 1
    const startsAt = new Date(Date.UTC(2027, 2, day, 10)).toISOString()
    return asOwner(world.connection, async () => {
      const id = await insertBooking(world, await insertTask(world, { state: status, startsAt }), status)
      await world.connection.query(
        `update bookings set started_at = case when status = 'in_progress' then now() end where id = $1`,
        [id],
      )
      return id
    })
  }

  const longer = { minutes: 120, rateAmount: 15_000 }
  const aProposal = async (bookingId: string) => ({
    bookingId,
    changeId: (await proposeChange(asTasker(), bookingId, longer, 'It takes longer.')).id,
  })

  async function stateOf({ bookingId, changeId }: { bookingId: string; changeId: string }) {
    const { rows } = await world.connection.query(
      `select b.status as booking, c.status as change, b.agreed_rate_amount::int as rate, khidma.agreed_minutes(b) as minutes
         from bookings b join booking_changes c on c.booking_id = b.id where c.id = $2 and b.id = $1`,
      [bookingId, changeId],
    )
    return rows[0]
  }

  const terms = { accepted: { rate: 15_000, minutes: 120 }, other: { rate: 12_000, minutes: 60 } }

  it('ten proposals by both sides leave one', async () => {
    const bookingId = await aBooking('confirmed')
    const outcomes = await times(10, (n) =>
      outcomeOf(
        proposeChange(
          n % 2 === 0 ? asClient() : asTasker(),
          bookingId,
          { minutes: 100 + n },
          'It takes longer.',
        ),
      ),
    )
    expect(count(outcomes)).toEqual({ ok: 1, booking_change_pending: 9 })
  })

  it('accepting, rejecting and withdrawing at once ends it one way, and the booking follows', async () => {
    for (let round = 0; round < 15; round += 1) {
      const change = await aProposal(await aBooking('confirmed'))
      const ways = [
        () => acceptChange(asClient(), change),
        () => withdrawChange(asTasker(), change),
        () => rejectChange(asClient(), change),
      ]
      const inTurn = [...ways.slice(round % 3), ...ways.slice(0, round % 3)]
      const outcomes = await Promise.all(inTurn.map((way) => outcomeOf(way())))
      expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 2 })
      const state = await stateOf(change)
      expect(state).toMatchObject(state.change === 'accepted' ? terms.accepted : terms.other)
    }
  })

  it('accepting beside withdrawing beside completing: the completed booking has the terms that its change says', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 24; round += 1) {
      const change = await aProposal(await aBooking('in_progress'))
      const ways = [
        () => acceptChange(asClient(), change),
        () => completeBooking(asTasker(), change.bookingId),
        () => withdrawChange(asTasker(), change),
      ]
      const inTurn = [...ways.slice(round % 3), ...ways.slice(0, round % 3)]
      const outcomes = await Promise.all(inTurn.map((way) => outcomeOf(way())))
      for (const outcome of outcomes) expect(['ok', 'invalid_transition']).toContain(outcome)
      const state = await stateOf(change)
      expect(state).toMatchObject({
        booking: 'completed',
        ...(state.change === 'accepted' ? terms.accepted : terms.other),
      })
      expect(state.change).not.toBe('pending')
      seen.add(state.change)
    }
    expect(seen.size).toBeGreaterThan(1)
  })

  it('accepting another start beside starting the work: begun work keeps its start', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 16; round += 1) {
      const bookingId = await aBooking('confirmed')
      const startsAt = new Date(Date.UTC(2027, 6, round + 1, 10)).toISOString()
      const { id: changeId } = await proposeChange(asTasker(), bookingId, { startsAt }, 'I am late.')
      const ways = [
        () => acceptChange(asClient(), { bookingId, changeId }),
        () => startBooking(asTasker(), bookingId),
      ]
      const inTurn = round % 2 === 0 ? ways : ways.toReversed()
      const outcomes = await Promise.all(inTurn.map((way) => outcomeOf(way())))
      const [accepted, started] = round % 2 === 0 ? outcomes : outcomes.toReversed()
      expect(started).toBe('ok')
      expect(['ok', 'booking_started']).toContain(accepted)
      const { rows } = await world.connection.query(
        `select b.status, lower(b.scheduled_during) = $2 as moved, c.status as change,
                array(select e.from_status::text from booking_events e where e.booking_id = b.id and e.meta ->> 'action' = 'accept_change') as "changedIn"
           from bookings b join booking_changes c on c.booking_id = b.id where b.id = $1`,
        [bookingId, startsAt],
      )
      expect(rows).toEqual([
        accepted === 'ok'
          ? { status: 'in_progress', moved: true, change: 'accepted', changedIn: ['confirmed'] }
          : { status: 'in_progress', moved: false, change: 'pending', changedIn: [] },
      ])
      seen.add(accepted ?? '')
    }
    expect(seen.size).toBe(2)
  })

  it('the sweep beside answers and cancellations ends each once, without a deadlock', async () => {
    const changes: Awaited<ReturnType<typeof aProposal>>[] = []
    for (let each = 0; each < 8; each += 1) changes.push(await aProposal(await aBooking('confirmed')))
    await world.connection.query(`update booking_changes set expires_at = now() where status = 'pending'`)
    const outcomes = await Promise.all([
      ...changes.map((change) => outcomeOf(acceptChange(asClient(), change))),
      ...[1, 2, 3].map(() => outcomeOf(expireBookingChanges(contexts.systemContext('test'), 100))),
      ...changes.slice(0, 4).map(({ bookingId }) => outcomeOf(cancelBooking(asTasker(), bookingId, 'Flu.'))),
    ])
    for (const outcome of outcomes)
      expect(['ok', 'booking_change_expired', 'invalid_transition']).toContain(outcome)
    for (const change of changes)
      expect(await stateOf(change)).toMatchObject({ change: 'expired', ...terms.other })
    const { rows } = await world.connection.query(
      `select count(*)::int as n from outbox where type = 'booking.change_expired' and object_id = any ($1)`,
      [changes.map(({ changeId }) => changeId)],
    )
    expect(rows[0].n).toBe(changes.length)
  })
})
