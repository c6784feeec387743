import { defineMachine } from '../../../core/machine.ts'

/** Minutes a posted task waits for matching before the system lets it expire, waves included. */
const expiryAfterSeconds = 30 * 60

export const taskMachine = defineMachine({
  name: 'task',
  table: 'tasks',
  column: 'state',
  states: [
    'draft',
    'posted',
    'matching',
    'accepted',
    'confirmed',
    'in_progress',
    'completed',
    'settled',
    'reviewed',
    'expired',
    'canceled_by_client',
    'canceled_by_tasker',
    'disputed',
    'on_hold',
    'failed',
  ],
  transitions: [
    { name: 'created', from: [null], to: 'draft', by: ['client', 'ops'] },
    { name: 'post', from: ['draft'], to: 'posted', by: ['client'] },
    { name: 'match', from: ['posted'], to: 'matching', by: ['system'] },
    // From here to `completed` the booking drives: see the booking machine.
    {
      name: 'accept',
      from: ['posted', 'matching'],
      to: 'accepted',
      by: ['tasker', 'client', 'ops'],
      derived: true,
    },
    { name: 'confirm', from: ['accepted'], to: 'confirmed', by: ['client'], derived: true },
    { name: 'start', from: ['confirmed'], to: 'in_progress', by: ['tasker'], derived: true },
    { name: 'complete', from: ['in_progress'], to: 'completed', by: ['tasker'], derived: true },
    {
      name: 'settle',
      from: ['completed'],
      to: 'settled',
      by: ['tasker', 'ops', 'system', 'provider'],
      derived: true,
    },
    { name: 'review', from: ['settled'], to: 'reviewed', by: ['client', 'tasker', 'system'], derived: true },
    {
      name: 'expire',
      from: ['posted', 'matching'],
      to: 'expired',
      by: ['system'],
      after: { seconds: expiryAfterSeconds },
    },
    {
      name: 'cancel',
      from: ['draft', 'posted', 'matching', 'accepted', 'confirmed'],
      to: 'canceled_by_client',
      by: ['client', 'ops'],
    },
    {
      name: 'cancel_after_dispute',
      from: ['disputed'],
      to: 'canceled_by_client',
      by: ['ops'],
      derived: true,
    },
    {
      name: 'cancel_by_tasker',
      from: ['accepted', 'confirmed'],
      to: 'canceled_by_tasker',
      by: ['tasker'],
      derived: true,
    },
    {
      name: 'dispute',
      from: ['in_progress', 'completed', 'settled', 'reviewed'],
      to: 'disputed',
      by: ['client', 'tasker', 'ops'],
      derived: true,
    },
    { name: 'resolve', from: ['disputed'], to: 'completed', by: ['ops'], derived: true },
    // Assigned tasks only.
    { name: 'hold', from: ['confirmed', 'in_progress'], to: 'on_hold', by: ['ops'], derived: true },
    { name: 'resume', from: ['on_hold'], to: 'in_progress', by: ['ops'], derived: true },
    { name: 'fail', from: ['in_progress', 'on_hold'], to: 'failed', by: ['ops'], derived: true },
  ],
})

export type TaskState = (typeof taskMachine)['states'][number]
