/** The few parts of an OpenAPI document that this tool reads; everything else passes through. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  prefixItems?: Schema[]
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  enum?: Json[]
  const?: Json
  default?: Json
  example?: Json
  examples?: Json[]
  description?: string
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  discriminator?: { propertyName: string; mapping?: Record<string, string> }
  minimum?: number
  maximum?: number
  /** On `ProblemCode`: each code explained. */
  'x-problems'?: Record<string, ProblemExplained>
  /** On `EventObjectType`: where each is fetched. */
  'x-fetch'?: Record<string, readonly string[]>
}

export interface ProblemExplained {
  status: number
  title: string
  cause: string
  remedy: string
}

export interface MediaType {
  schema?: Schema
  example?: Json
}

export interface Body {
  description?: string
  required?: boolean
  content?: Record<string, MediaType>
}

export interface Response extends Body {
  $ref?: string
  headers?: Record<string, { $ref: string }>
  'x-problem-codes'?: string[]
}

export interface Parameter {
  $ref?: string
  name?: string
  in?: string
  required?: boolean
  description?: string
  schema?: Schema
  example?: Json
}

export interface OperationObject {
  operationId: string
  tags: string[]
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: Body
  responses: Record<string, Response>
  security?: Record<string, string[]>[]
  'x-policy'?: unknown
}

export type PathItem = Record<string, OperationObject>

export interface Document {
  openapi: string
  info: Record<string, unknown>
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, PathItem>
  webhooks: Record<string, PathItem>
  components: Record<string, Record<string, unknown>> & { schemas: Record<string, Schema> }
}

/** Every operation of the paths, in order. */
export function* operationsOf(
  document: Pick<Document, 'paths'>,
): Generator<[path: string, method: string, OperationObject]> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) yield [path, method, operation]
  }
}

export const nameOfRef = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1)

/** A tag as a part of an address. */
export const slugOf = (tag: string): string => tag.toLowerCase().replaceAll(' ', '-')

/** Returns the part that a node refers to, or the node itself. */
export function resolved<T extends { $ref?: string }>(document: Document, node: T): T {
  if (!node.$ref) return node
  const [, , kind = ''] = node.$ref.split('/')
  return document.components[kind]?.[nameOfRef(node.$ref)] as T
}

/** Names of the schemas that parts of the document, as JSON, refer to, and those that they refer to in turn. */
export function schemasUsedBy({ components }: Document, parts: string[]): string[] {
  const used = new Set<string>()
  const add = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (used.has(name) || !components.schemas[name]) continue
      used.add(name)
      add(JSON.stringify(components.schemas[name]))
    }
  }
  parts.forEach(add)
  return [...used].sort()
}

export interface AnsweringOperation {
  operationId: string
  summary: string
  /** Its place in the reference. */
  page: string
}

/** The operations that answer each problem code, for the pages at `/problems`. */
export function operationsByProblem(document: Document): Record<string, AnsweringOperation[]> {
  const byCode: Record<string, AnsweringOperation[]> = {}
  for (const [, , { operationId, summary = '', tags, responses }] of operationsOf(document)) {
    const page = `/docs/${slugOf(tags[0] ?? '')}#${operationId}`
    for (const response of Object.values(responses)) {
      for (const code of resolved(document, response)['x-problem-codes'] ?? []) {
        byCode[code] ??= []
        byCode[code].push({ operationId, summary, page })
      }
    }
  }
  return byCode
}
