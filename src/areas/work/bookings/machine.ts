import { defineMachine } from '../../../core/machine.ts'

/** A booking takes its task along: one transaction moves both, or neither. */
export const bookingMachine = defineMachine({
  name: 'booking',
  table: 'bookings',
  column: 'status',
  states: ['offered', 'accepted', 'confirmed', 'in_progress', 'completed', 'canceled', 'disputed'],
  people: { client: { column: 'client_id' }, tasker: { column: 'tasker_id' } },
  history: { table: 'booking_events', object: 'booking_id', from: 'from_status', to: 'to_status' },
  consequences: {
    after_booking_accepted: 'Opens the conversation of both parties and the payment.',
    after_booking_completed:
      'Captures what is authorised, or begins the wait for cash; counts the booking for the tasker as completed.',
    after_booking_canceled:
      'Cancels the payment that nobody has made; counts the booking against a tasker who canceled it.',
  },
  transitions: [
    { name: 'offered', from: [null], to: 'offered', by: ['ops', 'client'], event: 'booking.offered' },
    {
      name: 'accepted',
      from: [null],
      to: 'accepted',
      by: ['tasker'],
      event: 'booking.accepted',
      drivesTask: 'accepted',
      consequences: ['after_booking_accepted'],
    },
    {
      name: 'accept',
      from: ['offered'],
      to: 'accepted',
      by: ['tasker'],
      event: 'booking.accepted',
      drivesTask: 'accepted',
      consequences: ['after_booking_accepted'],
      derived: true,
    },
    {
      name: 'confirm',
      from: ['accepted'],
      to: 'confirmed',
      by: ['client'],
      event: 'booking.confirmed',
      drivesTask: 'confirmed',
    },
    {
      name: 'start',
      from: ['confirmed'],
      to: 'in_progress',
      by: ['tasker'],
      event: 'booking.in_progress',
      drivesTask: 'in_progress',
    },
    {
      name: 'complete',
      from: ['in_progress'],
      to: 'completed',
      by: ['tasker'],
      event: 'booking.completed',
      drivesTask: 'completed',
      consequences: ['after_booking_completed'],
    },
    {
      name: 'cancel',
      from: ['accepted', 'confirmed'],
      to: 'canceled',
      by: ['client', 'tasker', 'ops'],
      event: 'booking.canceled',
      drivesTask: {
        client: 'canceled_by_client',
        tasker: 'canceled_by_tasker',
        ops: 'canceled_by_client',
      },
      consequences: ['after_booking_canceled'],
    },
    {
      name: 'withdraw',
      from: ['offered'],
      to: 'canceled',
      by: ['client', 'tasker', 'ops'],
      event: 'booking.canceled',
      consequences: ['after_booking_canceled'],
      derived: true,
    },
    // Its task has failed. Nobody's own action: only the task's consequence may, in the system's name.
    {
      name: 'fail',
      from: ['in_progress'],
      to: 'canceled',
      by: ['system'],
      event: 'booking.canceled',
      consequences: ['after_booking_canceled'],
      derived: true,
    },
    {
      name: 'dispute',
      from: ['in_progress', 'completed'],
      to: 'disputed',
      by: ['client', 'tasker', 'ops'],
      event: 'booking.disputed',
      drivesTask: 'disputed',
    },
    // Out of a dispute only its decision leads: `b_guarded_by_dispute` refuses the rest.
    {
      name: 'resolve',
      from: ['disputed'],
      to: 'completed',
      by: ['ops'],
      event: 'booking.completed',
      drivesTask: 'completed',
      derived: true,
    },
    {
      name: 'cancel_after_dispute',
      from: ['disputed'],
      to: 'canceled',
      by: ['ops'],
      event: 'booking.canceled',
      drivesTask: 'canceled_by_client',
      consequences: ['after_booking_canceled'],
      derived: true,
    },
  ],
})

export type BookingStatus = (typeof bookingMachine)['states'][number]
