import { describe, expect, it } from 'vitest'
import committed from '../../openapi.json?raw'
import { app } from '../../src/app.ts'
import { machines } from '../../src/areas/machines.ts'
import { eventTypes } from '../../src/core/events.ts'
import { isProblemCode } from '../../src/core/problems.ts'
import { textOf } from '../../tools/openapi/document.ts'
import { exampleOf } from '../../tools/openapi/examples.ts'
import { nameOfRef, operationsOf, type Schema } from '../../tools/openapi/json.ts'
import { lint } from '../../tools/openapi/lint.ts'
import { parameterWords } from '../../tools/openapi/parameter-words.ts'
import { propertyWords } from '../../tools/openapi/property-words.ts'
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

describe('words for readers', () => {
  it('are all used', () => {
    const text = JSON.stringify(document)
    const unused = Object.values({ ...propertyWords, ...parameterWords }).filter((words) => {
      const said = JSON.stringify(words).slice(1, -1)
      const shorter = said.replace(/(^| )Null: .*$/, '')
      return !text.includes(`"${said}"`) && !(shorter && text.includes(`"${shorter}"`))
    })
    expect(unused).toEqual([])
  })

  it('stand beside every property of accounts, access, organisation, privacy, audit and keys', () => {
    const chapters = ['Authentication', 'Me', 'Access', 'Privacy', 'Audit', 'API keys']
    const bare = new Set<string>()
    for (const [, , operation] of operationsOf(document)) {
      // The file of an export holds rows as they are kept, in the names of their columns.
      if (!chapters.includes(operation.tags[0] ?? '') || operation.operationId === 'exports.download')
        continue
      const bodies = [operation.requestBody, ...Object.values(operation.responses)]
      for (const body of bodies)
        for (const { schema } of Object.values(body?.content ?? {})) bareProperties(schema, bare)
    }
    expect([...bare]).toEqual([])
  })

  it('tell what an operation asks of its caller', () => {
    const described = new Map([...operationsOf(document)].map(([, , object]) => [object.operationId, object]))
    for (const { operationId, policy } of all) {
      const text = described.get(operationId)?.description ?? ''
      if (policy === 'public') continue
      if (policy.permission) expect(text).toContain(`permission \`${policy.permission}\``)
      if (policy.scope) expect(text).toContain(`scope \`${policy.scope}\``)
      expect(text.includes('`mfa_required`'), operationId).toBe(
        policy.stepUp === true || text.includes('challenge'),
      )
    }
  })

  it('say which bodies may be left out', () => {
    for (const { operationId, method, path, mayLackBody, body } of all) {
      const required = document.paths[path]?.[method]?.requestBody?.required
      expect([operationId, required]).toEqual([operationId, body ? !mayLackBody : undefined])
    }
    expect(all.filter(({ mayLackBody }) => mayLackBody).map(({ operationId }) => operationId)).toContain(
      'me.requestErasure',
    )
  })

  it('give keys an example that is one', () => {
    const { key, prefix } = exampleOf(
      { $ref: '#/components/schemas/ApiKeyWithSecret' },
      document.components.schemas,
    ) as Record<string, string>
    expect(key).toMatch(/^khk_[0-9a-f]{12}_[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/)
    expect(key?.startsWith(`${prefix}_`)).toBe(true)
  })
})

/** Names that leave no question. */
const plain = new Set(['id', 'data', 'name', 'createdAt', 'updatedAt', 'user', 'object', 'database', 'queue'])

function bareProperties(schema: Schema | undefined, bare: Set<string>, place = ''): void {
  const name = schema?.$ref ? nameOfRef(schema.$ref) : undefined
  const found = name ? document.components.schemas[name] : schema
  if (!found) return
  for (const [property, part] of Object.entries(found.properties ?? {})) {
    const named = part.$ref ? document.components.schemas[nameOfRef(part.$ref)] : undefined
    const own = `${name ?? place}.${property}`
    if (!plain.has(property) && !part.description && !named) bare.add(own)
    bareProperties(part, bare, own)
  }
  if (found.items) bareProperties(found.items, bare, name ?? place)
}

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
