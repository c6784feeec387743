import { defineMachine } from '../../../core/machine.ts'

/**
 * The status of an account, which begins as active. Which staff may change whose is `b_guard_status`'s: it hangs on the
 * permissions of both sides.
 */
export const userMachine = defineMachine({
  name: 'user',
  table: 'users',
  column: 'status',
  states: ['active', 'inactive', 'suspended', 'closed'],
  people: { owner: { column: 'id', eventKey: 'userId' } },
  consequences: {
    after_user_active: 'Lets clients find the tasker again.',
    after_user_inactive: 'Takes the tasker out of the match index.',
    after_user_suspended:
      'Signs the account out everywhere, withdraws its open offers, and takes the tasker out of the match index.',
    after_user_closed:
      'Signs the account out everywhere, withdraws its open offers, and takes the tasker out of the match index.',
  },
  transitions: [
    {
      name: 'suspend',
      from: ['active', 'inactive'],
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
      from: ['active', 'inactive', 'suspended'],
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
    {
      name: 'close',
      from: ['inactive'],
      to: 'closed',
      by: ['ops'],
      event: 'user.closed',
      consequences: ['after_user_closed'],
    },
    // The owner by signing in, until the window has passed.
    {
      name: 'restore',
      from: ['closed'],
      to: 'active',
      by: ['owner', 'ops'],
      event: 'user.restored',
      consequences: ['after_user_active'],
    },
    // Nobody has signed in for as long as `accounts.lifecycle` says.
    {
      name: 'deactivate',
      from: ['active'],
      to: 'inactive',
      by: ['system'],
      event: 'user.deactivated',
      consequences: ['after_user_inactive'],
    },
    // By signing in.
    {
      name: 'reactivate',
      from: ['inactive'],
      to: 'active',
      by: ['owner'],
      event: 'user.reactivated',
      consequences: ['after_user_active'],
    },
  ],
})

export type UserStatus = (typeof userMachine)['states'][number]
