import { idOf } from '../../example-ids.ts'
import type { JsonObject } from '../parts.ts'
import { thenTime } from '../times.ts'

export type Patch = JsonObject | ((request: JsonObject, answer: JsonObject) => JsonObject)

export function decided(): JsonObject {
  return { decidedAt: thenTime, decidedBy: idOf('decidedBy') }
}

export function ended(): JsonObject {
  return { endedAt: thenTime }
}
