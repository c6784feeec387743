import type { Actor, UserRole } from '../core/context.ts'
import { Problem } from '../core/problems.ts'

/**
 * Who may call an operation. Roles are checked here, from the token, before anything else happens. `relation` says in
 * words what the caller must be to the thing addressed; its verb checks that in SQL (stranger 404, wrong party 403).
 */
export type Policy = 'public' | { roles: readonly UserRole[]; relation?: string }

export const anyUser = ['client', 'tasker', 'ops', 'admin'] as const satisfies readonly UserRole[]
/** An admin may do whatever ops may. */
export const staff = ['ops', 'admin'] as const satisfies readonly UserRole[]

/** The one place where a policy is enforced. */
export function enforcePolicy(policy: Policy, actor: Actor, tokenProblem: Problem | null): void {
  if (policy === 'public') return
  if (tokenProblem) throw tokenProblem
  if (actor.kind !== 'user') throw new Problem('unauthenticated')
  if (!policy.roles.includes(actor.role)) throw new Problem('forbidden')
}
