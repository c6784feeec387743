import committed from './event-samples.json' with { type: 'json' }
import { idOf, kindOfField } from './example-ids.ts'
import type { Json } from './json.ts'

/** An event as the outbox has it. */
export interface Emission {
  type: string
  objectType: string
  objectId: string
  objectSeq: number
  data: Record<string, Json>
}

/** An event that a test has seen sent, with ids by their kind. */
export interface EventSample {
  object: { type: string; id: string; sequence: number }
  data: Record<string, Json>
}

export type EventSamples = Record<string, EventSample>

/**
 * The examples of the documents: each is a real emission, and tests hold every other one against it. A test run with `UPDATE=1`
 * adds what is new. Values may be edited, names and kinds may not.
 */
export const eventSamples: EventSamples = committed

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const isId = (value: Json): value is string => typeof value === 'string' && uuid.test(value)

/** The field that has the id of the object itself. */
const ownField = ({ objectId, data }: Emission): string | undefined =>
  Object.keys(data).find((name) => data[name] === objectId)

const kindOf = (value: Json): string => (isId(value) ? 'id' : typeof value)

/** Differences between what was sent and the example of its type. Fields that not every event of the type has may be absent. */
export function misfitsOf(emission: Emission, samples: EventSamples): string[] {
  const sample = samples[emission.type]
  if (!sample) return [`${emission.type} has no example`]
  const wrong = (finding: string) => `${emission.type}: ${finding}: ${JSON.stringify(emission.data)}`
  const { object, data } = sample
  const findings: string[] = []
  if (object.type !== emission.objectType) findings.push(wrong(`its object is a ${emission.objectType}`))
  const own = ownField({ ...emission, objectId: object.id, data })
  if (own !== ownField(emission)) findings.push(wrong(`its example names the object in ${own ?? 'no field'}`))
  for (const [name, value] of Object.entries(emission.data)) {
    if (data[name] === undefined) findings.push(wrong(`its example lacks ${name}`))
    else if (kindOf(data[name]) !== kindOf(value))
      findings.push(wrong(`its example has another kind of ${name}`))
  }
  return findings
}

/** Adds what was emitted. An example gives way to one that tells more. */
export function withEmissions(samples: EventSamples, emissions: Emission[]): EventSamples {
  const merged: EventSamples = { ...samples }
  for (const emission of emissions) {
    const known = merged[emission.type]
    const tellsMore = Object.keys(emission.data).length > Object.keys(known?.data ?? {}).length
    if (!known || tellsMore) merged[emission.type] = exampleOf(emission)
  }
  return Object.fromEntries(Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function exampleOf(emission: Emission): EventSample {
  const { objectType, objectSeq, data } = emission
  const idNamed = (name: string) => idOf(kindOfField(name))
  const values = Object.entries(data).map(([name, value]): [string, Json] => [
    name,
    isId(value) ? idNamed(name) : value,
  ])
  const id = idNamed(ownField(emission) ?? camelCase(objectType))
  return { object: { type: objectType, id, sequence: objectSeq }, data: Object.fromEntries(values) }
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
