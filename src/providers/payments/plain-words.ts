import type { FailureCode } from './gateway.ts'

/** Why a payment failed, from gateways that say it in words and not by a code. */

/** Words that can be kept and shown to staff; null for those with digits or marks, which may quote a number, an address, a key. */
export const plainWords = (text: string | null | undefined): string | null =>
  text && /^[a-z][a-z _,.'/-]{0,79}$/i.test(text) ? text : null

const failures: [RegExp, FailureCode][] = [
  [/insufficient|low.?balance/i, 'insufficient_funds'],
  [/cancel/i, 'canceled_by_payer'],
  [/authenticat|3d.?secure|otp/i, 'authentication_required'],
  [/expired|time(?:d.?)?.?out/i, 'expired'],
  [/limit|exceed/i, 'limit_exceeded'],
  [/invalid (?:card|account|number)|not permitted|incorrect/i, 'invalid_account'],
  [/declin|do not honou?r|stolen|fraud|refused/i, 'declined'],
  [/system|processor|unavailable|switch|issuer inoperative/i, 'gateway_error'],
]

export const failureCodeOfWords = (text: string | null | undefined): FailureCode =>
  failures.find(([pattern]) => pattern.test(text ?? ''))?.[1] ?? 'other'
