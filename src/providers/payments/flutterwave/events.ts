import { z } from 'zod'
import type { GatewayEvent } from '../gateway.ts'
import { jsonOf, wireId } from '../reading.ts'
import { verifyHmacBase64 } from '../signatures.ts'
import type { Flutterwave } from './api.ts'

const event = z.object({
  /** Sent by version 4 only. */
  id: z.string().nullish(),
  event: z.string().nullish(),
  type: z.string().nullish(),
  data: z.object({
    id: wireId.nullish(),
    status: z.string().nullish(),
    tx_ref: z.string().nullish(),
    reference: z.string().nullish(),
    /** A transfer that comes back keeps its status. */
    reversal: z.unknown().optional(),
  }),
})
type EventData = z.infer<typeof event>['data']

/**
 * Version 3 signs nothing: its header is the shared secret, and its body may be anybody's who has seen one. It wakes us up, and what is
 * true is asked. Version 4 signs the body.
 */
export async function isSigned({ config }: Flutterwave, raw: Uint8Array, headers: Headers): Promise<boolean> {
  const { webhookSecrets: secrets } = config
  const signature = headers.get('flutterwave-signature')
  return signature === null
    ? isSharedSecret(secrets, headers.get('verif-hash'))
    : verifyHmacBase64({ hash: 'SHA-256', secrets, message: raw }, signature)
}

export async function verifyEvent(
  flutterwave: Flutterwave,
  raw: Uint8Array,
  headers: Headers,
): Promise<GatewayEvent | null> {
  if (!(await isSigned(flutterwave, raw, headers))) return null
  const read = event.safeParse(jsonOf(raw))
  const type = read.data?.event ?? read.data?.type
  if (!read.success || !type) return null
  const { id, data } = read.data
  const name = data.id ?? data.tx_ref ?? data.reference ?? ''
  const state = `${data.status ?? ''}${data.reversal ? ':reversed' : ''}`
  return { eventId: id ?? `${type}:${name}:${state}`, type, about: aboutOf(type, data) }
}

function aboutOf(type: string, data: EventData): GatewayEvent['about'] {
  const reference = data.tx_ref ?? data.reference ?? null
  if (type.startsWith('charge.')) {
    return reference ? { kind: 'payment', reference, gatewayReference: reference } : null
  }
  if (type.startsWith('transfer.')) return { kind: 'payout', reference, gatewayReference: data.id ?? null }
  return null
}

/** Digests have one length and share no beginnings: how long they are compared tells nothing of the secret. */
async function isSharedSecret(secrets: readonly string[], told: string | null): Promise<boolean> {
  if (!told) return false
  const digest = await digestOf(told)
  let isKnown = false
  for (const secret of secrets) {
    const expected = await digestOf(secret)
    const difference = expected.reduce((sum, byte, at) => sum | (byte ^ (digest[at] ?? 0)), 0)
    isKnown ||= difference === 0
  }
  return isKnown
}

const digestOf = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
