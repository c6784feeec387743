/** The month that it is in a zone, as `2026-11`: invoices belong to that of their seller, which begins before or after ours. */
export function monthIn(timeZone: string, at = new Date()): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit' }).formatToParts(
    at,
  )
  const part = (type: 'year' | 'month') => parts.find((one) => one.type === type)?.value
  return `${part('year')}-${part('month')}`
}
