import { describe, expect, it } from 'vitest'
import committed from '../../openapi.json?raw'
import { app } from '../../src/app.ts'
import { machines } from '../../src/areas/machines.ts'
import { eventTypes } from '../../src/core/events.ts'
import { isProblemCode } from '../../src/core/problems.ts'
import { textOf } from '../../tools/openapi/document.ts'
import { lint } from '../../tools/openapi/lint.ts'
import { all, document, exampleBody, named, parameterNames } from './call.ts'
import { publicOperations } from './public-operations.ts'

describe('the spec', () => {
  it('breaks no rule of the house', () => {
    expect(lint(document)).toEqual([])
  })

  it('is committed as it is generated', () => {
    expect(committed === textOf(document), 'run `npm run openapi` and commit openapi.json').toBe(true)
  })

  it('names every event that the machines and triggers can emit, as a webhook', () => {
    const emitted = machines.flatMap(({ name, transitions }) =>
      transitions.flatMap((transition) =>
        transition.from.map((from) => `${name}.${from === null ? transition.name : transition.to}`),
      ),
    )
    expect(Object.keys(eventTypes)).toEqual(expect.arrayContaining([...new Set(emitted)]))
    expect(Object.keys(document.webhooks)).toEqual(Object.keys(eventTypes))
  })

  it('lets the public in only where it was decided', () => {
    const open = all.filter(({ policy }) => policy === 'public').map(({ operationId }) => operationId)
    expect(open.filter((operationId) => !publicOperations.includes(operationId))).toEqual([])
    const closed = all.filter(({ policy }) => policy !== 'public').map(({ operationId }) => operationId)
    expect(publicOperations.filter((operationId) => closed.includes(operationId))).toEqual([])
  })
})

describe.each(named(all))('%s', (operationId, operation) => {
  it('has examples that its own schemas accept', () => {
    if (operation.body)
      expect(operation.body.safeParse(exampleBody(operationId)).error?.issues).toBeUndefined()
    const object = document.paths[operation.path]?.[operation.method]
    for (const [status, { schema }] of Object.entries(operation.responses)) {
      if (!schema) continue
      const example = object?.responses[status]?.content?.['application/json']?.example
      expect(schema.safeParse(example).error?.issues).toBeUndefined()
    }
  })

  it('declares known problems', () => {
    expect(operation.problems.filter((code) => !isProblemCode(code))).toEqual([])
  })

  it('takes no unknown field anywhere in its body', () => {
    expect(openObjectsOf(operationId)).toEqual([])
  })

  it('is reached by its own path', () => {
    const path = operation.path.replace(/\{\w+\}/g, 'x')
    const [handlers] = app.router.match(operation.method.toUpperCase(), path)
    const own = operation.path.replace(/\{(\w+)\}/g, ':$1')
    const paths = (handlers as [[unknown, { path: string; method: string }], unknown][])
      .map(([[, route]]) => route)
      .filter(({ method }) => method !== 'ALL')
      .map((route) => route.path)
    expect(new Set(paths)).toEqual(new Set([own]))
    expect(parameterNames(operation.path).sort()).toEqual(Object.keys(operation.params?.shape ?? {}).sort())
  })
})

interface OpenApiSchema {
  $ref?: string
  type?: unknown
  properties?: Record<string, OpenApiSchema>
  additionalProperties?: unknown
  items?: OpenApiSchema
  anyOf?: OpenApiSchema[]
  oneOf?: OpenApiSchema[]
  allOf?: OpenApiSchema[]
}

/** Places in a request body where an unknown field would pass. A record, which has no fields of its own, is none. */
function openObjectsOf(operationId: string): string[] {
  const operation = all.find((candidate) => candidate.operationId === operationId)
  const object = operation && document.paths[operation.path]?.[operation.method]
  const open: string[] = []
  const seen = new Set<string>()
  const visit = (schema: OpenApiSchema, place: string): void => {
    if (schema.$ref) {
      if (seen.has(schema.$ref)) return
      seen.add(schema.$ref)
      visit(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] as OpenApiSchema, schema.$ref)
    }
    if (schema.properties && schema.additionalProperties !== false) open.push(place)
    for (const [name, inner] of Object.entries(schema.properties ?? {})) visit(inner, `${place}/${name}`)
    for (const inner of [
      schema.items,
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...(schema.allOf ?? []),
    ]) {
      if (inner) visit(inner, place)
    }
  }
  const body = object?.requestBody?.content?.['application/json']?.schema
  if (body) visit(body as OpenApiSchema, '')
  return open
}
