/** Wall time: year, month (from 1), day, hour, minute, second, as a clock on the spot shows it. */
export interface WallTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Format of a zone, or null for one that is no IANA name. */
function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone)
  if (known) return known
  try {
    const numbers = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric' } as const
    const format = new Intl.DateTimeFormat('en-US', {
      ...numbers,
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
      era: 'short',
      timeZone: zone,
    })
    formats.set(zone, format)
    return format
  } catch {
    return null
  }
}

export const isZone = (zone: string): boolean => formatOf(zone) !== null

const asUtc = ({ year, month, day, hour, minute, second }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second)

/** Offset of a zone from UTC at an instant, in milliseconds. */
function offsetAt(format: Intl.DateTimeFormat, atMs: number): number {
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
  const wall = asUtc(parts as unknown as WallTime)
  return wall - Math.floor(atMs / 1_000) * 1_000
}

/**
 * The instant of a wall time in a zone, as `at time zone` of Postgres has it: one that does not exist is read with the offset before the
 * change, and of two the later one counts.
 */
export function instantIn(zone: string, wall: WallTime): number {
  const format = formatOf(zone)
  if (!format) throw new Error(`${zone} is no zone`)
  const local = asUtc(wall)
  const [before, after] = [offsetAt(format, local - 86_400_000), offsetAt(format, local + 86_400_000)]
  const fits = [before, after]
    .map((offset) => local - offset)
    .filter((at) => at + offsetAt(format, at) === local)
  return fits.length > 0 ? Math.max(...fits) : local - before
}
