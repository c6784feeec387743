import { type ProblemCode, problems } from '../../src/core/problems.ts'
import type { Response, Schema } from './json.ts'
import { sampleOf } from './problem-samples.ts'
import { refusalHeaders } from './refusals.ts'

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
  restricted: 'Restricted',
  team_not_permitted: 'Team',
  settings_not_permitted: 'Settings',
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
      const own = byStatus.get(status) ?? []
      const sorted = own.toSorted()
      const response = refusalResponse(status, sorted, typicalOf(own))
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

/** The usual refusals of most operations. Where an operation has none of these for a status, the first that it names itself is usual. */
const usual: readonly ProblemCode[] = [
  'invalid_request',
  'unauthenticated',
  'forbidden',
  'permission_missing',
  'mfa_required',
  'insufficient_scope',
  'not_found',
  'invalid_transition',
]

const typicalOf = (codes: ProblemCode[]): ProblemCode =>
  usual.find((code) => codes.includes(code)) ?? (codes[0] as ProblemCode)

function refusalResponse(status: number, codes: ProblemCode[], typical: ProblemCode): Response {
  const headers = { ...sharedHeaders, ...refusalHeaders(status, codes) }
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title.en}.`).join(' '),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, header]) => [name, { $ref: `#/components/headers/${header}` }]),
    ),
    content: {
      'application/problem+json': {
        schema: problemOf(codes),
        example: sampleOf(typical, codes),
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
