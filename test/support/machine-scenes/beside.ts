import { newId } from '../../../src/core/ids.ts'
import { openContractBeside } from '../contract-scenes.ts'
import { insertBooking, insertPayment, type World } from '../integrity-world.ts'

/** The status of a booking beside its task. A task without one has a canceled one, so that there is a tasker to it. */
const bookingBeside: Record<string, string> = {
  accepted: 'accepted',
  confirmed: 'confirmed',
  in_progress: 'in_progress',
  on_hold: 'in_progress',
  completed: 'completed',
  settled: 'completed',
  reviewed: 'completed',
  disputed: 'disputed',
}

/** Things that can be open beside an object, so that it shows what becomes of them. */
export async function openBeside(world: World, machine: string, key: string, state: string): Promise<void> {
  const { connection, tasker, client } = world
  if (machine === 'task') {
    const booking = await insertBooking(world, key, bookingBeside[state] ?? 'canceled')
    if (state === 'disputed') await insertPayment(world, booking, 'captured')
    if (state === 'matching')
      await connection.query(
        `insert into offers (id, task_id, tasker_id, wave, status, expires_at) values ($1, $2, $3, 1, 'pending', now())`,
        [newId(), key, tasker.id],
      )
  }
  if (machine === 'task' && state === 'posted')
    await connection.query(
      `insert into bids (id, task_id, tasker_id, amount, currency, minutes, message) values ($1, $2, $3, 12000, 'EGP', 60, 'I can')`,
      [newId(), key, tasker.id],
    )
  if (machine === 'booking' && state !== 'disputed' && state !== 'offered')
    await insertPayment(world, key, 'requires_action')
  if (machine === 'booking' && ['accepted', 'confirmed', 'in_progress'].includes(state))
    await connection.query(
      `insert into booking_changes (id, booking_id, proposed_by, proposed_to, was_rate_amount, rate_amount, was_minutes, minutes,
                                    was_starts_at, starts_at, expires_at)
       select $1, id, client_id, tasker_id, 12000, 15000, 60, 60, lower(scheduled_during), lower(scheduled_during), now() + interval '1 hour'
         from bookings where id = $2`,
      [newId(), key],
    )
  if (machine === 'dispute' && !['resolved', 'rejected', 'refunded', 'withdrawn'].includes(state))
    await connection.query(
      `insert into dispute_offers (id, dispute_id, client_id, tasker_id, proposed_by, side, amount, client_amount, tasker_amount, currency, expires_at)
       values ($1, $2, $3, $4, $3, 'client', 12000, 5000, 7000, 'EGP', now() + interval '1 hour')`,
      [newId(), key, client.id, tasker.id],
    )
  if (machine === 'contract') await openContractBeside(world, key, state)
  if (machine === 'contract' && state === 'draft') {
    const { rows } = await connection.query('select booking_id from contracts where id = $1', [key])
    await insertPayment(world, rows[0].booking_id, 'requires_action')
  }
  if (machine === 'milestone' && state === 'submitted')
    await connection.query(
      `insert into milestone_submissions (id, milestone_id, round, note, submitted_by) values ($1, $2, 1, 'Done', $3)`,
      [newId(), key, tasker.id],
    )
  if (machine === 'booking' && state !== 'offered')
    await connection.query('insert into conversations (id, booking_id) values ($1, $2)', [newId(), key])
  if (machine === 'user')
    await connection.query('insert into sessions (id, user_id) values ($1, $2)', [newId(), client.id])
}
