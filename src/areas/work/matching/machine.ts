import { defineMachine } from '../../../core/machine.ts'

export const offerMachine = defineMachine({
  name: 'offer',
  table: 'offers',
  column: 'status',
  states: ['pending', 'accepted', 'declined', 'expired', 'withdrawn'],
  transitions: [
    { name: 'created', from: [null], to: 'pending', by: ['system'] },
    { name: 'accept', from: ['pending'], to: 'accepted', by: ['tasker'] },
    { name: 'decline', from: ['pending'], to: 'declined', by: ['tasker'] },
    { name: 'expire', from: ['pending'], to: 'expired', by: ['system'] },
    // The task found its tasker, was cancelled or expired.
    { name: 'withdraw', from: ['pending'], to: 'withdrawn', by: ['system'] },
  ],
})

export type OfferStatus = (typeof offerMachine)['states'][number]
