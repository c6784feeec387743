import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import { derivedFields, freshValues } from '../support/world/locals.ts'
import { all, call, callersOf, exampleBody, named, objectFor } from './call.ts'

/** A fresh object with a caller who may read and change it, and its current state. */
async function subjectOf(get: Operation, operation: Operation) {
  const object = await objectFor(operation)
  const params = object?.params ?? {}
  for (const as of await callersOf(operation, object)) {
    const { status, body } = await call(get, { as, params, body: {} })
    const mayChange = async () => (await call(operation, { as, params, body: {} })).status !== 403
    if (status === 200 && (await mayChange())) return { as, params, before: body as Record<string, unknown> }
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
  // A thing without a GET of its own is shown with the one that it belongs to.
  const whole = operation.path.replace(/\/[^/]+\/\{\w+\}$/, '')
  const get = [operation.path, whole]
    .map((at) => all.find(({ method, path }) => method === 'get' && path === at))
    .find((found) => found !== undefined)
  // A thing without any GET is read by an empty patch.
  const read = get ?? operation

  it.each(Object.entries(exampleBody(operationId) as object))('changes %s alone', async (name, example) => {
    const value = freshValues[operationId]?.[name]?.() ?? example
    const { as, params, before } = await subjectOf(read, operation)
    const answer = await call(operation, { as, params, body: { [name]: value } })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    const after = (await call(read, { as, params, body: {} })).body as Record<string, unknown>
    const allowed = [name, ...stamps, ...(derivedFields[operationId]?.[name] ?? [])]
    expect(fieldsThatDiffer(before, after).filter((field) => !allowed.includes(field))).toEqual([])
  })

  it('changes nothing by an empty patch', async () => {
    const { as, params, before } = await subjectOf(read, operation)
    const { status, body } = await call(operation, { as, params, body: {} })
    expect(status, JSON.stringify(body)).toBe(200)
    const after = (await call(read, { as, params, body: {} })).body as Record<string, unknown>
    expect(fieldsThatDiffer(before, after).filter((field) => !stamps.includes(field))).toEqual([])
  })
})
