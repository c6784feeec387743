import { defineMachine } from '../../../core/machine.ts'

export const offerMachine = defineMachine({
  name: 'offer',
  table: 'offers',
  column: 'status',
  states: ['pending', 'accepted', 'declined', 'expired', 'withdrawn'],
  people: { tasker: { column: 'tasker_id' } },
  consequences: {
    after_offer_accepted: "Counts the answer in the tasker's acceptance rate.",
    after_offer_declined: "Counts the answer in the tasker's acceptance rate.",
    after_offer_expired: 'Counts an offer that has reached the tasker as not accepted.',
  },
  transitions: [
    { name: 'created', from: [null], to: 'pending', by: ['system'], event: 'offer.created' },
    {
      name: 'accept',
      from: ['pending'],
      to: 'accepted',
      by: ['tasker'],
      event: 'offer.accepted',
      consequences: ['after_offer_accepted'],
    },
    {
      name: 'decline',
      from: ['pending'],
      to: 'declined',
      by: ['tasker'],
      event: 'offer.declined',
      consequences: ['after_offer_declined'],
    },
    {
      name: 'expire',
      from: ['pending'],
      to: 'expired',
      by: ['system'],
      event: 'offer.expired',
      consequences: ['after_offer_expired'],
    },
    // The task found its tasker, was cancelled or expired; or the tasker's account was shut.
    { name: 'withdraw', from: ['pending'], to: 'withdrawn', by: ['system'], event: 'offer.withdrawn' },
  ],
})

export type OfferStatus = (typeof offerMachine)['states'][number]
