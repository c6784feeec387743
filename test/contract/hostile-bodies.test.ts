import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import type { Answer, Caller } from '../support/api.ts'
import { all, call, callersOf, exampleBody, named } from './call.ts'

const withBody = all.filter(({ body }) => body)
const oneMegabyte = 1024 * 1024
const deepLevels = 10_000

/** Phrases of validators that are addressed to programmers. */
const notForPeople = /\/\^|received|nonoptional|expected|invalid input/i

function expectRefusal({ status, headers, body }: Answer<unknown>, statuses: number[]): void {
  expect(statuses, JSON.stringify(body)).toContain(status)
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body).toMatchObject({ status, code: expect.any(String), requestId: expect.any(String) })
  const { errors = [] } = body as { errors?: { message: string }[] }
  expect(errors.filter(({ message }) => notForPeople.test(message))).toEqual([])
}

/** Every way to put something of another type in the place of one field. */
function* withWrongTypes(example: Record<string, unknown>): Generator<Record<string, unknown>> {
  for (const name of Object.keys(example)) {
    for (const wrong of [null, true, -1.5, 1e308, 'x', [[]], {}, { $ne: 1 }]) {
      if (typeof wrong !== typeof example[name]) yield { ...example, [name]: wrong }
    }
  }
}

describe.each(named(withBody))('%s', (operationId, operation: Operation) => {
  let as: Caller | undefined
  const example = exampleBody(operationId) as Record<string, unknown>
  const send = (body: unknown, headers: Record<string, string> = {}) => call(operation, { as, body, headers })

  beforeAll(async () => {
    as = (await callersOf(operation, null))[0]
  })

  it('refuses a body that is not JSON or not an object', async () => {
    if (!operation.mayLackBody) expectRefusal(await send(''), [400])
    for (const body of ['{', '{"a":', 'undefined', "{'a':1}", new Uint8Array([0xff, 0xfe])]) {
      expectRefusal(await send(body), [400])
    }
    for (const body of ['null', '[]', '7', '"text"', 'true', '[[]]']) expectRefusal(await send(body), [400])
  })

  it('refuses a body without a JSON content type', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', '*/*']) {
      expectRefusal(await send(JSON.stringify(example), { 'content-type': type }), [415])
    }
  })

  it('refuses a body that is too large or too deeply nested', async () => {
    expectRefusal(await send({ ...example, padding: 'x'.repeat(oneMegabyte) }), [413])
    expectRefusal(await send('['.repeat(deepLevels) + ']'.repeat(deepLevels)), [400])
    expectRefusal(await send(`{"a":${'{"a":'.repeat(deepLevels)}1${'}'.repeat(deepLevels)}}`), [400])
  })

  it('refuses unknown fields and text that cannot be stored', async () => {
    expectRefusal(await send({ ...example, anUnknownField: 1 }), [400])
    expectRefusal(await send(`{"__proto__":{"polluted":true},"constructor":1}`), [400])
    for (const [name, value] of Object.entries(example)) {
      if (typeof value !== 'string') continue
      expectRefusal(await send({ ...example, [name]: `${value}\0` }), [400])
      expectRefusal(
        await send(JSON.stringify({ ...example, [name]: 'x' }).replace('"x"', '"\\ud83d"')),
        [400],
      )
    }
  })

  it('never returns 500 for a wrong type', async () => {
    for (const body of withWrongTypes(example)) {
      const answer = await send(body)
      expect(answer.status, JSON.stringify(body)).toBeLessThan(500)
      if (answer.status >= 300) expectRefusal(answer, [answer.status])
    }
  })

  it('never returns 500 for any JSON', async () => {
    const keys = fc.constantFrom(...Object.keys(example), 'x')
    const bodies = fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue({ maxDepth: 2 })))
    for (const body of fc.sample(bodies, { numRuns: 30, seed: 20261121 })) {
      const answer = await send(JSON.stringify(body))
      expect(answer.status, JSON.stringify(body)).toBeLessThan(500)
    }
  })
})
