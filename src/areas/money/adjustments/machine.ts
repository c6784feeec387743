import { defineMachine } from '../../../core/machine.ts'

/** Made by one person of finance, decided by another: a trigger tells them apart (`khidma.guard_adjustment`). */
export const adjustmentMachine = defineMachine({
  name: 'adjustment',
  table: 'adjustments',
  column: 'status',
  states: ['proposed', 'posted', 'rejected', 'withdrawn'],
  // Staff only: the debtor hears of a write-off by an event of their own.
  people: {},
  eventData: { kind: 'new.kind' },
  consequences: {
    after_adjustment_posted: 'Posts the lines of a correction, or writes off the debts.',
  },
  transitions: [
    { name: 'propose', from: [null], to: 'proposed', by: ['ops'], event: 'adjustment.proposed' },
    {
      name: 'approve',
      from: ['proposed'],
      to: 'posted',
      by: ['ops'],
      event: 'adjustment.posted',
      consequences: ['after_adjustment_posted'],
    },
    {
      name: 'reject',
      from: ['proposed'],
      to: 'rejected',
      by: ['ops'],
      event: 'adjustment.rejected',
    },
    {
      name: 'withdraw',
      from: ['proposed'],
      to: 'withdrawn',
      by: ['ops'],
      event: 'adjustment.withdrawn',
    },
  ],
})

export type AdjustmentStatus = (typeof adjustmentMachine)['states'][number]
