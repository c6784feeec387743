/**
 * A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then randomness. Sorting by id is sorting by creation, so
 * keyset pages need no second column.
 */
export function newId(nowMs: number = Date.now()): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0')
  // The random digits of a version 4, and its variant, stand where those of a version 7 do.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isId = (value: string): boolean => uuidPattern.test(value)
