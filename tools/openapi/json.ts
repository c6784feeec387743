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
