import { defineMachine } from '../../../core/machine.ts'

/**
 * The status of an account, which begins as active. Which staff may change whose is `b_guard_status`'s: it hangs on the
 * permissions of both sides.
 */
export const userMachine = defineMachine({
  name: 'user',
  table: 'users',
  column: 'status',
  states: ['active', 'suspended', 'closed'],
  people: { owner: { column: 'id', eventKey: 'userId' } },
  consequences: {
    after_user_active: 'Lets clients find the tasker again.',
    after_user_suspended:
      'Signs the account out everywhere, withdraws its open offers, and takes the tasker out of the match index.',
    after_user_closed:
      'Signs the account out everywhere, withdraws its open offers, and takes the tasker out of the match index.',
  },
  transitions: [
    {
      name: 'suspend',
      from: ['active'],
      to: 'suspended',
      by: ['ops', 'system'],
      event: 'user.suspended',
      consequences: ['after_user_suspended'],
    },
    {
      name: 'reinstate',
      from: ['suspended'],
      to: 'active',
      by: ['ops', 'system'],
      event: 'user.reinstated',
      consequences: ['after_user_active'],
    },
    // By an erasure that begins.
    {
      name: 'close',
      from: ['active', 'suspended'],
      to: 'closed',
      by: ['system'],
      event: 'user.closed',
      consequences: ['after_user_closed'],
    },
    {
      name: 'close',
      from: ['active'],
      to: 'closed',
      by: ['owner', 'ops'],
      event: 'user.closed',
      consequences: ['after_user_closed'],
    },
  ],
})

export type UserStatus = (typeof userMachine)['states'][number]
