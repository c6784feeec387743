import type { Json } from './json.ts'

/** The id that a schema gives where it says nothing of its kind. */
const anyId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'

/** An id that is the same for the same kind of object and another for another. */
export function idOf(kind: string): string {
  let hash = 0
  for (const letter of kind) hash = (hash * 31 + letter.charCodeAt(0)) % 0xffff
  return anyId.slice(0, -4) + hash.toString(16).padStart(4, '0')
}

/** Gives every object of an example an id of its own kind: a client is not their tasker, nor a task its booking. */
export function withIds(value: Json, kind: string): Json {
  if (Array.isArray(value)) return value.map((part) => withIds(part, kind))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      if (part === anyId) return [key, idOf(key === 'id' ? kind : kindOf(key))]
      return [key, withIds(part, key === 'data' ? kind : kindOf(key))]
    }),
  )
}

const kindOf = (key: string): string => key.replace(/Id$/, '')
