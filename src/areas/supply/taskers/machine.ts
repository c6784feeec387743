import { defineMachine } from '../../../core/machine.ts'

export const taskerMachine = defineMachine({
  name: 'tasker',
  table: 'tasker_profiles',
  column: 'status',
  states: ['applied', 'verified', 'active', 'at_risk', 'suspended', 'offboarded'],
  transitions: [
    { name: 'applied', from: [null], to: 'applied', by: ['tasker', 'ops'] },
    { name: 'verify', from: ['applied'], to: 'verified', by: ['ops'] },
    { name: 'activate', from: ['verified', 'suspended'], to: 'active', by: ['ops'] },
    { name: 'flag', from: ['active'], to: 'at_risk', by: ['ops', 'system'] },
    { name: 'clear', from: ['at_risk'], to: 'active', by: ['ops', 'system'] },
    { name: 'suspend', from: ['active', 'at_risk'], to: 'suspended', by: ['ops'] },
    {
      name: 'offboard',
      from: ['applied', 'verified', 'active', 'at_risk', 'suspended'],
      to: 'offboarded',
      by: ['ops', 'tasker'],
    },
  ],
})

export type TaskerStatus = (typeof taskerMachine)['states'][number]
