import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Gateway, PaymentRequest } from '../../../src/providers/payments/gateway.ts'
import { paypal } from '../../../src/providers/payments/paypal.ts'
import { type PayPalSimulator, startPayPalSimulator } from '../../../tools/simulators/gateways/paypal.ts'
import { impatientFetch, newReference } from '../../providers/payments/gateway-contract.ts'
import { made, request } from './requests.ts'

/** Bugs that integrations have had in production, each provoked by the simulator. */
describe('PayPal', () => {
  let simulator: PayPalSimulator
  let gateway: Gateway
  beforeEach(async () => {
    simulator = await startPayPalSimulator()
    gateway = paypal.open(paypal.config.parse(simulator.config), {
      now: simulator.now,
      fetch: impatientFetch,
    })
  })
  afterEach(() => simulator.close())

  const sent = (more: Partial<PaymentRequest> = {}) => request({ method: 'paypal', ...more })

  async function paid(more: Partial<PaymentRequest> = {}) {
    const payment = await made(gateway, sent(more))
    await simulator.pay(payment)
    return payment
  }

  it.each([
    ['JPY', 500, '500.0000'],
    ['HUF', 500_00, '500.0000'],
    ['USD', 25_01, '25.0100'],
  ])('takes of %s what we meant, by books of its own in major units', async (currency, minor, major) => {
    const payment = await paid({ currency, amountMinor: minor, capture: 'automatic' })
    expect(await gateway.findPayment(payment)).toMatchObject({ amountMinor: minor, capturedMinor: minor })
    expect(simulator.books()[currency]?.captured).toBe(major)
  })

  it('completes an order once, however many ask about it at a time', async () => {
    const payment = await paid({ capture: 'automatic' })
    const found = await Promise.allSettled(Array.from({ length: 5 }, () => gateway.findPayment(payment)))
    const statuses = found.map((one) =>
      one.status === 'fulfilled' ? one.value?.status : one.reason.retryable,
    )
    expect(statuses.every((status) => status === 'captured' || status === true)).toBe(true)
    expect(await gateway.findPayment(payment)).toMatchObject({ status: 'captured' })
    expect(simulator.books().USD?.captured).toBe('250.0000')
  })

  it('never completes an order that we ended, though its payer approves it', async () => {
    const payment = await made(gateway, sent())
    await gateway.cancel(payment, newReference())
    await simulator.pay(payment)
    expect(await gateway.findPayment(payment)).toMatchObject({ status: 'canceled', rawStatus: 'APPROVED' })
    expect(simulator.received.some(({ path }) => path.endsWith('/authorize'))).toBe(false)
  })

  it('takes no money that its payer has approved once we have given it up', async () => {
    const payment = await paid({ capture: 'automatic' })
    expect(await gateway.findPayment({ ...payment, isGivenUp: true })).toMatchObject({ status: 'processing' })
    expect(simulator.books().USD?.captured ?? '0').toBe('0')
    expect(await gateway.cancel(payment, newReference())).toMatchObject({ status: 'canceled' })
    expect(await gateway.findPayment(payment)).toMatchObject({ status: 'canceled', capturedMinor: 0 })
  })

  it('is not paid where the order is completed and the capture was declined', async () => {
    const payment = await made(gateway, sent({ capture: 'automatic' }))
    await simulator.pay({ ...payment, outcome: 'decline', code: 'CAPTURE_DECLINED' })
    expect(await gateway.findPayment(payment)).toMatchObject({
      status: 'failed',
      rawStatus: 'DECLINED',
      capturedMinor: 0,
      failure: { code: 'declined', rawCode: '5120' },
    })
  })

  it('captures less than we asked, and refunds what was captured', async () => {
    const payment = await paid()
    await gateway.findPayment(payment)
    simulator.plan({ kind: 'partial_capture', major: '200.00' })
    expect(await gateway.capture(payment, 250_00, newReference())).toMatchObject({ capturedMinor: 200_00 })
    const refund = (amountMinor: number) =>
      gateway.refund({ payment, reference: newReference(), amountMinor, reason: 'requested', known: [] })
    await expect(refund(250_00)).rejects.toMatchObject({ providerCode: 'REFUND_AMOUNT_EXCEEDED' })
    expect(await refund(200_00)).toMatchObject({ status: 'succeeded' })
  })

  it('may capture 115 % of a hold, and is never asked to', async () => {
    const payment = await paid()
    await gateway.findPayment(payment)
    const before = simulator.received.length
    await expect(gateway.capture(payment, 250_01, newReference())).rejects.toMatchObject({
      outcome: 'refused',
      providerCode: 'capture_above_hold',
    })
    expect(simulator.received).toHaveLength(before)
  })

  it('has forgotten its keys: the invoice keeps a wallet from paying twice', async () => {
    const first = await paid({ capture: 'automatic', saveMethod: true })
    const saved = (await gateway.findPayment(first))?.saved
    if (!saved) throw new Error('No method was saved')
    const again = sent({ capture: 'automatic', storedMethod: saved })
    await gateway.createPayment(again)
    simulator.pruneKeys()
    await expect(gateway.createPayment(again)).rejects.toMatchObject({
      outcome: 'refused',
      providerCode: 'DUPLICATE_INVOICE_ID',
    })
    expect(simulator.books().USD?.captured).toBe('500.0000')
  })

  it('cannot tell by our reference until its reports are written, and then finds what was paid', async () => {
    const first = await paid({ capture: 'automatic', saveMethod: true })
    const saved = (await gateway.findPayment(first))?.saved
    if (!saved) throw new Error('No method was saved')
    const sentAt = new Date(simulator.now())
    const again = sent({ storedMethod: saved })
    simulator.plan({ kind: 'drop_response', on: 'POST /v2/checkout/orders' })
    await expect(gateway.createPayment(again)).rejects.toMatchObject({ outcome: 'unknown' })
    const find = (reference: string) => gateway.findPayment({ reference, gatewayReference: null, sentAt })
    await expect(find(again.reference)).rejects.toMatchObject({ outcome: 'unknown', retryable: true })
    await simulator.advance(5 * 3_600_000)
    expect(await find(again.reference)).toMatchObject({ reference: again.reference, status: 'authorized' })
    expect(await find(newReference())).toBeNull()
  })

  it('never forgets a payout within a month: the same one again is refused with its address', async () => {
    const payout = {
      reference: newReference('out'),
      amountMinor: 50_00,
      currency: 'USD',
      destination: { kind: 'paypal', email: 'tasker@example.com', holderName: 'A Tasker' },
      description: 'Earnings',
    } as const
    const { gatewayReference } = await gateway.createPayout(payout)
    simulator.pruneKeys()
    await simulator.advance(29 * 24 * 3_600_000)
    expect(await gateway.createPayout(payout)).toMatchObject({ gatewayReference, status: 'paid' })
    expect(simulator.books().USD?.paidOut).toBe('50.0000')
  })

  it.each(['we made', 'somebody made on its own pages'])(
    'names the payment of a refund that %s',
    async (who) => {
      const payment = await paid({ capture: 'automatic' })
      await gateway.findPayment(payment)
      const reference = who === 'we made' ? newReference() : null
      if (reference === null) await simulator.refundOutside({ reference: payment.reference, major: '10.00' })
      else await gateway.refund({ payment, reference, amountMinor: 10_00, reason: 'requested', known: [] })
      const event = simulator.events.find(({ type }) => type === 'PAYMENT.CAPTURE.REFUNDED')
      if (!event) throw new Error('No event')
      const verified = await gateway.verifyEvent(
        new TextEncoder().encode(event.body),
        new Headers(await simulator.sign(event)),
      )
      expect(verified?.about).toMatchObject({
        kind: 'refund',
        reference,
        paymentGatewayReference: payment.gatewayReference,
      })
    },
  )

  it('is sent all of the evidence, in as many pieces as it takes', async () => {
    const payment = await paid({ capture: 'automatic' })
    await gateway.findPayment(payment)
    const statement = `${'😀 The work was done.\n'.repeat(300)}The end.`
    const dispute = await simulator.chargeback({ reference: payment.reference })
    await gateway.submitEvidence(dispute, { statement, documentUrls: ['https://files.example.com/1'] })
    const { text } = simulator.received.find(({ path }) => path.endsWith('/provide-evidence')) ?? { text: '' }
    const { evidences } = JSON.parse(/\{"evidences".*\}/.exec(text)?.[0] ?? '') as {
      evidences: { notes: string }[]
    }
    expect(evidences.map(({ notes }) => notes).join('')).toBe(`${statement}\nhttps://files.example.com/1`)
    expect(evidences.every(({ notes }) => notes.length <= 2_000)).toBe(true)
  })

  it('has ended a token before its time: the call is made once more with a new one', async () => {
    await made(gateway, sent())
    await simulator.advance(0)
    // The client’s clock is behind: it believes in a token that PayPal does not.
    const config = paypal.config.parse(simulator.config)
    const slow = paypal.open(config, { now: () => Date.now() })
    await simulator.advance(10 * 3_600_000)
    expect(await made(slow, sent())).toMatchObject({ gatewayReference: expect.any(String) })
  })

  it('is not proved by a token that an earlier configuration got', async () => {
    await gateway.ping()
    const wrong = { ...simulator.config, clientSecret: 'wrong' }
    await expect(paypal.open(paypal.config.parse(wrong)).ping()).rejects.toMatchObject({
      outcome: 'refused',
      status: 401,
    })
  })
})

describe('a word that we do not know', () => {
  const answering = (body: unknown) => async () => Response.json(body)
  const names = { reference: newReference(), gatewayReference: 'x' }

  it.each([
    ['CREATED', undefined, 'requires_action', 'CREATED'],
    ['SAVED', undefined, 'requires_action', 'SAVED'],
    ['PAYER_ACTION_REQUIRED', undefined, 'requires_action', 'PAYER_ACTION_REQUIRED'],
    ['VOIDED', undefined, 'canceled', 'VOIDED'],
    ['SOMETHING_NEW', undefined, 'processing', 'SOMETHING_NEW'],
    ['COMPLETED', undefined, 'processing', 'COMPLETED'],
    ['COMPLETED', { captures: 'COMPLETED' }, 'captured', 'COMPLETED'],
    ['COMPLETED', { captures: 'PARTIALLY_REFUNDED' }, 'captured', 'PARTIALLY_REFUNDED'],
    ['COMPLETED', { captures: 'REFUNDED' }, 'captured', 'REFUNDED'],
    ['COMPLETED', { captures: 'PENDING' }, 'processing', 'PENDING'],
    ['COMPLETED', { captures: 'DECLINED' }, 'failed', 'DECLINED'],
    ['COMPLETED', { captures: 'FAILED' }, 'failed', 'FAILED'],
    ['COMPLETED', { captures: 'SOMETHING_NEW' }, 'processing', 'SOMETHING_NEW'],
    ['COMPLETED', { authorizations: 'CREATED' }, 'authorized', 'CREATED'],
    ['COMPLETED', { authorizations: 'PENDING' }, 'processing', 'PENDING'],
    ['COMPLETED', { authorizations: 'DENIED' }, 'failed', 'DENIED'],
    ['COMPLETED', { authorizations: 'VOIDED' }, 'canceled', 'VOIDED'],
    ['COMPLETED', { authorizations: 'CAPTURED', captures: 'PENDING' }, 'processing', 'PENDING'],
    ['COMPLETED', { authorizations: 'CAPTURED', captures: 'COMPLETED' }, 'captured', 'COMPLETED'],
  ])('PayPal: order %s with %o is %s', async (status, payments, expected, rawStatus) => {
    const amount = { currency_code: 'USD', value: '25.00' }
    const order = {
      id: 'x',
      status,
      intent: 'AUTHORIZE',
      purchase_units: [
        {
          custom_id: names.reference,
          amount,
          ...(payments && {
            payments: Object.fromEntries(
              Object.entries(payments).map(([noun, word]) => [noun, [{ id: 'y', status: word, amount }]]),
            ),
          }),
        },
      ],
    }
    const config = paypal.config.parse({
      clientId: newReference(),
      clientSecret: 'secret',
      webhookIds: ['WH1'],
    })
    const gateway = paypal.open(config, {
      fetch: async (input) =>
        String(input).endsWith('/oauth2/token')
          ? Response.json({ access_token: 't', expires_in: 100 })
          : answering(order)(),
    })
    expect(await gateway.findPayment(names)).toMatchObject({
      status: expected,
      rawStatus,
      amountMinor: 25_00,
    })
  })
})
