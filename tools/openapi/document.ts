// First: it sees each schema be named.
import './named-schemas.ts'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../../src/http/app-env.ts'
import { deprecationInWords } from '../../src/http/deprecation.ts'
import { Event } from '../../src/http/event-schema.ts'
import { placeOf } from '../../src/http/location.ts'
import { type Operation, operations } from '../../src/http/operation.ts'
import type { Policy } from '../../src/http/policy.ts'
import { tags } from '../../src/http/tags.ts'
import { addBounds } from './bounds.ts'
import * as components from './components.ts'
import { idOf, isAnyId, kindOfField } from './example-ids.ts'
import { exampleOf } from './examples.ts'
import { exportFileSchemas } from './export-file.ts'
import { describeIds } from './id-words.ts'
import {
  type Body,
  type Document,
  type Json,
  type MediaType,
  type OperationObject,
  operationsOf,
  type Parameter,
  type PathItem,
  type Response,
  type Schema,
} from './json.ts'
import { tellMoney } from './money-stories.ts'
import { namedSchemas } from './named-schemas.ts'
import { policyInWords } from './policy-words.ts'
import { refusalResponses } from './refusal-responses.ts'
import { refusalsOf } from './refusals.ts'
import { describeSchemas } from './schema-words.ts'
import { shareTypes } from './shared.ts'
import { birthsOf, told } from './stories.ts'
import { giveIds, giveSchemaIds, kindsOf } from './story/ids.ts'
import { patchedOperations } from './story/patches.ts'
import { eventEnums, eventSchemasOf, webhookParameters, webhooksOf } from './webhooks.ts'

/** The OpenAPI document of the app: what its routes declare, and everything that follows from it. */
export function documentOf(app: OpenAPIHono<AppEnv>): Document {
  for (const [name, schema] of new Map([...namedSchemas, ['Event', Event]]))
    app.openAPIRegistry.register(name, schema)
  const generated = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: components.info,
    servers: components.servers,
    tags: Object.entries(tags)
      .map(([name, description]) => ({ name, description }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en')),
  }) as unknown as Document
  for (const schema of Object.values(generated.components.schemas)) tidyReferences(schema)
  const schemas = sorted({
    ...generated.components.schemas,
    ...eventSchemasOf(generated.components.schemas),
    ...exportFileSchemas(generated.components.schemas.ExportFile as Schema),
    ...components.schemas,
  }) as Document['components']['schemas']
  const refusals: Record<string, Response> = { ...components.responses }
  for (const [path, , object] of operationsOf(generated)) {
    const operation = operations.get(object.operationId)
    if (!operation) throw new Error(`${path} is not made by defineOperation`)
    complete(object, operation, schemas, refusals)
  }
  tellStories(generated, schemas)
  for (const [, , object] of operationsOf(generated)) tellMoney(object)
  const document: Document = {
    ...generated,
    paths: Object.fromEntries(Object.entries(generated.paths).map(([path, item]) => [path, inOrder(item)])),
    webhooks: webhooksOf(),
    components: {
      schemas,
      responses: sorted(refusals),
      parameters: { ...components.parameters, ...webhookParameters },
      headers: components.headers,
      securitySchemes: components.securitySchemes,
    },
  }
  shareTypes(document, eventEnums())
  describeSchemas(document.components.schemas)
  describeIds(document)
  document.components.schemas = sorted(document.components.schemas)
  addBounds(document)
  return document
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

const inOrder = (item: PathItem): PathItem =>
  Object.fromEntries(Object.entries(item).sort(([a], [b]) => methods.indexOf(a) - methods.indexOf(b)))

/**
 * A named schema with something said about it comes as `allOf`. With null beside it, that is a shape which no null
 * satisfies: it means `anyOf`. A mere description may be a sibling of the reference in OpenAPI 3.1.
 */
function tidyReferences(schema: Schema): void {
  const [named, said, ...others] = schema.allOf ?? []
  if (named?.$ref && said && others.length === 0) {
    const { type, ...words } = said
    if (Array.isArray(type) && type.includes('null')) {
      delete schema.allOf
      Object.assign(schema, { anyOf: [named, { type: 'null' }] }, words)
    } else if (type === undefined && Object.keys(words).every((word) => annotations.includes(word))) {
      delete schema.allOf
      Object.assign(schema, named, words)
    }
  }
  const parts = [schema.items, ...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  for (const part of [...parts, ...Object.values(schema.properties ?? {})]) if (part) tidyReferences(part)
}

/** A parameter is described once: a named schema keeps its own words. */
function tidyParameter({ schema, description }: Parameter): void {
  if (!schema) return
  tidyReferences(schema)
  if (schema.$ref && schema.description === description) delete schema.description
}

const annotations = ['description', 'example', 'deprecated']

function complete(
  object: OperationObject,
  operation: Operation,
  schemas: Document['components']['schemas'],
  refusals: Record<string, Response>,
): void {
  const { policy } = operation
  object.security = securityOf(policy)
  object['x-policy'] = policy
  object.description = `${object.description}\n\n${policyInWords(policy)}`
  if (operation.deprecated) object.description += `\n\n${deprecationInWords(operation.deprecated)}`
  if (object.requestBody && operation.mayLackBody) object.requestBody.required = false
  for (const parameter of object.parameters ?? []) tidyParameter(parameter)
  object.parameters = [...(object.parameters ?? []), ...headerParameters(operation)]
  const bodies = [object.requestBody, ...Object.values(object.responses)]
  for (const body of bodies)
    for (const media of Object.values(body?.content ?? {})) addExample(media, schemas)
  for (const response of Object.values(object.responses)) {
    response.headers = headersOf(operation)
  }
  const created = object.responses['201']
  if (created && placeOf(operation, operations.values()))
    created.headers = { ...created.headers, Location: { $ref: '#/components/headers/Location' } }
  if (operation.etag)
    object.responses['304'] = { description: 'Not modified.', headers: headersOf(operation) }
  Object.assign(object.responses, refusalResponses(refusalsOf(operation), refusals), {
    414: { $ref: '#/components/responses/UriTooLong' },
  })
}

/** Makes the examples of all bodies and answers agree with each other. */
function tellStories(document: Pick<Document, 'paths'>, schemas: Document['components']['schemas']): void {
  const unknown = patchedOperations.filter((operationId) => !operations.has(operationId))
  if (unknown.length > 0) throw new Error(`story/patches.ts has ${unknown}, which is no operation`)
  const kinds = kindsOf(document)
  const media = (body: Body | undefined) => body?.content?.['application/json']
  for (const [, , { parameters = [], requestBody }] of operationsOf(document)) {
    for (const { name = '', schema } of parameters)
      if (schema && isAnyId(schema.example)) schema.example = idOf(kindOfField(name))
    const { schema, example } = media(requestBody) ?? {}
    if (schema && example !== undefined) giveIds(example, schema, schemas, kinds)
  }
  const births = birthsOf(document, kinds)
  for (const [, , object] of operationsOf(document)) {
    const operation = operations.get(object.operationId)
    for (const [status, response] of Object.entries(object.responses)) {
      const answer = media(response)
      const { schema, example } = answer ?? {}
      if (!operation || !answer || !schema?.$ref || example === undefined || !status.startsWith('2')) continue
      const request = media(object.requestBody)?.example
      const words = wordsIn(object.parameters)
      answer.example = told(example, { operation, status, schema, schemas, kinds, words, request, births })
    }
  }
  giveSchemaIds(schemas, kinds)
}

const wordsIn = (parameters: Parameter[] = []): Record<string, Json> =>
  Object.fromEntries(
    parameters.flatMap(({ in: place, name = '', schema }) =>
      place === 'path' && !name.endsWith('Id') ? [[name, schema?.example ?? null]] : [],
    ),
  )

/** Either is enough: a person's token, or, where the policy names a scope, a key that has it. */
function securityOf(policy: Policy): Record<string, string[]>[] {
  if (policy === 'public') return []
  return [{ bearerAuth: [] }, ...(policy.scope === undefined ? [] : [{ apiKey: [policy.scope] }])]
}

function addExample(media: MediaType, schemas: Document['components']['schemas']): void {
  if (media.schema?.$ref) media.example ??= structuredClone(exampleOf(media.schema, schemas))
}

function headerParameters({ idempotency, ifMatch, etag, method }: Operation): Parameter[] {
  const names = ['AcceptLanguage', 'RequestId']
  if (idempotency !== 'none')
    names.push(idempotency === 'required' ? 'RequiredIdempotencyKey' : 'IdempotencyKey')
  if (ifMatch !== 'none') names.push(ifMatch === 'required' ? 'RequiredIfMatch' : 'IfMatch')
  if (etag && method === 'get') names.push('IfNoneMatch')
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }))
}

function headersOf({ idempotency, etag, ifMatch }: Operation): NonNullable<Response['headers']> {
  const headers: Record<string, string> = {
    'X-Request-Id': 'RequestId',
    'RateLimit-Policy': 'RateLimitPolicy',
    RateLimit: 'RateLimit',
    'Server-Timing': 'ServerTiming',
    'Content-Language': 'ContentLanguage',
    ...((etag || ifMatch !== 'none') && { ETag: 'ETag' }),
    ...(idempotency !== 'none' && { 'Idempotency-Replayed': 'IdempotencyReplayed' }),
  }
  return Object.fromEntries(
    Object.entries(headers).map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]),
  )
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

export const textOf = (document: Document): string => `${JSON.stringify(document, null, 2)}\n`
