import { type Actor, isStaff, type UserActor, type UserRole } from '../core/context.ts'
import type { Permission } from '../core/permissions.ts'
import { Problem } from '../core/problems.ts'
import type { Scope } from '../core/scopes.ts'

/** Parties to an object: the people of its row. A participant is one of a conversation. */
export const relationParties = [
  'client',
  'tasker',
  'offered_tasker',
  'participant',
  'owner',
  'reporter',
  'reviewer',
  'reviewee',
  'recipient',
  'proposer',
  'counterparty',
  'member',
  'manager',
] as const
export type RelationParty = (typeof relationParties)[number]

export interface Relation {
  /** Any of them is let in. */
  who: readonly RelationParty[]
  /** Where the parties are not those of the object addressed but of another that it belongs to. */
  of?: 'booking'
  /** Staff with the permission are let in as well. */
  orStaff?: true
}

/**
 * The callers of an operation, all of it known from the credential, before anything else happens. `relation` says what the
 * caller must be to the object addressed; the verb checks that in SQL (stranger 404, wrong party 403).
 */
export type Policy =
  | 'public'
  | {
      roles: readonly UserRole[]
      relation?: Relation
      /** `resource.action` that a member of staff must hold. */
      permission?: Permission
      /** A caller with an API key needs this scope; without one, the operation is not for keys. */
      scope?: Scope
      /** Needs a fresh second factor of everyone who has one, and of all staff. */
      stepUp?: true
      /** Also for a session that has ended, which otherwise writes nothing: log-out, repeated. */
      mayHaveEnded?: true
    }

export const anyUser = ['client', 'tasker', 'ops', 'admin'] as const satisfies readonly UserRole[]
/** An admin may do whatever ops may. */
export const staff = ['ops', 'admin'] as const satisfies readonly UserRole[]

/** Whether the policy is for somebody like them, whatever they call with. */
export const isFor = (policy: Policy, actor: UserActor): boolean =>
  policy === 'public' || (policy.roles.includes(actor.role) && mayAs(policy, actor))

const mayAs = ({ permission }: Exclude<Policy, 'public'>, actor: UserActor): boolean =>
  permission === undefined || !isStaff(actor) || actor.permissions?.includes(permission) === true

/**
 * Enforces a policy by the claims of the credential; the only place that does. Writes of staff are also checked against their
 * current permissions, within the operation's round trip (`khidma.admit_staff`).
 */
export function enforcePolicy(policy: Policy, actor: Actor, tokenProblem: Problem | null): void {
  if (policy === 'public') return
  if (tokenProblem) throw tokenProblem
  if (actor.kind !== 'user') throw new Problem('unauthenticated')
  if (actor.key && !(policy.scope && actor.key.scopes.includes(policy.scope))) {
    throw new Problem('insufficient_scope', { values: { scope: policy.scope ?? 'none' } })
  }
  if (!policy.roles.includes(actor.role)) throw new Problem('forbidden')
  // The database checks a machine: it knows what the owner of the key may do now.
  if (policy.permission && !actor.key && !mayAs(policy, actor)) {
    throw new Problem('permission_missing', { values: { permission: policy.permission } })
  }
}
