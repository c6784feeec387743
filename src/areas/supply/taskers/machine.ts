import { defineMachine } from '../../../core/machine.ts'

export const taskerMachine = defineMachine({
  name: 'tasker',
  table: 'tasker_profiles',
  column: 'status',
  states: ['applied', 'verified', 'active', 'at_risk', 'suspended', 'offboarded'],
  people: { tasker: { column: 'user_id' } },
  consequences: {
    after_tasker_suspended: 'Withdraws their requests for leads: the credits are free at once.',
    after_tasker_offboarded: 'Withdraws their requests for leads: the credits are free at once.',
  },
  transitions: [
    { name: 'applied', from: [null], to: 'applied', by: ['tasker', 'ops'], event: 'tasker.applied' },
    { name: 'verify', from: ['applied'], to: 'verified', by: ['ops'], event: 'tasker.verified' },
    { name: 'activate', from: ['verified', 'suspended'], to: 'active', by: ['ops'], event: 'tasker.active' },
    { name: 'flag', from: ['active'], to: 'at_risk', by: ['ops', 'system'], event: 'tasker.at_risk' },
    { name: 'clear', from: ['at_risk'], to: 'active', by: ['ops', 'system'], event: 'tasker.active' },
    {
      name: 'suspend',
      from: ['active', 'at_risk'],
      to: 'suspended',
      by: ['ops'],
      event: 'tasker.suspended',
      consequences: ['after_tasker_suspended'],
    },
    {
      name: 'offboard',
      from: ['applied', 'verified', 'active', 'at_risk', 'suspended'],
      to: 'offboarded',
      by: ['ops', 'tasker'],
      event: 'tasker.offboarded',
      consequences: ['after_tasker_offboarded'],
    },
  ],
})

export type TaskerStatus = (typeof taskerMachine)['states'][number]
