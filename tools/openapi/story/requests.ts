import type { Json, Schema } from '../json.ts'
import { isObject, type JsonObject, mayBeNull, partsOf, type Schemas, shapeOf } from './parts.ts'

/** Fields of a body that mean something else than the field of that name in the answer. */
const others: Record<string, readonly string[]> = {
  'verifications.decideDocument': ['status', 'remarks'],
  'leadRefunds.reject': ['reason'],
  'orders.refundPart': ['lines'],
  'userRoles.approve': ['reason'],
  'userRoles.reject': ['reason'],
  'userRoles.revoke': ['reason'],
  'auth.refresh': ['refreshToken'],
  'bids.counter': ['amountMinor', 'minutes'],
  'configEntries.revert': ['reason'],
}

/** The field of the answer that a field of the body comes back in; undefined for what does not come back by name. */
export function answerTo(operationId: string, sent: string, answer: JsonObject): string | undefined {
  if (others[operationId]?.includes(sent)) return undefined
  if (sent === 'reason' && reasonIn(operationId, answer)) return reasonIn(operationId, answer)
  return [sent, sent.replace(/Minor$/, '')].find((name) => name in answer)
}

/** `release` gives its reason in `releaseReason`, where there is one beside the reason of the object. */
function reasonIn(operationId: string, answer: JsonObject): string | undefined {
  const verb = operationId.slice(operationId.indexOf('.') + 1)
  return [`${verb}Reason`, `${verb.replace(/e?$/, 'ion')}Reason`].find((name) => name in answer)
}

/** Makes an answer agree with what was sent: every field that both have. */
export function overlay(
  operationId: string,
  answer: JsonObject,
  request: Json,
  schema: Schema,
  schemas: Schemas,
): void {
  if (!isObject(request)) return
  const [part] = partsOf(answer, schema, schemas)
  for (const [name, sent] of Object.entries(request)) {
    const field = answerTo(operationId, name, answer)
    if (field) answer[field] = merged(answer[field] as Json, sent, part?.properties[field] ?? {}, schemas)
  }
}

/** One more of a list, like its first. */
function another(pattern: Json, index: number): Json {
  if (!isObject(pattern)) return pattern
  const places = ['position', 'line', 'number'].filter((name) => name in pattern)
  return { ...pattern, ...Object.fromEntries(places.map((name) => [name, index + 1])) }
}

/** A value as it was, with all that was sent of it; unchanged where the two have nothing in common. */
function merged(old: Json, sent: Json, schema: Schema, schemas: Schemas): Json {
  const shape = shapeOf(schema, schemas, sent)
  if (Array.isArray(sent)) {
    if (!Array.isArray(old)) return old
    return sent.map((one, index) => {
      const pattern = old[index] ?? another(old[0] ?? null, index)
      return isObject(one) ? merged(pattern, one, shape.items ?? {}, schemas) : one
    })
  }
  if (isObject(sent)) {
    if (!isObject(old)) return old
    const known = Object.entries(sent).filter(
      ([key]) => key in old || key in shape.properties || shape.others,
    )
    const kept = Object.entries(old).filter(([key]) => key in sent || shape.required.includes(key))
    const values = known.map(([key, one]): [string, Json] => [
      key,
      old[key] === undefined
        ? one
        : merged(old[key], one, shape.properties[key] ?? shape.others ?? {}, schemas),
    ])
    return { ...Object.fromEntries(kept), ...Object.fromEntries(values) }
  }
  if (sent === null) return mayBeNull(schema) ? null : old
  return old === null || typeof old === typeof sent ? sent : old
}

/** Fields in which an answer says otherwise than its request did. */
export function disagreements(operationId: string, answer: Json, request: Json): string[] {
  if (!isObject(answer) || !isObject(request)) return []
  return Object.entries(request).flatMap(([name, sent]) => {
    const field = answerTo(operationId, name, answer)
    return field === undefined ? [] : differences(answer[field] as Json, sent, field)
  })
}

/** The answer may have more fields than were sent; not other values. */
function differences(answered: Json, sent: Json, place: string): string[] {
  if (isObject(sent) && isObject(answered))
    return Object.entries(sent).flatMap(([key, one]) =>
      key in answered ? differences(answered[key] as Json, one, `${place}/${key}`) : [],
    )
  if (Array.isArray(sent) && Array.isArray(answered)) {
    if (sent.length !== answered.length) return [place]
    return sent.flatMap((one, index) => differences(answered[index] as Json, one, `${place}/${index}`))
  }
  const isComparable = sent === null || answered === null || typeof sent === typeof answered
  return isComparable && !isSame(sent, answered) ? [place] : []
}

/** Times are the same in any notation. */
const isSame = (a: Json, b: Json): boolean =>
  a === b ||
  (typeof a === 'string' &&
    typeof b === 'string' &&
    /^\d{4}-\d\d-\d\dT/.test(a) &&
    Date.parse(a) === Date.parse(b))
