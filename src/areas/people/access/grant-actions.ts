import { type Actor, isStaff } from '../../../core/context.ts'
import { defineMachine } from '../../../core/machine.ts'
import type { Permission } from '../../../core/permissions.ts'
import type { UserRoleRow } from './rows.ts'

const grant = {
  name: 'user_role',
  table: 'user_roles',
  column: 'status',
  states: ['pending', 'approved', 'rejected', 'revoked', 'expired'],
} as const

/** What staff do with a request or grant. The trigger `guard_grant` refuses the rest, and all that is not so by now. */
export const grantMachine = defineMachine({
  ...grant,
  transitions: [
    { name: 'approve', from: ['pending'], to: 'approved', by: ['decider'] },
    { name: 'reject', from: ['pending'], to: 'rejected', by: ['decider'] },
    { name: 'revoke', from: ['approved'], to: 'revoked', by: ['decider', 'owner'] },
  ],
})

/** What its owner does with it. */
export const ownGrantMachine = defineMachine({
  ...grant,
  transitions: [{ name: 'give-back', from: ['pending', 'approved'], to: 'revoked', by: ['owner'] }],
})

const needed: Permission = 'roles.assign'

/** Nobody decides on their own, nor on what they do not hold. */
export function partyToGrant(
  actor: Actor,
  { userId, permissions }: Pick<UserRoleRow, 'userId' | 'permissions'>,
): 'decider' | 'owner' | null {
  if (actor.kind !== 'user' || !isStaff(actor)) return null
  const held = actor.permissions ?? []
  if (!held.includes(needed)) return null
  if (actor.userId === userId) return 'owner'
  return permissions.every((permission) => held.includes(permission)) ? 'decider' : null
}
