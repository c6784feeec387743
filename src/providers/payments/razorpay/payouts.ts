import { z } from 'zod'
import { fromWireInteger, toWireInteger } from '../amounts.ts'
import type { GatewayPayout, Names, PayoutDestination, PayoutRequest } from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { failureCodeOf, getRazorpay, postRazorpay, type Razorpay } from './api.ts'
import { refusal } from './payments.ts'

export const payout = z.object({
  id: z.string().min(1),
  reference_id: z.string().nullish(),
  status: z.string(),
  amount: z.int(),
  currency: z.string(),
  /** With the tax on it. */
  fees: z.int().nullish(),
  status_details: z.object({ reason: z.string().nullish() }).nullish(),
  created_at: z.int(),
})
export type RazorpayPayout = z.infer<typeof payout>

/** IMPS carries no more; NEFT takes hours and any amount. */
const impsMaxMinor = 500_000_00

/** Asks by our reference first: a payout of last month must not be made again because its key is forgotten. */
export async function createPayout(razorpay: Razorpay, request: PayoutRequest): Promise<GatewayPayout> {
  const accountNumber = razorpay.config.payoutAccountNumber
  if (accountNumber === null) throw refusal('payouts_not_configured')
  const earlier = await findPayout(razorpay, { reference: request.reference, gatewayReference: null })
  if (earlier) return earlier
  const { destination, reference } = request
  const contact = await postRazorpay(razorpay, {
    path: 'contacts',
    json: { name: destination.holderName, type: 'vendor' },
    answer: z.object({ id: z.string() }),
  })
  const account = await postRazorpay(razorpay, {
    path: 'fund_accounts',
    json: { contact_id: contact.id, ...fundAccountOf(destination) },
    answer: z.object({ id: z.string() }),
  })
  return payoutOf(
    await postRazorpay(razorpay, {
      path: 'payouts',
      headers: { 'x-payout-idempotency': reference },
      json: {
        account_number: accountNumber,
        fund_account_id: account.id,
        amount: toWireInteger('razorpay', request.amountMinor, request.currency),
        currency: request.currency,
        mode: destination.kind === 'upi' ? 'UPI' : request.amountMinor > impsMaxMinor ? 'NEFT' : 'IMPS',
        purpose: 'payout',
        queue_if_low_balance: true,
        reference_id: reference,
        narration: narrationOf(request.description),
      },
      answer: payout,
    }),
  )
}

/** A narration has at most thirty characters of `A-Z`, `a-z`, `0-9` and blank. */
const narrationOf = (text: string): string => text.replaceAll(/[^A-Za-z0-9 ]/g, ' ').slice(0, 30)

function fundAccountOf(destination: PayoutDestination): Record<string, unknown> {
  switch (destination.kind) {
    case 'bank':
      return {
        account_type: 'bank_account',
        bank_account: {
          name: destination.holderName,
          ifsc: destination.bankCode,
          account_number: destination.accountNumber,
        },
      }
    case 'upi':
      return { account_type: 'vpa', vpa: { address: destination.vpa } }
    default:
      throw refusal('destination_not_offered')
  }
}

export async function findPayout(razorpay: Razorpay, names: Names): Promise<GatewayPayout | null> {
  const accountNumber = razorpay.config.payoutAccountNumber
  if (accountNumber === null) return null
  if (names.gatewayReference !== null) {
    const path = `payouts/${encodeURIComponent(names.gatewayReference)}`
    const found = await foundOrNull(getRazorpay(razorpay, { path, answer: payout }))
    return found && payoutOf(found)
  }
  const { items } = await getRazorpay(razorpay, {
    path: 'payouts',
    query: { account_number: accountNumber, reference_id: names.reference },
    answer: z.object({ items: z.array(payout) }),
  })
  const match = items.find(({ reference_id }) => reference_id === names.reference)
  return match ? payoutOf(match) : null
}

/** `queued` waits for money, `pending` for somebody's approval. */
const statuses = new Map<string, GatewayPayout['status']>([
  ['processed', 'paid'],
  ['reversed', 'returned'],
  ['failed', 'failed'],
  ['cancelled', 'failed'],
  ['rejected', 'failed'],
])

function payoutOf(found: RazorpayPayout): GatewayPayout {
  const status = statuses.get(found.status) ?? 'processing'
  const minor = (wire: number) => fromWireInteger('razorpay', wire, found.currency)
  const reason = found.status_details?.reason ?? null
  return {
    gatewayReference: found.id,
    reference: found.reference_id ?? null,
    status,
    rawStatus: found.status,
    amountMinor: minor(found.amount),
    currency: found.currency,
    feeMinor: typeof found.fees === 'number' ? minor(found.fees) : null,
    failure:
      status === 'failed' || status === 'returned' ? { code: failureCodeOf(reason), rawCode: reason } : null,
  }
}
