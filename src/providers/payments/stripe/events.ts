import { z } from 'zod'
import type { GatewayEvent } from '../gateway.ts'
import { jsonOf } from '../reading.ts'
import { verifyHmacHex, withPrefix } from '../signatures.ts'
import { metadata, type Stripe, type StripeConfig } from './api.ts'

const toleranceSeconds = 300

const event = z.object({
  id: z.string().min(1),
  type: z.string(),
  livemode: z.boolean(),
  data: z.object({
    object: z.object({
      id: z.string().nullish(),
      object: z.string().nullish(),
      payment_intent: z.string().nullish(),
      metadata,
    }),
  }),
})

export async function verifyEvent(
  stripe: Stripe,
  raw: Uint8Array,
  headers: Headers,
): Promise<GatewayEvent | null> {
  if (!(await isSigned(stripe, raw, headers.get('stripe-signature')))) return null
  const read = event.safeParse(jsonOf(raw))
  // An event of the test mode never moves money of the live one, whatever secret somebody put where.
  if (!read.success || read.data.livemode !== isLive(stripe.config)) return null
  const { id, type, data } = read.data
  return { eventId: id, type, about: aboutOf(data.object) }
}

export async function isSigned(stripe: Stripe, raw: Uint8Array, header: string | null): Promise<boolean> {
  const pairs = (header ?? '').split(',').map((pair) => pair.trim().split('='))
  const time = pairs.find(([name]) => name === 't')?.[1] ?? ''
  const signatures = pairs.filter(([name]) => name === 'v1').map(([, value]) => value ?? '')
  const ageSeconds = Math.abs(stripe.now() / 1000 - Number(time))
  if (!/^\d+$/.test(time) || ageSeconds > toleranceSeconds) return false
  const message = withPrefix(`${time}.`, raw)
  for (const signature of signatures) {
    const signed = { hash: 'SHA-256', secrets: stripe.config.webhookSecrets, message } as const
    if (await verifyHmacHex(signed, signature)) return true
  }
  return false
}

const isLive = ({ secretKey }: StripeConfig): boolean => secretKey.includes('_live_')

type EventObject = z.infer<typeof event>['data']['object']

function aboutOf({ id, object, payment_intent, metadata }: EventObject): GatewayEvent['about'] {
  const reference = metadata?.ref ?? null
  if (!id) return null
  switch (object) {
    case 'payment_intent':
      return { kind: 'payment', reference, gatewayReference: id }
    case 'charge':
      return payment_intent ? { kind: 'payment', reference, gatewayReference: payment_intent } : null
    case 'refund':
      return {
        kind: 'refund',
        reference,
        gatewayReference: id,
        paymentGatewayReference: payment_intent ?? null,
      }
    case 'dispute':
      return {
        kind: 'chargeback',
        reference: null,
        gatewayReference: id,
        paymentGatewayReference: payment_intent ?? null,
      }
    default:
      return null
  }
}
