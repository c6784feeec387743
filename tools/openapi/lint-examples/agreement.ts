import { anyId, idOf, isAnyId, kindOfField, sideOf } from '../example-ids.ts'
import type { Json } from '../json.ts'
import { kindOfPart } from '../story/ids.ts'
import { isObject, type JsonObject } from '../story/parts.ts'
import { disagreements } from '../story/requests.ts'
import { type Answer, answerParts } from './answers.ts'

/** Rules of answers that have to agree: with what was asked for, and within themselves. */
export const answerRules: Record<string, (answer: Answer) => string[]> = {
  'answers the object of the path': otherObjects,
  'answers what was sent': ({ operationId, example, request = null }) =>
    disagreements(operationId, example, request).map((field) => `${field} is not what the body sent`),
  'names the sides of the work': otherSides,
  'shows each person once': samePeople,
  'shows what its translations say': (answer) =>
    answerParts(answer).flatMap(({ value, place }) =>
      translated.flatMap((shown) => {
        const all = value[`${shown}s`]
        const isOther = shown in value && isObject(all) && all.en !== undefined && all.en !== value[shown]
        return isOther ? [`${place}/${shown} is not that of ${shown}s`] : []
      }),
    ),
}

/** An answer that is the object of the path has its id; a new one has another. Fields that are called as a parameter have its value. */
function otherObjects({ path, status, example, name, parameters, kinds }: Answer): string[] {
  if (!isObject(example)) return []
  const given = parameters.flatMap((one): [string, Json][] =>
    one.in === 'path' && one.name ? [[one.name, one.example ?? one.schema?.example ?? null]] : [],
  )
  const findings = given.flatMap(([parameter, value]) =>
    fieldsOf(parameter).some((field) => typeof example[field] === 'string' && example[field] !== value)
      ? [`${parameter} is not that of the path`]
      : [],
  )
  const named = /\{(\w+)Id\}(\/[\w-]+)?$/.exec(path)?.[1]
  if (named === undefined || kinds.get(name) !== kindOfField(named) || !('id' in example)) return findings
  const isSame = given.some(([parameter, value]) => parameter === `${named}Id` && value === example.id)
  if (status === '201' && isSame) findings.push('is new, with the id of the path')
  if (status !== '201' && !isSame) findings.push(`id is not the ${named}Id of the path`)
  return findings
}

/** A `languageCode` comes back as that or as `code`. */
const fieldsOf = (parameter: string): string[] =>
  /Code$/.test(parameter) ? [parameter, 'code'] : [parameter]

/** A field that names a side of the work has the id of that side, whatever the side does there. */
function otherSides(answer: Answer): string[] {
  return answerParts(answer).flatMap(({ value, name, place }) =>
    Object.entries(value).flatMap(([key, id]) => {
      const side = sideOf(key, name)
      const isWrong = side && typeof id === 'string' && uuid.test(id) && id !== idOf(side)
      return isWrong ? [`${place}/${key} is not the ${side}`] : []
    }),
  )
}

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

/** The same of the data of an event. */
export const otherSidesIn = (data: JsonObject): string[] =>
  Object.entries(data).flatMap(([key, id]) => {
    const side = sideOf(key)
    return side && id !== idOf(side) ? [`${key} is not the ${side}`] : []
  })

/** Different people have other names, pictures and words of themselves; the same person always has the same. */
function samePeople(answer: Answer): string[] {
  const seen = new Map<string, Json>()
  return answerParts(answer).flatMap((part) => {
    const { value, place } = part
    const kind = kindOfPart(part, answer.kinds)
    const isPerson = 'avatarUrl' in value || persons.includes(kind)
    const own = isPerson
      ? ['name', 'avatarUrl', 'bio'].map((field) => [value.id ?? value.userId, field, value[field]])
      : []
    const beside = persons.map((who) => [value[`${who}Id`], 'name', value[`${who}Name`]])
    return [...own, ...beside].flatMap(([id, field, shown]) => {
      if (typeof id !== 'string' || typeof shown !== 'string') return []
      const others = [`${field}: ${shown}`, `${field} of ${id}`]
      const isOther = seen.has(others[0] as string) && seen.get(others[0] as string) !== id
      const isChanged = seen.has(others[1] as string) && seen.get(others[1] as string) !== shown
      seen.set(others[0] as string, id).set(others[1] as string, shown)
      return [
        ...(isOther ? [`${place}/${field} is also of somebody else`] : []),
        ...(isChanged ? [`${place}: ${id} has another ${field} elsewhere`] : []),
      ]
    })
  })
}

const translated = ['name', 'description', 'label', 'hint']
const persons = ['client', 'tasker', 'assignedTo', 'assignedBy', 'author', 'reviewer']

/** Values that say that nobody has thought of an example: placeholders, and the id that everything has. */
export function leftoversIn(example: Json, place = ''): string[] {
  if (isAnyId(example) || (typeof example === 'string' && example.includes(`/${anyId}`)))
    return [`${place || 'it'} has the id of no kind`]
  if (typeof example === 'string' && /«|^text$/.test(example) && !/kind$/.test(place))
    return [`${place || 'it'} is a placeholder`]
  if (typeof example !== 'object' || example === null) return []
  return Object.entries(example).flatMap(([key, value]) => leftoversIn(value, `${place}/${key}`))
}
