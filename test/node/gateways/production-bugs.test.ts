import { randomUUID } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { flutterwave } from '../../../src/providers/payments/flutterwave.ts'
import type { Gateway, GatewayMethod, PaymentRequest } from '../../../src/providers/payments/gateway.ts'
import { paystack } from '../../../src/providers/payments/paystack.ts'
import { razorpay } from '../../../src/providers/payments/razorpay.ts'
import {
  type FlutterwaveSimulatorOptions,
  startFlutterwaveSimulator,
} from '../../../tools/simulators/gateways/flutterwave.ts'
import type { GatewaySimulator } from '../../../tools/simulators/gateways/gateway-simulator.ts'
import {
  type PaystackSimulatorOptions,
  startPaystackSimulator,
} from '../../../tools/simulators/gateways/paystack.ts'
import { startRazorpaySimulator } from '../../../tools/simulators/gateways/razorpay.ts'
import { impatientFetch, newReference } from '../../providers/payments/gateway-contract.ts'

/** Faults that production systems had with these three gateways, each provoked at its gateway. */

const hourMs = 3_600_000
const started: GatewaySimulator[] = []
afterEach(async () => {
  for (const simulator of started.splice(0)) await simulator.close()
})

function known<Simulator extends GatewaySimulator>(simulator: Simulator): Simulator {
  started.push(simulator)
  return simulator
}
const around = (simulator: GatewaySimulator) => ({ now: simulator.now, fetch: impatientFetch })

async function atPaystack(options: PaystackSimulatorOptions = {}) {
  const simulator = known(await startPaystackSimulator(options))
  return { simulator, gateway: paystack.open(paystack.config.parse(simulator.config), around(simulator)) }
}
async function atFlutterwave(options: FlutterwaveSimulatorOptions = {}) {
  const simulator = known(await startFlutterwaveSimulator(options))
  return {
    simulator,
    gateway: flutterwave.open(flutterwave.config.parse(simulator.config), around(simulator)),
  }
}
async function atRazorpay() {
  const simulator = known(await startRazorpaySimulator())
  return { simulator, gateway: razorpay.open(razorpay.config.parse(simulator.config), around(simulator)) }
}

const request = (currency: string, method: GatewayMethod = 'card'): PaymentRequest => ({
  reference: newReference(),
  amountMinor: 250_00,
  currency,
  method,
  capture: 'automatic',
  payer: {
    id: randomUUID(),
    email: 'payer@example.com',
    name: null,
    phone: '+233551234987',
    customerReference: null,
  },
  returnUrl: 'https://app.example.com/return',
  description: 'Booking',
})

async function captured(gateway: Gateway, simulator: GatewaySimulator, currency: string) {
  const sent = request(currency)
  const { gatewayReference } = await gateway.createPayment(sent)
  await simulator.pay({ reference: sent.reference })
  return { reference: sent.reference, gatewayReference, currency, amountMinor: sent.amountMinor }
}

const refundOf = (
  payment: Awaited<ReturnType<typeof captured>>,
  amountMinor: number,
  known: string[] = [],
) => ({
  payment,
  reference: newReference('ref'),
  amountMinor,
  reason: 'requested' as const,
  known,
})

it('bug 6: a failure of an earlier attempt does not outweigh the success of a later one', async () => {
  const { gateway, simulator } = await atRazorpay()
  const sent = request('INR')
  const payment = { ...sent, gatewayReference: (await gateway.createPayment(sent)).gatewayReference }
  await simulator.pay({ reference: sent.reference, outcome: 'decline', code: 'insufficient_funds' })
  expect(await gateway.findPayment(payment)).toMatchObject({ status: 'failed' })
  await simulator.pay({ reference: sent.reference })
  expect(await gateway.findPayment(payment)).toMatchObject({ status: 'captured', failure: null })
})

it('bug 18: a push to a phone whose answer was lost is named again; a page is not, as its address is lost', async () => {
  const { gateway, simulator } = await atPaystack()
  for (const [method, nextAction] of [
    ['mobile_money', { type: 'await_push', phone: '+233551234987' }],
    ['card', null],
  ] as const) {
    const sent = request('GHS', method)
    simulator.plan({ kind: 'drop_response' })
    await expect(gateway.createPayment(sent)).rejects.toMatchObject({ outcome: 'unknown' })
    const again = await gateway.createPayment(sent)
    expect(again.status).toBe('requires_action')
    if (nextAction) expect(again.nextAction).toMatchObject(nextAction)
    else expect(again.nextAction).toBeNull()
    expect(simulator.countPayments(sent.reference)).toBe(1)
  }
})

it('bug 5: money that comes after a failed push to a phone is seen', async () => {
  const { gateway, simulator } = await atPaystack()
  const sent = request('GHS', 'mobile_money')
  const { gatewayReference, nextAction } = await gateway.createPayment(sent)
  expect(nextAction).toMatchObject({ type: 'await_push', expiresAt: expect.any(String) })
  await simulator.advance(181_000)
  const names = { reference: sent.reference, gatewayReference }
  expect(await gateway.findPayment(names)).toMatchObject({ status: 'failed', failure: { code: 'expired' } })
  await simulator.pay({ reference: sent.reference })
  expect(await gateway.findPayment(names)).toMatchObject({ status: 'captured' })
})

it('bug 7: an account that adds no refunds up gives back no more than was taken', async () => {
  const { gateway, simulator } = await atPaystack({ addsRefundsUp: false })
  const payment = await captured(gateway, simulator, 'NGN')
  await gateway.refund(refundOf(payment, 200_00))
  await expect(gateway.refund(refundOf(payment, 100_00))).rejects.toMatchObject({ outcome: 'refused' })
  expect(simulator.books().NGN?.refunded).toBe('200.0000')
})

it('bug 10: a refund whose answer was lost is not made again where the list keeps no notes', async () => {
  const { gateway, simulator } = await atFlutterwave({ keepsComments: false })
  const payment = await captured(gateway, simulator, 'GHS')
  const asked = refundOf(payment, 100_00)
  simulator.plan({ kind: 'drop_response', on: '/refund$' })
  await expect(gateway.refund(asked)).rejects.toMatchObject({ outcome: 'unknown' })
  const made = await gateway.refund(asked)
  expect(simulator.books().GHS?.refunded).toBe('100.0000')
  await gateway.refund(refundOf(payment, 100_00, [made.gatewayReference]))
  expect(simulator.books().GHS?.refunded).toBe('200.0000')
})

it('bugs 11, 12: a refund is one after its key is forgotten', async () => {
  const { gateway, simulator } = await atRazorpay()
  const asked = refundOf(await captured(gateway, simulator, 'INR'), 100_00)
  const first = await gateway.refund(asked)
  simulator.pruneKeys()
  expect((await gateway.refund(asked)).gatewayReference).toBe(first.gatewayReference)
  expect(simulator.books().INR?.refunded).toBe('100.0000')
})

it('bug 17: a payout is one after its key is forgotten, and its return is seen', async () => {
  const { gateway, simulator } = await atRazorpay()
  simulator.plan({ kind: 'payout_returned_after', ms: 48 * hourMs })
  const asked = {
    reference: newReference('out'),
    amountMinor: 50_00,
    currency: 'INR',
    destination: { kind: 'upi' as const, vpa: 'asha@okbank', holderName: 'Asha' },
    description: 'Earnings / week 3',
  }
  const first = await gateway.createPayout(asked)
  simulator.pruneKeys()
  await simulator.advance(24 * hourMs)
  const again = await gateway.createPayout(asked)
  expect(again).toMatchObject({ gatewayReference: first.gatewayReference, status: 'paid' })
  await simulator.advance(48 * hourMs)
  const names = { reference: asked.reference, gatewayReference: null }
  expect(await gateway.findPayout(names)).toMatchObject({ status: 'returned' })
})

it('a payout that waits for a code of the account’s owner is under way', async () => {
  const { gateway, simulator } = await atPaystack({ transfersNeedOtp: true })
  const made = await gateway.createPayout({
    reference: newReference('out'),
    amountMinor: 50_00,
    currency: 'NGN',
    destination: {
      kind: 'bank',
      country: 'NG',
      bankCode: '058',
      accountNumber: '0123456789',
      holderName: 'A',
    },
    description: 'Earnings',
  })
  await simulator.advance(24 * hourMs)
  expect(made).toMatchObject({ status: 'processing', rawStatus: 'otp' })
})

it('bug 18: a reference that is taken answers with its payment', async () => {
  const { gateway, simulator } = await atPaystack()
  const payment = await captured(gateway, simulator, 'NGN')
  const again = await gateway.createPayment({ ...request('NGN'), reference: payment.reference })
  expect(again).toMatchObject({ status: 'captured', amountMinor: 250_00 })
  expect(simulator.books().NGN?.captured).toBe('250.0000')
})

it('bug 19: the amount that was paid is returned, and not the one that was asked', async () => {
  const { gateway, simulator } = await atFlutterwave()
  const sent = request('GHS')
  const { gatewayReference } = await gateway.createPayment(sent)
  await simulator.pay({ reference: sent.reference, major: '10.05' })
  expect(await gateway.findPayment({ reference: sent.reference, gatewayReference })).toMatchObject({
    status: 'captured',
    capturedMinor: 10_05,
  })
})

it('a payment that was given back whole at Paystack is not canceled', async () => {
  const { gateway, simulator } = await atPaystack()
  const payment = await captured(gateway, simulator, 'NGN')
  await gateway.refund(refundOf(payment, 250_00))
  await simulator.advance(hourMs)
  expect(await gateway.findPayment(payment)).toMatchObject({
    rawStatus: 'reversed',
    status: 'captured',
    capturedMinor: 250_00,
  })
})

it('a page at Flutterwave that nobody has opened is neither lost nor failed', async () => {
  const { gateway } = await atFlutterwave()
  const sent = request('GHS')
  const { gatewayReference } = await gateway.createPayment(sent)
  const names = { reference: sent.reference, gatewayReference }
  await expect(gateway.findPayment(names)).rejects.toMatchObject({ outcome: 'unknown' })
  const payment = { ...names, currency: sent.currency, amountMinor: sent.amountMinor }
  expect(await gateway.findPayment(payment)).toMatchObject({ status: 'requires_action', amountMinor: 250_00 })
})
