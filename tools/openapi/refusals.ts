import { type ProblemCode, problems } from '../../src/core/problems.ts'
import type { Operation } from '../../src/http/operation.ts'
import { anyUser } from '../../src/http/policy.ts'
import type { Response, Schema } from './json.ts'

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

/** Names of the responses that operations share: by status, not by what happens to be in them. */
const statusNames: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'ContentTooLarge',
  415: 'UnsupportedMediaType',
  422: 'UnprocessableContent',
  426: 'UpgradeRequired',
  428: 'PreconditionRequired',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
}

/** Codes that follow from the shape or the policy of an operation, with the word that tells one response of a status from another. */
const commonCodes: Partial<Record<ProblemCode, string>> = {
  invalid_request: '',
  malformed_json: 'Body',
  invalid_cursor: 'Page',
  cursor_mismatch: 'Page',
  invalid_idempotency_key: 'Retry',
  idempotency_key_required: 'KeyRequired',
  unauthenticated: '',
  token_expired: '',
  session_ended: '',
  invalid_api_key: '',
  account_suspended: '',
  insufficient_scope: '',
  forbidden: 'Role',
  permission_missing: 'Permission',
  mfa_required: 'StepUp',
  mfa_enrolment_required: 'Enrolment',
  not_found: '',
  idempotency_in_progress: 'Retry',
  idempotency_mismatch: '',
  precondition_failed: '',
  precondition_required: '',
  body_too_large: '',
  unsupported_media_type: '',
  invalid_transition: 'State',
  upgrade_required: '',
  rate_limited: '',
  internal_error: '',
  temporarily_unavailable: '',
}

/**
 * One response a status. Codes that follow from shape and policy make a response that many operations share, under
 * `components.responses`; one with codes of its own is part of its operation.
 */
export function refusalResponses(
  codes: ProblemCode[],
  shared: Record<string, Response>,
): Record<string, Response> {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status)
  const statuses = [...byStatus.keys()].sort()
  return Object.fromEntries(
    statuses.map((status) => {
      const sorted = (byStatus.get(status) ?? []).sort()
      const response = refusalResponse(status, sorted)
      const name = sharedName(status, sorted)
      if (name === undefined) return [String(status), response]
      if (shared[name] && JSON.stringify(shared[name]) !== JSON.stringify(response))
        throw new Error(`two responses are called ${name}: ${sorted}`)
      shared[name] = response
      return [String(status), { $ref: `#/components/responses/${name}` }]
    }),
  )
}

/** The name of a response whose codes are all common ones; undefined where the operation adds its own. */
function sharedName(status: number, codes: ProblemCode[]): string | undefined {
  if (codes.some((code) => commonCodes[code] === undefined)) return undefined
  const words = Object.entries(commonCodes).flatMap(([code, word]) =>
    codes.includes(code as ProblemCode) ? word : [],
  )
  return [statusNames[status] ?? `Status${status}`, ...new Set(words)].join('')
}

const sharedHeaders = {
  'X-Request-Id': 'RequestId',
  'RateLimit-Policy': 'RateLimitPolicy',
  RateLimit: 'RateLimit',
  'Content-Language': 'ContentLanguage',
}

function refusalResponse(status: number, codes: ProblemCode[]): Response {
  const headers = {
    ...sharedHeaders,
    ...(retryStatuses.includes(status) && { 'Retry-After': 'RetryAfter' }),
    ...(status === 401 && { 'WWW-Authenticate': 'WwwAuthenticate' }),
  }
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title.en}.`).join(' '),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, header]) => [name, { $ref: `#/components/headers/${header}` }]),
    ),
    content: {
      'application/problem+json': {
        schema: problemOf(codes),
        example: exampleOf(codes[0] as ProblemCode),
      },
    },
    'x-problem-codes': codes,
  }
}

/** A problem with one of these codes: what generators make of it lets a compiler check the codes that a program handles. */
const problemOf = (codes: ProblemCode[]): Schema => ({
  allOf: [
    { $ref: '#/components/schemas/Problem' },
    { type: 'object', required: ['code'], properties: { code: { type: 'string', enum: codes } } },
  ],
})

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
