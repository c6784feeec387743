import { defineMachine } from '../../../core/machine.ts'

/** An order waits for its payment until its deadline. By readers the instant decides, and the sweep only writes it down. */
export const orderMachine = defineMachine({
  name: 'order',
  table: 'orders',
  column: 'status',
  states: ['pending', 'completed', 'canceled', 'expired', 'refunded'],
  // A company is its own buyer; its people act for it.
  people: { owner: { column: 'user_id', orWhere: 'khidma.buys_for', eventKey: 'userId' } },
  consequences: {
    after_order_completed: 'Uses the reserved discounts for good, and gives what the packages contain.',
    after_order_canceled:
      'Returns the reserved discounts, and gives up the payment: what comes late goes back.',
    after_order_expired:
      'Returns the reserved discounts, and gives up the payment: what comes late goes back.',
    after_order_refunded: 'Returns its discounts to whoever comes next.',
  },
  transitions: [
    // By its owner, or for a subscription.
    { name: 'created', from: [null], to: 'pending', by: ['owner', 'system'], event: 'order.created' },
    // Its payment was captured, or there is nothing to pay.
    {
      name: 'complete',
      from: ['pending'],
      to: 'completed',
      by: ['system'],
      event: 'order.completed',
      consequences: ['after_order_completed'],
    },
    {
      name: 'cancel',
      from: ['pending'],
      to: 'canceled',
      by: ['owner', 'ops', 'system', 'provider'],
      event: 'order.canceled',
      consequences: ['after_order_canceled'],
    },
    {
      name: 'expire',
      from: ['pending'],
      to: 'expired',
      by: ['system'],
      event: 'order.expired',
      consequences: ['after_order_expired'],
    },
    // With the last unit of its lines.
    {
      name: 'refund',
      from: ['completed'],
      to: 'refunded',
      by: ['ops'],
      event: 'order.refunded',
      consequences: ['after_order_refunded'],
    },
  ],
})

export type OrderStatus = (typeof orderMachine.states)[number]
