import type { UserRole } from '../../src/core/context.ts'
import { anyUser, type Policy, type Relation, type RelationParty } from '../../src/http/policy.ts'

const groups: Record<UserRole, string> = {
  client: 'clients',
  tasker: 'taskers',
  ops: 'operations staff',
  admin: 'administrators',
}

const outsiders: readonly UserRole[] = ['client', 'tasker']

/** Returns what a policy asks of a caller, in sentences: nobody who reads the reference sees `x-policy`. */
export function policyInWords(policy: Policy): string {
  if (policy === 'public') return 'Public: no sign-in required.'
  const { roles, permission, stepUp, scope, relation } = policy
  const isForStaff = !roles.some((role) => outsiders.includes(role))
  const sentences: string[] = []
  if (roles.length < anyUser.length)
    sentences.push(`For ${listed(roles.map((role) => groups[role] ?? role))}.`)
  if (relation) sentences.push(`Open to ${relationInWords(relation)}.`)
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

const parties: Record<RelationParty, string> = {
  client: 'client',
  tasker: 'tasker',
  offered_tasker: 'taskers with an open offer',
  participant: 'participants',
  owner: 'owner',
  reporter: 'reporter',
  reviewer: 'author',
  reviewee: 'reviewed party',
  recipient: 'recipients',
  proposer: 'proposer',
  counterparty: 'counterparty',
  member: 'member',
  manager: 'people whose role in the company allows it',
}

/** "its client, its tasker and staff" */
function relationInWords({ who, of, orStaff }: Relation): string {
  const names = who.map((name) =>
    name === 'offered_tasker' ? parties[name] : `${of ? `the ${of}’s` : 'its'} ${parties[name]}`,
  )
  return listed([...names, ...(orStaff ? ['staff'] : [])])
}

const listed = (names: string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
