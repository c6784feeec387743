import type { Json } from '../json.ts'
import { isObject, type JsonObject } from './parts.ts'

/** The example of every time that has none of its own. */
export const someTime = '2026-11-21T08:30:00.000Z'
/** The time of the action that an answer is of. */
export const thenTime = '2026-11-21T08:45:00.000Z'
export const laterTime = '2026-11-22T08:30:00.000Z'
export const lastTime = '2026-11-22T11:30:00.000Z'
/** Times of work that is scheduled from half past eight. */
export const workTimes: Record<string, string> = {
  onTheWayAt: '2026-11-22T08:05:00.000Z',
  arrivedAt: '2026-11-22T08:25:00.000Z',
  startedAt: '2026-11-22T08:35:00.000Z',
  completedAt: '2026-11-22T10:20:00.000Z',
}

/** Fields with a time that is still to come. */
export const isStillToCome = (name: string): boolean =>
  /^(expires|starts|ends|next|resend|scheduled|paused|closes|answerBy|answerUntil|deadline|period(End|Until)|open(Until)|due|respondBy|restorableUntil|previous\w*Until|valid(From|Until)|guardedUntil|reviewAt|publishes|edit(Until)|appeal(Until)|releases|dormantDue|evidenceDue|settles|changes|retries|passes|freeUntil|graceUntil|waivedUntil|paidUntil|answerUntil|climbs|awardExpires|until|lifts)/.test(
    name,
  ) && name !== 'pausedAt'

/** Fields with the end of something that begins later than now. */
export const isItsEnd = (name: string): boolean => /^(ends|scheduledUntil|validUntil|guardedUntil)/.test(name)

const isTime = (value: Json | undefined): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)

/** Times of what has happened to an object, by field, those of its parts that are no objects of their own among them. */
export const pastTimes = (object: JsonObject): [name: string, time: string][] =>
  Object.entries(object).flatMap(([name, value]): [string, string][] => {
    if (isObject(value))
      return 'id' in value || 'updatedAt' in value || name === 'payload' ? [] : pastTimes(value)
    return /At$/.test(name) && !isStillToCome(name) && isTime(value) ? [[name, value]] : []
  })

/** An object was last changed when the last thing happened to it, and later than it was made where it was changed since. */
export function tellChange(object: JsonObject): void {
  if (!isTime(object.updatedAt)) return
  const times = pastTimes(object).map(([, time]) => time)
  if (typeof object.version === 'number' && object.version > 1) times.push(thenTime)
  object.updatedAt = times.reduce((latest, time) => (Date.parse(time) > Date.parse(latest) ? time : latest))
}
