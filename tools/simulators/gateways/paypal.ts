import { randomUUID, sign } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Received, Reply } from '../simulator.ts'
import {
  type GatewayProtocol,
  type GatewaySimulator,
  type GatewaySimulatorOptions,
  KeptAnswers,
  type SimulatorWorld,
  startGatewaySimulator,
} from './gateway-simulator.ts'
import { signingCertificate } from './paypal/certificate.ts'
import { Refusal } from './paypal/objects.ts'
import { PayPalPayouts } from './paypal/payouts.ts'
import { PayPalState } from './paypal/state.ts'

export interface PayPalSimulatorOptions extends GatewaySimulatorOptions {
  /** Id of the webhook that events are signed for. */
  webhookId?: string
}

export interface PayPalSimulator extends GatewaySimulator {
  /** Configuration of a client that speaks to this simulator. */
  config: { clientId: string; clientSecret: string; webhookIds: string[]; apiUrl: string }
}

const clientId = 'simulated-client'
const clientSecret = 'simulated-secret-0001'
const tokenSeconds = 9 * 3600
const hourMs = 3_600_000
/** Up to 25 times in three days. */
const retryAfterMs = Array.from({ length: 24 }, () => 3 * hourMs)
const keepsOrderKeysMs = 6 * hourMs
const keepsPaymentKeysMs = 45 * 24 * hourMs

/** Speaks PayPal: tokens, orders that are approved elsewhere and completed by the merchant, and reports that are late. */
export async function startPayPalSimulator(options: PayPalSimulatorOptions = {}): Promise<PayPalSimulator> {
  const webhookId = options.webhookId ?? 'WH1'
  const simulator = await startGatewaySimulator('paypal', options, (world) => protocolOf(world, webhookId))
  const config = { clientId, clientSecret, webhookIds: [webhookId], apiUrl: simulator.origin }
  return { ...simulator, config }
}

interface Kept {
  call: string
  /** The state of what was made, as it is when somebody asks again. */
  again: () => Reply
}

function protocolOf(world: SimulatorWorld, webhookId: string): GatewayProtocol {
  const state = new PayPalState(world)
  const payouts = new PayPalPayouts(world, state)
  const tokens = new Map<string, number>()
  const orderKeys = new KeptAnswers<Kept>(world.clock, keepsOrderKeysMs)
  const paymentKeys = new KeptAnswers<Kept>(world.clock, keepsPaymentKeysMs)

  function answer(request: Received): Reply {
    if (request.path.startsWith('/v1/notifications/certs/')) {
      return {
        status: 200,
        body: null,
        text: signingCertificate().pem,
        headers: { 'content-type': 'text/plain' },
      }
    }
    if (request.path === '/v1/oauth2/token') return tokenFor(request)
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if ((tokens.get(token) ?? 0) < world.clock.now()) {
      return {
        status: 401,
        body: { error: 'invalid_token', error_description: 'Token signature verification failed' },
      }
    }
    const isMinimal = request.headers.prefer !== 'return=representation'
    return keyed(request, () => minimal(answerOf(request), isMinimal && request.method === 'POST'))
  }

  function tokenFor({ headers, text }: Received): Reply {
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    if (headers.authorization !== expected || text !== 'grant_type=client_credentials') {
      return {
        status: 401,
        body: { error: 'invalid_client', error_description: 'Client Authentication failed' },
      }
    }
    const token = `A21${randomUUID()}`
    tokens.set(token, world.clock.now() + tokenSeconds * 1000)
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds } }
  }

  function keyed(request: Received, act: () => Reply): Reply {
    const key = keyOf(request)
    // Payouts have a rule of their own: the id of the batch.
    if (key === null || request.path.startsWith('/v1/payments/payouts')) return act()
    const keys = request.path === '/v2/checkout/orders' ? orderKeys : paymentKeys
    const call = `${request.path}\n${request.text}`
    const known = keys.get(key)
    if (known && known.call !== call) return problem(422, 'PAYPAL_REQUEST_ID_REUSED')
    if (known) return known.again()
    const reply = act()
    if (reply.status < 400) keys.set(key, { call, again: () => latest(request, reply) })
    return reply
  }

  /** An answer holds the object itself, so that a repeat shows what has become of it. */
  const latest = ({ path }: Received, reply: Reply): Reply =>
    path === '/v2/checkout/orders' ? { ...reply, status: 200 } : reply

  function answerOf(request: Received): Reply {
    try {
      return routed(request)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return problem(error.status, error.issue, error.links)
    }
  }

  function routed({ method, path, text, headers }: Received): Reply {
    const { pathname, searchParams } = new URL(path, 'http://paypal')
    const [, version, area, noun, id, verb] = pathname.split('/')
    const isJson = headers['content-type']?.startsWith('application/json')
    const body = isJson && text !== '' ? JSON.parse(text) : {}
    const called = `${method} /${version}/${area}/${noun}${id ? '/:id' : ''}${verb ? `/${verb}` : ''}`
    switch (called) {
      case 'POST /v2/checkout/orders': {
        if (keyOf({ headers }) === null) throw new Refusal(400, 'PAYPAL_REQUEST_ID_REQUIRED')
        return { status: 201, body: state.createOrder(body) }
      }
      case 'GET /v2/checkout/orders/:id':
        return { status: 200, body: state.order(id) }
      case 'PATCH /v2/checkout/orders/:id':
        state.patchOrder(id, body)
        return { status: 204, body: null }
      case 'POST /v2/checkout/orders/:id/authorize':
        return { status: 201, body: state.complete(id, 'AUTHORIZE') }
      case 'POST /v2/checkout/orders/:id/capture':
        return { status: 201, body: state.complete(id, 'CAPTURE') }
      case 'GET /v2/payments/authorizations/:id':
        return { status: 200, body: state.authorization(id).hold }
      case 'POST /v2/payments/authorizations/:id/capture':
        return { status: 201, body: state.captureHold(id, body.amount, body.final_capture === true) }
      case 'POST /v2/payments/authorizations/:id/void':
        state.voidHold(id)
        return { status: 204, body: null }
      case 'GET /v2/payments/captures/:id':
        return { status: 200, body: state.capture(id).capture }
      case 'POST /v2/payments/captures/:id/refund':
        return { status: 201, body: state.giveBack(id, body) }
      case 'GET /v2/payments/refunds/:id':
        return { status: 200, body: state.refund(id) }
      case 'DELETE /v3/vault/payment-tokens/:id':
        state.forgetMethod(id)
        return { status: 204, body: null }
      case 'POST /v1/payments/payouts':
        return { status: 201, body: payouts.create(body) }
      case 'GET /v1/payments/payouts/:id':
        return { status: 200, body: payouts.shown(id) }
      case 'GET /v1/customer/disputes':
        return { status: 200, body: { items: state.disputesOf(searchParams.get('disputed_transaction_id')) } }
      case 'GET /v1/customer/disputes/:id':
        return { status: 200, body: state.dispute(id) }
      case 'POST /v1/customer/disputes/:id/provide-evidence':
        if (!headers['content-type']?.startsWith('multipart/form-data') || !text.includes('evidence_type')) {
          throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE')
        }
        state.provideEvidence(id, text)
        return { status: 200, body: { links: [] } }
      case 'GET /v1/reporting/transactions':
        return { status: 200, body: state.reported(searchParams) }
    }
    throw new Refusal(404, 'RESOURCE_NOT_FOUND')
  }

  return {
    answer,
    isExempt: ({ path }) => path === '/v1/oauth2/token' || path.startsWith('/v1/notifications/certs/'),
    keyOf,
    inFlight: () => problem(409, 'PREVIOUS_REQUEST_IN_PROGRESS'),
    problem: (status) => problem(status, status === 429 ? 'RATE_LIMIT_REACHED' : 'INTERNAL_SERVER_ERROR'),
    pruneKeys() {
      orderKeys.prune()
      paymentKeys.prune()
    },
    pay: (command) => state.pay(command),
    chargeback: (command) => state.chargeback(command),
    endChargeback: (command) => state.endChargeback(command),
    refundOutside: ({ reference, major }) => state.refundOutside(reference, major),
    countPayments: (reference) => state.ordersOf(reference).length,
    sign(event, atMs) {
      const id = randomUUID()
      const time = new Date(atMs).toISOString()
      const signed = [id, time, webhookId, crc32(event.body)].join('|')
      const signature = sign('sha256', Buffer.from(signed), signingCertificate().privateKey)
      return {
        'paypal-transmission-id': id,
        'paypal-transmission-time': time,
        'paypal-transmission-sig': signature.toString('base64'),
        'paypal-cert-url': `${world.origin()}/v1/notifications/certs/CERT-360caa42`,
        'paypal-auth-algo': 'SHA256withRSA',
      }
    },
    retryAfterMs,
  }
}

function keyOf({ headers }: Pick<Received, 'headers'>): string | null {
  const key = headers['paypal-request-id']
  return typeof key === 'string' ? key : null
}

function problem(status: number, issue: string, links: object[] = []): Reply {
  const name = status === 404 ? 'RESOURCE_NOT_FOUND' : status === 422 ? 'UNPROCESSABLE_ENTITY' : issue
  const debug_id = randomUUID().slice(0, 13)
  return {
    status,
    body: { name, message: 'It did not work.', debug_id, details: [{ issue, description: issue }], links },
  }
}

/** Without `Prefer: return=representation` an answer is an id, a status and links. */
function minimal(reply: Reply, isMinimal: boolean): Reply {
  if (!isMinimal || reply.status >= 400) return reply
  const { id, status, links, batch_header } = reply.body as Record<string, unknown>
  return { ...reply, body: batch_header ? { batch_header } : { id, status, links } }
}
