import {
  type Document,
  nameOfRef,
  type OperationObject,
  operationsOf,
  resolved,
  type Schema,
} from '../openapi/json.ts'

/** A change that can break a program which was written for the older document. */
export interface Breaking {
  /** The operationId, the event type, or the name of the schema or socket: the changelog has to name it. */
  subject: string
  change: string
}

export interface Use {
  /** Callers send it: what was accepted must stay accepted. */
  isSent: boolean
  /** Callers receive it: what they read must stay there. */
  isReceived: boolean
}

/**
 * Compares two documents by what `docs/compatibility.md` promises: new operations, optional fields, enum values of answers
 * and problem codes may come; what there is stays.
 * A refusal or a value that is never received any more hurts nobody who runs, and somebody who waits for it or whose generated
 * client no longer knows it: it is found as well, as what it is.
 */
export function breakingChanges(before: Document, after: Document): Breaking[] {
  const findings: Breaking[] = []
  const now = new Map(
    [...operationsOf(after)].map(([path, method, operation]) => [`${method} ${path}`, operation]),
  )
  for (const [path, method, operation] of operationsOf(before)) {
    const same = now.get(`${method} ${path}`)
    const report = (change: string) => findings.push({ subject: operation.operationId, change })
    if (same) {
      compareOperations(operation, same, report)
      compareRefusals(refusalsOf(before, operation), refusalsOf(after, same), report)
    } else report(`${method.toUpperCase()} ${path} is gone`)
  }
  for (const [type, { post }] of Object.entries(before.webhooks)) {
    const report = (change: string) => findings.push({ subject: type, change })
    const same = after.webhooks[type]?.post
    if (!same) report('the event is gone')
    else if (bodyRef(post) !== bodyRef(same))
      report(`is sent as ${bodyRef(same)} instead of ${bodyRef(post)}`)
  }
  const uses = usesOf(before)
  for (const [name, schema] of Object.entries(before.components.schemas)) {
    const same = after.components.schemas[name]
    const report = (change: string) => findings.push({ subject: name, change })
    if (same) compareSchemas(schema, same, uses.get(name) ?? { isSent: true, isReceived: true }, '', report)
    else report('the schema is gone or renamed')
  }
  return findings
}

type Report = (change: string) => void

const bodyRef = (operation: OperationObject | undefined): string =>
  nameOfRef(operation?.requestBody?.content?.['application/json']?.schema?.$ref ?? 'nothing')

function compareOperations(before: OperationObject, after: OperationObject, report: Report): void {
  if (before.operationId !== after.operationId) report(`is called ${after.operationId}`)
  const accepted = (after.security ?? []).map((requirement) => JSON.stringify(requirement))
  const isPublic = accepted.length === 0
  if (!isPublic && (before.security ?? []).length === 0) report('is not public any more')
  for (const requirement of before.security ?? [])
    if (!isPublic && !accepted.includes(JSON.stringify(requirement)))
      report(`does not accept ${JSON.stringify(requirement)} any more`)
  compareParameters(before, after, report)
  if (!before.requestBody && after.requestBody?.required) report('requires a body')
  if (before.requestBody && !after.requestBody) report('takes no body any more')
  if (before.requestBody && !before.requestBody.required && after.requestBody?.required)
    report('requires its body')
  compareContent('the body', before.requestBody?.content, after.requestBody?.content, report)
  for (const [status, response] of Object.entries(before.responses)) {
    if (!/^[123]/.test(status)) continue
    if (after.responses[status])
      compareContent(status, response.content, after.responses[status].content, report)
    else report(`does not answer ${status} any more`)
  }
}

/** Problem codes of an operation by status. */
function refusalsOf(document: Document, { responses }: OperationObject): Map<string, string[]> {
  const refusals = Object.entries(responses).filter(([status]) => /^[45]/.test(status))
  return new Map(
    refusals.map(([status, response]) => [status, resolved(document, response)?.['x-problem-codes'] ?? []]),
  )
}

function compareRefusals(before: Map<string, string[]>, after: Map<string, string[]>, report: Report): void {
  const statusNow = new Map([...after].flatMap(([status, codes]) => codes.map((code) => [code, status])))
  for (const [status, codes] of before) {
    if (!after.has(status)) report(`does not refuse with ${status} any more`)
    for (const code of codes) {
      const now = statusNow.get(code)
      if (now !== undefined && now !== status) report(`refuses with ${code} as ${now} instead of ${status}`)
      else if (now === undefined && after.has(status)) report(`does not refuse with ${code} any more`)
    }
  }
}

function compareParameters(before: OperationObject, after: OperationObject, report: Report): void {
  const named = ({ parameters = [] }: OperationObject) =>
    new Map(parameters.map((parameter) => [parameter.$ref ?? `${parameter.in} ${parameter.name}`, parameter]))
  const old = named(before)
  const current = named(after)
  for (const [key, parameter] of old) {
    const same = current.get(key)
    // An optional header that is not read any more hurts nobody; a query parameter is refused.
    if (!same) {
      if (!parameter.$ref) report(`parameter ${key} is gone`)
    } else if (parameter.schema && same.schema)
      compareSchemas(
        parameter.schema,
        same.schema,
        { isSent: true, isReceived: false },
        `parameter ${key}`,
        report,
      )
    if (same?.required && !parameter.required) report(`requires ${key}`)
  }
  for (const [key, parameter] of current)
    if (!old.has(key) && (parameter.required || key.includes('/Required'))) report(`requires ${key}`)
}

type Content = Record<string, { schema?: Schema }> | undefined

function compareContent(place: string, before: Content, after: Content, report: Report): void {
  for (const [type, { schema }] of Object.entries(before ?? {})) {
    const same = after?.[type]
    if (!same) report(`${place} is not ${type} any more`)
    else if (schema?.$ref !== same.schema?.$ref)
      report(
        `${place} is ${nameOfRef(same.schema?.$ref ?? 'another')} instead of ${nameOfRef(schema?.$ref ?? 'another')}`,
      )
  }
}

const typesOf = ({ type, anyOf = [] }: Schema): string[] => [
  ...[type ?? []].flat(),
  ...anyOf.flatMap((part) => (part.type === 'null' ? 'null' : [])),
]

export function compareSchemas(before: Schema, after: Schema, use: Use, place: string, report: Report): void {
  const at = (change: string) => report(place === '' ? change : `${place} ${change}`)
  const isOther = refsOf(before) !== refsOf(after) && !isGrownUnion(before, after)
  if (isOther) at(`is ${refsOf(after)} instead of ${refsOf(before)}`)
  const [old, current] = isOther ? [[], []] : [typesOf(before), typesOf(after)]
  for (const type of old) if (use.isSent && !current.includes(type)) at(`may not be ${type} any more`)
  for (const type of current) if (use.isReceived && !old.includes(type)) at(`may be ${type} now`)
  if (before.format !== after.format) at(`has the format ${after.format} instead of ${before.format}`)
  if (before.const !== undefined && before.const !== after.const)
    at(`is ${JSON.stringify(after.const)} instead of ${JSON.stringify(before.const)}`)
  if (use.isSent) compareLimits(before, after, at)
  else
    for (const value of before.enum ?? [])
      if (after.enum && !after.enum.includes(value)) at(`is never ${JSON.stringify(value)} any more`)
  compareProperties(before, after, use, place, report)
  for (const key of ['items', 'additionalProperties'] as const) {
    const [a, b] = [before[key], after[key]]
    if (typeof a === 'object' && typeof b === 'object') compareSchemas(a, b, use, `${place}[]`, report)
  }
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const)
    before[key]?.forEach((part, i) => {
      const same = after[key]?.[i]
      if (same && !part.$ref) compareSchemas(part, same, use, place, report)
    })
}

const refsOf = ({ $ref, allOf = [], anyOf = [], oneOf = [] }: Schema): string =>
  [$ref, ...[...allOf, ...anyOf, ...oneOf].map((part) => part.$ref)]
    .flatMap((ref) => (ref ? nameOfRef(ref) : []))
    .join(' or ') || 'a schema of its own'

/** A union that tells its members apart by a value, with members that are new: event types and frames may come. */
const isGrownUnion = (before: Schema, after: Schema): boolean => {
  const [old, current] = [before, after].map(({ oneOf = [] }) => oneOf.map(({ $ref }) => $ref))
  return after.discriminator !== undefined && !!old?.length && old.every((ref) => current?.includes(ref))
}

const upperLimits = ['maxLength', 'maximum', 'maxItems', 'maxProperties', 'exclusiveMaximum'] as const
const lowerLimits = ['minLength', 'minimum', 'minItems', 'minProperties', 'exclusiveMinimum'] as const

function compareLimits(before: Schema, after: Schema, at: Report): void {
  const [a, b] = [before, after] as Record<string, number | undefined>[]
  for (const limit of upperLimits)
    if ((b?.[limit] ?? Infinity) < (a?.[limit] ?? Infinity)) at(`has ${limit} ${b?.[limit]} now`)
  for (const limit of lowerLimits)
    if ((b?.[limit] ?? -Infinity) > (a?.[limit] ?? -Infinity)) at(`has ${limit} ${b?.[limit]} now`)
  if (b?.pattern !== undefined && a?.pattern !== b.pattern) at(`has another pattern`)
  for (const value of before.enum ?? [])
    if (after.enum && !after.enum.includes(value)) at(`does not accept ${JSON.stringify(value)} any more`)
  if (!before.enum && after.enum) at('accepts only certain values now')
}

function compareProperties(before: Schema, after: Schema, use: Use, place: string, report: Report): void {
  const old = before.properties ?? {}
  const current = after.properties ?? {}
  for (const [name, part] of Object.entries(old)) {
    const same = current[name]
    const at = (change: string) => report(`${place}/${name} ${change}`)
    if (!same) {
      at('is gone')
      continue
    }
    const [was, is] = [before.required?.includes(name), after.required?.includes(name)]
    if (use.isSent && is && !was) at('is required now')
    if (use.isReceived && was && !is) at('may be absent now')
    compareSchemas(part, same, use, `${place}/${name}`, report)
  }
  if (!use.isSent) return
  for (const name of after.required ?? []) if (!(name in old)) report(`${place}/${name} is required now`)
}

/** Marks parts of a document as sent or received, with all named schemas that they refer to. */
export function usesIn(schemas: Record<string, Schema>) {
  const uses = new Map<string, Use>()
  const mark = (node: unknown, direction: keyof Use): void => {
    for (const [, name = ''] of JSON.stringify(node ?? null).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      const use = uses.get(name) ?? { isSent: false, isReceived: false }
      if (use[direction]) continue
      uses.set(name, { ...use, [direction]: true })
      mark(schemas[name], direction)
    }
  }
  return { uses, mark }
}

/** Says of each named schema whether callers send it, receive it, or both. */
function usesOf(document: Document): Map<string, Use> {
  const { uses, mark } = usesIn(document.components.schemas)
  for (const [, , { parameters, requestBody, responses }] of operationsOf(document)) {
    mark([parameters, requestBody], 'isSent')
    mark(responses, 'isReceived')
  }
  for (const { post } of Object.values(document.webhooks)) mark(post?.requestBody, 'isReceived')
  mark(document.components.responses, 'isReceived')
  return uses
}

const words = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'headers',
  'title',
  'tags',
  'x-policy',
  'x-scopes',
])

/** Returns what the comparison reads of a document: all but its words, and of a refusal its problem codes. */
export function skeletonOf(document: Document): unknown {
  const { paths, webhooks, components } = document
  const skeleton = bare({ paths, webhooks, components: { schemas: components.schemas } }) as Document
  for (const [path, method, operation] of operationsOf(document)) {
    const responses = skeleton.paths[path]?.[method]?.responses ?? {}
    for (const [status, codes] of refusalsOf(document, operation))
      responses[status] = { 'x-problem-codes': codes }
  }
  return skeleton
}

/** A part of a document without its words. */
export function bare(node: unknown, isNames = false): unknown {
  if (Array.isArray(node)) return node.map((part) => bare(part))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, part]) =>
      !isNames && words.has(key) ? [] : [[key, bare(part, key === 'properties' && !isNames)]],
    ),
  )
}

/** Breaking changes that are announced, by subject, as `tools/contract/announced.json` lists them. */
export type Announced = Record<string, readonly string[]>

/**
 * Keeps of the findings those that are not announced: each needs its own entry among the announced changes, and its subject a line of
 * the changelog under "Unreleased" that begins with **Breaking**. An entry excuses no other change of the same subject.
 */
export function unannounced(findings: Breaking[], changelog: string, announced: Announced): Breaking[] {
  const [, unreleased = ''] = /^## Unreleased\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog) ?? []
  const entries = unreleased.split(/\n(?=- )/).filter((entry) => entry.includes('**Breaking**'))
  return findings.filter(
    ({ subject, change }) =>
      !announced[subject]?.includes(change) ||
      !entries.some((entry) => entry.slice(entry.indexOf('**Breaking**')).includes(`\`${nameOf(subject)}\``)),
  )
}

/** Announced changes that the documents do not have: they would excuse the same change later. */
export const stale = (findings: Breaking[], announced: Announced): Breaking[] =>
  Object.entries(announced)
    .flatMap(([subject, changes]) => changes.map((change) => ({ subject, change })))
    .filter((entry) => !findings.some((f) => f.subject === entry.subject && f.change === entry.change))

/** Subject without its kind: `frame Send` is `Send`. */
const nameOf = (subject: string): string => subject.slice(subject.lastIndexOf(' ') + 1)
