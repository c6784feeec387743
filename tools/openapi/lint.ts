import { lintEnums } from './enum-sites.ts'
import { unnamed } from './id-words.ts'
import { type Document, nameOfRef, type OperationObject, operationsOf, type Schema } from './json.ts'
import { lintEvents } from './lint-events.ts'
import { lintExamples } from './lint-examples.ts'
import { lintGaps } from './lint-gaps.ts'
import { lintMoney } from './lint-money.ts'

/** Rules of this house that follow from its own conventions. General ones are Redocly's and Spectral's: see tools/contract. */
export function lint(document: Document): string[] {
  const findings: string[] = []
  for (const [path, method, operation] of operationsOf(document)) {
    const wrong = (finding: string) => findings.push(`${operation.operationId ?? path}: ${finding}`)
    if (operation['x-policy'] === undefined) wrong('needs a policy')
    lintParameters(operation, wrong)
    lintBodies(operation, wrong)
    lintResponses(method, operation, wrong)
  }
  return [
    ...findings,
    ...lintSchemas(document),
    ...lintEnums(document),
    ...lintEvents(document),
    ...lintExamples(document),
    ...lintGaps(document),
    ...lintMoney(document),
  ]
}

type Report = (finding: string) => void

function lintParameters({ parameters = [] }: OperationObject, wrong: Report): void {
  for (const { $ref, name, description, schema } of parameters) {
    const said = description ?? schema?.description
    if (!$ref && !schema?.$ref && (said === undefined || said === unnamed))
      wrong(`parameter ${name} needs a description of its own`)
  }
}

function lintBodies({ requestBody, responses }: OperationObject, wrong: Report): void {
  for (const [place, body] of [['body', requestBody] as const, ...Object.entries(responses)]) {
    for (const [type, { schema, example }] of Object.entries(body?.content ?? {})) {
      if (!/[/+]json$/.test(type)) continue
      if (!schema?.$ref && !schema?.allOf?.[0]?.$ref)
        wrong(`${place} needs a named schema (.openapi('Name'))`)
      if (example === undefined) wrong(`${place} needs an example`)
    }
  }
}

function lintResponses(
  method: string,
  { responses, security, requestBody }: OperationObject,
  wrong: Report,
): void {
  const need = (condition: unknown, ...statuses: string[]) => {
    if (condition) for (const status of statuses) if (!responses[status]) wrong(`needs a ${status}`)
  }
  need(true, '414', '429', '500', '503')
  need((security?.length ?? 0) > 0, '401')
  need(requestBody, '400', '413', '415')
  if (method === 'get' && requestBody) wrong('a GET has no body')
}

function lintSchemas({ components }: Document): string[] {
  const findings: string[] = []
  const shapes = new Map<string, string>()
  const isDescribed = describedBy(components.schemas)
  for (const [name, schema] of Object.entries(components.schemas)) {
    if (!schema.description) findings.push(`schema ${name} needs a description`)
    walk(schema, (inner, place) => {
      if (inner.oneOf && !inner.discriminator && !inner.oneOf.some(isNull))
        findings.push(`schema ${name}${place}: oneOf without discriminator`)
      for (const [property, part] of Object.entries(inner.properties ?? {}))
        if (!selfEvident.includes(property) && !isDescribed(part))
          findings.push(`schema ${name}${place}: property ${property} needs a description`)
      const shape = inner.properties ? JSON.stringify([inner.type, inner.properties]) : undefined
      if (!shape || Object.keys(inner.properties ?? {}).length < 2) return
      const other = shapes.get(shape)
      if (other && place !== '') findings.push(`schema ${name}${place}: repeats ${other}; give it a name`)
      shapes.set(shape, other ?? `${name}${place}`)
    })
  }
  return findings
}

/** Names that mean the same everywhere. Every other property is described. */
const selfEvident = ['id', 'createdAt', 'updatedAt']

/** A property is described by itself, or by the named schema of its value or of the entries of its list. */
const describedBy =
  (schemas: Record<string, Schema>) =>
  ({ description, $ref, items, anyOf = [] }: Schema): boolean => {
    const refs = [$ref, items?.$ref, ...anyOf.map((part) => part.$ref)].filter((ref) => ref !== undefined)
    return description !== undefined || refs.some((ref) => schemas[nameOfRef(ref)]?.description !== undefined)
  }

const isNull = (schema: Schema): boolean => schema.type === 'null'

function walk(schema: Schema, visit: (schema: Schema, place: string) => void, place = ''): void {
  visit(schema, place)
  const parts: [string, Schema | undefined][] = [
    ...Object.entries(schema.properties ?? {}),
    ['items', schema.items],
    ...[...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map(
      (s, i): [string, Schema] => [String(i), s],
    ),
  ]
  if (typeof schema.additionalProperties === 'object') parts.push(['*', schema.additionalProperties])
  for (const [key, part] of parts) if (part) walk(part, visit, `${place}/${key}`)
}
