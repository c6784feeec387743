import type { Permission } from '../../src/core/permissions.ts'
import type { ProblemCode } from '../../src/core/problems.ts'
import type { Operation } from '../../src/http/operation.ts'
import { anyUser } from '../../src/http/policy.ts'
import { passesByItself } from '../../src/http/problem.ts'
import { switchOf } from '../../src/http/switches.ts'

/** Every refusal an operation can make: its own, and those that follow from its policy, method and shape. */
export function refusalsOf(operation: Operation): ProblemCode[] {
  const { policy, params, query, body, idempotency, ifMatch } = operation
  const codes = new Set<ProblemCode>(operation.problems)
  const add = (condition: unknown, ...added: ProblemCode[]) => {
    if (condition) for (const code of added) codes.add(code)
  }
  add(true, 'invalid_request')
  add(body, 'malformed_json', 'body_too_large', 'unsupported_media_type')
  add(query && 'cursor' in query.shape, 'invalid_cursor', 'cursor_mismatch')
  add(policy !== 'public', 'unauthenticated', 'token_expired', 'session_ended', 'account_suspended')
  add(policy !== 'public', 'invalid_api_key', 'insufficient_scope')
  add(policy !== 'public' && (policy.relation || policy.roles.length < anyUser.length), 'forbidden')
  add(policy !== 'public' && policy.permission, 'permission_missing')
  const refusedBy = policy !== 'public' && policy.permission && furtherAuthority[policy.permission]
  if (refusedBy) codes.add(refusedBy)
  add(switchOf(operation) !== null, 'restricted')
  add(policy !== 'public' && policy.stepUp, 'mfa_required', 'mfa_enrolment_required')
  add(params, 'not_found')
  add(idempotency === 'required', 'idempotency_key_required')
  add(idempotency !== 'none', 'invalid_idempotency_key', 'idempotency_in_progress', 'idempotency_mismatch')
  add(ifMatch !== 'none', 'precondition_failed')
  add(ifMatch === 'required', 'precondition_required')
  add(true, 'rate_limited', 'internal_error', 'temporarily_unavailable')
  return [...codes]
}

/** Permissions that are not enough by themselves: what `khidma.assert_authority` refuses to staff who hold them. */
const furtherAuthority: Partial<Record<Permission, ProblemCode>> = {
  'organisation.manage': 'team_not_permitted',
  'roles.assign': 'team_not_permitted',
  'config.manage': 'settings_not_permitted',
  'gateways.manage': 'settings_not_permitted',
}

/** Headers of a refusal of a status beyond those of every response, each with its name among the shared ones. */
export function refusalHeaders(status: number, codes: readonly ProblemCode[]): Record<string, string> {
  return {
    ...(codes.some(passesByItself) && { 'Retry-After': 'RetryAfter' }),
    ...(status === 401 && { 'WWW-Authenticate': 'WwwAuthenticate' }),
    ...(status === 415 && { Accept: 'Accept' }),
  }
}
