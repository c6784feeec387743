import { defineMachine } from '../../../core/machine.ts'

/** A booking takes its task along: one transaction moves both, or neither. */
export const bookingMachine = defineMachine({
  name: 'booking',
  table: 'bookings',
  column: 'status',
  states: ['offered', 'accepted', 'confirmed', 'in_progress', 'completed', 'canceled', 'disputed'],
  people: { client: { column: 'client_id' }, tasker: { column: 'tasker_id' } },
  eventData: { noShowBy: 'new.no_show_by' },
  history: { table: 'booking_events', object: 'booking_id', from: 'from_status', to: 'to_status' },
  consequences: {
    after_booking_accepted: 'Opens the conversation of both parties and the payment.',
    after_booking_completed:
      'Captures what is authorised, or begins the wait for cash; counts the booking for the tasker as completed; ends a proposed change of it.',
    after_booking_canceled:
      'Cancels the payment that nobody has made; ends a proposed change; counts the booking against a tasker who canceled it or did not appear.',
    after_booking_disputed: 'Ends a proposed change of the booking.',
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
      consequences: ['after_booking_disputed'],
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

/** A change of the terms of a booking, proposed by one side: the other one accepts or rejects it. */
export const bookingChangeMachine = defineMachine({
  name: 'booking_change',
  table: 'booking_changes',
  column: 'status',
  states: ['pending', 'accepted', 'rejected', 'withdrawn', 'expired'],
  eventData: { bookingChangeId: 'new.id' },
  people: { proposer: { column: 'proposed_by' }, counterparty: { column: 'proposed_to' } },
  consequences: {
    after_booking_change_accepted:
      'Moves the price, the maximum and the time of the booking, and writes its history.',
  },
  transitions: [
    { name: 'created', from: [null], to: 'pending', by: ['proposer'], event: 'booking.change_proposed' },
    {
      name: 'accept',
      from: ['pending'],
      to: 'accepted',
      by: ['counterparty'],
      event: 'booking.change_accepted',
      consequences: ['after_booking_change_accepted'],
    },
    {
      name: 'reject',
      from: ['pending'],
      to: 'rejected',
      by: ['counterparty'],
      event: 'booking.change_rejected',
    },
    {
      name: 'withdraw',
      from: ['pending'],
      to: 'withdrawn',
      by: ['proposer'],
      event: 'booking.change_withdrawn',
    },
    // Its deadline has passed, or the booking has ended before an answer.
    { name: 'expire', from: ['pending'], to: 'expired', by: ['system'], event: 'booking.change_expired' },
  ],
})

export type BookingChangeStatus = (typeof bookingChangeMachine)['states'][number]
