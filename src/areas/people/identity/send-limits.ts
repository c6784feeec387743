import type { Context } from '../../../core/context.ts'
import { hmacHex } from '../../../core/crypto.ts'
import type { SendLimit } from './limits.ts'

/** What `khidma.count_send` counts under: keyed hashes, nobody's number or address. */
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
