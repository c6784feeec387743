import type { GatewayName } from './gateway.ts'
import { GatewayError } from './gateway-error.ts'

/**
 * Amounts as gateways write them. Ours are integers in the minor unit of ISO 4217; a gateway has integers of a scale of its own,
 * or decimal text in major units. The scale of a currency is looked up, never assumed, and nothing is a fraction of a double.
 */

const withoutDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ')
const withThreeDecimals = 'BHD IQD JOD KWD LYD OMR TND'.split(' ')

const isoDecimals = new Map([
  ...withoutDecimals.map((currency) => [currency, 0] as const),
  ...withThreeDecimals.map((currency) => [currency, 3] as const),
])

/** Decimals of the minor unit that all of our own amounts are in. */
export const decimalsOf = (currency: string): number => isoDecimals.get(currency.toUpperCase()) ?? 2

/**
 * Decimals of a gateway's wire where they are others than ISO's. Stripe takes ISK and UGX in hundredths, which have to be whole,
 * and MGA without; Paystack takes hundredths of everything; PayPal no decimals of HUF and TWD.
 */
const wireDecimals: Record<GatewayName, (currency: string) => number> = {
  stripe: exceptFor({ ISK: 2, UGX: 2, MGA: 0 }),
  paypal: exceptFor({ HUF: 0, TWD: 0 }),
  paystack: () => 2,
  flutterwave: exceptFor({}),
  razorpay: exceptFor({}),
}

/** Multiples that a gateway takes of its own smallest unit: card networks have no fractions of ISK, no fils of KWD. */
const wireSteps: Partial<Record<GatewayName, (currency: string) => bigint>> = {
  stripe: (currency) =>
    currency === 'ISK' || currency === 'UGX' ? 100n : decimalsOf(currency) === 3 ? 10n : 1n,
}

function exceptFor(others: Record<string, number>) {
  return (currency: string) => others[currency] ?? decimalsOf(currency)
}

/** Integer of the gateway's own scale. Throws a refusal where that has no such amount: amounts are never rounded on their way out. */
export function toWireInteger(gateway: GatewayName, amountMinor: number, currency: string): number {
  const code = currency.toUpperCase()
  const wire = rescaled(amount(amountMinor), decimalsOf(code), wireDecimals[gateway](code))
  if (wire === null || wire % (wireSteps[gateway]?.(code) ?? 1n) !== 0n)
    throw unpayable(gateway, amountMinor, code)
  return Number(wire)
}

/** `exact` refuses what our minor units cannot say; `nearest` rounds half away from zero: fees come in parts of the minor unit. */
export type Rounding = 'exact' | 'nearest'

/** Our minor units of a gateway's integer, which some write as text now and then. */
export function fromWireInteger(
  gateway: GatewayName,
  wire: number | string,
  currency: string,
  rounding: Rounding = 'exact',
): number {
  const code = currency.toUpperCase()
  const match = /^(-?)(\d+)$/.exec(String(wire))
  if (!match) throw unreadable(gateway, code)
  const [, sign, digits = ''] = match
  const places = wireDecimals[gateway](code)
  const padded = digits.padStart(places + 1, '0')
  const major = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`
  return fromMajorText(gateway, `${sign}${major}`, code, rounding)
}

/** Decimal text in major units, with as many decimals as the gateway takes: `25.00`, `500`. */
export function toMajorText(gateway: GatewayName, amountMinor: number, currency: string): string {
  const code = currency.toUpperCase()
  const decimals = wireDecimals[gateway](code)
  const wire = rescaled(amount(amountMinor), decimalsOf(code), decimals)
  if (wire === null) throw unpayable(gateway, amountMinor, code)
  const digits = String(wire < 0n ? -wire : wire).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  return `${wire < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`
}

/** Our minor units of decimal text or of a number in major units. */
export function fromMajorText(
  gateway: GatewayName,
  value: string | number,
  currency: string,
  rounding: Rounding = 'exact',
): number {
  const code = currency.toUpperCase()
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!match) throw unreadable(gateway, code)
  const [, sign, whole = '', fraction = ''] = match
  const decimals = decimalsOf(code)
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  const rest = fraction.slice(decimals)
  if (rounding === 'exact' && /[1-9]/.test(rest)) throw unreadable(gateway, code)
  const minor = kept + (rounding === 'nearest' && /^[5-9]/.test(rest) ? 1n : 0n)
  return Number(sign ? -minor : minor)
}

/** Null where the amount is no integer of the other scale. */
function rescaled(value: bigint, from: number, to: number): bigint | null {
  if (to >= from) return value * 10n ** BigInt(to - from)
  const divisor = 10n ** BigInt(from - to)
  return value % divisor === 0n ? value / divisor : null
}

function amount(amountMinor: number): bigint {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError('An amount that is no safe integer')
  return BigInt(amountMinor)
}

const unpayable = (gateway: GatewayName, amountMinor: number, currency: string) =>
  new GatewayError(gateway, 'refused', `takes no ${amountMinor} minor units of ${currency}`, {
    providerCode: 'amount_not_representable',
  })

const unreadable = (gateway: GatewayName, currency: string) =>
  new GatewayError(gateway, 'unknown', `told an amount of ${currency} that is not understood`, {
    retryable: true,
  })
