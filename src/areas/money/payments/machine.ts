import { defineMachine } from '../../../core/machine.ts'

export const paymentIntentMachine = defineMachine({
  name: 'payment_intent',
  table: 'payment_intents',
  column: 'status',
  states: ['requires_action', 'authorized', 'captured', 'failed', 'canceled'],
  transitions: [
    { name: 'created', from: [null], to: 'requires_action', by: ['client'] },
    { name: 'authorize', from: ['requires_action'], to: 'authorized', by: ['provider', 'system'] },
    // Cash is captured when the tasker says that it is in hand; money by wire when the provider says so.
    {
      name: 'confirm_cash',
      from: ['requires_action'],
      to: 'captured',
      by: ['tasker'],
      drivesTask: 'settled',
    },
    {
      name: 'capture',
      from: ['authorized'],
      to: 'captured',
      by: ['provider', 'system'],
      drivesTask: 'settled',
    },
    { name: 'fail', from: ['requires_action', 'authorized'], to: 'failed', by: ['provider', 'system'] },
    // A cancelled booking takes its unpaid intent along.
    {
      name: 'cancel',
      from: ['requires_action', 'authorized'],
      to: 'canceled',
      by: ['client', 'tasker', 'ops', 'system'],
      derived: true,
    },
  ],
})

export const payoutMachine = defineMachine({
  name: 'payout',
  table: 'payouts',
  column: 'status',
  states: ['scheduled', 'processing', 'paid', 'failed'],
  transitions: [
    { name: 'created', from: [null], to: 'scheduled', by: ['system', 'ops'] },
    { name: 'paid_in_cash', from: [null], to: 'paid', by: ['tasker', 'system'] },
    { name: 'process', from: ['scheduled', 'failed'], to: 'processing', by: ['system', 'ops'] },
    { name: 'pay', from: ['processing'], to: 'paid', by: ['provider', 'system', 'ops'] },
    { name: 'fail', from: ['processing'], to: 'failed', by: ['provider', 'system', 'ops'] },
  ],
})
