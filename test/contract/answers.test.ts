import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import { refusalsOf } from '../../tools/openapi/refusals.ts'
import type { Answer } from '../support/api.ts'
import { all, call, callersOf, named, objectFor } from './call.ts'

const noBody = z.literal('')
const tripsOf = (headers: Headers): number =>
  Number(/trips=(\d+)/.exec(headers.get('server-timing') ?? '')?.[1])

/** What the operation answers to everybody who may call it, each on a fresh object. */
async function* answersOf(operation: Operation): AsyncGenerator<Answer<unknown>> {
  const count = (await callersOf(operation, await objectFor(operation))).length
  for (let n = 0; n < count; n += 1) {
    const object = await objectFor(operation)
    const as = (await callersOf(operation, object))[n]
    yield await call(operation, { as, params: object?.params ?? {}, query: object?.query ?? '' })
  }
}

function expectAsDeclared(operation: Operation, { status, headers, body }: Answer<unknown>): void {
  if (status >= 400) {
    const { code } = body as { code: string }
    expect(refusalsOf(operation), `${status} ${JSON.stringify(body)}`).toContain(code)
    expect(code, `the example is refused: ${JSON.stringify(body)}`).not.toBe('invalid_request')
    expect(status).toBeLessThan(500)
    return
  }
  const reply = operation.responses[status]
  expect(reply, `status ${status} is not declared`).toBeDefined()
  // Bytes, such as a photo, have no schema.
  if (!reply?.schema && !/json/.test(headers.get('content-type') ?? '')) return
  const parsed = (reply?.schema ?? noBody).safeParse(body)
  expect(parsed.error?.issues).toBeUndefined()
  // Parsing leaves out what is not declared: what is left must be all that was sent.
  expect(parsed.data).toEqual(body)
  if (operation.etag) expect(headers.get('etag')).toMatch(/^"[^"]+"$/)
}

describe.each(named(all))('%s', (_operationId, operation) => {
  it('answers what it declares, in one trip at most', async () => {
    let succeeded = false
    for await (const answer of answersOf(operation)) {
      expectAsDeclared(operation, answer)
      expect(tripsOf(answer.headers)).toBeLessThanOrEqual(1)
      succeeded ||= answer.status < 300
    }
    const reads = operation.method === 'get' && !operation.problems.includes('upgrade_required')
    if (reads) expect(succeeded, 'nobody could read it').toBe(true)
  })
})
