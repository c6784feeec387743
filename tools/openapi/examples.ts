import { type Json, nameOfRef, type Schema } from './json.ts'

/** The example of every time that has none of its own. */
const someTime = '2026-11-21T08:30:00.000Z'

const byFormat: Record<string, Json> = {
  uuid: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  'date-time': someTime,
  date: '2026-11-21',
  uri: 'https://api.khidma.example/',
  email: 'someone@example.com',
}

const someText = 'text'

/** Texts that a schema without an example has, by the name of the field. */
const byName: Record<string, Json> = {
  phone: '+201000000010',
  email: 'nour@example.com',
  username: 'nour.hassan',
  fullName: 'Nour Hassan',
  name: 'Nour Hassan',
  locale: 'en',
  employeeCode: 'E-1042',
  description: 'Agreed with the team.',
  reason: 'Agreed with the team.',
  decisionReason: 'The documents are complete.',
  endReason: 'The contract has ended.',
}

const depthLimit = 12

const laterTime = '2026-11-22T08:30:00.000Z'
const lastTime = '2026-11-22T11:30:00.000Z'
const isStillToCome = /^(expires|starts|ends|next|resend|scheduled|paused|previous\w*Until)/
const isItsEnd = /^(ends|scheduledUntil)/

/**
 * Makes parts that were put together tell one story: what may be null has not happened yet (nor has anybody done it),
 * unless the thing is in that very state or the schema gives an example of its own; what begins comes before what ends.
 */
function consistent(example: { [key: string]: Json }, { properties = {} }: Schema): Json {
  const state = example.status ?? example.state
  for (const [name, value] of Object.entries(example)) {
    if (value !== someTime) continue
    if (mayBeNull(properties[name]) && name !== `${state}At`) example[name] = null
    else if (isStillToCome.test(name)) example[name] = isItsEnd.test(name) ? lastTime : laterTime
  }
  for (const [name, part] of Object.entries(properties)) {
    if (name.endsWith('By') && mayBeNull(part) && example[`${name.slice(0, -2)}At`] === null)
      example[name] = null
  }
  return example
}

export const mayBeNull = (schema: Schema | undefined): boolean =>
  schema?.type === 'null' ||
  (Array.isArray(schema?.type) && schema.type.includes('null')) ||
  [...(schema?.anyOf ?? []), ...(schema?.oneOf ?? [])].some(mayBeNull)

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
    const parts = Object.entries(schema.properties ?? {})
    const values = parts.map(([name, part]): [string, Json] => {
      const value = inner(part)
      return [name, value === someText ? (byName[name] ?? value) : value]
    })
    return consistent(Object.fromEntries(values), schema)
  }
  if (type === 'array') return schema.items ? [inner(schema.items)] : []
  if (type === 'string') return byFormat[schema.format ?? ''] ?? someText
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  if (type === 'boolean') return true
  return null
}
