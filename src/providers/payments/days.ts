/** A UTC day (`YYYY-MM-DD`) from its first millisecond to that of the next. */
export function dayRange(day: string): { fromMs: number; untilMs: number } {
  const fromMs = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(fromMs)) throw new RangeError(`No day: ${day}`)
  return { fromMs, untilMs: fromMs + 24 * 3_600_000 }
}
