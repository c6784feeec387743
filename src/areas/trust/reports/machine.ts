import { defineMachine } from '../../../core/machine.ts'

export const reportMachine = defineMachine({
  name: 'report',
  table: 'reports',
  column: 'status',
  states: ['open', 'investigating', 'resolved', 'dismissed'],
  transitions: [
    { name: 'created', from: [null], to: 'open', by: ['reporter', 'ops', 'system'] },
    { name: 'investigate', from: ['open'], to: 'investigating', by: ['ops'] },
    { name: 'resolve', from: ['open', 'investigating'], to: 'resolved', by: ['ops'] },
    { name: 'dismiss', from: ['open', 'investigating'], to: 'dismissed', by: ['ops'] },
  ],
})
