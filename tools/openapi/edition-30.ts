import { type Document, type Json, nameOfRef, operationsOf, type Response, type Schema } from './json.ts'

/**
 * Converts the document to OpenAPI 3.0.3, for tools that cannot read 3.1. It says less: 3.0 has no webhooks, no scopes of
 * bearer tokens and one way to write null. `nullable: true` means "or null" everywhere, also beside `allOf` and
 * `enum`, which is how the generators of that generation read it.
 */
export function edition30Of(document: Document): Document {
  const { webhooks: _webhooks, components, info, paths, ...rest } = document
  const { parameters = {}, headers = {}, ...others } = components
  const sent = Object.entries(parameters).filter(([name]) => !name.startsWith('Webhook'))
  const edition = {
    ...rest,
    openapi: '3.0.3',
    info: infoOf(info),
    paths: withSchemas(paths) as unknown as Document['paths'],
    components: {
      ...others,
      schemas: Object.fromEntries(
        Object.entries(components.schemas).map(([name, schema]) => [name, schemaOf(schema)]),
      ),
      responses: withSchemas(components.responses ?? {}),
      parameters: withSchemas(Object.fromEntries(sent)),
      headers: withSchemas(headers),
    },
  } as unknown as Document
  for (const [, , operation] of operationsOf(edition)) {
    if (operation.security) operation.security = operation.security.map(withoutRoles)
    for (const response of Object.values(operation.responses)) widenProblem(response)
  }
  for (const response of Object.values(edition.components.responses ?? {})) widenProblem(response as Response)
  widenEvent(edition.components.schemas)
  return withoutUnused(edition)
}

/** Makes one class of all events, with data of any shape: without webhooks, the types have no place. */
function widenEvent(schemas: Record<string, Schema>): void {
  const [first = ''] = Object.values(schemas.Event?.discriminator?.mapping ?? {})
  const { properties, required = [] } = schemas[nameOfRef(first)] ?? {}
  if (!properties) return
  const { description, example } = schemas.Event ?? {}
  schemas.Event = {
    type: 'object',
    ...(description && { description }),
    ...(example !== undefined && { example }),
    properties: {
      ...properties,
      type: { $ref: '#/components/schemas/EventType' },
      data: { type: 'object', description: 'Ids and states.', additionalProperties: true },
    },
    required,
  }
}

const withoutRoles = (requirement: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(Object.keys(requirement).map((scheme) => [scheme, []]))

/** Names the one class of problems: a generator of that generation would make one of each set of codes. */
function widenProblem({ content }: Response): void {
  const media = content?.['application/problem+json']
  const [problem] = media?.schema?.allOf ?? []
  if (media && problem) media.schema = problem
}

function infoOf({ summary: _summary, license, ...info }: Record<string, unknown>): Record<string, unknown> {
  const { name, url } = license as { name: string; url?: string }
  return { ...info, license: { name, ...(url && { url }) } }
}

type Node = Record<string, unknown>

/** Converts every schema below a path item, response, parameter or header. Examples are data and stay as they are. */
function withSchemas(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withSchemas)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === 'schema') return [key, schemaOf(value as Schema)]
      return [key, key === 'example' || key === 'examples' ? value : withSchemas(value)]
    }),
  )
}

export function schemaOf(schema: Schema): Schema {
  const { anyOf, oneOf, examples, prefixItems, propertyNames: _names, ...kept } = schema as Schema & Node
  const result: Schema & Node = { ...kept }
  if (examples?.length && result.example === undefined) result.example = examples[0] as Json
  if (result.const !== undefined) {
    result.enum = [result.const]
    delete result.const
  }
  takeNullFromType(result)
  if (typeof result.exclusiveMinimum === 'number')
    Object.assign(result, { minimum: result.exclusiveMinimum, exclusiveMinimum: true })
  if (typeof result.exclusiveMaximum === 'number')
    Object.assign(result, { maximum: result.exclusiveMaximum, exclusiveMaximum: true })
  for (const [key, alternatives] of [['anyOf', anyOf] as const, ['oneOf', oneOf] as const])
    if (alternatives) takeNullFromAlternatives(result, key, alternatives)
  convertParts(result)
  if (prefixItems) result.items = { anyOf: (prefixItems as Schema[]).map(schemaOf) }
  if (result.type === 'array' && !result.items) result.items = {}
  return referenceAlone(result)
}

function takeNullFromType(schema: Schema & Node): void {
  if (!Array.isArray(schema.type)) return
  const types = schema.type.filter((type) => type !== 'null')
  if (types.length < schema.type.length) schema.nullable = true
  if (types.length === 1) schema.type = types[0] as string
  else delete schema.type
  if (schema.nullable && schema.enum) schema.enum = schema.enum.filter((value) => value !== null)
}

function takeNullFromAlternatives(schema: Schema & Node, key: 'anyOf' | 'oneOf', all: Schema[]): void {
  const alternatives = all.filter(({ type }) => type !== 'null')
  if (alternatives.length < all.length) schema.nullable = true
  const [only] = alternatives
  // A generator of that generation makes a class for each alternative; a value of several plain types has none.
  if (alternatives.length > 1 && !alternatives.some(({ $ref, properties }) => $ref || properties)) return
  if (alternatives.length > 1) schema[key] = alternatives.map(schemaOf)
  // The words beside a reference would make a schema without a name of it.
  else if (only?.$ref) schema.allOf = [{ $ref: only.$ref }]
  else if (only) Object.assign(schema, { ...schemaOf(only), ...schema })
}

function convertParts(schema: Schema): void {
  if (schema.items) schema.items = schemaOf(schema.items)
  if (schema.allOf) schema.allOf = schema.allOf.map(schemaOf)
  if (typeof schema.additionalProperties === 'object')
    schema.additionalProperties = schemaOf(schema.additionalProperties)
  if (schema.properties)
    schema.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, part]) => [name, schemaOf(part)]),
    )
}

/** Before 3.1, a reference is alone in its schema. */
function referenceAlone(schema: Schema & Node): Schema {
  const { $ref, ...words } = schema
  if (!$ref || Object.keys(words).length === 0) return schema
  return { ...words, allOf: [{ $ref }] }
}

/** Drops the components that only webhooks referred to. */
function withoutUnused(document: Document): Document {
  for (;;) {
    const text = JSON.stringify(document)
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !text.includes(`"#/components/schemas/${name}"`),
    )
    if (unused.length === 0) return document
    for (const name of unused) delete document.components.schemas[name]
  }
}
