import { type ProblemCode, problems } from '../../src/core/problems.ts'
import type { Operation } from '../../src/http/operation.ts'
import { anyUser } from '../../src/http/policy.ts'
import type { Response } from './json.ts'

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
  add(policy !== 'public' && policy.stepUp, 'mfa_required', 'mfa_enrolment_required')
  add(params, 'not_found')
  add(idempotency === 'required', 'idempotency_key_required')
  add(idempotency !== 'none', 'invalid_idempotency_key', 'idempotency_in_progress', 'idempotency_mismatch')
  add(ifMatch !== 'none', 'precondition_failed')
  add(ifMatch === 'required', 'precondition_required')
  add(true, 'rate_limited', 'internal_error', 'temporarily_unavailable')
  return [...codes]
}

const retryStatuses = [429, 503]

/** One response a status. The same set of codes is written once, under `components.responses`, and referred to. */
export function refusalResponses(
  codes: ProblemCode[],
  shared: Record<string, Response>,
): Record<string, Response> {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status)
  const statuses = [...byStatus.keys()].sort()
  return Object.fromEntries(
    statuses.map((status) => {
      const sorted = (byStatus.get(status) ?? []).sort()
      const name = sorted.map(pascalCase).join('Or')
      shared[name] ??= refusalResponse(status, sorted)
      return [String(status), { $ref: `#/components/responses/${name}` }]
    }),
  )
}

function refusalResponse(status: number, codes: ProblemCode[]): Response {
  const headers: Response['headers'] = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } }
  if (retryStatuses.includes(status)) headers['Retry-After'] = { $ref: '#/components/headers/RetryAfter' }
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title.en}.`).join(' '),
    headers,
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        example: exampleOf(codes[0] as ProblemCode),
      },
    },
    'x-problem-codes': codes,
  }
}

function exampleOf(code: ProblemCode) {
  const { title, status, detail } = problems[code]
  return {
    type: `https://api.khidma.example/problems/${code}`,
    title: title.en,
    status,
    detail: detail.en,
    code,
    requestId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  }
}

const pascalCase = (code: string): string =>
  code.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase())
