import { defineMachine } from '../../../core/machine.ts'

/** A booking takes its task along: one transaction moves both, or neither. */
export const bookingMachine = defineMachine({
  name: 'booking',
  table: 'bookings',
  column: 'status',
  states: ['offered', 'accepted', 'confirmed', 'in_progress', 'completed', 'canceled', 'disputed'],
  transitions: [
    { name: 'offered', from: [null], to: 'offered', by: ['ops', 'client'] },
    { name: 'accepted', from: [null], to: 'accepted', by: ['tasker'], drivesTask: 'accepted' },
    {
      name: 'accept',
      from: ['offered'],
      to: 'accepted',
      by: ['tasker'],
      drivesTask: 'accepted',
      derived: true,
    },
    { name: 'confirm', from: ['accepted'], to: 'confirmed', by: ['client'], drivesTask: 'confirmed' },
    { name: 'start', from: ['confirmed'], to: 'in_progress', by: ['tasker'], drivesTask: 'in_progress' },
    { name: 'complete', from: ['in_progress'], to: 'completed', by: ['tasker'], drivesTask: 'completed' },
    {
      name: 'cancel',
      from: ['accepted', 'confirmed'],
      to: 'canceled',
      by: ['client', 'tasker', 'ops'],
      drivesTask: {
        client: 'canceled_by_client',
        tasker: 'canceled_by_tasker',
        ops: 'canceled_by_client',
      },
    },
    { name: 'withdraw', from: ['offered'], to: 'canceled', by: ['client', 'tasker', 'ops'], derived: true },
    {
      name: 'dispute',
      from: ['in_progress', 'completed'],
      to: 'disputed',
      by: ['client', 'tasker', 'ops'],
      drivesTask: 'disputed',
    },
    {
      name: 'resolve',
      from: ['disputed'],
      to: 'completed',
      by: ['ops'],
      drivesTask: 'completed',
      derived: true,
    },
    {
      name: 'cancel_after_dispute',
      from: ['disputed'],
      to: 'canceled',
      by: ['ops'],
      drivesTask: 'canceled_by_client',
      derived: true,
    },
  ],
})

export type BookingStatus = (typeof bookingMachine)['states'][number]
