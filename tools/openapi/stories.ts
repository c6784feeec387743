import type { Operation } from '../../src/http/operation.ts'
import { type Document, type Json, nameOfRef, operationsOf, type Schema } from './json.ts'
import { giveIds, kindOfPart } from './story/ids.ts'
import { isObject, type JsonObject, type Part, partsOf, type Schemas } from './story/parts.ts'
import { patchOf } from './story/patches.ts'
import { namePeople, seatBoth } from './story/people.ts'
import { overlay } from './story/requests.ts'
import {
  actionsOn,
  birthOf,
  enter,
  giveReasons,
  machineOf,
  partyOf,
  stateFieldOf,
  transitionsOf,
} from './story/states.ts'
import { tellChange } from './story/times.ts'

export interface Story {
  operation: Operation
  status: string
  schema: Schema
  schemas: Schemas
  kinds: Map<string, string>
  /** Words in the path that are no ids, by parameter. */
  words: JsonObject
  /** The example of the body, where the operation has one. */
  request: Json | undefined
  /** Examples of the bodies that objects are made with, by the schema of the object. */
  births: Map<string, Birth>
}

/**
 * Makes an example of an answer tell what has just happened: with what was sent, in the state that the action leads to, the
 * actions that are open then, other ids for other objects, other names for other people.
 */
export function told(example: Json, story: Story): Json {
  const { operation, schema, schemas, kinds, births } = story
  const { operationId } = operation
  const answer = structuredClone(example)
  const request = isObject(story.request) ? story.request : {}
  const parts = () => partsOf(answer, schema, schemas)
  for (const { value } of parts()) translate(value, 'from what is shown')
  for (const { value, name, ...at } of parts()) {
    const birth = isMain(at) && births.get(name ?? '')
    if (birth) overlay(birth.operationId, value, birth.request, { $ref: name as string }, schemas)
  }
  if (isObject(answer)) overlay(operationId, answer, { ...story.words, ...request }, schema, schemas)
  for (const { value } of parts()) translate(value, 'to what is shown')
  for (const part of parts()) seatBoth(part)
  giveIds(answer, schema, schemas, kinds)
  const patch = isObject(answer) ? patchOf(operationId, request, answer) : {}
  for (const part of parts()) act(part, story, patch, request.reason ?? request.note)
  if (isObject(answer)) apply(operationId, answer, patch)
  for (const part of parts()) settle(part, story)
  return answer
}

/** Whether a part is the object that the answer is about, or one of those on its page. */
const isMain = ({ parent, key }: Pick<Part, 'parent' | 'key'>): boolean =>
  !parent || (key === 'data' && !parent.parent)

/** Takes every object of the machine whose action the operation is into the next state; a new one into its first. */
function act(part: Part, { operation, status }: Story, patch: JsonObject, reason: Json | undefined): void {
  const { value, name, parent } = part
  const machine = machineOf(name)
  const field = stateFieldOf(value, machine)
  const made = machine ? transitionsOf(operation, machine, !parent) : []
  const party = machine && partyOf(machine, operation, made[0])
  const born = machine && !parent && status === '201' ? birthOf(machine) : undefined
  const transition = made.find(({ by }) => by.includes(party ?? '')) ?? made[0] ?? born
  const patched = parent ? undefined : field && patch[field]
  const state = typeof patched === 'string' ? patched : transition?.to
  if (field && state) enter(part, field, state, transition)
  if (!parent) giveReasons(part, reason)
  if (parent || !('version' in value) || operation.method === 'get') return
  value.version = status === '201' ? 1 : 2
}

/** Makes the rest of an object follow from its state. */
function settle(part: Part, { operation, kinds }: Story): void {
  const { value, name } = part
  giveReasons(part, undefined)
  namePeople(part, kindOfPart(part, kinds))
  tellChange(value)
  if (!('allowedActions' in value)) return
  const machine = machineOf(name)
  const [transition] = machine ? transitionsOf(operation, machine, !part.parent) : []
  const actions = actionsOn(part, machine ? partyOf(machine, operation, transition) : null)
  if (actions) value.allowedActions = actions
}

/** Makes a text and its translations agree: `name` is what `names` has in English. */
function translate(object: JsonObject, direction: 'from what is shown' | 'to what is shown'): void {
  for (const shown of ['name', 'description', 'label', 'hint']) {
    const all = object[`${shown}s`]
    if (!(shown in object) || !isObject(all) || typeof all.en !== 'string') continue
    if (direction === 'to what is shown') object[shown] = all.en
    else if (typeof object[shown] === 'string' && object[shown] !== all.en)
      object[`${shown}s`] = { en: object[shown] }
  }
}

export interface Birth {
  operationId: string
  request: Json
}

/** The example of the body that an object is made with, or else put with, by its schema; none where several operations do so. */
export function birthsOf(document: Pick<Document, 'paths'>, kinds: Map<string, string>): Map<string, Birth> {
  const made = new Map<string, Birth[]>()
  const put = new Map<string, Birth[]>()
  for (const [path, method, { operationId, requestBody, responses }] of operationsOf(document)) {
    const request = requestBody?.content?.['application/json']?.example
    const ref = responses[method === 'put' ? '200' : '201']?.content?.['application/json']?.schema?.$ref
    if (!ref || request === undefined || !['post', 'put'].includes(method)) continue
    const isOfItself = method === 'post' && path.includes(`{${kinds.get(nameOfRef(ref))}Id}`)
    if (isOfItself) continue
    const births = method === 'post' ? made : put
    births.set(nameOfRef(ref), [...(births.get(nameOfRef(ref)) ?? []), { operationId, request }])
  }
  return new Map(
    [...new Map([...put, ...made])].flatMap(([name, [only, ...more]]) =>
      only && more.length === 0 ? [[name, only]] : [],
    ),
  )
}

function apply(operationId: string, object: JsonObject, changes: JsonObject): void {
  for (const [name, change] of Object.entries(changes)) {
    if (!(name in object)) throw new Error(`The answer of ${operationId} has no ${name} (story/patches.ts)`)
    const old = object[name]
    if (isObject(change) && isObject(old)) apply(operationId, old, change)
    else object[name] = change as Json
  }
}
