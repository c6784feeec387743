import { type Document, nameOfRef, type OperationObject, operationsOf, type Schema } from './json.ts'
import { lintExamples } from './lint-examples.ts'

/** The rules of our own house that no schema of OpenAPI knows. Each returns what is wrong, in words. */
export function lint(document: Document): string[] {
  const findings: string[] = []
  const seen = new Set<string>()
  for (const [path, method, operation] of operationsOf(document)) {
    const name = `${operation.operationId ?? `${method} ${path}`}`
    const wrong = (finding: string) => findings.push(`${name}: ${finding}`)
    if (seen.has(operation.operationId)) wrong('operationId is taken')
    seen.add(operation.operationId)
    lintHead(path, operation, document, wrong)
    lintParameters(operation, document, wrong)
    lintBodies(operation, wrong)
    lintResponses(method, operation, wrong)
  }
  findings.push(
    ...shadowedPaths(Object.keys(document.paths)),
    ...lintSchemas(document),
    ...brokenRefs(document),
    ...lintExamples(document),
  )
  return findings
}

type Report = (finding: string) => void

function lintHead(path: string, operation: OperationObject, document: Document, wrong: Report): void {
  const { operationId, tags, summary, description, security, parameters = [] } = operation
  if (!/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/.test(operationId ?? '')) wrong('operationId is not resource.verb')
  if (tags?.length !== 1) wrong('needs exactly one tag')
  if (!document.tags.some(({ name }) => name === tags?.[0])) wrong(`tag ${tags?.[0]} is not described`)
  if (!summary || summary.length > 60 || summary.endsWith('.'))
    wrong('needs a summary: at most 60 characters, no full stop')
  if (!description || !/[.:`]$/.test(description)) wrong('needs a description in sentences')
  if (!security) wrong('needs explicit security')
  if (operation['x-policy'] === undefined) wrong('needs a policy')
  for (const segment of path.split('/').slice(1)) {
    if (!/^(\{[a-z][a-zA-Z]*\}|v1|[a-z]+(-[a-z]+)*|\.well-known|jwks\.json)$/.test(segment))
      wrong(`path segment ${segment}`)
  }
  for (const [, parameter] of path.matchAll(/\{(\w+)\}/g)) {
    if (!parameters.some(({ name, in: place }) => name === parameter && place === 'path'))
      wrong(`{${parameter}} is not declared`)
  }
}

/** Requires a description of each parameter: its name alone does not say what it is for. */
function lintParameters({ parameters = [] }: OperationObject, document: Document, wrong: Report): void {
  for (const { in: place, name, description, schema } of parameters) {
    if (place !== 'query' && place !== 'path') continue
    const named = schema?.$ref ? document.components.schemas[nameOfRef(schema.$ref)] : undefined
    if (!description && !schema?.description && !named?.description)
      wrong(`${place} parameter ${name} needs a description`)
  }
}

function lintBodies({ requestBody, responses }: OperationObject, wrong: Report): void {
  for (const [place, body] of [['body', requestBody] as const, ...Object.entries(responses)]) {
    for (const [type, { schema, example }] of Object.entries(body?.content ?? {})) {
      if (!/[/+]json$/.test(type)) continue
      if (!schema?.$ref) wrong(`${place} needs a named schema (.openapi('Name'))`)
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
  if (!Object.keys(responses).some((status) => /^[123]/.test(status))) wrong('needs a success response')
  need(true, '414', '429', '500', '503')
  need((security?.length ?? 0) > 0, '401')
  need(requestBody, '400', '413', '415')
  if (method === 'get' && requestBody) wrong('a GET has no body')
}

/** A static path that a parameter beside it would also match is found by the router's order only: refuse it. */
function shadowedPaths(paths: string[]): string[] {
  const split = paths.map((path) => path.split('/'))
  return split.flatMap((a, i) =>
    split.flatMap((b, j) => {
      if (i === j || a.length !== b.length || !matches(a, b) || paths[i] === paths[j]) return []
      return [`${paths[j]} is shadowed by ${paths[i]}`]
    }),
  )
}

const isParameter = (segment: string | undefined): boolean => segment?.startsWith('{') === true
const matches = (pattern: string[], path: string[]): boolean =>
  pattern.every((segment, i) => segment === path[i] || isParameter(segment))

function lintSchemas({ components }: Document): string[] {
  const findings: string[] = []
  const shapes = new Map<string, string>()
  const isDescribed = describedBy(components.schemas)
  for (const [name, schema] of Object.entries(components.schemas)) {
    if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) findings.push(`schema ${name}: is not PascalCase`)
    walk(schema, (inner, place) => {
      if (inner.oneOf && !inner.discriminator && !inner.oneOf.some(isNull))
        findings.push(`schema ${name}${place}: oneOf without discriminator`)
      for (const [property, part] of Object.entries(inner.properties ?? {}))
        if (!isColumnOfExport(name) && !isDescribed(part))
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

/** Rows of the export file, named after the columns that they come from. */
const isColumnOfExport = (name: string): boolean => /^Exported[A-Z]/.test(name)

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

function brokenRefs(document: Document): string[] {
  const refs = new Set(
    [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref as string),
  )
  return [...refs]
    .filter((ref) => {
      const [, , kind = ''] = ref.split('/')
      return !(nameOfRef(ref) in (document.components[kind] ?? {}))
    })
    .map((ref) => `${ref} leads nowhere`)
}
