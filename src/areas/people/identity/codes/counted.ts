import type { Context } from '../../../../core/context.ts'
import { hasMobileNumbers } from '../../../../core/countries.ts'
import { hmacHex } from '../../../../core/crypto.ts'
import { lazy } from '../../../../core/lazy.ts'
import { Problem } from '../../../../core/problems.ts'
import { otpPolicy, type SendLimit } from '../limits.ts'
import { sessionOfDevice } from '../sessions/sessions.ts'

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

/** Limit with the key that `khidma.count_send` counts under: a keyed hash, never a number or an address. */
export interface CountedLimit extends SendLimit {
  key: string
  /** Counted one request after another; the cap on everyone is not worth that. */
  exact: boolean
}

export const countedUnder = (ctx: Context, kind: string, value: string): string =>
  `${kind}:${hmacHex(ctx.secrets.pepper, 'otp-limit', value)}`

export const limitsUnder = (
  ctx: Context,
  kind: string,
  value: string,
  limits: readonly SendLimit[],
): CountedLimit[] => limits.map((limit) => ({ ...limit, key: countedUnder(ctx, kind, value), exact: true }))

/** The keys and limits that a code is counted under; `key` has the pauses between two of them. */
interface Counted {
  key: string
  limits: CountedLimit[]
  guesses: CountedLimit[]
}

/** For `khidma.request_otp`, which decides whether the device is known. */
export interface CountedRequest {
  anyone: Counted
  known: (Counted & { sessionId: string }) | null
}

export interface Requester {
  /** As the app names itself: a claim, which tells people behind one address apart and opens nothing. */
  deviceId?: string | undefined
  /** The token that an earlier sign-in on this device returned. */
  deviceToken?: string | undefined
}

/**
 * Strangers are paused by number, network and device, and limited by number and network, so that none of them uses up what the
 * number may be sent by all of them. Requests that show a known device are counted apart from all others, from the number up to
 * the cap on everyone: whatever strangers do, it keeps no owner out.
 */
export function countedAtSignIn(
  ctx: Context,
  phone: string,
  { deviceId = '', deviceToken }: Requester,
): CountedRequest {
  const near = `${phone}\0${networkOf(ctx.ipAddress)}`
  const sessionId = deviceToken === undefined ? null : sessionOfDevice(ctx, deviceToken)
  const device = `${phone}\0${sessionId}`
  return {
    anyone: counted(ctx, phone, { paused: `${near}\0${deviceId}`, requester: near, ofNumber: '', ofAll: '' }),
    known:
      sessionId === null
        ? null
        : {
            sessionId,
            ...counted(ctx, phone, {
              paused: device,
              requester: device,
              ofNumber: 'known-',
              ofAll: 'known-',
            }),
          },
  }
}

/** The number has a count of its own for this purpose: no stranger without an account fills it. */
export function countedAtChange(ctx: Context, phone: string, userId: string): CountedRequest {
  const requester = `${phone}\0${userId}`
  return {
    anyone: counted(ctx, phone, { paused: requester, requester, ofNumber: 'change-', ofAll: '' }),
    known: null,
  }
}

interface Names {
  paused: string
  requester: string
  /** Prefixes of the kinds of keys. */
  ofNumber: string
  ofAll: string
}

function counted(ctx: Context, phone: string, { paused, requester, ofNumber, ofAll }: Names): Counted {
  const { limits, guesses } = otpPolicy
  return {
    key: countedUnder(ctx, `${ofNumber}pause`, paused),
    limits: [
      ...limitsUnder(ctx, `${ofNumber}pause`, paused, limits.requester),
      ...limitsUnder(ctx, `${ofNumber}requester`, requester, limits.requester),
      ...limitsUnder(ctx, `${ofNumber}phone`, phone, limits.phone),
      ...limitsUnder(ctx, `${ofAll}block`, numberBlockOf(phone), limits.block),
      ...limitsUnder(ctx, `${ofAll}network`, networkOf(ctx.ipAddress), limits.network),
      ...limits.everyone.map((limit) => ({ ...limit, key: `${ofAll}everyone`, exact: false })),
    ],
    guesses: [
      ...limitsUnder(ctx, `${ofNumber}requester-guesses`, requester, guesses.requester),
      ...limitsUnder(ctx, `${ofNumber}phone-guesses`, phone, guesses.phone),
    ],
  }
}
