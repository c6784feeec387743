import { type Json, nameOfRef, type Schema } from './json.ts'

const byFormat: Record<string, Json> = {
  uuid: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  'date-time': '2026-11-21T08:30:00.000000+00:00',
  date: '2026-11-21',
  uri: 'https://api.khidma.example/',
  email: 'someone@example.com',
}

const depthLimit = 12

/** The example of a schema: its own, else put together from those of its parts. */
export function exampleOf(schema: Schema, schemas: Record<string, Schema>, depth = 0): Json {
  const inner = (part: Schema) => exampleOf(part, schemas, depth + 1)
  if (depth > depthLimit) return null
  if (schema.example !== undefined) return schema.example
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (schema.default !== undefined) return schema.default
  if (schema.$ref) return inner(schemas[nameOfRef(schema.$ref)] ?? {})
  if (schema.enum) return schema.enum[0] ?? null
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(inner)) as Json
  const alternative = (schema.oneOf ?? schema.anyOf)?.[0]
  if (alternative) return inner(alternative)
  return exampleOfType(schema, inner)
}

function exampleOfType(schema: Schema, inner: (part: Schema) => Json): Json {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, part]) => [name, inner(part)]),
    )
  }
  if (type === 'array') return schema.items ? [inner(schema.items)] : []
  if (type === 'string') return byFormat[schema.format ?? ''] ?? 'text'
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  if (type === 'boolean') return true
  return null
}
