import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import {
  all,
  bystander,
  call,
  callersOf,
  exampleBody,
  isAboutCaller,
  named,
  objectFor,
  parameterNames,
} from '../contract/call.ts'
import { type Answer, signedIn } from '../support/api.ts'
import { somebody } from '../support/world/object.ts'
import { world } from '../support/world.ts'

const outsiders = ['client', 'tasker'] as const

/** Operations on something that belongs to somebody: its address must tell a stranger no more than an address where nothing is. */
const owned = all.filter(
  ({ policy, path, method }) =>
    policy !== 'public' && policy.relation && parameterNames(path).length > 0 && method !== 'put',
)

/** Everything that a caller can see of an answer, less what is new with every call. */
const seenOf = ({ status, headers, body }: Answer<unknown>) => {
  const { requestId: _requestId, ...shown } = (body ?? {}) as Record<string, unknown>
  return {
    status,
    shown,
    etag: headers.get('etag'),
    type: headers.get('content-type'),
    trips: headers.get('server-timing')?.replace(/dur=[\d.]+/, ''),
  }
}

describe.each(named(owned))('%s', (_operationId, operation) => {
  it("answers the id of another user's resource like an unknown id", async () => {
    const { policy } = operation
    if (policy === 'public') throw new Error('not public')
    const object = await objectFor(operation)
    for (const role of outsiders.filter((candidate) => policy.roles.includes(candidate))) {
      const stranger = await signedIn(role)
      const real = seenOf(await call(operation, { as: stranger, params: object?.params ?? {} }))
      const none = seenOf(await call(operation, { as: stranger }))
      expect([403, 404], JSON.stringify(real)).toContain(real.status)
      expect(real).toEqual(none)
    }
  })
})

/** Fields of bodies that name something: by the name of a path parameter that we know how to make. */
const makers = Object.keys(world).filter((name) => /^[a-z]+Id$/i.test(name))
const makerOf = (field: string): string | undefined =>
  makers.find((name) => field.toLowerCase().endsWith(name.toLowerCase()))
const isId = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value)

const idFields = all.flatMap((operation) => {
  if (!operation.body || operation.policy === 'public') return []
  const example = exampleBody(operation.operationId) as Record<string, unknown>
  return Object.entries(example)
    .filter(([, value]) => isId(value))
    .map(([field]) => [operation.operationId, field, operation] as const)
})

describe.each(idFields)('%s, of its %s', (operationId, field, operation) => {
  it('refuses unknown ids and ids of other users alike', async () => {
    const example = exampleBody(operationId) as Record<string, unknown>
    const maker = makerOf(field)
    const theirs = maker ? Object.values((await world[maker]?.())?.params ?? {}) : []
    for (const id of [newId(), ...theirs]) {
      const object = await objectFor(operation)
      const addressed = parameterNames(operation.path).length > 0 ? object : null
      const callers = await callersOf(operation, addressed, isAboutCaller(operation) ? somebody : bystander)
      const as = callers.find((each) => each?.role === 'client' || each?.role === 'tasker') ?? callers[0]
      const { status, body } = await call(operation, {
        as,
        params: object?.params ?? {},
        body: { ...example, [field]: id },
      })
      if (isPublicThing(field)) expect(status).toBeLessThan(500)
      else expect([400, 403, 404, 409, 422], `${status} ${JSON.stringify(body)}`).toContain(status)
    }
  })
})

/** Whoever may call at all may name these: they are nobody's. */
const isPublicThing = (field: string): boolean =>
  ['categoryId', 'taskerId', 'parentId', 'companyId', 'departmentId', 'planId'].includes(field)
