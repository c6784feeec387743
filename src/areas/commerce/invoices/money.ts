/** Digits of a currency after the point, as ISO 4217 has them. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** An amount of minor units with a point, exact: `1234` is `12.34`. */
export function major(amount: number, currency: string): string {
  const digits = digitsOf(currency)
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const [whole, part] = [text.slice(0, text.length - digits), text.slice(text.length - digits)]
  return `${amount < 0 ? '-' : ''}${whole}${digits > 0 ? `.${part}` : ''}`
}
