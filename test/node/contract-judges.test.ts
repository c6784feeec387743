import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asyncApiFindings } from '../../tools/contract/asyncapi.ts'
import { breakingChanges, skeletonOf, stale, unannounced } from '../../tools/contract/diff.ts'
import { exampleFindings } from '../../tools/contract/examples.ts'
import { breakingSockets, type Sockets, socketsOf } from '../../tools/contract/sockets-diff.ts'
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
      'a refusal that is gone',
      ({ paths }) => delete paths['/v1/tasks']?.post?.responses[422],
      'tasks.create: does not refuse with 422 any more',
    ],
    [
      'a problem code of an operation that is gone',
      ({ paths }) => {
        const responses = paths['/v1/tasks']?.post?.responses
        if (responses) responses[404] = { 'x-problem-codes': [] }
      },
      'tasks.create: does not refuse with price_unavailable any more',
    ],
    [
      'a problem code with another status',
      ({ paths }) => {
        const responses = paths['/v1/tasks/{taskId}']?.get?.responses
        if (responses)
          Object.assign(responses, {
            404: { 'x-problem-codes': [] },
            410: { 'x-problem-codes': ['not_found'] },
          })
      },
      'tasks.get: refuses with not_found as 410 instead of 404',
    ],
    [
      'a value that is never answered any more',
      (document) => {
        const status = document.components.schemas.ContractStatus
        if (status?.enum) status.enum = status.enum.filter((value) => value !== 'draft')
      },
      'ContractStatus: does not accept "draft" any more',
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

  it('asks for a line of the changelog that names what breaks, under "Unreleased", and for the change itself', () => {
    const findings = [{ subject: 'tasks.create', change: 'is gone' }]
    const announced = { 'tasks.create': ['is gone'] }
    const line = '- **Breaking** `tasks.create` is gone: use `tasks.draft`.'
    const under = (text: string) => `## Unreleased\n\n${text}\n\n## 1.0.0\n`
    expect(unannounced(findings, under(line), announced)).toEqual([])
    expect(unannounced(findings, under(`- A sentence. ${line.slice(2)}`), announced)).toEqual([])
    expect(unannounced(findings, under('- `tasks.create` is nicer.'), announced)).toEqual(findings)
    expect(
      unannounced(findings, under('- `tasks.create` is nicer. **Breaking** `tasks.get`.'), announced),
    ).toEqual(findings)
    expect(unannounced(findings, `${under('Nothing.')}\n${line}\n`, announced)).toEqual(findings)
    expect(unannounced(findings, under(line), {})).toEqual(findings)
  })

  it('excuses no other break of the same name, and keeps no excuse for later', () => {
    const later = [{ subject: 'tasks.create', change: 'requires a body' }]
    const announced = { 'tasks.create': ['is gone'] }
    const changelog = '## Unreleased\n\n- **Breaking** `tasks.create` is gone.\n\n## 1.0.0\n'
    expect(unannounced(later, changelog, announced)).toEqual(later)
    expect(stale(later, announced)).toEqual([{ subject: 'tasks.create', change: 'is gone' }])
  })
})

describe('the comparison of the sockets', async () => {
  const asyncApi = await read('asyncapi.json')
  const sockets = (): Sockets => JSON.parse(asyncApi) as Sockets
  const released = socketsOf(sockets())
  const changesAfter = (change: (document: Sockets) => void): string[] => {
    const document = sockets()
    change(document)
    return breakingSockets(released, document).map(({ subject, change: said }) => `${subject}: ${said}`)
  }
  const frame = ({ components }: Sockets, name: string) => components.schemas[name] as Required<Schema>

  it('finds nothing where nothing changed, or what is new came', () => {
    expect(
      changesAfter((document) => {
        frame(document, 'Ack').properties.colour = { type: 'string' }
        frame(document, 'Send').properties.colour = { type: 'string' }
        frame(document, 'Push').oneOf.push({ $ref: '#/components/schemas/Ack' })
        Object.assign(document.operations, { 'user.sing': document.operations['user.ping'] })
      }),
    ).toEqual([])
  })

  it.each<[string, (document: Sockets) => void, string]>([
    ['a socket that is gone', ({ channels }) => delete channels.user, 'socket user: is gone'],
    [
      'a frame that callers send no more',
      ({ operations }) => delete operations['conversation.react'],
      'conversation.react: is gone',
    ],
    [
      'a frame that does not come any more',
      ({ operations }) => operations['user.push']?.messages?.pop(),
      'user.push: has no Unread any more',
    ],
    [
      'a close code that is gone',
      ({ channels }) => delete channels.conversation?.['x-close-codes']?.['4009'],
      'socket conversation: is not closed by 4009 any more',
    ],
    [
      'a field of a push that is gone',
      (document) => delete frame(document, 'Ack').properties.seq,
      'frame Ack: /seq is gone',
    ],
    [
      'a field that a sent frame must have',
      (document) => frame(document, 'Send').required.push('text'),
      'frame Send: /text is required now',
    ],
  ])('finds %s', (_name, change, finding) => {
    expect(changesAfter(change)).toContain(finding)
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
