let lastMs = 0
let inLastMs = 0
/** A clock that goes back by more is believed: it was wrong before, or the caller began long ago. */
const smallStepMs = 1_000

/**
 * A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, 12 bits that count within the millisecond, 62 random bits. The ids
 * of one isolate ascend, also where the clock does not advance between two awaits or goes back a little; so sorting by id is
 * sorting by creation, and keyset pages need no second column.
 */
export function newId(nowMs: number = Date.now()): string {
  const ms = Math.floor(nowMs)
  if (ms > lastMs || ms < lastMs - smallStepMs) {
    lastMs = ms
    inLastMs = 0
  } else {
    inLastMs = (inLastMs + 1) % 4096
    if (inLastMs === 0) lastMs += 1
  }
  const time = lastMs.toString(16).padStart(12, '0')
  // Versions 4 and 7 have the variant and the random digits in the same places.
  const random = crypto.randomUUID().slice(18)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${inLastMs.toString(16).padStart(3, '0')}${random}`
}

/** Unix milliseconds at which a UUIDv7 was made. */
export const timeOfId = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16)

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isId = (value: string): boolean => uuidPattern.test(value)
