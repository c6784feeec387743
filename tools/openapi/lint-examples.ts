import { type Document, type Json, operationsOf } from './json.ts'

/** Stories that an example of an answer cannot tell. Each is a sentence of what is wrong. */
export function lintExamples(document: Document): string[] {
  const findings: string[] = []
  for (const [, , { operationId, responses }] of operationsOf(document)) {
    for (const [status, { content }] of Object.entries(responses)) {
      const example = content?.['application/json']?.example
      if (example === undefined) continue
      for (const [place, object] of objectsOf(example))
        findings.push(
          ...contradictionsIn(object).map(
            (finding) => `${operationId}: example of ${status}${place}: ${finding}`,
          ),
        )
    }
  }
  return findings
}

type JsonObject = { [key: string]: Json }

function* objectsOf(value: Json, place = ''): Generator<[string, JsonObject]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [place, value]
  for (const [key, inner] of Object.entries(value)) yield* objectsOf(inner, `${place}/${key}`)
}

/** A thing that is in another state has no time of these. */
const endings = [
  'revoked',
  'canceled',
  'rejected',
  'released',
  'withdrawn',
  'declined',
  'dismissed',
  'failed',
]
const begins = ['createdAt', 'startsAt', 'scheduledFrom', 'startedAt', 'placedAt', 'from', 'fromYear']
const isEnd =
  /^(expiresAt|endsAt|completedAt|resendAfter|scheduledFor|nextAttemptAt|until|\w+Until|untilYear)$/

function contradictionsIn(object: JsonObject): string[] {
  const findings: string[] = []
  const wrong = (condition: boolean, finding: string) => {
    if (condition) findings.push(finding)
  }
  const state = object.status ?? object.state
  findings.push(...sharedIds(object))
  wrong(object[`${state}At`] === null, `is ${state}, but ${state}At is null`)
  for (const [name, value] of Object.entries(object)) {
    const done = /^(\w+)At$/.exec(name)?.[1]
    if (value === null || value === undefined) {
      wrong(
        done !== undefined && (object[`${done}By`] ?? null) !== null,
        `${name} is null, but somebody did it`,
      )
      continue
    }
    if (state !== undefined && done !== undefined && endings.includes(done) && done !== state)
      findings.push(`is ${state}, but has ${name}`)
    wrong(done !== undefined && object[`${done}By`] === null && name !== `${state}At`, `${name} by nobody`)
    if (isEnd.test(name)) {
      const early = begins.find(
        (begin) => begin !== name && object[begin] != null && !isBefore(object[begin], value),
      )
      wrong(early !== undefined, `${name} is not after ${early}`)
    }
  }
  wrong(object.allowed === true && object.reason !== undefined, 'is allowed, and says why not')
  return findings
}

/** An id names one object: two fields of an object, or the objects in them, are about different ones. */
function sharedIds(object: JsonObject): string[] {
  const ids = new Map<string, string>()
  return Object.entries(object).flatMap(([name, value]) => {
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.id : value
    if (typeof inner !== 'string' || !uuid.test(inner)) return []
    const other = ids.get(inner)
    ids.set(inner, name)
    return other && !sameObject.has(`${other} ${name}`) ? [`${name} has the id of ${other}`] : []
  })
}

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/
/** A call of its own correlates with itself; a delivery carries the event that it names. */
const sameObject = new Set(['requestId correlationId', 'eventId payload'])

const isBefore = (a: Json | undefined, b: Json): boolean =>
  typeof a === 'number' && typeof b === 'number' ? a < b : String(a) < String(b)
