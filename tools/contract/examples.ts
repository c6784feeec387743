import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Document, Json, Schema } from '../openapi/json.ts'
import type { Finding } from './finding.ts'

/** Keywords that are OpenAPI's, not JSON Schema's: they do not decide what is valid. */
const vocabulary = ['example', 'discriminator', 'components', 'x-problems', 'x-fetch']
const numberFormats = ['int32', 'int64', 'double']

/** Checks every example of the document against its schema, by draft 2020-12: of schemas, bodies, parameters and headers. */
export function exampleFindings(document: Document): { findings: Finding[]; count: number } {
  const ajv = new Ajv2020({
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    code: { optimize: false },
  })
  formats.default(ajv)
  for (const format of numberFormats) ajv.addFormat(format, true)
  for (const word of vocabulary) ajv.addKeyword(word)
  ajv.addSchema({ $id: 'openapi', components: document.components } as never)
  const compiled = new Map<string, ValidateFunction>()
  const validatorOf = (schema: Schema): ValidateFunction => {
    const text = withoutWords(schema)
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text))
    compiled.set(text, known)
    return known
  }
  const findings: Finding[] = []
  const examples = [...examplesOf(document, '#')]
  for (const { place, schema, example } of examples) {
    const validate = validatorOf(schema)
    if (validate(example)) continue
    for (const { instancePath, message = '' } of validate.errors ?? [])
      findings.push({ judge: 'ajv', rule: 'example', place: `${place} ${instancePath}`, message })
  }
  return { findings, count: examples.length }
}

const words = new Set(['description', 'example', 'examples', 'deprecated', 'default'])

/** Returns what validates, as text: equal for schemas that differ in words only. References lead into the document that Ajv was given. */
const withoutWords = (schema: Schema): string =>
  JSON.stringify(schema, function (this: unknown, key: string, value: unknown) {
    if (words.has(key) && typeof value !== 'object') return undefined
    return key === '$ref' ? `openapi${value}` : value
  })

interface Example {
  place: string
  schema: Schema
  example: Json
}

const schemaPlaces =
  /\/(schemas\/\w+|schema|items|properties\/[^/]+|(all|any|one)Of\/\d+|additionalProperties)$/

/** An example is part of a schema, or beside one: in a media type, a parameter or a header. */
function* examplesOf(node: unknown, place: string): Generator<Example> {
  if (typeof node !== 'object' || node === null) return
  const { schema, example, examples } = node as { schema?: Schema; example?: Json; examples?: Json[] }
  const own = schemaPlaces.test(place) ? (node as Schema) : schema
  if (own && !isName(place)) {
    if (example !== undefined) yield { place, schema: own, example }
    if (Array.isArray(examples)) for (const one of examples) yield { place, schema: own, example: one }
  }
  for (const [key, part] of Object.entries(node)) {
    if (!isName(place) && (key === 'example' || key === 'examples' || key === 'default')) continue
    yield* examplesOf(part, `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }
}

/** Whether the keys of the object at this place are names that somebody chose, not words of OpenAPI. */
const isName = (place: string): boolean =>
  /\/properties$/.test(place) && !/\/properties\/properties$/.test(place)
