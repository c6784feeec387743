import { describe, expect, it } from 'vitest'
import { areas } from '../../src/areas/index.ts'
import { generalTexts } from '../../src/core/problem-texts/general.ts'
import { type ProblemCode, problems } from '../../src/core/problems.ts'
import { operations } from '../../src/http/operation.ts'
import { switchOf } from '../../src/http/switches.ts'
import type { Response as Declared, Document } from '../../tools/openapi/json.ts'
import { lint } from '../../tools/openapi/lint.ts'
import { refusalsOf } from '../../tools/openapi/refusals.ts'
import { checkRefusal } from '../support/declared-refusals.ts'
import { all, document } from './call.ts'

/** Codes of sockets and of addresses that no operation has, and promises of the database that no operation breaks. */
const elsewhere: ProblemCode[] = [
  'contact_required',
  'credits_not_held',
  'email_proof_required',
  'frame_too_large',
  'hello_required',
  'invalid_frame',
  'message_deleted',
  'method_not_allowed',
]

const sharedIn = ({ components }: Document, name: string): Declared | undefined =>
  components.responses?.[name] as Declared | undefined

describe('declared refusals', () => {
  it('are all that there are, but those of sockets and of unknown addresses', () => {
    const declared = new Set(all.flatMap(refusalsOf))
    const rest = Object.keys(problems).filter((code) => !declared.has(code as ProblemCode))
    expect(rest.sort()).toEqual(elsewhere)
  })

  it('have one text each', () => {
    const codes = [...Object.keys(generalTexts), ...areas.flatMap((area) => problemsOf(area))]
    expect(codes.filter((code, place) => codes.indexOf(code) !== place)).toEqual([])
  })

  it('say of every operation behind a switch that a restriction closes it', () => {
    for (const operation of all)
      expect([operation.operationId, refusalsOf(operation).includes('restricted')]).toEqual([
        operation.operationId,
        switchOf(operation) !== null,
      ])
    expect(all.filter((operation) => refusalsOf(operation).includes('restricted')).length).toBeGreaterThan(
      200,
    )
  })

  it('say of settings and of the team that a permission alone is not enough', () => {
    const codesOf = (id: string) => {
      const operation = operations.get(id)
      return operation ? refusalsOf(operation) : []
    }
    expect(codesOf('invoiceSellers.update')).toContain('settings_not_permitted')
    expect(codesOf('departments.update')).toContain('team_not_permitted')
    expect(codesOf('departments.update')).not.toContain('settings_not_permitted')
  })

  it('come with their headers', () => {
    const headersOf = (name: string) => Object.keys(sharedIn(document, name)?.headers ?? {})
    expect(headersOf('ConflictRetry')).toContain('Retry-After')
    expect(headersOf('ConflictState')).not.toContain('Retry-After')
    expect(headersOf('UnsupportedMediaType')).toContain('Accept')
    expect(headersOf('Unauthorized')).toContain('WWW-Authenticate')
  })
})

const problemsOf = (area: object): string[] => Object.keys((area as { problems?: object }).problems ?? {})

describe('a refusal that a test meets', () => {
  const answer = (status: number, body: object, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/problem+json', ...headers },
    })
  const check = (response: Response) => checkRefusal('GET', '/v1/me', response)

  it.each<[string, Response, string]>([
    ['a code', answer(409, { code: 'offer_taken', detail: 'Taken.' }), '409 offer_taken is sent'],
    [
      'a header',
      answer(404, { code: 'not_found', detail: 'None.' }, { 'retry-after': '1' }),
      'Retry-After is sent with not_found',
    ],
    [
      'a gap',
      answer(404, { code: 'not_found', detail: 'At most {most}.' }),
      'the text of not_found has a gap',
    ],
  ])('fails the test for %s that its operation does not declare', async (_what, response, message) => {
    await expect(check(response)).rejects.toThrow(message)
  })

  it('passes as declared', async () => {
    await check(answer(404, { code: 'not_found', detail: 'None.' }))
    await checkRefusal('GET', '/v1/unheard-of', answer(404, { code: 'not_found', detail: 'None.' }))
  })
})

describe('the example of a refusal', () => {
  const exampleOf = (response: Declared | undefined) =>
    response?.content?.['application/problem+json']?.example as Record<string, unknown> | undefined
  const responseOf = (path: string, method: string, status: string) =>
    document.paths[path]?.[method]?.responses[status]

  it('is filled in, and is the usual one of its status', () => {
    expect(exampleOf(sharedIn(document, 'TooManyRequests'))?.detail).toBe('Retry in 17 s.')
    expect(exampleOf(sharedIn(document, 'Unauthorized'))?.code).toBe('unauthenticated')
    expect(exampleOf(sharedIn(document, 'ForbiddenRole'))?.code).toBe('forbidden')
    expect(exampleOf(sharedIn(document, 'BadRequestPage'))).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/location/lat', code: 'wrong_type', message: 'must be a number' }],
    })
    expect(exampleOf(responseOf('/v1/auth/login', 'post', '403'))).toMatchObject({
      code: 'mfa_required',
      challenge: { methods: ['totp', 'backup_code'] },
    })
  })

  it('is refused with a gap, or with a choice between texts', () => {
    const unfilled: Document = structuredClone(document)
    Object.assign(exampleOf(sharedIn(unfilled, 'TooManyRequests')) ?? {}, {
      detail: 'Retry in {retryAfterSeconds} s.',
    })
    Object.assign(exampleOf(sharedIn(unfilled, 'NotFound')) ?? {}, {
      detail: '{days, plural, one {# day} other {# days}}',
    })
    expect(lint(unfilled)).toEqual([
      expect.stringMatching(/NotFound.* has a gap: \{days, plural/),
      expect.stringMatching(/TooManyRequests.* has a gap: Retry in \{retryAfterSeconds\} s\./),
    ])
  })
})

describe('a parameter of a path', () => {
  it('says what it names', () => {
    const parameters = document.paths['/v1/bookings/{bookingId}']?.get?.parameters ?? []
    expect(parameters.find(({ name }) => name === 'bookingId')?.description).toBe('Id of the booking.')
    const bare: Document = structuredClone(document)
    for (const parameter of bare.paths['/v1/bookings/{bookingId}']?.get?.parameters ?? [])
      if (parameter.name === 'bookingId') parameter.description = 'Identifier (UUIDv7).'
    expect(lint(bare)).toEqual(['bookings.get: parameter bookingId needs a description of its own'])
  })
})
