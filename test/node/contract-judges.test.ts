import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asyncApiFindings } from '../../tools/contract/asyncapi.ts'
import { breakingChanges, skeletonOf, unannounced } from '../../tools/contract/diff.ts'
import { exampleFindings } from '../../tools/contract/examples.ts'
import { type Document, nameOfRef, type Schema } from '../../tools/openapi/json.ts'

const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, '../..', file), 'utf8')
const text = await read('openapi.json')
const spec = (): Document => JSON.parse(text) as Document

const schema = (
  document: Document,
  name: string,
): Required<Pick<Schema, 'properties' | 'required'>> & Schema => document.components.schemas[name] as never

const eventNames = (schema(spec(), 'Event').oneOf ?? []).map(({ $ref = '' }) => nameOfRef($ref))

describe('the comparison with the released contract', () => {
  const released = skeletonOf(spec()) as Document
  const changesAfter = (change: (document: Document) => void): string[] => {
    const document = spec()
    change(document)
    return breakingChanges(released, document).map(({ subject, change: said }) => `${subject}: ${said}`)
  }

  it('finds nothing where nothing changed, nor where only words did', () => {
    expect(
      changesAfter((document) => {
        schema(document, 'Task').description = 'Another text.'
      }),
    ).toEqual([])
  })

  it.each<[string, (document: Document) => void, string]>([
    [
      'an operation that is gone',
      ({ paths }) => delete paths['/v1/tasks']?.post,
      'tasks.create: POST /v1/tasks is gone',
    ],
    [
      'a field of an answer that is gone',
      (document) => delete schema(document, 'Task').properties.state,
      'Task: /state is gone',
    ],
    [
      'a field of an answer that may be absent',
      (document) => {
        schema(document, 'Task').required = []
      },
      'Task: /state may be absent now',
    ],
    [
      'a field of an answer that may be null',
      (document) => {
        ;(schema(document, 'Task').properties.city as Schema).type = ['string', 'null']
      },
      'Task: /city may be null now',
    ],
    [
      'a field that a request must have',
      (document) => schema(document, 'CreateTask').required.push('estMinutes'),
      'CreateTask: /estMinutes is required now',
    ],
    [
      'a tighter limit of a request',
      (document) => {
        Object.assign(schema(document, 'CreateTask').properties.description as Schema, { maxLength: 5 })
      },
      'CreateTask: /description has maxLength 5 now',
    ],
    [
      'a parameter that is gone',
      ({ paths }) => {
        const list = paths['/v1/tasks']?.get
        if (list) list.parameters = list.parameters?.filter(({ name }) => name !== 'state') ?? []
      },
      'tasks.list: parameter query state is gone',
    ],
    [
      'another scope',
      ({ paths }) => {
        const list = paths['/v1/tasks']?.get
        if (list) list.security = [{ bearerAuth: [] }, { apiKey: ['tasks:write'] }]
      },
      'tasks.list: does not accept {"apiKey":["tasks:read"]} any more',
    ],
    [
      'a member of a union that is gone',
      (document) => {
        schema(document, 'Event').oneOf = schema(document, 'Event').oneOf?.slice(1) ?? []
      },
      `Event: is ${eventNames.slice(1).join(' or ')} instead of ${eventNames.join(' or ')}`,
    ],
    [
      'an event that is gone',
      ({ webhooks }) => delete webhooks['task.posted'],
      'task.posted: the event is gone',
    ],
  ])('finds %s', (_name, change, finding) => {
    expect(changesAfter(change)).toContain(finding)
  })

  it('lets in what the promise allows: operations, fields and values that are new', () => {
    expect(
      changesAfter((document) => {
        Object.assign(document.paths, { '/v1/new': { get: { operationId: 'news.list', responses: {} } } })
        schema(document, 'Task').properties.colour = { type: 'string' }
        schema(document, 'CreateTask').properties.colour = { type: 'string' }
        schema(document, 'TaskState').enum?.push('postponed')
        schema(document, 'Event').oneOf?.push({ $ref: '#/components/schemas/Task' })
      }),
    ).toEqual([])
  })

  it('asks for a line of the changelog that names what breaks, under "Unreleased"', () => {
    const findings = [{ subject: 'tasks.create', change: 'is gone' }]
    const line = '- **Breaking** `tasks.create` is gone: use `tasks.draft`.'
    expect(unannounced(findings, `## Unreleased\n\n${line}\n\n## 1.0.0\n`)).toEqual([])
    expect(unannounced(findings, '## Unreleased\n\n- `tasks.create` is nicer.\n')).toEqual(findings)
    expect(unannounced(findings, `## Unreleased\n\nNothing.\n\n## 1.0.0\n\n${line}\n`)).toEqual(findings)
  })
})

describe('the judge of examples', () => {
  const json = (example: unknown) => ({
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' }, example } },
  })
  const document = (example: unknown, size: unknown): Document =>
    ({
      paths: {
        '/things': {
          post: { requestBody: json(example), responses: { 200: json(example) } },
          get: { parameters: [{ name: 'size', in: 'query', schema: { type: 'integer' }, example: size }] },
        },
      },
      webhooks: { 'thing.made': { post: { requestBody: json(example) } } },
      components: {
        headers: { Size: { schema: { type: 'integer' }, example: size } },
        schemas: {
          Thing: {
            type: 'object',
            required: ['example'],
            // A property may be called as a word of OpenAPI is.
            properties: {
              example: { anyOf: [{ type: 'integer', format: 'int32', example: size }, { type: 'null' }] },
            },
          },
        },
      },
    }) as unknown as Document

  it('reads every place that may have an example, and finds a wrong one in each', () => {
    expect(exampleFindings(document({ example: 1 }, 1))).toEqual({ findings: [], count: 6 })
    const { findings } = exampleFindings(document({ example: 'one' }, 'one'))
    expect([...new Set(findings.map(({ place }) => place.split(' ')[0]))].sort()).toEqual([
      '#/components/headers/Size',
      '#/components/schemas/Thing/properties/example/anyOf/0',
      '#/paths/~1things/get/parameters/0',
      '#/paths/~1things/post/requestBody/content/application~1json',
      '#/paths/~1things/post/responses/200/content/application~1json',
      '#/webhooks/thing.made/post/requestBody/content/application~1json',
    ])
  })
})

describe('the judge of the sockets', () => {
  it('refuses a reference that leads nowhere', async () => {
    const document = await read('asyncapi.json')
    const broken = document.replace('"#/components/messages/Ack"', '"#/components/messages/Nothing"')
    expect((await asyncApiFindings(broken)).map(({ rule }) => rule)).toContain('invalid-ref')
  })
})
