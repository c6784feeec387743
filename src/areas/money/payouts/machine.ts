import { defineMachine } from '../../../core/machine.ts'

/** The money of a payout is held while it is scheduled, under way while it is processed, and back with its owner once it failed. */
export const payoutMachine = defineMachine({
  name: 'payout',
  table: 'payouts',
  column: 'status',
  states: ['scheduled', 'processing', 'paid', 'failed', 'returned'],
  people: { owner: { column: 'user_id', eventKey: 'userId' } },
  eventData: { kind: 'new.kind' },
  transitions: [
    // By the schedule; a withdrawal by its owner.
    {
      name: 'created',
      from: [null],
      to: 'scheduled',
      by: ['owner', 'system'],
      event: 'payout.created',
    },
    {
      name: 'paid_in_cash',
      from: [null],
      to: 'paid',
      by: ['owner', 'ops', 'system'],
      event: 'payout.paid_in_cash',
    },
    {
      name: 'process',
      from: ['scheduled'],
      to: 'processing',
      by: ['system', 'ops'],
      event: 'payout.processing',
      derived: true,
    },
    {
      name: 'pay',
      from: ['processing'],
      to: 'paid',
      by: ['provider', 'system', 'ops'],
      event: 'payout.paid',
      derived: true,
    },
    {
      name: 'fail',
      from: ['processing'],
      to: 'failed',
      by: ['provider', 'system', 'ops'],
      event: 'payout.failed',
      derived: true,
    },
    {
      name: 'cancel',
      from: ['scheduled'],
      to: 'failed',
      by: ['ops', 'system', 'provider'],
      event: 'payout.canceled',
    },
    // It had failed by what was known then, and has arrived.
    {
      name: 'correct',
      from: ['failed'],
      to: 'paid',
      by: ['ops'],
      event: 'payout.paid',
      derived: true,
    },
    // The bank took it, and sent it back days later.
    {
      name: 'return',
      from: ['paid'],
      to: 'returned',
      by: ['provider', 'system', 'ops'],
      event: 'payout.returned',
    },
    { name: 'retry', from: ['failed'], to: 'scheduled', by: ['ops'], event: 'payout.retried' },
  ],
})
