import { type Actor, isStaff } from '../../../core/context.ts'
import { defineActions, type Verdict } from '../../../core/machine.ts'
import type { Permission } from '../../../core/permissions.ts'
import type { UserRoleRow } from './rows.ts'

type Grant = Pick<UserRoleRow, 'userId' | 'permissions' | 'status'>

/**
 * Actions of staff on a request or grant. No machine: what may be decided hangs on the permissions of both sides, which the
 * trigger `guard_grant` holds against the tables of the moment.
 */
export const grantActions = defineActions({
  names: ['approve', 'reject', 'revoke'],
  allowed(grant: Grant, actor: Actor) {
    const party = partyToGrant(actor, grant)
    const decides = (isInState: boolean): Verdict =>
      party !== 'decider' ? 'wrong_party' : isInState || 'wrong_state'
    return {
      approve: decides(grant.status === 'pending'),
      reject: decides(grant.status === 'pending'),
      revoke: party === null ? 'wrong_party' : grant.status === 'approved' || 'wrong_state',
    }
  },
})

/** Actions of its owner. */
export const ownGrantActions = defineActions({
  names: ['give-back'],
  allowed: ({ status }: Pick<Grant, 'status'>, _owner: 'owner') => ({
    'give-back': ['pending', 'approved'].includes(status) || 'wrong_state',
  }),
})

const needed: Permission = 'roles.assign'

/** Nobody decides on their own, nor on what they do not hold. */
function partyToGrant(actor: Actor, { userId, permissions }: Grant): 'decider' | 'owner' | null {
  if (actor.kind !== 'user' || !isStaff(actor)) return null
  const held = actor.permissions ?? []
  if (!held.includes(needed)) return null
  if (actor.userId === userId) return 'owner'
  return permissions.every((permission) => held.includes(permission)) ? 'decider' : null
}
