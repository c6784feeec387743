import { insertBooking, insertTask } from '../integrity-world.ts'
import { leadRefundRow, leadRequestRow, leadRow } from '../lead-scenes.ts'
import { aBooking, type Scenes, spread } from './scene.ts'

export const workScenes: Scenes = {
  task({ world, id, row, state }) {
    const { client } = world
    return row(
      'id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state',
      ...[
        id,
        client.id,
        'plumbing',
        'A leak',
        'Tahrir 1',
        'Cairo',
        30.0444,
        31.2357,
        '2027-01-10T10:00:00Z',
        60,
      ],
      state,
    )
  },
  async booking({ world, id, row, state, taskStates }) {
    const { client, tasker } = world
    const task = await insertTask(world, { state: taskStates[state] ?? 'posted' })
    return row(
      'id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during',
      ...[id, task, client.id, tasker.id, state, 12_000],
      '[2027-01-10T10:00:00Z, 2027-01-10T11:00:00Z)',
    )
  },
  async booking_change({ world, id, row, state }) {
    const { client, tasker } = world
    return row(
      'id, booking_id, proposed_by, proposed_to, status, was_rate_amount, rate_amount, was_minutes, minutes, was_starts_at, starts_at, expires_at, ended_at',
      ...[id, await aBooking(world, 'confirmed'), client.id, tasker.id, state, 12_000, 15_000, 60, 90],
      ...['2027-01-10T10:00:00Z', '2027-01-10T10:00:00Z', new Date(Date.now() + 3_600_000)],
      state === 'pending' ? null : new Date(),
    )
  },
  async assignment({ world, id, row, state }) {
    const { tasker } = world
    const status = ['pending', 'accepted'].includes(state) ? 'offered' : 'canceled'
    const task = await insertTask(world, { state: 'posted' })
    return row(
      'id, task_id, tasker_id, booking_id, mode, status, expires_at, ended_at',
      ...[id, task, tasker.id, await insertBooking(world, task, status)],
      ...['offer', state, new Date(Date.now() + 3_600_000), state === 'pending' ? null : new Date()],
    )
  },
  async offer({ world, id, row, state }) {
    const { tasker } = world
    return row(
      'id, task_id, tasker_id, wave, status, expires_at, delivered_at',
      ...[id, await insertTask(world, { state: 'matching' }), tasker.id, 1, state, new Date(), new Date()],
    )
  },
  async bid({ world, id, row, state }) {
    const { connection, tasker } = world
    const task = await insertTask(world, { state: state === 'accepted' ? 'accepted' : 'posted' })
    await connection.query(
      `update tasks set sourcing = 'bid', title = 'A leak', deadline = '2027-01-09T10:00:00Z' where id = $1`,
      [task],
    )
    return row(
      'id, task_id, tasker_id, status, amount, currency, minutes, message, award_expires_at, accepted_at',
      ...[id, task, tasker.id, state, 12_000, 'EGP', 60, `For ${id}`, new Date(Date.now() + 3_600_000)],
      state === 'accepted' ? new Date() : null,
    )
  },
  async lead({ world, id, row, state }) {
    return row(...spread(await leadRow(world, id, state)))
  },
  async lead_request({ world, id, row, state }) {
    return row(...spread(await leadRequestRow(world, id, state)))
  },
  async lead_refund({ world, id, row, state }) {
    return row(...spread(await leadRefundRow(world, id, state)))
  },
}
