import { newId } from '../../../src/core/ids.ts'
import { aBooking, aPaidBooking, type Scenes } from './scene.ts'

export const trustScenes: Scenes = {
  async dispute({ world, id, row, state }) {
    const { client } = world
    return row(
      'id, booking_id, opened_by, reason, status',
      ...[id, (await aPaidBooking(world, 'disputed')).booking, client.id, 'Unfinished', state],
    )
  },
  async dispute_offer({ world, id, row, state, next }) {
    const { connection, client, tasker } = world
    const dispute = newId()
    const booking = (await aPaidBooking(world, 'disputed')).booking
    await connection.query(
      `insert into disputes (id, booking_id, opened_by, reason, status) values ($1, $2, $3, 'Unfinished', 'investigating')`,
      [dispute, booking, client.id],
    )
    // Both have accepted what is to be done; who has made it accepts it with that.
    const accepted = next === undefined && state === 'pending' ? null : new Date()
    return row(
      'id, dispute_id, client_id, tasker_id, proposed_by, side, status, amount, client_amount, tasker_amount, currency, client_accepted_at, tasker_accepted_at, expires_at, ended_at',
      ...[id, dispute, client.id, tasker.id, client.id, 'client', state, 12_000, 5_000, 7_000, 'EGP'],
      ...[accepted, accepted, new Date(Date.now() + 3_600_000), state === 'pending' ? null : new Date()],
    )
  },
  async review({ world, id, row, state }) {
    const { client, tasker } = world
    return row(
      'id, booking_id, reviewer_id, reviewee_id, entity_type, entity_id, rating, status, publishes_at, edit_until, published_at, hidden_reason',
      ...[id, await aBooking(world, 'completed'), client.id, tasker.id, 'professional', tasker.id, 5, state],
      ...[new Date(Date.now() + 3_600_000), new Date(Date.now() + 3_600_000)],
      ...[state === 'published' ? new Date() : null, state === 'hidden' ? 'It names a third person' : null],
    )
  },
  case({ world, id, row, state }) {
    return row(
      'id, kind, subject_type, subject_id, queue, status, assignee_id, due_at, decided_at, decision',
      ...[
        id,
        'report',
        'report',
        id,
        'report',
        state,
        state === 'assigned' ? world.ops.id : null,
        new Date(),
      ],
      ...(state === 'closed' ? [new Date(), 'resolved'] : [null, null]),
    )
  },
  report({ world, id, row, state }) {
    const { client } = world
    return row(
      'id, reporter_id, kind, status, subject_type, subject_id',
      ...[id, client.id, 'fraud', state, 'user', client.id],
    )
  },
}
