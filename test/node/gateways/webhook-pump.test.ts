import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Gateway } from '../../../src/providers/payments/gateway.ts'
import { stripe } from '../../../src/providers/payments/stripe.ts'
import { type StripeSimulator, startStripeSimulator } from '../../../tools/simulators/gateways/stripe.ts'
import { newReference } from '../../providers/payments/gateway-contract.ts'

/** Our endpoint, as far as a gateway sees it. */
let endpoint: Server
let simulator: StripeSimulator
let gateway: Gateway
let received: { type: string; id: string; body: string; headers: Headers }[]
let status: number

beforeEach(async () => {
  received = []
  status = 204
  endpoint = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const { id, type } = JSON.parse(body) as { id: string; type: string }
    received.push({ id, type, body, headers: new Headers(request.headers as Record<string, string>) })
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/events`
  simulator = await startStripeSimulator({ webhookUrl, webhookSecrets: ['whsec_old', 'whsec_new'] })
  gateway = stripe.open(stripe.config.parse(simulator.config), { now: simulator.now })
})
afterEach(async () => {
  await simulator.close()
  endpoint.closeAllConnections()
  endpoint.close()
})

async function create(capture: 'manual' | 'automatic' = 'manual') {
  const reference = newReference()
  const payment = await gateway.createPayment({
    reference,
    amountMinor: 250_00,
    currency: 'EGP',
    method: 'card',
    capture,
    payer: { id: reference, email: 'a@example.com', name: null, phone: null, customerReference: null },
    returnUrl: 'https://app.example.com/return',
    description: 'Booking',
  })
  return { reference, gatewayReference: payment.gatewayReference, currency: 'EGP', amountMinor: 250_00 }
}

const types = () => received.map(({ type }) => type)
const authorized = 'payment_intent.amount_capturable_updated'

describe('events of a gateway', () => {
  it('are signed with every secret that is active, and verify', async () => {
    const { reference } = await create()
    await simulator.pay({ reference })
    expect(types()).toEqual([authorized])
    const [event] = received
    if (!event) throw new Error('No event')
    expect(event.headers.get('stripe-signature')?.match(/v1=/g)).toHaveLength(2)
    for (const secret of ['whsec_old', 'whsec_new']) {
      const config = { ...simulator.config, webhookSecrets: [secret] }
      const verified = await stripe
        .open(stripe.config.parse(config), { now: simulator.now })
        .verifyEvent(new TextEncoder().encode(event.body), event.headers)
      expect(verified).toMatchObject({ eventId: event.id, about: { kind: 'payment', reference } })
    }
  })

  it('come in copies, in another order, or not at all', async () => {
    const { reference } = await create()
    simulator.plan({ kind: 'dup_event', copies: 2 })
    await simulator.pay({ reference })
    expect(types()).toEqual([authorized, authorized, authorized])
    expect(new Set(received.map(({ id }) => id)).size).toBe(1)

    received = []
    const other = await create('automatic')
    simulator.plan({ kind: 'reorder' })
    await simulator.pay({ reference: other.reference })
    expect(types()).toEqual(['payment_intent.succeeded', 'charge.captured'])

    received = []
    const lost = await create()
    simulator.plan({ kind: 'never' })
    await simulator.pay({ reference: lost.reference })
    expect(types()).toEqual([])
    expect(await gateway.findPayment(lost)).toMatchObject({ status: 'authorized' })
  })

  it('can come before the answer to the call that made them', async () => {
    const payment = await create()
    await simulator.pay(payment)
    received = []
    simulator.plan({ kind: 'event_before_response', on: '/capture' })
    await gateway.capture(payment, 250_00, newReference('cap'))
    expect(types()).toEqual(['charge.captured', 'payment_intent.succeeded'])
  })

  it('come again on the gateway’s clock until they are accepted, and then no more', async () => {
    const { reference } = await create()
    status = 500
    await simulator.pay({ reference })
    await simulator.advance(59_000)
    expect(types()).toHaveLength(1)
    await simulator.advance(2_000)
    expect(types()).toHaveLength(2)
    status = 200
    await simulator.advance(5 * 60_000)
    await simulator.advance(24 * 3_600_000)
    expect(types()).toHaveLength(3)
    expect(simulator.events[0]).toMatchObject({ delivered: true })
    // A retry is signed at its own time: an old one would be refused as a replay.
    const last = received.at(-1)
    const now = { now: () => (simulator.events[0]?.attempts.at(-1)?.atMs ?? 0) + 1_000 }
    const config = stripe.config.parse(simulator.config)
    const verify = (around: { now: () => number }) =>
      stripe
        .open(config, around)
        .verifyEvent(new TextEncoder().encode(last?.body), last?.headers ?? new Headers())
    expect(await verify(now)).not.toBeNull()
    expect(await verify({ now: simulator.now })).toBeNull()
  })

  it('can be sent once more from the gateway’s dashboard', async () => {
    const { reference } = await create()
    await simulator.pay({ reference })
    await simulator.resend(received[0]?.id ?? '')
    expect(new Set(received.map(({ id }) => id)).size).toBe(1)
    expect(types()).toHaveLength(2)
  })
})

describe('controls over HTTP', () => {
  const control = async (name: string, input?: unknown) => {
    const response = await fetch(`${simulator.origin}/__sim/${name}`, {
      method: input === undefined ? 'GET' : 'POST',
      ...(input !== undefined && { body: JSON.stringify(input) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('are those of the simulator', async () => {
    const { reference, gatewayReference } = await create('automatic')
    await control('faults', [{ kind: 'decline', code: 'x' }])
    expect((await control('faults')).body).toEqual([{ kind: 'decline', code: 'x' }])
    await control('pay', { reference })
    expect((await control('books')).body).toMatchObject({ EGP: { captured: '250.0000', refunded: '0.0000' } })
    await control('refund', { reference, major: '50' })
    expect((await control('books')).body).toMatchObject({ EGP: { refunded: '50.0000' } })
    const { body } = await control('chargeback', { reference })
    expect(await gateway.findChargeback(String(body.gatewayReference))).toMatchObject({
      paymentGatewayReference: gatewayReference,
    })
    const before = simulator.now()
    await control('advance', { ms: 3_600_000 })
    expect(simulator.now() - before).toBeGreaterThanOrEqual(3_600_000)
    expect((await control('events')).body).toHaveLength(simulator.events.length)
    expect((await control('nothing')).status).toBe(404)
  })
})
