import { defineMachine } from '../../../core/machine.ts'

/** A booking takes its task along: one transaction moves both, or neither. */
export const bookingMachine = defineMachine({
  name: 'booking',
  table: 'bookings',
  column: 'status',
  states: ['offered', 'accepted', 'confirmed', 'in_progress', 'completed', 'canceled', 'disputed'],
  people: { client: { column: 'client_id' }, tasker: { column: 'tasker_id' } },
  eventData: { noShowBy: 'new.no_show_by', lapsed: 'new.lapsed' },
  history: { table: 'booking_events', object: 'booking_id', from: 'from_status', to: 'to_status' },
  consequences: {
    after_booking_accepted: 'Opens the conversation of both parties and the payment.',
    after_booking_confirmed: 'Opens both for a booking that was never merely accepted.',
    after_booking_offered:
      'Cancels a payment and ends a proposed change, where it had been accepted before; gives a task that is matched the time of a search again.',
    after_booking_completed:
      'Captures what is authorised, or begins the wait for cash; counts the booking for the tasker as completed; ends a proposed change of it.',
    after_booking_canceled:
      'Cancels the payment that nobody has made, and the contract; ends a proposed change; counts the booking against a tasker who canceled it or did not appear.',
    after_booking_disputed: 'Freezes the contract, and ends a proposed change of the booking.',
  },
  deadlines: {
    confirmation: {
      while: ['accepted'],
      storedIn: 'booking_deadlines.due_at',
      config: 'bookings.confirmation_deadline',
      from: 'its acceptance; never after the start, where that leaves some time',
      reminder: { event: 'booking.confirmation_reminder', tells: ['client'] },
    },
    visit: {
      while: ['confirmed'],
      storedIn: 'booking_deadlines.due_at',
      config: 'bookings.visit_reminders',
      from: 'the start',
      outcome: 'nothing: it only reminds',
      reminder: { event: 'booking.visit_reminder', tells: ['client', 'tasker'] },
    },
    start: {
      while: ['confirmed'],
      storedIn: 'booking_deadlines.due_at',
      config: 'bookings.start_deadline',
      from: 'the end of its hours',
      reminder: { event: 'booking.start_reminder', tells: ['client', 'tasker'] },
    },
    completion: {
      while: ['in_progress'],
      storedIn: 'booking_deadlines.due_at',
      config: 'bookings.completion_deadline',
      from: 'the end of its hours, or of as many from its start',
      reminder: { event: 'booking.completion_reminder', tells: ['tasker'] },
    },
    acceptance: {
      while: ['completed'],
      storedIn: 'booking_deadlines.due_at',
      config: 'bookings.acceptance_deadline',
      from: 'its completion, until the client has accepted the work',
      outcome: 'the work counts as accepted (`booking.work_accepted`)',
      reminder: { event: 'booking.acceptance_reminder', tells: ['client'] },
    },
    payment: {
      while: ['completed'],
      storedIn: 'booking_deadlines.due_at',
      config: 'bookings.payment_deadline',
      from: 'its completion, until it is paid',
      outcome: 'staff are told (`booking.unpaid`)',
      reminder: { event: 'booking.payment_reminder', tells: ['client'] },
    },
  },
  transitions: [
    {
      name: 'offered',
      from: [null],
      to: 'offered',
      by: ['ops', 'client', 'system'],
      event: 'booking.offered',
    },
    {
      name: 'accepted',
      from: [null],
      to: 'accepted',
      by: ['tasker', 'client', 'ops', 'system'],
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
    },
    // Staff, or its company, assign it to a tasker whose contract needs no answer.
    {
      name: 'assigned',
      from: [null],
      to: 'confirmed',
      by: ['ops', 'system'],
      event: 'booking.confirmed',
      drivesTask: 'confirmed',
      consequences: ['after_booking_confirmed'],
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
    // Forgotten: it ends with the time that was agreed, and is billed for that. With a contract: its last milestone is released.
    {
      name: 'complete',
      from: ['in_progress'],
      to: 'completed',
      by: ['system'],
      event: 'booking.completed',
      drivesTask: 'completed',
      consequences: ['after_booking_completed'],
      after: { deadline: 'completion' },
    },
    // Nobody confirmed it, nobody began, or its contract is dormant: the hours are free again, without a fee, and the task can be posted again.
    {
      name: 'lapse',
      from: ['accepted'],
      to: 'canceled',
      by: ['system'],
      event: 'booking.canceled',
      drivesTask: 'expired',
      consequences: ['after_booking_canceled'],
      after: { deadline: 'confirmation' },
    },
    {
      name: 'lapse',
      from: ['confirmed'],
      to: 'canceled',
      by: ['system'],
      event: 'booking.canceled',
      drivesTask: 'expired',
      consequences: ['after_booking_canceled'],
      after: { deadline: 'start' },
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
      name: 'decline',
      from: ['offered'],
      to: 'canceled',
      by: ['tasker'],
      event: 'booking.offer_ended',
      consequences: ['after_booking_offered'],
    },
    {
      name: 'withdraw',
      from: ['offered'],
      to: 'canceled',
      by: ['client', 'ops'],
      event: 'booking.offer_ended',
      consequences: ['after_booking_offered'],
      derived: true,
    },
    // The tasker was silent until the instant that the assignment stores.
    {
      name: 'lapse',
      from: ['offered'],
      to: 'canceled',
      by: ['system'],
      event: 'booking.offer_ended',
      consequences: ['after_booking_offered'],
    },
    // Staff, or its company, take it from its tasker and give the task to another; the same transaction withdraws it then.
    {
      name: 'release',
      from: ['accepted', 'confirmed'],
      to: 'offered',
      by: ['ops', 'system'],
      event: 'booking.released',
      drivesTask: 'posted',
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
      // The system: both sides have agreed, or it was withdrawn.
      by: ['ops', 'system'],
      event: 'booking.completed',
      drivesTask: 'completed',
      derived: true,
    },
    {
      name: 'cancel_after_dispute',
      from: ['disputed'],
      to: 'canceled',
      by: ['ops', 'system'],
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
