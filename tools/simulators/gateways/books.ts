export const bookKinds = ['captured', 'refunded', 'paidOut', 'fees', 'chargedBack'] as const
export type BookKind = (typeof bookKinds)[number]
/** Sums in major units, as text with four decimals: `25.0000`. */
export type Books = Record<string, Record<BookKind, string>>

const decimals = 4
const unit = 10n ** BigInt(decimals)

/**
 * A gateway's own sums, kept apart from everything that the house's client computes with: in major units, so that an amount
 * which is a hundred times too high cannot look right.
 */
export class GatewayBooks {
  private readonly sums = new Map<string, Record<BookKind, bigint>>()

  /** `major` is decimal text; a `-` takes away. */
  add(currency: string, kind: BookKind, major: string): void {
    const code = currency.toUpperCase()
    const sums = this.sums.get(code) ?? { captured: 0n, refunded: 0n, paidOut: 0n, fees: 0n, chargedBack: 0n }
    sums[kind] += unitsOf(major)
    this.sums.set(code, sums)
  }

  shown(): Books {
    return Object.fromEntries(
      [...this.sums].map(([currency, sums]) => [
        currency,
        Object.fromEntries(bookKinds.map((kind) => [kind, majorOf(sums[kind])])) as Record<BookKind, string>,
      ]),
    )
  }
}

function unitsOf(major: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(major)
  if (!match) throw new Error(`No amount in major units: ${major}`)
  const [, sign, whole = '', fraction = ''] = match
  const units = BigInt(whole + fraction.padEnd(decimals, '0'))
  return sign ? -units : units
}

function majorOf(units: bigint): string {
  const positive = units < 0n ? -units : units
  return `${units < 0n ? '-' : ''}${positive / unit}.${String(positive % unit).padStart(decimals, '0')}`
}

/** Decimal text of an integer in units of `10^-decimals`. */
export function majorText(wire: number, wireDecimals: number): string {
  const digits = String(Math.abs(wire)).padStart(wireDecimals + 1, '0')
  const whole = digits.slice(0, digits.length - wireDecimals)
  return `${wire < 0 ? '-' : ''}${whole}${wireDecimals === 0 ? '' : `.${digits.slice(-wireDecimals)}`}`
}
