import { eventSamples } from './event-samples.ts'
import { sideOf } from './example-ids.ts'
import type { Document, Json } from './json.ts'
import { answerRules, leftoversIn, otherSidesIn } from './lint-examples/agreement.ts'
import { type Answer, answersOf, eachObject, examplesOf } from './lint-examples/answers.ts'
import { stateRules } from './lint-examples/states.ts'
import { timeRules } from './lint-examples/times.ts'
import type { JsonObject } from './story/parts.ts'

/** Stories that an example cannot tell. Each is a sentence of what is wrong. */
export const lintExamples = (document: Document): string[] =>
  exampleFindings(document).map(({ place, finding }) => `${place}: ${finding}`)

export interface ExampleFinding {
  rule: string
  place: string
  finding: string
}

/** Rules of all examples of answers. Each gives sentences of what is wrong with one of them. */
const rules: Record<string, (answer: Answer) => string[]> = {
  contradictions: ({ example }) => eachObject(example, contradictionsIn),
  ...answerRules,
  ...stateRules,
  ...timeRules,
}

export function exampleFindings(document: Document): ExampleFinding[] {
  const findings: ExampleFinding[] = []
  for (const answer of answersOf(document)) {
    const place = `${answer.operationId}: example of ${answer.status}`
    for (const [rule, check] of Object.entries(rules))
      findings.push(...check(answer).map((finding) => ({ rule, place, finding })))
  }
  for (const { place, example } of examplesOf(document))
    findings.push(...leftoversIn(example).map((finding) => ({ rule: 'leftovers', place, finding })))
  for (const [type, { data }] of Object.entries(eventSamples))
    findings.push(
      ...otherSidesIn(data).map((finding) => ({
        rule: 'names the sides of the work',
        place: `event ${type}`,
        finding,
      })),
    )
  return findings
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
/** All of an escrow is released in `full_release`. */
const ends = (state: Json, done: string): boolean =>
  state === done || (state === 'full_release' && done === 'released')

function contradictionsIn(object: JsonObject): string[] {
  const findings: string[] = []
  const wrong = (condition: boolean, finding: string) => {
    if (condition) findings.push(finding)
  }
  const state = object.status ?? object.state
  findings.push(...sharedIds(object))
  for (const [name, value] of Object.entries(object))
    wrong(
      /^(state|status|\w+Status)$/.test(name) && object[`${value}At`] === null,
      `is ${value}, but ${value}At is null`,
    )
  for (const [name, value] of Object.entries(object)) {
    const done = /^(\w+)At$/.exec(name)?.[1]
    if (value === null || value === undefined) {
      wrong(
        done !== undefined && (object[`${done}By`] ?? null) !== null,
        `${name} is null, but somebody did it`,
      )
      continue
    }
    if (state !== undefined && done !== undefined && endings.includes(done) && !ends(state, done))
      findings.push(`is ${state}, but has ${name}`)
    wrong(done !== undefined && object[`${done}By`] === null && name !== `${state}At`, `${name} by nobody`)
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
    return other && !sameObject.has(`${other} ${name}`) && !sideOf(name) && !sideOf(other)
      ? [`${name} has the id of ${other}`]
      : []
  })
}

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/
/**
 * A call of its own correlates with itself; a delivery carries the event that it names; a user is verified, a client proposes; a credit
 * note of staff is about what it credits.
 */
const sameObject = new Set([
  'requestId correlationId',
  'eventId payload',
  'documentId creditedInvoiceId',
  'userId subjectId',
  'clientId proposedBy',
  'assignedBy decidedBy',
  'publicVersion latestVersion',
  'actorId actorUserId',
])
