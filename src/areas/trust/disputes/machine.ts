import { defineMachine } from '../../../core/machine.ts'

const booking = { table: 'bookings', key: 'id', equals: 'booking_id' }

/** Its booking and task are `disputed` while it is open, and leave that state with the decision. */
export const disputeMachine = defineMachine({
  name: 'dispute',
  table: 'disputes',
  column: 'status',
  states: ['open', 'investigating', 'resolved', 'rejected', 'refunded', 'escalated'],
  people: { client: { column: 'client_id', in: booking }, tasker: { column: 'tasker_id', in: booking } },
  consequences: {
    after_dispute_resolved: 'Completes the booking again, or cancels it, as was decided.',
    after_dispute_rejected: 'Completes the booking again.',
    after_dispute_refunded: 'Completes the booking again.',
  },
  transitions: [
    { name: 'created', from: [null], to: 'open', by: ['client', 'tasker', 'ops'], event: 'dispute.created' },
    {
      name: 'investigate',
      from: ['open', 'escalated'],
      to: 'investigating',
      by: ['ops'],
      event: 'dispute.investigating',
    },
    {
      name: 'escalate',
      from: ['open', 'investigating'],
      to: 'escalated',
      by: ['ops'],
      event: 'dispute.escalated',
    },
    {
      name: 'resolve',
      from: ['open', 'investigating', 'escalated'],
      to: 'resolved',
      by: ['ops'],
      event: 'dispute.resolved',
      consequences: ['after_dispute_resolved'],
    },
    {
      name: 'reject',
      from: ['open', 'investigating', 'escalated'],
      to: 'rejected',
      by: ['ops'],
      event: 'dispute.rejected',
      consequences: ['after_dispute_rejected'],
    },
    {
      name: 'refund',
      from: ['open', 'investigating', 'escalated'],
      to: 'refunded',
      by: ['ops'],
      event: 'dispute.refunded',
      consequences: ['after_dispute_refunded'],
    },
  ],
})

export type DisputeStatus = (typeof disputeMachine)['states'][number]
