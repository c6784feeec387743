import type { z } from '@hono/zod-openapi'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import type { Operation } from '../../src/http/operation.ts'
import { all, bystander, call, callersOf, document, exampleBody, named } from '../contract/call.ts'
import { refusalOfBody } from '../contract/deciding.ts'
import { type Caller, database } from '../support/api.ts'
import { isWrite, steppedUp } from './support.ts'

/** Fields that only we decide. A field of the body that is called so must be one that the operation declares. */
const someone = newId()
const protectedFields: Record<string, unknown> = {
  id: someone,
  role: 'admin',
  roles: ['admin'],
  permissions: ['audit.read'],
  isAdmin: true,
  status: 'active',
  state: 'settled',
  userId: someone,
  clientId: someone,
  taskerId: someone,
  ownerId: someone,
  createdBy: someone,
  approvedBy: someone,
  createdAt: '2020-01-01T00:00:00.000Z',
  version: 99,
  verified: true,
  amountMinor: 1,
}

interface Schema {
  $ref?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

const resolved = (schema: Schema | undefined): Schema =>
  schema?.$ref
    ? resolved(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] as Schema)
    : (schema ?? {})

const variantsOf = (schema: Schema | undefined): Schema[] => {
  const own = resolved(schema)
  const inner = [...(own.anyOf ?? []), ...(own.oneOf ?? []), ...(own.allOf ?? [])]
  return inner.length > 0 ? inner.flatMap(variantsOf) : [own]
}

/** Each object inside the example, as (path to it, names that its schema has). A record, which has none, is not one. */
function* objectsOf(
  value: unknown,
  schema: Schema | undefined,
  path: (string | number)[] = [],
): Generator<{ path: (string | number)[]; names: string[] }> {
  const variants = variantsOf(schema)
  if (Array.isArray(value)) {
    const items = variants.find((variant) => variant.items)?.items
    if (value.length > 0) yield* objectsOf(value[0], items, [...path, 0])
  } else if (value && typeof value === 'object') {
    const names = variants.flatMap((variant) => Object.keys(variant.properties ?? {}))
    if (names.length > 0) yield { path, names }
    for (const [name, inner] of Object.entries(value)) {
      yield* objectsOf(inner, variants.find((variant) => variant.properties?.[name])?.properties?.[name], [
        ...path,
        name,
      ])
    }
  }
}

/** The body with more fields in the object at the path. */
function withFields(body: unknown, [first, ...rest]: (string | number)[], fields: object): unknown {
  if (first === undefined) return { ...(body as object), ...fields }
  const copy = Array.isArray(body) ? [...body] : { ...(body as object) }
  const place = copy as Record<string | number, unknown>
  place[first] = withFields(place[first], rest, fields)
  return copy
}

const callerOf = async (
  operation: Operation,
  callers: (Caller | undefined)[],
): Promise<Caller | undefined> => {
  const as = callers.find((caller) => caller?.role !== 'client' && caller?.role !== 'tasker') ?? callers[0]
  return as && operation.policy !== 'public' && operation.policy.stepUp ? steppedUp(as) : as
}

const privilegesOf = async (userId: string) =>
  (
    await database().read(sql`
      select u.role, u.created_at, (select count(*) from users where role = 'admin' and id = ${userId}) as admins
        from users u where u.id = ${userId}`)
  )[0]

const writes = all.filter(isWrite)
/** `call` sends a body where the operation has one: this makes it send one where it has none. */
const anyBody = writes.find(({ body }) => body)?.body as z.ZodType

describe.each(named(writes.filter(({ body }) => body)))('%s', (operationId, operation) => {
  it('refuses every field that the caller must not set, at every depth', async () => {
    const example = exampleBody(operationId)
    const schema = document.paths[operation.path]?.[operation.method]?.requestBody?.content?.[
      'application/json'
    ]?.schema as Schema
    const as = await callerOf(operation, await callersOf(operation, null, bystander))
    const places = [...objectsOf(example, schema)]
    expect(places.length).toBeGreaterThan(0)
    for (const [n, { path, names }] of places.entries()) {
      const extra = Object.fromEntries(
        Object.entries(protectedFields).filter(([name]) => !names.includes(name)),
      )
      const body = withFields(example, path, extra)
      const problem = await refusalOfBody(operation, body)
      expect(problem?.code, path.join('/')).toBe('invalid_request')
      const errors = problem?.errors ?? []
      // That the server refuses for the same reason is seen once for each operation.
      if (n === 0) {
        const answer = await call(operation, { as, body })
        expect(answer.status, `${path.join('/')}: ${JSON.stringify(answer.body)}`).toBe(400)
        const sent = (answer.body as { errors: { pointer: string }[] }).errors
        expect(sent.map(({ pointer }) => pointer)).toEqual(errors.map(({ pointer }) => pointer))
      }
      const pointers = errors.map(({ pointer }) => pointer)
      // A choice between shapes is refused as a whole.
      if (variantsOf(schema).length === 1)
        for (const name of Object.keys(extra)) expect(pointers).toContain(`/${[...path, name].join('/')}`)
    }
  })
})

describe.each(named(writes.filter(({ body }) => !body)))('%s', (_operationId, operation) => {
  it('refuses fields in the query, and ignores an undeclared body', async () => {
    const as = await callerOf(operation, await callersOf(operation, null))
    const before = as && (await privilegesOf(as.userId))
    const query = new URLSearchParams(
      Object.entries(protectedFields).map(([name, value]) => [name, String(value)]),
    )
    const takesBody = { ...operation, body: anyBody }
    const refused = await call(takesBody, { as, query: `${query}`, body: protectedFields })
    expect((refused.body as { code: string }).code).toBe('invalid_request')
    const { status } = await call(takesBody, { as, body: protectedFields })
    expect(status).toBeLessThan(500)
    if (as) expect(await privilegesOf(as.userId)).toEqual(before)
  })
})
