import { enumSites, keyOf } from './enum-sites.ts'
import { enums, type NamedEnum } from './enums.ts'
import type { Document, Schema } from './json.ts'

type Schemas = Record<string, Schema>

/**
 * Refers to the named enum in each of its places, in parameters too, and to named objects and unions that may be null as such. `more`
 * are enums that follow from elsewhere.
 */
export function shareTypes(
  document: Pick<Document, 'components' | 'paths'>,
  more: Record<string, NamedEnum>,
): void {
  const { schemas } = document.components
  const sites = enumSites(document)
  for (const [name, named] of [...Object.entries(enums), ...Object.entries(more)])
    nameEnum(name, named, schemas, sites)
  const nullable = new Set(Object.keys(schemas).filter((name) => takeNull(schemas[name] as Schema)))
  const unions = new Map(
    Object.entries(schemas).flatMap(([name, { oneOf }]) => (oneOf ? [[membersOf(oneOf), name]] : [])),
  )
  const replace = (schema: Schema): void => {
    if (schema.$ref && nullable.has(schema.$ref.slice(prefix.length))) orNull(schema)
    else if (schema.anyOf?.some(({ type }) => type === 'null')) {
      const union = unions.get(membersOf(schema.anyOf.filter(({ type }) => type !== 'null')))
      if (union) orNull(Object.assign(schema, { $ref: `${prefix}${union}` }))
    }
  }
  for (const schema of Object.values(schemas)) if (!schema.enum) visit(schema, replace)
  visit(document.paths, replace)
}

const prefix = '#/components/schemas/'
const membersOf = (parts: Schema[]): string =>
  parts.map((part) => part.$ref ?? JSON.stringify(part)).join(' ')
/** Makes the named enum where there is none yet, and refers to it in each of its places; fails where it lists other values. */
function nameEnum(
  name: string,
  { description, at }: NamedEnum,
  schemas: Schemas,
  sites: Map<string, Schema[]>,
): void {
  const listed = at.flatMap((place) => {
    const found = sites.get(place) ?? []
    if (found.length === 0) throw new Error(`${place} has no enum that could be called ${name}`)
    return found
  })
  const values = listed[0]?.enum?.filter((value) => value !== null) ?? []
  if (description !== undefined) {
    if (schemas[name]) throw new Error(`${name} is named twice`)
    schemas[name] = { type: 'string', enum: values, description }
  }
  const named = schemas[name]
  if (!named?.enum) throw new Error(`the contract declares no ${name}: it needs a description`)
  for (const schema of listed) {
    if (keyOf(schema) !== keyOf(named))
      throw new Error(`${at.join(', ')}: not all list the values of ${name}`)
    referTo(schema, name)
  }
}

/** Turns an enum in place into a reference. Its words stay: a property says more of itself than the type does. */
function referTo(schema: Schema, name: string): void {
  const isNullable = schema.enum?.includes(null) || [schema.type].flat().includes('null')
  const [first] = schema.enum ?? []
  schema.example ??= schema.default ?? first ?? null
  delete schema.type
  delete schema.enum
  schema.$ref = `${prefix}${name}`
  if (isNullable) orNull(schema)
}

function orNull(schema: Schema): void {
  schema.anyOf = [{ $ref: schema.$ref as string }, { type: 'null' }]
  delete schema.$ref
}

/** Makes a named object that may be null one that may not: those who refer to it say so. */
function takeNull(schema: Schema): boolean {
  if (!Array.isArray(schema.type) || !schema.type.includes('null')) return false
  schema.type = schema.type.find((type) => type !== 'null') ?? 'object'
  if (schema.example === null) delete schema.example
  return true
}

const data = new Set(['example', 'examples', 'default'])

/** Visits every schema below a node: each object may be one. */
function visit(node: unknown, replace: (schema: Schema) => void): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) for (const part of node) visit(part, replace)
  else {
    for (const [key, part] of Object.entries(node)) if (!data.has(key)) visit(part, replace)
    const { $ref, anyOf } = node as Schema
    if (typeof $ref === 'string' || Array.isArray(anyOf)) replace(node)
  }
}
