import { hasMobileNumbers } from '../../../core/countries.ts'
import { lazy } from '../../../core/lazy.ts'
import { Problem } from '../../../core/problems.ts'

const phoneNumbers = lazy(() => import('libphonenumber-js/mobile'))

/**
 * E.164 of a mobile number of a country, in international form, however it is spaced. The mobile metadata is the smallest that
 * can tell a mobile from a landline or a premium line of the same country; it is loaded with the first number, not at start-up.
 * Of the ranges that belong to no country (satellites, international premium, shared-cost, free and VoIP numbers: +800 … +979)
 * it passes everything, so that a number must have a country.
 */
export async function toMobileNumber(text: string): Promise<string> {
  const { parsePhoneNumberFromString } = await phoneNumbers()
  const parsed = parsePhoneNumberFromString(text, { extract: false })
  if (!parsed?.isValid() || parsed.ext !== undefined || !hasMobileNumbers(parsed.country)) {
    throw new Problem('invalid_phone')
  }
  return parsed.number
}

/** ISO 3166-1 alpha-2, also of the countries that share a calling code; null of a number that belongs to none. */
export async function countryOf(phone: string): Promise<string | null> {
  const { parsePhoneNumberFromString } = await phoneNumbers()
  return parsePhoneNumberFromString(phone)?.country ?? null
}

/** Prefixes under which a number is watched: its country, and its operator's range of a million numbers. */
export async function prefixesOf(phone: string): Promise<{ country: string; range: string }> {
  const { parsePhoneNumberFromString } = await phoneNumbers()
  const country = parsePhoneNumberFromString(phone)?.countryCallingCode ?? ''
  return { country: `+${country}`, range: phone.slice(0, -6) }
}

/** The number without its last four digits. */
export const numberBlockOf = (phone: string): string => phone.slice(0, -4)

/**
 * Network under which an address is counted. A caller can change the rest of an IPv6 address at will, so only its /64 counts.
 */
export function networkOf(ipAddress: string | null): string {
  if (ipAddress === null) return 'unknown'
  if (!ipAddress.includes(':')) return ipAddress
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ipAddress)
  if (mapped?.[1]) return mapped[1]
  const [head = '', tail] = ipAddress.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after]
  const network = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''))
  return `${network.join(':')}::/64`
}
