import { defineMachine } from '../../../core/machine.ts'

export const paymentIntentMachine = defineMachine({
  name: 'payment_intent',
  table: 'payment_intents',
  column: 'status',
  states: ['requires_action', 'authorized', 'captured', 'failed', 'canceled'],
  // People of a company pay its orders.
  people: { client: { column: 'payer_id', orWhere: 'khidma.buys_for' }, tasker: { column: 'payee_id' } },
  eventData: { purpose: 'new.purpose', method: 'new.method' },
  consequences: {
    after_payment_intent_captured: 'Settles the task of a completed booking, and completes an order.',
    after_payment_intent_authorized:
      'Releases the held amount of the wallet; what a gateway holds is to be released.',
  },
  transitions: [
    // With its booking, in the client's usual method; tips, top-ups and debts by their payer.
    {
      name: 'created',
      from: [null],
      to: 'requires_action',
      by: ['client', 'system'],
      event: 'payment_intent.created',
    },
    {
      name: 'authorize',
      from: ['requires_action'],
      to: 'authorized',
      by: ['client', 'provider', 'system'],
      event: 'payment_intent.authorized',
      derived: true,
    },
    // Another method, or a fare above what is authorised.
    {
      name: 'reopen',
      from: ['authorized', 'failed'],
      to: 'requires_action',
      by: ['client', 'system'],
      event: 'payment_intent.reopened',
      consequences: ['after_payment_intent_authorized'],
      derived: true,
    },
    {
      name: 'confirm-cash',
      from: ['requires_action'],
      to: 'captured',
      by: ['tasker'],
      event: 'payment_intent.captured',
      consequences: ['after_payment_intent_captured'],
    },
    // Staff, or silence.
    {
      name: 'settle-cash',
      from: ['requires_action'],
      to: 'captured',
      by: ['ops', 'system'],
      event: 'payment_intent.captured',
      consequences: ['after_payment_intent_captured'],
    },
    // A charge that needs no hold.
    {
      name: 'charge',
      from: ['requires_action'],
      to: 'captured',
      by: ['client', 'provider'],
      event: 'payment_intent.captured',
      consequences: ['after_payment_intent_captured'],
      derived: true,
    },
    {
      name: 'capture',
      from: ['authorized'],
      to: 'captured',
      by: ['provider', 'system'],
      event: 'payment_intent.captured',
      consequences: ['after_payment_intent_captured'],
    },
    {
      name: 'fail',
      from: ['requires_action', 'authorized'],
      to: 'failed',
      by: ['client', 'provider', 'system'],
      event: 'payment_intent.failed',
      derived: true,
    },
    // A cancelled booking takes its unpaid intent along.
    {
      name: 'cancel',
      from: ['requires_action', 'authorized', 'failed'],
      to: 'canceled',
      by: ['client', 'tasker', 'ops', 'system'],
      event: 'payment_intent.canceled',
      consequences: ['after_payment_intent_authorized'],
      derived: true,
    },
  ],
})

const payment = { table: 'payment_intents', key: 'id', equals: 'intent_id' }

export const refundMachine = defineMachine({
  name: 'refund',
  table: 'refunds',
  column: 'status',
  states: ['pending', 'succeeded', 'failed'],
  people: {
    client: { column: 'payer_id', in: payment },
    tasker: { column: 'payee_id', in: payment },
  },
  eventData: { paymentId: 'new.intent_id' },
  transitions: [
    // A payer who chooses another method has what was prepaid returned.
    {
      name: 'created',
      from: [null],
      to: 'pending',
      by: ['client', 'ops', 'system'],
      event: 'refund.created',
    },
    // Into the wallet: at once.
    { name: 'credited', from: [null], to: 'succeeded', by: ['ops', 'system'], event: 'refund.succeeded' },
    {
      name: 'succeed',
      from: ['pending'],
      to: 'succeeded',
      by: ['provider', 'system', 'ops'],
      event: 'refund.succeeded',
      derived: true,
    },
    // The gateway could not: the money is in the wallet.
    {
      name: 'fail',
      from: ['pending', 'succeeded'],
      to: 'failed',
      by: ['provider', 'system', 'ops'],
      event: 'refund.failed',
      derived: true,
    },
  ],
})
