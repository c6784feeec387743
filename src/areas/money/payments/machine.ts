import { defineMachine } from '../../../core/machine.ts'

const booking = { table: 'bookings', key: 'id', equals: 'booking_id' }

export const paymentIntentMachine = defineMachine({
  name: 'payment_intent',
  table: 'payment_intents',
  column: 'status',
  states: ['requires_action', 'authorized', 'captured', 'failed', 'canceled'],
  people: { client: { column: 'client_id', in: booking }, tasker: { column: 'tasker_id', in: booking } },
  transitions: [
    { name: 'created', from: [null], to: 'requires_action', by: ['client'], event: 'payment_intent.created' },
    {
      name: 'authorize',
      from: ['requires_action'],
      to: 'authorized',
      by: ['provider', 'system'],
      event: 'payment_intent.authorized',
    },
    // Cash is captured when the tasker says that it is in hand; money by wire when the provider says so.
    {
      name: 'confirm-cash',
      from: ['requires_action'],
      to: 'captured',
      by: ['tasker'],
      event: 'payment_intent.captured',
      drivesTask: 'settled',
    },
    {
      name: 'capture',
      from: ['authorized'],
      to: 'captured',
      by: ['provider', 'system'],
      event: 'payment_intent.captured',
      drivesTask: 'settled',
    },
    {
      name: 'fail',
      from: ['requires_action', 'authorized'],
      to: 'failed',
      by: ['provider', 'system'],
      event: 'payment_intent.failed',
    },
    // A cancelled booking takes its unpaid intent along.
    {
      name: 'cancel',
      from: ['requires_action', 'authorized'],
      to: 'canceled',
      by: ['client', 'tasker', 'ops', 'system'],
      event: 'payment_intent.canceled',
      derived: true,
    },
  ],
})

export const payoutMachine = defineMachine({
  name: 'payout',
  table: 'payouts',
  column: 'status',
  states: ['scheduled', 'processing', 'paid', 'failed'],
  people: { tasker: { column: 'tasker_id' } },
  transitions: [
    { name: 'created', from: [null], to: 'scheduled', by: ['system', 'ops'], event: 'payout.created' },
    {
      name: 'paid_in_cash',
      from: [null],
      to: 'paid',
      by: ['tasker', 'system'],
      event: 'payout.paid_in_cash',
    },
    {
      name: 'process',
      from: ['scheduled', 'failed'],
      to: 'processing',
      by: ['system', 'ops'],
      event: 'payout.processing',
    },
    {
      name: 'pay',
      from: ['processing'],
      to: 'paid',
      by: ['provider', 'system', 'ops'],
      event: 'payout.paid',
    },
    {
      name: 'fail',
      from: ['processing'],
      to: 'failed',
      by: ['provider', 'system', 'ops'],
      event: 'payout.failed',
    },
  ],
})
