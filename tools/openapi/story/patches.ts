import type { JsonObject } from './parts.ts'
import type { Patch } from './patches/common.ts'
import { moneyPatches } from './patches/money.ts'
import { peoplePatches } from './patches/people.ts'
import { workPatches } from './patches/work.ts'

/** Fields of answers that neither the request nor a declared transition explains, by operation. A state among them is entered. */
const patches: Record<string, Patch> = { ...peoplePatches, ...workPatches, ...moneyPatches }

export function patchOf(operationId: string, request: JsonObject, answer: JsonObject): JsonObject {
  const patch = patches[operationId] ?? {}
  return typeof patch === 'function' ? patch(request, answer) : patch
}

export const patchedOperations: readonly string[] = Object.keys(patches)
