import { z } from 'zod'
import { fromMajorText, toMajorText } from '../amounts.ts'
import type { GatewayPayout, Names, PayoutRequest } from '../gateway.ts'
import { foundOrNull } from '../gateway-call.ts'
import { GatewayError } from '../gateway-error.ts'
import { callPayPal, failureCodeOf, type PayPal } from './api.ts'
import { refused } from './payments.ts'

/** Payouts say `currency` where the rest of PayPal says `currency_code`. */
const money = z.object({ currency: z.string(), value: z.string() })

const header = z.object({
  payout_batch_id: z.string().min(1),
  batch_status: z.string(),
  sender_batch_header: z.object({ sender_batch_id: z.string().nullish() }).nullish(),
})

const batch = z.object({
  batch_header: header,
  items: z
    .array(
      z.object({
        transaction_status: z.string().nullish(),
        payout_item_fee: money.nullish(),
        payout_item: z.object({ amount: money, sender_item_id: z.string().nullish() }),
        errors: z.object({ name: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
})

/** A batch that is there already is refused, with its address. */
const madeOrKnown = z.union([
  z.object({ batch_header: header }),
  z.object({
    name: z.string(),
    details: z.array(z.object({ issue: z.string().nullish() })).nullish(),
    links: z.array(z.object({ href: z.string() })).nullish(),
  }),
])

/** A batch of one: a batch is taken or refused as a whole, and one person's address must not stop another's money. */
export async function createPayout(paypal: PayPal, request: PayoutRequest): Promise<GatewayPayout> {
  const { reference, destination, amountMinor, currency } = request
  if (destination.kind !== 'paypal') throw refused('pays to PayPal accounts only', 'destination_not_served')
  const answer = await callPayPal(paypal, {
    method: 'POST',
    path: '/v1/payments/payouts',
    requestId: reference,
    json: {
      sender_batch_header: { sender_batch_id: reference },
      items: [
        {
          recipient_type: 'EMAIL',
          receiver: destination.email,
          amount: { currency, value: toMajorText('paypal', amountMinor, currency) },
          sender_item_id: reference,
          note: request.description,
        },
      ],
    },
    answer: madeOrKnown,
    accept: [400],
  })
  if ('name' in answer) return knownPayout(paypal, answer)
  return {
    gatewayReference: answer.batch_header.payout_batch_id,
    reference,
    status: 'processing',
    rawStatus: answer.batch_header.batch_status,
    amountMinor,
    currency,
    feeMinor: null,
    failure: null,
  }
}

async function knownPayout(
  paypal: PayPal,
  { name, details, links }: Extract<z.infer<typeof madeOrKnown>, { name: string }>,
): Promise<GatewayPayout> {
  const id = links?.map(({ href }) => /\/payments\/payouts\/([\w-]+)$/.exec(href)?.[1]).find(Boolean)
  const found = id ? await fetchPayout(paypal, id) : null
  if (found) return found
  // There is one, which cannot be shown yet: no refusal.
  if (id)
    throw new GatewayError('paypal', 'unknown', 'knows the batch and does not show it', { retryable: true })
  const issue = details?.[0]?.issue ?? name
  throw new GatewayError('paypal', 'refused', `answered 400 (${issue})`, {
    status: 400,
    providerCode: issue,
    failureCode: failureCodeOf(issue),
  })
}

export async function findPayout(paypal: PayPal, names: Names): Promise<GatewayPayout | null> {
  if (names.gatewayReference !== null) return fetchPayout(paypal, names.gatewayReference)
  // PayPal finds a batch by its own id only. The same request again is refused with that id, for thirty days.
  throw new GatewayError('paypal', 'unknown', 'cannot tell by our reference: send the payout again', {
    retryable: true,
  })
}

async function fetchPayout(paypal: PayPal, id: string): Promise<GatewayPayout | null> {
  const path = `/v1/payments/payouts/${encodeURIComponent(id)}`
  const found = await foundOrNull(callPayPal(paypal, { method: 'GET', path, answer: batch }))
  return found && payoutOf(found)
}

/** `RETURNED`: nobody claimed it for thirty days, so it was never paid. `REVERSED` and `REFUNDED` were. */
const statuses = new Map<string, GatewayPayout['status']>([
  ['SUCCESS', 'paid'],
  ['FAILED', 'failed'],
  ['BLOCKED', 'failed'],
  ['RETURNED', 'failed'],
  ['DENIED', 'failed'],
  ['CANCELED', 'failed'],
  ['REFUNDED', 'returned'],
  ['REVERSED', 'returned'],
])

function payoutOf({ batch_header, items }: z.infer<typeof batch>): GatewayPayout {
  const item = items?.[0]
  if (!item) {
    throw new GatewayError('paypal', 'unknown', `has not begun a payout (${batch_header.batch_status})`, {
      retryable: true,
    })
  }
  // A batch that ends as a whole leaves its items as they were.
  const batchEnded = batch_header.batch_status === 'DENIED' || batch_header.batch_status === 'CANCELED'
  const rawStatus = batchEnded ? batch_header.batch_status : (item.transaction_status ?? 'PENDING')
  const status = statuses.get(rawStatus) ?? 'processing'
  const { amount, sender_item_id } = item.payout_item
  const fee = item.payout_item_fee
  const issue = item.errors?.name ?? null
  return {
    gatewayReference: batch_header.payout_batch_id,
    reference: sender_item_id ?? batch_header.sender_batch_header?.sender_batch_id ?? null,
    status,
    rawStatus,
    amountMinor: fromMajorText('paypal', amount.value, amount.currency),
    currency: amount.currency,
    feeMinor: fee ? fromMajorText('paypal', fee.value, fee.currency, 'nearest') : null,
    failure:
      status === 'failed' || status === 'returned' ? { code: failureCodeOf(issue), rawCode: issue } : null,
  }
}
