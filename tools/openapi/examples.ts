import { anyId } from './example-ids.ts'
import { type Json, nameOfRef, type Schema } from './json.ts'
import { mayBeNull } from './story/parts.ts'
import { isItsEnd, isStillToCome, lastTime, laterTime, someTime } from './story/times.ts'

const byFormat: Record<string, Json> = {
  uuid: anyId,
  'date-time': someTime,
  date: '2026-11-21',
  uri: 'https://api.khidma.example/',
  email: 'someone@example.com',
}

/** Shows in an example that a text needs one of its own; the lint refuses it. */
export const someText = '«text»'

/** Texts that a schema without an example has, by the name of the field. */
const byName: Record<string, Json> = {
  phone: '+201000000010',
  email: 'nour@example.com',
  username: 'nour.hassan',
  fullName: 'Nour Hassan',
  locale: 'en',
  employeeCode: 'E-1042',
}

const depthLimit = 12

/**
 * Makes parts that were put together tell one story: what may be null has not happened yet (nor has anybody done it),
 * unless the thing is in that very state or the schema gives an example of its own; what begins comes before what ends.
 */
function consistent(example: { [key: string]: Json }, { properties = {} }: Schema): Json {
  const states = Object.entries(example).flatMap(([name, value]) =>
    /^stat(us|e)$|Status$/.test(name) ? [`${value}At`] : [],
  )
  for (const [name, value] of Object.entries(example)) {
    if (value !== someTime) continue
    if (mayBeNull(properties[name]) && !states.includes(name)) example[name] = null
    else if (isStillToCome(name)) example[name] = isItsEnd(name) ? lastTime : laterTime
  }
  for (const [name, part] of Object.entries(properties)) {
    if (name.endsWith('By') && mayBeNull(part) && example[`${name.slice(0, -2)}At`] === null)
      example[name] = null
  }
  return example
}

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
