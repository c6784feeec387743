const dayMs = 24 * 3_600_000

/** Lists of some gateways go by the day that a thing was made; it may be paid, or come back, days after that. */
export const lookBackMs = 7 * dayMs
/** The same for a chargeback, which a bank decides after weeks. */
export const chargebackLookBackMs = 120 * dayMs

interface DayRange {
  fromMs: number
  untilMs: number
  /** Whether a time, as text, is of the day. */
  includes(text: string | null | undefined): text is string
}

/** A UTC day (`YYYY-MM-DD`) from its first millisecond to that of the next. */
export function dayRange(day: string): DayRange {
  const fromMs = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(fromMs)) throw new RangeError(`No day: ${day}`)
  const untilMs = fromMs + dayMs
  return {
    fromMs,
    untilMs,
    includes(text): text is string {
      const ms = text ? Date.parse(text) : Number.NaN
      return ms >= fromMs && ms < untilMs
    },
  }
}
