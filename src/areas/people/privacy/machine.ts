import { defineMachine } from '../../../core/machine.ts'

/** What people may do with a request or a hold; the database holds the same in its statements and triggers. */

export const erasureMachine = defineMachine({
  name: 'erasure',
  table: 'erasure_requests',
  column: 'status',
  states: ['scheduled', 'deferred', 'running', 'wiped', 'completed', 'canceled'],
  transitions: [{ name: 'cancel', from: ['scheduled', 'deferred'], to: 'canceled', by: ['owner'] }],
})

/** A hold has no column for it: it stands until it was released. */
export const holdMachine = defineMachine({
  name: 'legal_hold',
  table: 'legal_holds',
  column: 'released_at',
  states: ['standing', 'released'],
  transitions: [{ name: 'release', from: ['standing'], to: 'released', by: ['manager'] }],
})
