import type { Json } from '../json.ts'
import type { JsonObject } from '../story/parts.ts'
import { isStillToCome, pastTimes } from '../story/times.ts'
import { type Answer, eachObject } from './answers.ts'

/** Rules of times: what begins comes before what ends, and nothing has happened after the last change. */
export const timeRules: Record<string, (answer: Answer) => string[]> = {
  'ends after it begins': ({ example }) => eachObject(example, earlyEnds),
  'was changed last by the last thing that happened': ({ example }) => eachObject(example, earlyChanges),
}

const begins = [
  'createdAt',
  'startsAt',
  'scheduledFrom',
  'startedAt',
  'placedAt',
  'from',
  'fromYear',
  'liveAt',
  'postedAt',
  'openedAt',
  'viewedAt',
  'periodStart',
]
const isEnd =
  /^(expiresAt|endsAt|completedAt|resendAfter|scheduledFor|nextAttemptAt|until|\w+Until|untilYear|closesAt|deadline|periodEnd|dueAt|respondBy|answerBy)$/

function earlyEnds(object: JsonObject): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (!isEnd.test(name) || value === null) return []
    const early = begins.find(
      (begin) =>
        begin !== name &&
        !(name === 'deadline' && isStillToCome(begin)) &&
        object[begin] != null &&
        !isBefore(object[begin], value),
    )
    return early === undefined ? [] : [`${name} is not after ${early}`]
  })
}

function earlyChanges(object: JsonObject): string[] {
  const { createdAt, updatedAt, version } = object
  if (typeof updatedAt !== 'string') return []
  const changed = Date.parse(updatedAt)
  const isChanged = typeof version === 'number' && version > 1 && createdAt === updatedAt
  return [
    ...pastTimes(object).flatMap(([name, time]) =>
      Date.parse(time) > changed ? [`${name} is later than updatedAt`] : [],
    ),
    ...(isChanged ? [`has version ${version}, but updatedAt is createdAt`] : []),
  ]
}

const isBefore = (a: Json | undefined, b: Json): boolean =>
  typeof a === 'number' && typeof b === 'number' ? a < b : String(a) < String(b)
