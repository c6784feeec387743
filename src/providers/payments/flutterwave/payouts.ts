import { z } from 'zod'
import type { GatewayPayout, Names, PayoutDestination, PayoutRequest } from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError, isDuplicate } from '../gateway-error.ts'
import { plainWords } from '../plain-words.ts'
import { wireId } from '../reading.ts'
import {
  type Flutterwave,
  feeOf,
  getFlutterwave,
  listFlutterwave,
  minorOf,
  postFlutterwave,
  wireAmount,
  wireOf,
} from './api.ts'
import { refusal } from './payments.ts'

export const transfer = z.object({
  id: wireId,
  reference: z.string().nullish(),
  status: z.string(),
  amount: wireAmount,
  currency: z.string(),
  fee: wireAmount.nullish(),
  complete_message: z.string().nullish(),
  /** It was paid, and came back. */
  reversal: z.object({ created_at: z.string().nullish() }).nullish(),
  created_at: z.string().nullish(),
})
type Transfer = z.infer<typeof transfer>

/** Asks by our reference first: what Flutterwave does with one that it knows is not promised. */
export async function createPayout(flutterwave: Flutterwave, request: PayoutRequest): Promise<GatewayPayout> {
  const { destination, reference, currency } = request
  const account = accountOf(destination)
  if (!account) throw refusal('destination_not_offered')
  const names = { reference, gatewayReference: null }
  const earlier = await findPayout(flutterwave, names)
  if (earlier) return earlier
  try {
    const made = await postFlutterwave(flutterwave, {
      path: 'transfers',
      json: {
        ...account,
        amount: wireOf(request.amountMinor, currency),
        currency,
        debit_currency: currency,
        reference,
        narration: request.description,
        beneficiary_name: destination.holderName,
      },
      data: transfer,
    })
    return payoutOf(made)
  } catch (error) {
    if (!isDuplicate(error)) throw error
    const found = await findPayout(flutterwave, names)
    if (found) return found
    // There is one, which cannot be shown yet: no refusal.
    throw new GatewayError('flutterwave', 'unknown', 'knows the reference and shows no transfer', {
      retryable: true,
    })
  }
}

function accountOf(destination: PayoutDestination): { account_bank: string; account_number: string } | null {
  switch (destination.kind) {
    case 'bank':
      return { account_bank: destination.bankCode, account_number: destination.accountNumber }
    case 'mobile_wallet':
      return {
        account_bank: destination.network.toUpperCase(),
        account_number: destination.phone.replace(/^\+/, ''),
      }
    default:
      return null
  }
}

export async function findPayout(flutterwave: Flutterwave, names: Names): Promise<GatewayPayout | null> {
  if (names.gatewayReference !== null) {
    const path = `transfers/${encodeURIComponent(names.gatewayReference)}`
    const found = await foundOrNull(getFlutterwave(flutterwave, { path, data: transfer }))
    return found && payoutOf(found)
  }
  const { reference } = names
  for await (const row of listFlutterwave(flutterwave, 'transfers', { reference }, transfer)) {
    if (row.reference === reference) return payoutOf(row)
  }
  return null
}

/** Nigerian banks only tell; 400 where they know no such account. */
export async function resolveHolder(
  flutterwave: Flutterwave,
  destination: PayoutDestination,
): Promise<string | null> {
  if (destination.kind !== 'bank' || destination.country !== 'NG') return null
  try {
    const { account_name } = await postFlutterwave(flutterwave, {
      path: 'accounts/resolve',
      json: { account_number: destination.accountNumber, account_bank: destination.bankCode },
      data: z.object({ account_name: z.string() }),
    })
    return account_name
  } catch (error) {
    if (error instanceof GatewayError && (error.status === 400 || error.status === 404)) return null
    throw error
  }
}

/** The event of a transfer is called completed when it failed, too: only its status says. */
const statuses = new Map<string, GatewayPayout['status']>([
  ['SUCCESSFUL', 'paid'],
  ['FAILED', 'failed'],
  ['CANCELLED', 'failed'],
  ['REVERSED', 'returned'],
])

export const payoutStatusOf = ({ status, reversal }: Transfer): GatewayPayout['status'] =>
  reversal ? 'returned' : (statuses.get(status.toUpperCase()) ?? 'processing')

function payoutOf(found: Transfer): GatewayPayout {
  const status = payoutStatusOf(found)
  const isBack = status === 'failed' || status === 'returned'
  return {
    gatewayReference: found.id,
    reference: found.reference ?? null,
    status,
    rawStatus: found.status,
    amountMinor: minorOf(found.amount, found.currency),
    currency: found.currency,
    feeMinor: found.fee === null || found.fee === undefined ? null : feeOf(found.fee, found.currency),
    failure: isBack ? { code: 'other', rawCode: plainWords(found.complete_message) } : null,
  }
}
