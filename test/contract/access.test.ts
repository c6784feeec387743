import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import type { UserRole } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { type Permission, permissions } from '../../src/core/permissions.ts'
import { scopeNames } from '../../src/core/scopes.ts'
import { type Caller, database, signedIn } from '../support/api.ts'
import { aRoleName, staffToken } from '../support/staff.ts'
import { all, bystander, call, callersOf, named, parameterNames } from './call.ts'
import { gate, isUpgrade, upgradeHeaders } from './callers.ts'

const guarded = all.filter(({ policy }) => policy !== 'public')
/** PUT creates a missing resource. */
const withId = guarded.filter(({ path, method }) => parameterNames(path).length > 0 && method !== 'put')

const codeOf = (body: unknown): string => (body as { code: string }).code

/** Some operations of taskers let a client in by role, and the database knows that they are no tasker. */
function expectNothing(role: UserRole | undefined, status: number, body: unknown): void {
  const expected = codeOf(body) === 'not_a_tasker' ? 403 : 404
  expect([role, status], JSON.stringify(body)).toEqual([role, expected])
}

it('every operation with staff access names a permission', () => {
  const isForStaff = ({ policy }: (typeof all)[number]) =>
    policy !== 'public' &&
    policy.roles.some((role) => role === 'ops' || role === 'admin') &&
    (policy.roles.every((role) => role === 'ops' || role === 'admin') || policy.relation?.orStaff === true)
  const unnamed = guarded.filter(
    (operation) => isForStaff(operation) && operation.policy !== 'public' && !operation.policy.permission,
  )
  expect(unnamed.map(({ operationId }) => operationId)).toEqual([])
})

it('every scope is used, and every required scope can be granted', () => {
  const asked = guarded.flatMap(({ policy }) => (policy !== 'public' && policy.scope ? [policy.scope] : []))
  expect([...new Set(asked)].sort()).toEqual([...scopeNames].sort())
})

/** Tests of whom each operation lets in and keeps out are in access-matrix.test.ts; for what exists, in resource-matrix.test.ts. */
it.each(named(withId))('%s returns 404 for an unknown id', async (_operationId, operation) => {
  for (const as of await callersOf(operation, null, bystander)) {
    const { status, body } = await call(operation, { as })
    expectNothing(as?.role, status, body)
  }
})

const withPermission = named(guarded).flatMap(([id, operation]) =>
  operation.policy !== 'public' && operation.policy.permission
    ? [[id, operation.policy.permission, operation] as const]
    : [],
)

/** Somebody with a role of these permissions, put into the database at once: there are two for every permission. */
async function staffWith(held: Permission[]): Promise<Caller> {
  const user = await signedIn('client')
  const roleId = newId()
  const names = sql.join(
    held.map((name) => sql`${name}`),
    sql`, `,
  )
  await database().write([
    sql`insert into roles (id, name, display_name) values (${roleId}, ${aRoleName()}, 'A role')`,
    sql`insert into role_permissions (role_id, permission_id)
        select ${roleId}, id from permissions where name in (${names})`,
    sql`insert into user_roles (id, user_id, role_id, status) values (${newId()}, ${user.userId}, ${roleId}, 'approved')`,
  ])
  return staffToken(user)
}

/** Members of staff with a custom role: one with this permission only, one with all others. */
const clerks = new Map<Permission, Promise<{ holder: Caller; other: Caller }>>()
const clerksOf = (permission: Permission) => {
  const known = clerks.get(permission)
  if (known) return known
  const rest = (Object.keys(permissions) as Permission[]).filter((name) => name !== permission)
  const made = Promise.all([staffWith([permission]), staffWith(rest)]).then(([holder, other]) => ({
    holder,
    other,
  }))
  clerks.set(permission, made)
  return made
}

/** The permission decides, not the name of the role. */
it.each(withPermission)(
  '%s is open to who holds %s, and to no other staff',
  async (_id, permission, operation) => {
    const { holder, other } = await clerksOf(permission)
    const headers = isUpgrade(operation) ? upgradeHeaders : {}
    // Past the gate, an empty body is refused as such.
    const body = operation.body ? { body: {} } : {}
    const open = await call(operation, { as: holder, headers, ...body })
    expect([...gate, 'forbidden'], JSON.stringify(open.body)).not.toContain(codeOf(open.body ?? {}))
    expect(open.status).toBeLessThan(500)
    const shut = await call(operation, { as: other, headers, ...body })
    expect([shut.status, codeOf(shut.body)]).toEqual([403, 'permission_missing'])
  },
)
