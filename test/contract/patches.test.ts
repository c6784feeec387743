import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import { derivedFields, freshValues } from '../support/world/locals.ts'
import { all, call, callersOf, exampleBody, named, objectFor } from './call.ts'

/** A fresh object with a caller who may read it, and its current state. */
async function subjectOf(get: Operation, operation: Operation) {
  const object = await objectFor(operation)
  const params = object?.params ?? {}
  for (const as of await callersOf(operation, object)) {
    const { status, body } = await call(get, { as, params })
    if (status === 200) return { as, params, before: body as Record<string, unknown> }
  }
  throw new Error(`nobody can read ${operation.path}`)
}

const patches = all.filter(({ method }) => method === 'patch')
const stamps = ['updatedAt', 'version']

const fieldsThatDiffer = (a: Record<string, unknown>, b: Record<string, unknown>): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]),
  )

describe.each(named(patches))('%s', (operationId, operation) => {
  const get = all.find(({ method, path }) => method === 'get' && path === operation.path)

  it.each(Object.entries(exampleBody(operationId) as object))('changes %s alone', async (name, example) => {
    const value = freshValues[operationId]?.[name]?.() ?? example
    if (!get) throw new Error(`${operation.path} has no GET`)
    const { as, params, before } = await subjectOf(get, operation)
    const answer = await call(operation, { as, params, body: { [name]: value } })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    const after = (await call(get, { as, params })).body as Record<string, unknown>
    const allowed = [name, ...stamps, ...(derivedFields[operationId]?.[name] ?? [])]
    expect(fieldsThatDiffer(before, after).filter((field) => !allowed.includes(field))).toEqual([])
  })

  it('changes nothing by an empty patch', async () => {
    if (!get) throw new Error(`${operation.path} has no GET`)
    const { as, params, before } = await subjectOf(get, operation)
    const { status, body } = await call(operation, { as, params, body: {} })
    expect(status, JSON.stringify(body)).toBe(200)
    const after = (await call(get, { as, params })).body as Record<string, unknown>
    expect(fieldsThatDiffer(before, after).filter((field) => !stamps.includes(field))).toEqual([])
  })
})
