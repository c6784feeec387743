import { beforeAll, describe, expect, it } from 'vitest'
import { type UserRole, userRoles } from '../../src/core/context.ts'
import { type Caller, signedIn } from '../support/api.ts'
import { all, call, callersOf, named, objectFor, parameterNames, rolesOf } from './call.ts'

const guarded = all.filter(({ policy }) => policy !== 'public')
const withId = guarded.filter(({ path, method }) => parameterNames(path).length > 0 && method !== 'put')
/** What belongs to somebody. Staff see all of it. */
const related = withId.filter(
  ({ policy }) =>
    policy !== 'public' &&
    policy.relation &&
    policy.roles.some((role) => role === 'client' || role === 'tasker'),
)

const callers = {} as Record<UserRole, Caller>
beforeAll(async () => {
  for (const role of userRoles) callers[role] = await signedIn(role)
})

const codeOf = (body: unknown): string => (body as { code: string }).code

/** Some operations of taskers let a client in by role, and the database knows that they are no tasker. */
function expectNothing(role: UserRole | undefined, status: number, body: unknown): void {
  const expected = codeOf(body) === 'not_a_tasker' ? 403 : 404
  expect([role, status], JSON.stringify(body)).toEqual([role, expected])
}

describe.each(named(guarded))('%s', (_operationId, operation) => {
  it('is closed to the anonymous, without a trip', async () => {
    const { status, headers, body } = await call(operation)
    expect([status, codeOf(body)]).toEqual([401, 'unauthenticated'])
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('server-timing')).toContain('trips=0')
  })

  it('is closed to every other role, without a trip', async () => {
    for (const role of userRoles.filter((candidate) => !rolesOf(operation).includes(candidate))) {
      const { status, headers, body } = await call(operation, { as: callers[role] })
      const isListed = operation.policy !== 'public' && operation.policy.roles.includes(role)
      const code = isListed ? 'permission_missing' : 'forbidden'
      expect([role, status, codeOf(body)]).toEqual([role, 403, code])
      expect(headers.get('server-timing')).toContain('trips=0')
    }
  })
})

it('every operation in which staff are more than themselves names the permission', () => {
  const isForStaff = ({ policy }: (typeof all)[number]) =>
    policy !== 'public' &&
    policy.roles.some((role) => role === 'ops' || role === 'admin') &&
    (policy.roles.every((role) => role === 'ops' || role === 'admin') ||
      /\b(staff|ops)\b/.test(policy.relation ?? ''))
  const unnamed = guarded.filter(
    (operation) => isForStaff(operation) && operation.policy !== 'public' && !operation.policy.permission,
  )
  expect(unnamed.map(({ operationId }) => operationId)).toEqual([])
})

describe.each(named(withId))('%s', (_operationId, operation) => {
  it('finds nothing where nothing is', async () => {
    for (const as of await callersOf(operation, null)) {
      const { status, body } = await call(operation, { as })
      expectNothing(as?.role, status, body)
    }
  })
})

describe.each(named(related))('%s', (_operationId, operation) => {
  it('tells strangers nothing of what is there', async () => {
    const object = await objectFor(operation)
    for (const role of rolesOf(operation).filter(
      (candidate) => candidate === 'client' || candidate === 'tasker',
    )) {
      const { status, body } = await call(operation, {
        as: await signedIn(role),
        params: object?.params ?? {},
      })
      expectNothing(role, status, body)
    }
  })
})
