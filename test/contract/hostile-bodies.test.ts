import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '../../src/core/problems.ts'
import type { Operation } from '../../src/http/operation.ts'
import type { Answer, Caller } from '../support/api.ts'
import { all, bystander, call, exampleBody, named, rolesOf } from './call.ts'
import { refusalOfBody } from './deciding.ts'

/**
 * Every hostile body is decided for every operation in this process. Over HTTP goes what has passed, since the handler must not
 * fail of it; one refused body of each operation, which proves that its own schema is asked; and every body for one operation
 * that requires a body and one that does not.
 */
const withBody = all.filter(({ body }) => body)
const fullyOverHttp = [true, false].map((lacks) => withBody.find(({ mayLackBody }) => mayLackBody === lacks))
const tooLarge = JSON.stringify({ padding: 'x'.repeat(1024 * 1024) })
const deepLevels = 10_000
const tooDeep = [
  '['.repeat(deepLevels) + ']'.repeat(deepLevels),
  `{"a":${'{"a":'.repeat(deepLevels)}1${'}'.repeat(deepLevels)}}`,
]

/** Any JSON, and objects with some of the names that they are given; made once for all operations. */
const anyJson = fc.sample(
  fc.oneof(
    fc.jsonValue().map((value) => (_names: string[]) => value),
    fc
      .array(fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })), { maxLength: 8 })
      .map(
        (pairs) => (names: string[]) =>
          Object.fromEntries(pairs.map(([n, value]) => [names[n % names.length], value])),
      ),
  ),
  { numRuns: 60, seed: 20261121 },
)

/** Phrases of validators that are addressed to programmers. */
const notForPeople = /\/\^|received|nonoptional|expected|invalid input/i

function expectRefusal({ status, headers, body }: Answer<unknown>, statuses: number[]): void {
  expect(statuses, JSON.stringify(body)).toContain(status)
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body).toMatchObject({ status, code: expect.any(String), requestId: expect.any(String) })
  const { errors = [] } = body as { errors?: { message: string }[] }
  expect(errors.filter(({ message }) => notForPeople.test(message))).toEqual([])
}

function expectProblem(problem: Problem | null, status: number): asserts problem is Problem {
  expect(problem?.status).toBe(status)
  const errors = problem?.errors ?? []
  expect(errors.filter(({ message }) => notForPeople.test(message))).toEqual([])
  if (problem?.code === 'invalid_request') expect(errors).not.toEqual([])
}

/** Every way to put something of another type in the place of one field. */
function* withWrongTypes(example: Record<string, unknown>): Generator<[string, Record<string, unknown>]> {
  for (const name of Object.keys(example)) {
    for (const wrong of [null, true, -1.5, 1e308, 'x', [[]], {}, { $ne: 1 }]) {
      if (typeof wrong !== typeof example[name]) yield [name, { ...example, [name]: wrong }]
    }
  }
}

describe.each(named(withBody))('%s', (operationId, operation: Operation) => {
  let as: Caller | undefined
  const example = exampleBody(operationId) as Record<string, unknown>
  const send = (body: unknown, headers: Record<string, string> = {}) => call(operation, { as, body, headers })

  beforeAll(async () => {
    const [role] = rolesOf(operation)
    as = role && (await bystander(role))
  })

  async function expectRefused(
    body: unknown,
    status: number,
    headers?: Record<string, string>,
  ): Promise<Problem> {
    const problem = await refusalOfBody(operation, body, headers)
    expectProblem(problem, status)
    if (fullyOverHttp.includes(operation)) expectRefusal(await send(body, headers), [status])
    return problem
  }

  it('refuses a body that is not JSON or not an object', async () => {
    if (!operation.mayLackBody) await expectRefused('', 400)
    for (const body of ['{', '{"a":', 'undefined', "{'a':1}", new Uint8Array([0xff, 0xfe])]) {
      expect((await expectRefused(body, 400)).code).toBe('malformed_json')
    }
    for (const body of ['null', '[]', '7', '"text"', 'true', '[[]]']) {
      expect((await expectRefused(body, 400)).errors[0]?.pointer).toBe('')
    }
    expectRefusal(await send('{'), [400])
  })

  it('refuses a body without a JSON content type', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', '*/*']) {
      await expectRefused(JSON.stringify(example), 415, { 'content-type': type })
    }
  })

  it('refuses a body that is too large or too deeply nested', async () => {
    await expectRefused(tooLarge, 413)
    for (const body of tooDeep) await expectRefused(body, 400)
  })

  it('refuses unknown fields and text that cannot be stored', async () => {
    const unknown = { ...example, anUnknownField: 1 }
    const { errors } = await expectRefused(unknown, 400)
    const answer = await send(unknown)
    expectRefusal(answer, [400])
    const { errors: sent } = answer.body as { errors: Problem['errors'] }
    expect(sent.map(({ pointer }) => pointer)).toEqual(errors.map(({ pointer }) => pointer))
    await expectRefused(`{"__proto__":{"polluted":true},"constructor":1}`, 400)
    for (const [name, value] of Object.entries(example)) {
      if (typeof value !== 'string') continue
      await expectRefused({ ...example, [name]: `${value}\0` }, 400)
      await expectRefused(JSON.stringify({ ...example, [name]: 'x' }).replace('"x"', '"\\ud83d"'), 400)
    }
  })

  it('never returns 500 for a wrong type', async () => {
    for (const [name, body] of withWrongTypes(example)) {
      const problem = await refusalOfBody(operation, body)
      if (problem) {
        expectProblem(problem, 400)
        const elsewhere = problem.errors.filter(
          ({ pointer }) => pointer !== '' && !`${pointer}/`.startsWith(`/${name}/`),
        )
        expect(elsewhere, JSON.stringify(body)).toEqual([])
        if (!fullyOverHttp.includes(operation)) continue
      }
      const answer = await send(body)
      expect(answer.status, JSON.stringify(body)).toBeLessThan(500)
      if (answer.status >= 300) expectRefusal(answer, [problem?.status ?? answer.status])
    }
  })

  it('never returns 500 for any JSON', async () => {
    const names = [...Object.keys(example), 'x']
    for (const made of anyJson) {
      const text = JSON.stringify(made(names))
      const problem = await refusalOfBody(operation, text)
      if (problem) expectProblem(problem, 400)
      if (problem && !fullyOverHttp.includes(operation)) continue
      expect((await send(text)).status, text).toBeLessThan(500)
    }
  })
})
