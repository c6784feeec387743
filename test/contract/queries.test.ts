import { describe, expect, it } from 'vitest'
import { all, bystander, call, named, rolesOf } from './call.ts'

describe.each(named(all))('%s', (_operationId, operation) => {
  it('refuses an unknown query parameter', async () => {
    const [role] = rolesOf(operation)
    const as = role && (await bystander(role))
    const answer = await call(operation, { as, query: 'nothingLikeThis=1' })
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_request' })
    expect((answer.body as { errors: unknown }).errors).toEqual([
      { pointer: 'query/nothingLikeThis', code: 'unknown_field', message: 'is unknown' },
    ])
  })
})
