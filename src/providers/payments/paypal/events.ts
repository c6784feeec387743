import { z } from 'zod'
import { exchange, isSuccess } from '../../http-call.ts'
import type { GatewayEvent } from '../gateway.ts'
import { GatewayError } from '../gateway-error.ts'
import { jsonOf } from '../reading.ts'
import { bytesOfBase64 } from '../signatures.ts'
import type { PayPal, PayPalConfig } from './api.ts'
import { publicKeyOf } from './certificates.ts'
import { orderOf } from './reports.ts'

/**
 * The signature is checked here, with the certificate that the event names, and not by PayPal's own check
 * (`verify-webhook-signature`): that would be a call for each event before it may be acknowledged, with a token, to the very
 * place that is slow when many events come.
 */
export async function verifyEvent(
  paypal: PayPal,
  raw: Uint8Array,
  headers: Headers,
): Promise<GatewayEvent | null> {
  if (!(await isSigned(paypal, raw, headers))) return null
  const read = event.safeParse(jsonOf(raw))
  if (!read.success) return null
  const { id, event_type, resource_type, resource } = read.data
  return {
    eventId: id,
    type: event_type,
    about: await aboutOf(paypal, event_type, resource_type ?? '', resource),
  }
}

export async function isSigned(paypal: PayPal, raw: Uint8Array, headers: Headers): Promise<boolean> {
  const id = headers.get('paypal-transmission-id')
  const time = headers.get('paypal-transmission-time')
  const signature = bytesOfBase64(headers.get('paypal-transmission-sig'))
  const address = addressOf(paypal.config, headers.get('paypal-cert-url'))
  if (!id || !time || !signature || !address) return false
  if (headers.get('paypal-auth-algo') !== 'SHA256withRSA') return false
  const key = await keyAt(paypal, address)
  if (!key) return false
  const checksum = crc32(raw)
  for (const webhookId of paypal.config.webhookIds) {
    const message = new TextEncoder().encode(`${id}|${time}|${webhookId}|${checksum}`)
    if (await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signature, message)) return true
  }
  return false
}

/** Hosts that PayPal's own webhooks name, by the host of its API. */
const certificateHosts = new Map([
  ['api-m.paypal.com', ['api.paypal.com', 'api-m.paypal.com']],
  ['api-m.sandbox.paypal.com', ['api.sandbox.paypal.com', 'api-m.sandbox.paypal.com']],
])
const certificatePath = '/v1/notifications/certs/'

/** Anybody can name an address in a header: only where PayPal keeps its certificates is asked, or the very place that is configured. */
function addressOf({ apiUrl }: PayPalConfig, text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null
  const [url, api] = [new URL(text), new URL(apiUrl)]
  const origins = certificateHosts.get(api.host)?.map((host) => `https://${host}`) ?? [api.origin]
  const isKnown =
    origins.includes(url.origin) && url.pathname.startsWith(certificatePath) && url.username === ''
  return isKnown && !url.pathname.slice(certificatePath.length).includes('/') ? url.href : null
}

/** Kept by this isolate. PayPal signs with one certificate for months; a stranger's addresses must not fill it. */
const keys = new Map<string, CryptoKey>()
const keysLimit = 16

async function keyAt(paypal: PayPal, url: string): Promise<CryptoKey | null> {
  const known = keys.get(url)
  if (known) return known
  const answer = await exchange({
    provider: 'paypal',
    method: 'GET',
    url,
    headers: { accept: '*/*' },
    fetch: paypal.fetch,
  }).catch(() => null)
  // Not known is not false: the event is not acknowledged, and comes again.
  if (!answer || answer.status >= 500) {
    throw new GatewayError('paypal', 'unknown', 'shows no certificate', { retryable: true })
  }
  const spki = isSuccess(answer.status) ? publicKeyOf(answer.text) : null
  const key = spki && (await importedKey(spki))
  if (!key) return null
  if (keys.size >= keysLimit) keys.clear()
  keys.set(url, key)
  return key
}

const importedKey = (spki: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> =>
  crypto.subtle
    .importKey('spki', spki, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['verify'])
    .catch(() => null)

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 of the raw body, which PayPal signs in its place. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}

const relatedIds = z.object({ order_id: z.string().nullish() })

const resource = z.object({
  id: z.string().nullish(),
  custom_id: z.string().nullish(),
  invoice_id: z.string().nullish(),
  purchase_units: z.array(z.object({ custom_id: z.string().nullish() })).nullish(),
  supplementary_data: z.object({ related_ids: relatedIds.nullish() }).nullish(),
  links: z.array(z.object({ href: z.string(), rel: z.string() })).nullish(),
  order_id: z.string().nullish(),
  dispute_id: z.string().nullish(),
  payout_batch_id: z.string().nullish(),
  payout_item: z.object({ sender_item_id: z.string().nullish() }).nullish(),
  batch_header: z
    .object({
      payout_batch_id: z.string().nullish(),
      sender_batch_header: z.object({ sender_batch_id: z.string().nullish() }).nullish(),
    })
    .nullish(),
})
type Resource = z.infer<typeof resource>

const event = z.object({
  id: z.string().min(1),
  event_type: z.string(),
  resource_type: z.string().nullish(),
  resource,
})

/** By the kind of object, as far as it tells: the same event type comes in several spellings. */
async function aboutOf(
  paypal: PayPal,
  type: string,
  resourceType: string,
  about: Resource,
): Promise<GatewayEvent['about']> {
  const group = type.split('.').slice(0, 2).join('.')
  const reference = about.custom_id ?? about.invoice_id ?? about.purchase_units?.[0]?.custom_id ?? null
  if (group === 'CUSTOMER.DISPUTE') {
    return about.dispute_id
      ? { kind: 'chargeback', reference: null, gatewayReference: about.dispute_id }
      : null
  }
  if (group === 'PAYMENT.PAYOUTS-ITEM' || group === 'PAYMENT.PAYOUTSBATCH') return payoutOf(about)
  // The resource of a refunded capture is the refund.
  if (
    resourceType === 'refund' ||
    type === 'PAYMENT.CAPTURE.REFUNDED' ||
    type === 'PAYMENT.CAPTURE.REVERSED'
  ) {
    return refundOf(paypal, about, reference)
  }
  if (group === 'CHECKOUT.ORDER') {
    return about.id ? { kind: 'payment', reference, gatewayReference: about.id } : null
  }
  if (!type.startsWith('PAYMENT.') && !type.startsWith('CHECKOUT.')) return null
  const order = about.supplementary_data?.related_ids?.order_id ?? about.order_id ?? null
  return order || reference ? { kind: 'payment', reference, gatewayReference: order } : null
}

/** A refund names at most itself: its payment is behind the capture that it links to. */
async function refundOf(
  paypal: PayPal,
  { id, links, supplementary_data }: Resource,
  reference: string | null,
): Promise<GatewayEvent['about']> {
  if (!id) return null
  const up = links?.find(({ rel }) => rel === 'up')?.href
  const capture = /\/captures\/([\w-]+)$/.exec(up ?? '')?.[1]
  const paymentGatewayReference =
    supplementary_data?.related_ids?.order_id ?? (capture ? await orderOf(paypal, 'captures', capture) : null)
  return { kind: 'refund', reference, gatewayReference: id, paymentGatewayReference }
}

function payoutOf({ payout_batch_id, payout_item, batch_header }: Resource): GatewayEvent['about'] {
  const gatewayReference = payout_batch_id ?? batch_header?.payout_batch_id ?? null
  const reference = payout_item?.sender_item_id ?? batch_header?.sender_batch_header?.sender_batch_id ?? null
  return gatewayReference || reference ? { kind: 'payout', reference, gatewayReference } : null
}
