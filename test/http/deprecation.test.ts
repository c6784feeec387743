import { z } from '@hono/zod-openapi'
import { afterAll, expect, it } from 'vitest'
import { newRoutes } from '../../src/http/mount.ts'
import { defineOperation, operations } from '../../src/http/operation.ts'
import { onError } from '../../src/http/problem.ts'
import { responseHeaders } from '../../src/http/response-headers.ts'
import { env } from '../support/api.ts'

const deprecated = { since: '2027-01-01T00:00:00Z', sunset: '2028-01-01T00:00:00Z' }
const route = defineOperation({
  operationId: 'tests.old',
  method: 'get',
  path: '/v1/tests/old',
  tag: 'Platform',
  summary: 'An old operation',
  description: 'Is about to go.',
  policy: 'public',
  query: z.object({ size: z.enum(['1']).optional() }),
  responses: { 204: { description: 'Nothing.' } },
  deprecated,
})
afterAll(() => operations.delete('tests.old'))

const routes = newRoutes()
routes.use((c, next) => {
  c.set('actor', { kind: 'anonymous' })
  c.set('locale', 'en')
  c.set('requestId', 'a-request')
  return next()
})
routes.use(responseHeaders)
routes.onError(onError)
routes.openapi(route, (c) => c.body(null, 204))

it.each([
  ['an answer', '/v1/tests/old', 204],
  ['a refusal', '/v1/tests/old?size=2', 400],
])(
  'says in %s of a deprecated operation when it ends, and where its successor is named',
  async (_what, path, status) => {
    const response = await routes.request(path, {}, env)
    expect(response.status).toBe(status)
    expect(response.headers.get('deprecation')).toBe(`@${Date.parse(deprecated.since) / 1000}`)
    expect(response.headers.get('sunset')).toBe('Sat, 01 Jan 2028 00:00:00 GMT')
    expect(response.headers.get('link')).toBe('</changelog.md>; rel="deprecation"; type="text/markdown"')
  },
)

it('is marked in the document', () => {
  expect(route).toMatchObject({ deprecated: true })
})

it('has twelve months at least between its two dates, in every operation', () => {
  for (const { operationId, deprecated: announced } of operations.values()) {
    if (!announced) continue
    const { since, sunset } = announced
    const year = new Date(since)
    year.setUTCFullYear(year.getUTCFullYear() + 1)
    expect(Date.parse(sunset), operationId).toBeGreaterThanOrEqual(year.getTime())
  }
})
