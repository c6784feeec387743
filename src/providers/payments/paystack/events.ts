import { z } from 'zod'
import type { GatewayEvent } from '../gateway.ts'
import { jsonOf, wireId } from '../reading.ts'
import { verifyHmacHex } from '../signatures.ts'
import type { Paystack } from './api.ts'

const event = z.object({
  event: z.string().min(1),
  data: z.object({
    id: wireId.nullish(),
    domain: z.string().nullish(),
    status: z.string().nullish(),
    reference: z.string().nullish(),
    transfer_code: z.string().nullish(),
    transaction_reference: z.string().nullish(),
    refund_reference: z.string().nullish(),
    transaction: z.object({ reference: z.string().nullish() }).nullish(),
  }),
})
type EventData = z.infer<typeof event>['data']

export const isSigned = ({ config }: Paystack, raw: Uint8Array, headers: Headers): Promise<boolean> =>
  verifyHmacHex(
    { hash: 'SHA-512', secrets: [config.secretKey, ...config.webhookSecrets], message: raw },
    headers.get('x-paystack-signature'),
  )

export async function verifyEvent(
  paystack: Paystack,
  raw: Uint8Array,
  headers: Headers,
): Promise<GatewayEvent | null> {
  if (!(await isSigned(paystack, raw, headers))) return null
  const read = event.safeParse(jsonOf(raw))
  if (!read.success) return null
  const { event: type, data } = read.data
  // An event of the test mode never moves money of the live one.
  if (data.domain && data.domain !== (paystack.config.secretKey.startsWith('sk_live_') ? 'live' : 'test'))
    return null
  // Paystack numbers no events: the same thing in the same state is the same one.
  const name = data.transfer_code ?? data.id ?? data.refund_reference ?? data.reference ?? ''
  return {
    eventId: `${type}:${name}:${data.transaction_reference ?? ''}:${data.status ?? ''}`,
    type,
    about: aboutOf(type, data),
  }
}

function aboutOf(type: string, data: EventData): GatewayEvent['about'] {
  if (type.startsWith('charge.dispute.')) {
    if (!data.id) return null
    return {
      kind: 'chargeback',
      reference: null,
      gatewayReference: data.id,
      paymentGatewayReference: data.transaction?.reference ?? null,
    }
  }
  if (type.startsWith('charge.') || type.startsWith('bank.transfer.')) {
    const reference = data.reference ?? data.transaction_reference
    return reference ? { kind: 'payment', reference, gatewayReference: reference } : null
  }
  if (type.startsWith('refund.')) {
    return {
      kind: 'refund',
      reference: null,
      gatewayReference: data.id ?? null,
      paymentGatewayReference: data.transaction_reference ?? data.transaction?.reference ?? null,
    }
  }
  if (type.startsWith('transfer.') && data.transfer_code) {
    return { kind: 'payout', reference: data.reference ?? null, gatewayReference: data.transfer_code }
  }
  return null
}
