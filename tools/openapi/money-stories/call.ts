import { allowedActions, type Machine } from '../../../src/core/machine.ts'
import type { Json } from '../json.ts'
import type { JsonObject } from '../money-rules/parts.ts'

/** A call as its examples have it: an answer may not say another amount than the body that it answers. */
export interface Call {
  operationId: string
  /** Example of the body; a story may put ids and hashes of the answer into it. */
  request: JsonObject
}

/** The actions that are open on an object as its story has left it. */
export const actionsOf = (machine: Machine, { status }: JsonObject, party: string): Json =>
  allowedActions(machine, String(status), party) as unknown as Json

/** An object was changed last when the last thing happened to it. */
export function touch(object: JsonObject, time: string): void {
  const { updatedAt } = object
  if (typeof updatedAt === 'string' && updatedAt < time) object.updatedAt = time
}
