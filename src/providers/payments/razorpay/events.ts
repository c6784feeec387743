import { z } from 'zod'
import type { GatewayEvent } from '../gateway.ts'
import { jsonOf } from '../reading.ts'
import { verifyHmacHex } from '../signatures.ts'
import { notes, type Razorpay, refOf } from './api.ts'

const entity = z.object({
  entity: z
    .object({
      id: z.string().min(1),
      status: z.string().nullish(),
      order_id: z.string().nullish(),
      payment_id: z.string().nullish(),
      receipt: z.string().nullish(),
      reference_id: z.string().nullish(),
      notes,
    })
    .nullish(),
})

const event = z.object({
  event: z.string().min(1),
  created_at: z.int().nullish(),
  payload: z.record(z.string(), z.unknown()),
})

export const isSigned = ({ config }: Razorpay, raw: Uint8Array, headers: Headers): Promise<boolean> =>
  verifyHmacHex(
    { hash: 'SHA-256', secrets: config.webhookSecrets, message: raw },
    headers.get('x-razorpay-signature'),
  )

export async function verifyEvent(
  razorpay: Razorpay,
  raw: Uint8Array,
  headers: Headers,
): Promise<GatewayEvent | null> {
  if (!(await isSigned(razorpay, raw, headers))) return null
  const read = event.safeParse(jsonOf(raw))
  if (!read.success) return null
  const { event: type, payload, created_at } = read.data
  const part = (name: string) => entity.safeParse(payload[name]).data?.entity ?? null
  const about = aboutOf(type, part)
  const subject = about?.gatewayReference ?? ''
  return {
    eventId: headers.get('x-razorpay-event-id') || `${type}:${subject}:${created_at ?? ''}`,
    type,
    about,
  }
}

type Part = z.infer<typeof entity>['entity'] | null

function aboutOf(type: string, part: (name: string) => Part): GatewayEvent['about'] {
  const payment = part('payment')
  const order = part('order')
  const orderId = payment?.order_id ?? order?.id ?? null
  const dispute = part('dispute')
  if (type.startsWith('payment.dispute.') && dispute) {
    return {
      kind: 'chargeback',
      reference: null,
      gatewayReference: dispute.id,
      paymentGatewayReference: orderId,
    }
  }
  const refund = part('refund')
  if (type.startsWith('refund.') && refund) {
    return {
      kind: 'refund',
      reference: refund.receipt ?? refOf(refund.notes),
      gatewayReference: refund.id,
      paymentGatewayReference: orderId,
    }
  }
  const payout = part('payout')
  if (type.startsWith('payout.') && payout) {
    return { kind: 'payout', reference: payout.reference_id ?? null, gatewayReference: payout.id }
  }
  const isPayment = type.startsWith('payment.') || type.startsWith('order.')
  if (!isPayment || orderId === null) return null
  return {
    kind: 'payment',
    reference: order?.receipt ?? refOf(payment?.notes ?? order?.notes ?? {}),
    gatewayReference: orderId,
  }
}
