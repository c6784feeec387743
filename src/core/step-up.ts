import { type Actor, isStaff } from './context.ts'
import { Problem } from './problems.ts'

/** How long a second factor that was shown counts as fresh. */
export const stepUpSeconds = 10 * 60

/**
 * For sensitive operations: whoever has a second factor must have shown it a moment ago, and staff must have one. Known from
 * the access token; a machine has none to show.
 */
export function requireStepUp(actor: Actor, now: Date): void {
  if (actor.kind !== 'user') throw new Problem('unauthenticated')
  if (actor.key) throw new Problem('forbidden')
  const { mfaAt, hasMfa = false } = actor
  if (mfaAt !== undefined && now.getTime() / 1000 - mfaAt <= stepUpSeconds) return
  if (hasMfa) throw new Problem('mfa_required')
  if (isStaff(actor)) throw new Problem('mfa_enrolment_required')
}
