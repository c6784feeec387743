import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Gateway, PaymentRequest } from '../../../src/providers/payments/gateway.ts'
import { stripe } from '../../../src/providers/payments/stripe.ts'
import { type StripeSimulator, startStripeSimulator } from '../../../tools/simulators/gateways/stripe.ts'
import { impatientFetch, newReference } from '../../providers/payments/gateway-contract.ts'
import { made, request } from './requests.ts'

/** Bugs that integrations have had in production, each provoked by the simulator. */
describe('Stripe', () => {
  let simulator: StripeSimulator
  let gateway: Gateway
  beforeEach(async () => {
    simulator = await startStripeSimulator()
    gateway = stripe.open(stripe.config.parse(simulator.config), {
      now: simulator.now,
      fetch: impatientFetch,
    })
  })
  afterEach(() => simulator.close())

  async function paid(more: Partial<PaymentRequest> = {}) {
    const payment = await made(gateway, request(more))
    await simulator.pay(payment)
    return payment
  }

  it.each([
    ['JPY', 500, '500.0000'],
    ['UGX', 5_000, '5000.0000'],
    ['ISK', 500, '500.0000'],
    ['XOF', 1_500, '1500.0000'],
    ['KWD', 5_120, '5.1200'],
    ['EGP', 250_00, '250.0000'],
  ])('takes of %s what we meant, by books of its own in major units', async (currency, minor, major) => {
    const payment = await paid({ currency, amountMinor: minor, capture: 'automatic' })
    expect(simulator.books()[currency]?.captured).toBe(major)
    expect(await gateway.findPayment(payment)).toMatchObject({ amountMinor: minor, capturedMinor: minor })
    await gateway.refund({
      payment,
      reference: newReference(),
      amountMinor: minor,
      reason: 'requested',
      known: [],
    })
    expect(simulator.books()[currency]?.refunded).toBe(major)
  })

  it('captures less than we asked, and refunds what was captured', async () => {
    const payment = await paid()
    simulator.plan({ kind: 'partial_capture', major: '200' })
    const captured = await gateway.capture(payment, 250_00, newReference())
    expect(captured).toMatchObject({ status: 'captured', capturedMinor: 200_00 })
    const refund = (amountMinor: number) =>
      gateway.refund({ payment, reference: newReference(), amountMinor, reason: 'requested', known: [] })
    await expect(refund(250_00)).rejects.toMatchObject({ outcome: 'refused' })
    expect(await refund(200_00)).toMatchObject({ status: 'succeeded' })
  })

  it('answers a key in flight with a refusal for now, and the repeat with the first payment', async () => {
    const sent = request()
    simulator.plan({ kind: 'delay', ms: 150, on: 'POST /v1/payment_intents' })
    const first = gateway.createPayment(sent)
    while (!simulator.received.some(({ path }) => path === '/v1/payment_intents')) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await expect(gateway.createPayment(sent)).rejects.toMatchObject({
      outcome: 'refused',
      retryable: true,
      status: 409,
      providerCode: 'idempotency_key_in_use',
    })
    const { gatewayReference } = await first
    expect((await gateway.createPayment(sent)).gatewayReference).toBe(gatewayReference)
    expect(simulator.countPayments(sent.reference)).toBe(1)
  })

  it('refuses a key with another amount for good, and makes no second payment', async () => {
    const sent = request()
    await gateway.createPayment(sent)
    await expect(gateway.createPayment({ ...sent, amountMinor: 300_00 })).rejects.toMatchObject({
      outcome: 'refused',
      retryable: false,
      providerCode: 'idempotency_error',
    })
    expect(simulator.countPayments(sent.reference)).toBe(1)
  })

  it('is believed by what it says now where it repeats an old answer', async () => {
    const sent = request()
    const payment = await made(gateway, sent)
    await simulator.pay(payment)
    expect(await gateway.createPayment(sent)).toMatchObject({ status: 'authorized', nextAction: null })
  })

  it.each(['html', 'null', 'empty', 'truncated'] as const)(
    'captures, and garbles the answer (%s): unknown, and then found captured',
    async (as) => {
      const payment = await paid()
      simulator.plan({ kind: 'garble', as, on: '/capture' })
      await expect(gateway.capture(payment, 250_00, newReference())).rejects.toMatchObject({
        outcome: 'unknown',
      })
      expect(await gateway.findPayment(payment)).toMatchObject({ status: 'captured', capturedMinor: 250_00 })
      expect(simulator.books().USD?.captured).toBe('250.0000')
    },
  )

  it('finds a payment by our reference while its search has not heard of it, and after', async () => {
    const { reference, gatewayReference } = await made(gateway, request())
    const find = () => gateway.findPayment({ reference, gatewayReference: null })
    expect(await find()).toMatchObject({ gatewayReference })
    await simulator.advance(3 * 60_000)
    await Promise.all(Array.from({ length: 3 }, () => made(gateway, request())))
    expect(await find()).toMatchObject({ gatewayReference })
    expect(await gateway.findPayment({ reference: newReference(), gatewayReference: null })).toBeNull()
  })

  it('has forgotten its keys: the refund is found by our reference and not made again', async () => {
    const payment = await paid({ capture: 'automatic' })
    const sent = {
      payment,
      reference: newReference(),
      amountMinor: 50_00,
      reason: 'requested',
      known: [],
    } as const
    simulator.plan({ kind: 'drop_response', on: '/v1/refunds' })
    await expect(gateway.refund({ ...sent, known: [] })).rejects.toMatchObject({ outcome: 'unknown' })
    simulator.pruneKeys()
    expect(
      await gateway.findRefund(payment, { reference: sent.reference, gatewayReference: null }),
    ).toMatchObject({
      status: 'succeeded',
      amountMinor: 50_00,
    })
  })

  it('tells of a hold that expired as canceled, and of a void as no refund', async () => {
    const payment = await paid()
    await simulator.advance(8 * 24 * 3_600_000)
    expect(simulator.events.map(({ type }) => type)).toEqual([
      'payment_intent.amount_capturable_updated',
      'charge.expired',
      'charge.refunded',
      'payment_intent.canceled',
    ])
    expect(await gateway.findPayment(payment)).toMatchObject({
      status: 'canceled',
      failure: { code: 'expired', rawCode: 'automatic' },
    })
    await expect(gateway.capture(payment, 250_00, newReference())).rejects.toMatchObject({
      outcome: 'refused',
      providerCode: 'payment_intent_unexpected_state',
    })
  })

  it('gives the payer another try after a decline, and the last word counts', async () => {
    const payment = await made(gateway, request())
    await simulator.pay({ ...payment, outcome: 'decline', code: 'insufficient_funds' })
    expect(await gateway.findPayment(payment)).toMatchObject({ status: 'failed' })
    await simulator.pay({ ...payment, outcome: 'challenge' })
    expect(await gateway.findPayment(payment)).toMatchObject({
      status: 'requires_action',
      rawStatus: 'requires_action',
      nextAction: { type: 'sdk', gateway: 'stripe', publicKey: simulator.config.publishableKey },
    })
    await simulator.pay(payment)
    expect(await gateway.findPayment(payment)).toMatchObject({ status: 'authorized', failure: null })
  })

  it('asks for the payer where their bank does', async () => {
    const { saved } =
      (await gateway.findPayment(await paid({ saveMethod: true, capture: 'automatic' }))) ?? {}
    if (!saved) throw new Error('No method was saved')
    simulator.plan({ kind: 'decline', code: 'authentication_required' })
    expect(await gateway.createPayment(request({ storedMethod: saved }))).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'sdk', gateway: 'stripe', publicKey: simulator.config.publishableKey },
      failure: null,
    })
  })
})

describe('a word that we do not know', () => {
  const answering = (body: unknown) => async () => Response.json(body)
  const names = { reference: newReference(), gatewayReference: 'x' }

  it.each([
    ['requires_payment_method', 'requires_action'],
    ['requires_confirmation', 'requires_action'],
    ['requires_action', 'requires_action'],
    ['processing', 'processing'],
    ['requires_capture', 'authorized'],
    ['succeeded', 'captured'],
    ['canceled', 'canceled'],
    ['requires_patience', 'processing'],
  ])('Stripe: %s is %s', async (status, expected) => {
    const config = stripe.config.parse({
      secretKey: 'sk_test_1',
      publishableKey: 'pk_test_1',
      webhookSecrets: ['whsec_1'],
    })
    const intent = { id: 'x', object: 'payment_intent', status, amount: 25_00, currency: 'usd' }
    const gateway = stripe.open(config, { fetch: answering(intent) })
    expect(await gateway.findPayment(names)).toMatchObject({ status: expected, rawStatus: status })
  })
})
