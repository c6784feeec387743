import type { Context } from '../../../../core/context.ts'
import { type CountedLimit, countedUnder, limitsUnder, otpPolicy } from '../limits.ts'
import { networkOf, numberBlockOf } from '../phones.ts'
import { sessionOfDevice } from '../sessions/sessions.ts'

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
