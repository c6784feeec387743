/** Everything random in the demo data comes from here, each person or row seeded by a key of its own. */

export type Random = () => number

/** 1 January 2025, UTC: demo ids carry times from here on. */
export const DEMO_EPOCH_MS = Date.UTC(2025, 0, 1)

/** FNV-1a, 32 bits. */
function hash32(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}

/** mulberry32: uniform in [0, 1), the same sequence for the same key on every machine. */
export function seededRandom(key: string): Random {
  let state = hash32(key)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An integer, both ends included. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1))
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('pick: nothing to pick from')
  return item
}

/** `count` different items, in the order of `items`. */
export function pickSome<T>(random: Random, items: readonly T[], count: number): T[] {
  const left = items.map((_, index) => index)
  const chosen = new Set<number>()
  while (chosen.size < Math.min(count, items.length)) {
    const [index] = left.splice(Math.floor(random() * left.length), 1)
    if (index !== undefined) chosen.add(index)
  }
  return items.filter((_, index) => chosen.has(index))
}

/** A UUIDv7 made of `key` alone, so that a second load meets the rows of the first. */
export function demoUuid(key: string, createdAtMs: number = DEMO_EPOCH_MS): string {
  const random = seededRandom(`uuid:${key}`)
  const hex = (bits: number) =>
    Math.floor(random() * 2 ** bits)
      .toString(16)
      .padStart(bits / 4, '0')
  const time = createdAtMs.toString(16).padStart(12, '0')
  const variant = pick(random, ['8', '9', 'a', 'b'])
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(12)}-${variant}${hex(12)}-${hex(24)}${hex(24)}`
}
