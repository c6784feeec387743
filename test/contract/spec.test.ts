import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import committed from '../../openapi.json?raw'
import { eventData } from '../../src/areas/event-data.ts'
import { parties } from '../../src/areas/event-shapes.ts'
import { machines } from '../../src/areas/index.ts'
import { type EventTypeName, eventTypes } from '../../src/core/events.ts'
import { allowedActions } from '../../src/core/machine.ts'
import { isProblemCode } from '../../src/core/problems.ts'
import { textOf } from '../../tools/openapi/document.ts'
import { eventSamples } from '../../tools/openapi/event-samples.ts'
import { exampleOf } from '../../tools/openapi/examples.ts'
import { type Document, nameOfRef, operationsOf, type Schema } from '../../tools/openapi/json.ts'
import { lint } from '../../tools/openapi/lint.ts'
import { namedSchemas } from '../../tools/openapi/named-schemas.ts'
import { shareTypes } from '../../tools/openapi/shared.ts'
import { all, app, document, exampleBody, named, parameterNames } from './call.ts'
import { publicOperations } from './public-operations.ts'

describe('the spec', () => {
  it('follows the rules for operations', () => {
    expect(lint(document)).toEqual([])
  })

  it('is committed as it is generated', () => {
    expect(committed === textOf(document), 'run `npm run openapi` and commit openapi.json').toBe(true)
  })

  it('lets a field be null exactly where its schema takes null', () => {
    const { schemas } = document.components
    const takesNull = ({ $ref, type, anyOf, oneOf, allOf }: Schema): boolean => {
      if ($ref) return takesNull(schemas[nameOfRef($ref)] ?? {})
      const any = anyOf ?? oneOf ?? allOf
      // A schema that names no type is of any value.
      return any ? any.some(takesNull) : type === undefined || [type].flat().includes('null')
    }
    const fields = [...namedSchemas].flatMap(([name, schema]) => {
      const described = schemas[name]?.properties
      if (!described || !(schema instanceof z.ZodObject)) return []
      return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([field, one]) =>
        described[field]
          ? [
              {
                field: `${name}.${field}`,
                says: takesNull(described[field]),
                is: one.safeParse(null).success,
              },
            ]
          : [],
      )
    })
    expect(fields.filter(({ says, is }) => says !== is)).toEqual([])
    expect(fields.length).toBeGreaterThan(2_000)
  })

  it('names every event that the machines and triggers can emit, as a webhook', () => {
    const emitted = machines.flatMap(({ transitions }) => transitions.flatMap(({ event }) => event ?? []))
    expect(Object.keys(eventTypes)).toEqual(expect.arrayContaining([...new Set(emitted)]))
    expect(Object.keys(document.webhooks)).toEqual([...Object.keys(eventTypes), 'webhook.test'])
  })

  it('has an example of every event, as a test has seen it sent', () => {
    expect(Object.keys(eventSamples).sort()).toEqual(Object.keys(eventTypes).sort())
    for (const [type, { object, data }] of Object.entries(eventSamples)) {
      const example = document.webhooks[type]?.post?.requestBody?.content?.['application/json']?.example
      expect(example).toMatchObject({ type, object, data })
      expect(eventData[type as EventTypeName].safeParse(data).error, type).toBeUndefined()
    }
  })

  it('has a path for every action that a resource offers', () => {
    // Their objects carry no actions.
    const silent = ['user']
    const offered = machines
      .filter(({ name }) => !silent.includes(name))
      .flatMap((machine) => allowedActions(machine, '', null).map(({ action }) => action))
    const segments = Object.keys(document.paths).map((path) => path.split('/').at(-1))
    expect([...new Set(offered)].filter((action) => !segments.includes(action))).toEqual([])
    expect(document.paths['/v1/me/verification-requests']).toHaveProperty('post')
  })

  it('has exactly the listed public operations', () => {
    const open = all.filter(({ policy }) => policy === 'public').map(({ operationId }) => operationId)
    expect(open.filter((operationId) => !publicOperations.includes(operationId))).toEqual([])
    const closed = all.filter(({ policy }) => policy !== 'public').map(({ operationId }) => operationId)
    expect(publicOperations.filter((operationId) => closed.includes(operationId))).toEqual([])
  })
})

describe('events', () => {
  it('describe every field of their data as what it is', () => {
    const wrong: Document = structuredClone(document)
    const { TaskEventData, InvoiceReminderEventData, DebtEventData } = wrong.components.schemas
    const { to, taskId } = TaskEventData?.properties ?? {}
    Object.assign(to ?? {}, { $ref: undefined, type: 'string' })
    Object.assign(taskId ?? {}, { description: 'Task.' })
    Object.assign(InvoiceReminderEventData?.properties?.dueAt ?? {}, { format: undefined })
    Object.assign(DebtEventData?.properties?.owed ?? {}, { description: 'Id of the owed.' })
    expect(lint(wrong)).toEqual(
      expect.arrayContaining([
        'task.created: to lists no values',
        'task.created: taskId is described as "Task."',
        'invoice.reminder: dueAt has not the format date-time',
        'debt.cap_reached: owed is described as "Id of the owed."',
      ]),
    )
  })

  it('are about objects that can be fetched', () => {
    const without: Document = structuredClone(document)
    delete without.paths['/v1/tasks/{taskId}']?.get
    delete without.components.schemas.MilestoneEventData?.required
    const findings = lint(without)
    expect(findings).toContain(
      'event-objects.ts: task cannot be fetched: there is no GET /v1/tasks/{object.id}',
    )
    expect(findings).toContain(
      'event-objects.ts: milestone milestone.pending does not always have contractId',
    )
  })

  it('name the parties of the machines', () => {
    const acting = machines.flatMap(({ transitions }) => transitions.flatMap(({ by }) => by))
    expect([...new Set(acting)].sort()).toEqual([...parties].sort())
  })
})

describe('enums', () => {
  it('have a name where two places list the same values', () => {
    const twice: Document = structuredClone(document)
    const { Task, Payout } = twice.components.schemas as Record<string, Schema>
    const listed = (values: string[]): Schema => ({
      type: 'string',
      enum: values,
      description: 'One of two.',
    })
    Object.assign(Task?.properties ?? {}, { speed: listed(['fast', 'slow']) })
    Object.assign(Payout?.properties ?? {}, {
      pace: listed(['slow', 'fast']),
      side: listed(['tasker', 'client']),
    })
    expect(lint(twice)).toEqual([
      'Payout.pace, Task.speed list the same values: name them in enums.ts',
      'Payout.side, BookingSide list the same values: name them in enums.ts',
    ])
  })

  it('are named by their place, not by what they happen to list', () => {
    const { ExportedLeadRefunds, ExportedVerificationDocuments } = document.components.schemas
    expect(
      [ExportedLeadRefunds, ExportedVerificationDocuments].map((row) => row?.properties?.status?.$ref),
    ).toEqual(['#/components/schemas/LeadRefundStatus', '#/components/schemas/DocumentStatus'])
    expect(() => shareTypes(structuredClone(document), {})).toThrow(
      'has no enum that could be called Ability',
    )
  })
})

describe('descriptions', () => {
  it('are required of every property, in lists and inner objects too', () => {
    const bare: Document = structuredClone(document)
    const { Address, AuditVerification, Health } = bare.components.schemas as Record<string, Schema>
    delete Address?.properties?.label?.description
    delete Health?.properties?.status?.description
    const days = AuditVerification?.properties?.days
    delete bare.components.schemas[nameOfRef(days?.items?.$ref ?? '')]?.properties?.rows?.description
    expect(lint(bare)).toEqual([
      'schema Address: property label needs a description',
      'schema AuditDay: property rows needs a description',
      'schema Health: property status needs a description',
    ])
  })

  it('are required of every column of an export but those whose name says it all', () => {
    const bare: Document = structuredClone(document)
    const { ExportedUsers } = bare.components.schemas as Record<string, Schema>
    delete ExportedUsers?.properties?.phone?.description
    delete ExportedUsers?.properties?.createdAt?.description
    expect(lint(bare)).toEqual(['schema ExportedUsers: property phone needs a description'])
  })

  it('may be in the named schema that a property refers to', () => {
    const bare: Document = structuredClone(document)
    delete bare.components.schemas.BookedTask?.description
    expect(lint(bare)).toEqual([
      'schema BookedTask needs a description',
      'schema Booking: property task needs a description',
    ])
  })

  it('state the requirements of an operation', () => {
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

  it('state which bodies are optional', () => {
    for (const { operationId, method, path, mayLackBody, body } of all) {
      const required = document.paths[path]?.[method]?.requestBody?.required
      expect([operationId, required]).toEqual([operationId, body ? !mayLackBody : undefined])
    }
    expect(all.filter(({ mayLackBody }) => mayLackBody).map(({ operationId }) => operationId)).toContain(
      'me.requestErasure',
    )
  })

  it('contain a valid example of an API key', () => {
    const { key, prefix } = exampleOf(
      { $ref: '#/components/schemas/ApiKeyWithSecret' },
      document.components.schemas,
    ) as Record<string, string>
    expect(key).toMatch(/^khk_[0-9a-f]{12}_[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/)
    expect(key?.startsWith(`${prefix}_`)).toBe(true)
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

  it('refuses unknown fields everywhere in its body', () => {
    expect(openObjectsOf(operationId)).toEqual([])
  })

  it('is routed by its own path', () => {
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
