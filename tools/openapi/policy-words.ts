import type { UserRole } from '../../src/core/context.ts'
import { anyUser, type Policy } from '../../src/http/policy.ts'

const groups: Record<UserRole, string> = {
  client: 'clients',
  tasker: 'taskers',
  ops: 'operations staff',
  admin: 'administrators',
}

const outsiders: readonly UserRole[] = ['client', 'tasker']

/** What a policy asks of a caller, in sentences: nobody who reads the reference sees `x-policy`. */
export function policyInWords(policy: Policy): string {
  if (policy === 'public') return 'Public: no sign-in required.'
  const { roles, permission, stepUp, scope } = policy
  const isForStaff = !roles.some((role) => outsiders.includes(role))
  const sentences: string[] = []
  if (roles.length < anyUser.length)
    sentences.push(`For ${listed(roles.map((role) => groups[role] ?? role))}.`)
  if (permission && isForStaff) sentences.push(`Requires the permission \`${permission}\`.`)
  else if (permission) sentences.push(`Staff need the permission \`${permission}\`.`)
  if (stepUp && isForStaff)
    sentences.push('Requires a second factor confirmed within the last ten minutes (`mfa_required`).')
  else if (stepUp)
    sentences.push(
      'Users with a second factor, and all staff, must have confirmed it within the last ten minutes (`mfa_required`).',
    )
  sentences.push(scope ? `API keys need the scope \`${scope}\`.` : 'Not available to API keys.')
  return sentences.join(' ')
}

const listed = (names: string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
