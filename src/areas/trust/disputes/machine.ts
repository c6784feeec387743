import { defineMachine } from '../../../core/machine.ts'

const booking = { table: 'bookings', key: 'id', equals: 'booking_id' }

/** Its booking and task are `disputed` while it is open, and leave that state with its end. An appeal is a dispute of its own. */
export const disputeMachine = defineMachine({
  name: 'dispute',
  table: 'disputes',
  column: 'status',
  states: ['open', 'investigating', 'resolved', 'rejected', 'refunded', 'escalated', 'withdrawn'],
  people: { client: { column: 'client_id', in: booking }, tasker: { column: 'tasker_id', in: booking } },
  consequences: {
    after_dispute_resolved:
      'Completes the booking again, or cancels it, as was decided; ends the offer that waits.',
    after_dispute_rejected: 'Completes the booking again; ends the offer that waits.',
    after_dispute_refunded: 'Completes the booking again; ends the offer that waits.',
    after_dispute_withdrawn: 'Completes the booking again; ends the offer that waits.',
  },
  deadlines: {
    response: {
      while: ['open', 'investigating', 'escalated'],
      storedIn: 'disputes.respond_by',
      config: 'disputes.deadlines',
      from: 'its opening, where a party opened it',
      outcome: 'it is decided without a response',
      reminder: { event: 'dispute.response_reminder', tells: ['the side that is to respond'] },
    },
    step: {
      while: ['open', 'investigating'],
      storedIn: 'disputes.due_at',
      config: 'disputes.deadlines',
      from: 'the response or the end of its time; where staff take it up, from then',
    },
    decision: {
      while: ['escalated'],
      storedIn: 'disputes.due_at',
      config: 'disputes.deadlines',
      from: 'its escalation',
      outcome: 'it is overdue (`dispute.overdue`)',
    },
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
      name: 'escalate',
      from: ['open', 'investigating'],
      to: 'escalated',
      by: ['system'],
      event: 'dispute.escalated',
      after: { deadline: 'step' },
    },
    {
      name: 'resolve',
      from: ['open', 'investigating', 'escalated'],
      to: 'resolved',
      // The system: both sides have accepted an offer.
      by: ['ops', 'system'],
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
    {
      name: 'withdraw',
      from: ['open', 'investigating', 'escalated'],
      to: 'withdrawn',
      by: ['client', 'tasker'],
      event: 'dispute.withdrawn',
      consequences: ['after_dispute_withdrawn'],
    },
  ],
})

export type DisputeStatus = (typeof disputeMachine)['states'][number]

/** A split of what a dispute is about, proposed by staff or a side. A side that accepts it leaves it pending until the other one has. */
export const disputeOfferMachine = defineMachine({
  name: 'dispute_offer',
  table: 'dispute_offers',
  column: 'status',
  states: ['pending', 'accepted', 'declined', 'withdrawn', 'expired'],
  people: { client: { column: 'client_id' }, tasker: { column: 'tasker_id' } },
  eventData: {
    bookingId: '(select d.booking_id from disputes d where d.id = new.dispute_id)',
    disputeId: 'new.dispute_id',
    disputeOfferId: 'new.id',
  },
  consequences: {
    after_dispute_offer_accepted: 'Splits what the dispute is about, and ends it.',
  },
  transitions: [
    {
      name: 'created',
      from: [null],
      to: 'pending',
      by: ['client', 'tasker', 'ops'],
      event: 'dispute.offer_made',
    },
    {
      name: 'accept',
      from: ['pending'],
      to: 'accepted',
      by: ['client', 'tasker'],
      event: 'dispute.offer_accepted',
      consequences: ['after_dispute_offer_accepted'],
    },
    {
      name: 'decline',
      from: ['pending'],
      to: 'declined',
      by: ['client', 'tasker'],
      event: 'dispute.offer_declined',
    },
    {
      name: 'withdraw',
      from: ['pending'],
      to: 'withdrawn',
      by: ['client', 'tasker', 'ops'],
      event: 'dispute.offer_withdrawn',
    },
    // Its time is over, or the dispute was decided otherwise.
    {
      name: 'expire',
      from: ['pending'],
      to: 'expired',
      by: ['system'],
      event: 'dispute.offer_expired',
    },
  ],
})

export type DisputeOfferStatus = (typeof disputeOfferMachine)['states'][number]
