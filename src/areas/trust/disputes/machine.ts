import { defineMachine } from '../../../core/machine.ts'

export const disputeMachine = defineMachine({
  name: 'dispute',
  table: 'disputes',
  column: 'status',
  states: ['open', 'investigating', 'resolved', 'rejected', 'refunded', 'escalated'],
  transitions: [
    { name: 'created', from: [null], to: 'open', by: ['client', 'tasker', 'ops'] },
    { name: 'investigate', from: ['open', 'escalated'], to: 'investigating', by: ['ops'] },
    { name: 'escalate', from: ['open', 'investigating'], to: 'escalated', by: ['ops'] },
    { name: 'resolve', from: ['open', 'investigating', 'escalated'], to: 'resolved', by: ['ops'] },
    { name: 'reject', from: ['open', 'investigating', 'escalated'], to: 'rejected', by: ['ops'] },
    { name: 'refund', from: ['open', 'investigating', 'escalated'], to: 'refunded', by: ['ops'] },
  ],
})
