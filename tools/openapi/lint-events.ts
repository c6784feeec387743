import { eventObjects } from '../../src/core/event-objects.ts'
import { eventSamples } from './event-samples.ts'
import { entryOf, eventWords } from './event-words.ts'
import { type Document, type Json, nameOfRef, type Schema } from './json.ts'

type Report = (finding: string) => void

/** Every field of the data of every event, and every path by which an object is fetched. */
export function lintEvents(document: Document): string[] {
  const findings: string[] = []
  const unused = new Set<string | undefined>(Object.keys(eventWords))
  for (const [type, schema] of dataOfEvents(document)) {
    const example = eventSamples[type]?.data ?? {}
    for (const [name, part] of Object.entries(schema.properties ?? {})) {
      lintField(name, part, example[name], (finding) => findings.push(`${type}: ${name} ${finding}`))
      unused.delete(entryOf(type, name))
    }
  }
  for (const entry of unused) findings.push(`event-words.ts describes ${entry}, which no event has`)
  return [...findings, ...lintObjects(document)]
}

/** The data of each event, by its type. */
export function dataOfEvents({ webhooks, components: { schemas } }: Document): [type: string, Schema][] {
  const schemaOf = ({ $ref = '' }: Schema): Schema => schemas[nameOfRef($ref)] ?? {}
  return Object.entries(webhooks).map(([type, { post }]) => {
    const event = schemaOf(post?.requestBody?.content?.['application/json']?.schema ?? {})
    return [type, schemaOf(event.properties?.data ?? {})]
  })
}

const changes = ['from', 'to', 'action', 'party']

function lintField(name: string, part: Schema, example: Json | undefined, wrong: Report): void {
  const { description = '', format, items, $ref } = part
  const isId = [format, items?.format].includes('uuid')
  if (description === '') wrong('needs a description')
  if (/^Ids? of /.test(description) !== isId) wrong(`is described as "${description}"`)
  if (/Ids?$/.test(name) !== isId) wrong('is named as an id, and is none; or the other way round')
  if (changes.includes(name) && !$ref && part.enum === undefined && part.const === undefined)
    wrong('lists no values')
  if (typeof example !== 'string') return
  if (/^\d{4}-\d\d-\d\dT/.test(example) && format !== 'date-time') wrong('has not the format date-time')
  if (/^\d{4}-\d\d-\d\d$/.test(example) && format !== 'date') wrong('has not the format date')
}

/** Objects of events, and where they are fetched. */
function lintObjects(document: Document): string[] {
  const findings: string[] = []
  const wrong = (type: string, finding: string) => findings.push(`event-objects.ts: ${type} ${finding}`)
  const types = Object.entries(eventSamples)
  const gets = Object.entries(document.paths).flatMap(([path, { get }]) => (get ? [shapeOf(path)] : []))
  const data = new Map(dataOfEvents(document))
  for (const [type, paths] of Object.entries(eventObjects)) {
    const emitted = types.flatMap(([event, { object }]) => (object.type === type ? [event] : []))
    if (emitted.length === 0) wrong(type, 'is in no event')
    for (const path of paths) {
      if (!gets.includes(shapeOf(path))) wrong(type, `cannot be fetched: there is no GET ${path}`)
      for (const [, field = ''] of path.matchAll(/\{data\.(\w+)\}/g))
        for (const event of emitted)
          if (!data.get(event)?.required?.includes(field))
            wrong(type, `${event} does not always have ${field}`)
    }
  }
  for (const [event, { object }] of types)
    if (!(object.type in eventObjects)) wrong(object.type, `is missing: ${event} is about it`)
  return findings
}

/** A path without the names of its parameters. */
export const shapeOf = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}')
