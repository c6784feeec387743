import { z } from 'zod'
import type { GatewayPayout, Names, PayoutDestination, PayoutRequest } from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError, isDuplicate } from '../gateway-error.ts'
import { plainWords } from '../plain-words.ts'
import { getPaystack, minorOf, type Paystack, postPaystack, wireAmount, wireOf } from './api.ts'

export const transfer = z.object({
  transfer_code: z.string().min(1),
  reference: z.string().nullish(),
  status: z.string(),
  amount: wireAmount,
  currency: z.string(),
  fee_charged: wireAmount.nullish(),
  gateway_response: z.string().nullish(),
  createdAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
})
type Transfer = z.infer<typeof transfer>

/** A reference is taken for ever, so a repeat of it is answered with what it made the first time. */
export async function createPayout(paystack: Paystack, request: PayoutRequest): Promise<GatewayPayout> {
  const { recipient_code } = await postPaystack(paystack, {
    path: 'transferrecipient',
    json: recipientOf(request),
    data: z.object({ recipient_code: z.string() }),
  })
  try {
    const made = await postPaystack(paystack, {
      path: 'transfer',
      json: {
        source: 'balance',
        amount: wireOf(request.amountMinor, request.currency),
        currency: request.currency,
        recipient: recipient_code,
        reference: request.reference,
        reason: request.description,
      },
      data: transfer,
    })
    return payoutOf(made)
  } catch (error) {
    if (!isDuplicate(error)) throw error
    const found = await findPayout(paystack, { reference: request.reference, gatewayReference: null })
    if (found) return found
    // There is one, which cannot be shown yet: no refusal.
    throw new GatewayError('paystack', 'unknown', 'knows the reference and shows no transfer', {
      retryable: true,
    })
  }
}

function recipientOf({ destination, currency }: PayoutRequest): Record<string, unknown> {
  const account = accountOf(destination)
  if (!account) {
    throw new GatewayError('paystack', 'refused', `pays nobody out by ${destination.kind}`, {
      providerCode: 'destination_not_offered',
      failureCode: 'invalid_account',
    })
  }
  const type = destination.kind === 'mobile_wallet' ? 'mobile_money' : currency === 'GHS' ? 'ghipss' : 'nuban'
  return { type, name: destination.holderName, currency, ...account }
}

function accountOf(destination: PayoutDestination): { account_number: string; bank_code: string } | null {
  switch (destination.kind) {
    case 'bank':
      return { account_number: destination.accountNumber, bank_code: destination.bankCode }
    case 'mobile_wallet':
      return {
        account_number: destination.phone.replace(/^\+233/, '0'),
        bank_code: destination.network.toUpperCase(),
      }
    default:
      return null
  }
}

export async function findPayout(paystack: Paystack, { reference }: Names): Promise<GatewayPayout | null> {
  const path = `transfer/verify/${encodeURIComponent(reference)}`
  const found = await foundOrNull(getPaystack(paystack, { path, data: transfer }))
  return found && payoutOf(found)
}

/** Refused with 400 and 422 where no such account is known. */
export async function resolveHolder(
  paystack: Paystack,
  destination: PayoutDestination,
): Promise<string | null> {
  const account = accountOf(destination)
  if (!account) return null
  try {
    const { account_name } = await getPaystack(paystack, {
      path: 'bank/resolve',
      query: account,
      data: z.object({ account_name: z.string() }),
    })
    return account_name
  } catch (error) {
    const isUnknown = error instanceof GatewayError && [400, 404, 422].includes(error.status ?? 0)
    if (isUnknown) return null
    throw error
  }
}

/** `otp` waits for a code of the account's owner: until that is switched off, payouts stay under way. */
const statuses = new Map<string, GatewayPayout['status']>([
  ['success', 'paid'],
  ['reversed', 'returned'],
  ['failed', 'failed'],
  ['abandoned', 'failed'],
  ['blocked', 'failed'],
  ['rejected', 'failed'],
])

function payoutOf(found: Transfer): GatewayPayout {
  const status = statuses.get(found.status) ?? 'processing'
  const fee = found.fee_charged
  return {
    gatewayReference: found.transfer_code,
    reference: found.reference ?? null,
    status,
    rawStatus: found.status,
    amountMinor: minorOf(found.amount, found.currency),
    currency: found.currency,
    feeMinor: fee === null || fee === undefined ? null : minorOf(fee, found.currency),
    failure:
      status === 'failed' || status === 'returned'
        ? { code: 'other', rawCode: plainWords(found.gateway_response) }
        : null,
  }
}
