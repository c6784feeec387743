import { defineMachine } from '../../../core/machine.ts'

const people = { owner: { column: 'user_id', eventKey: 'userId' } } as const

/** A request begins as scheduled. Once it has begun nothing is done in the person's name any more, so that it cannot be canceled. */
export const erasureMachine = defineMachine({
  name: 'erasure',
  table: 'erasure_requests',
  column: 'status',
  states: ['scheduled', 'deferred', 'running', 'wiped', 'completed', 'canceled'],
  people,
  transitions: [
    { name: 'defer', from: ['scheduled'], to: 'deferred', by: ['system'], event: 'erasure.deferred' },
    // A day later an obstacle remains; the user has been notified before.
    { name: 'defer', from: ['deferred'], to: 'deferred', by: ['system'] },
    { name: 'begin', from: ['scheduled', 'deferred'], to: 'running', by: ['system'] },
    { name: 'wipe', from: ['running'], to: 'wiped', by: ['system'] },
    { name: 'complete', from: ['wiped'], to: 'completed', by: ['system'], event: 'erasure.completed' },
    // Staff cancel their own only: the verb asks for it.
    {
      name: 'cancel',
      from: ['scheduled', 'deferred'],
      to: 'canceled',
      by: ['owner', 'ops'],
      event: 'erasure.canceled',
    },
  ],
})

export type ErasureStatus = (typeof erasureMachine)['states'][number]

/** A request begins as pending. The file is there for a week, then it has expired. */
export const exportMachine = defineMachine({
  name: 'export',
  table: 'export_requests',
  column: 'status',
  states: ['pending', 'ready', 'expired', 'failed'],
  people,
  transitions: [
    { name: 'finish', from: ['pending'], to: 'ready', by: ['system'], event: 'export.ready' },
    { name: 'give_up', from: ['pending'], to: 'failed', by: ['system'], event: 'export.failed' },
    { name: 'expire', from: ['ready'], to: 'expired', by: ['system'] },
  ],
})

export type ExportStatus = (typeof exportMachine)['states'][number]
