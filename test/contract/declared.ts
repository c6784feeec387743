import { z } from '@hono/zod-openapi'
import { expect } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import { refusalsOf } from '../../tools/openapi/refusals.ts'
import type { Answer } from '../support/api.ts'

const noBody = z.literal('')

export const roundTripsIn = (headers: Headers): number => countOf('round-trips', headers)
export const plannedIn = (headers: Headers): number => countOf('planned', headers)

const countOf = (name: string, headers: Headers): number =>
  Number(new RegExp(`${name}=(\\d+)`).exec(headers.get('server-timing') ?? '')?.[1])

/** Status, problem code, body and headers are those that the operation declares. */
export function expectAsDeclared(operation: Operation, { status, headers, body }: Answer<unknown>): void {
  if (status >= 400) {
    const { code } = body as { code: string }
    expect(refusalsOf(operation), `${status} ${JSON.stringify(body)}`).toContain(code)
    expect(code, `the example is refused: ${JSON.stringify(body)}`).not.toBe('invalid_request')
    expect(status).toBeLessThan(500)
    return
  }
  const reply = operation.responses[status]
  expect(reply, `status ${status} is not declared`).toBeDefined()
  // A file, such as a photo, has no schema.
  if (reply?.fileTypes) {
    expect(reply.fileTypes).toContain(headers.get('content-type')?.split(';')[0])
    return
  }
  const parsed = (reply?.schema ?? noBody).safeParse(body)
  expect(parsed.error?.issues).toBeUndefined()
  // Parsing leaves out what is not declared: what is left must be all that was sent.
  expect(parsed.data).toEqual(body)
  if (operation.etag) expect(headers.get('etag')).toMatch(/^"[^"]+"$/)
}
