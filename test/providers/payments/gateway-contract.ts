import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  FailureCode,
  Gateway,
  GatewayCapabilities,
  GatewayMethod,
  GatewayPayment,
  GatewayPayout,
  GatewayTransaction,
  KnownPayment,
  PaymentRequest,
  PayoutDestination,
  PayoutRequest,
  RefundRequest,
} from '../../../src/providers/payments/gateway.ts'
import { GatewayError } from '../../../src/providers/payments/gateway-error.ts'
import type { BookKind } from '../../../tools/simulators/gateways/books.ts'
import { type GatewaySimulator, silences } from '../../../tools/simulators/gateways/gateway-simulator.ts'

/** How one gateway takes part in the rules that all of them keep. */
export interface GatewayContract {
  /** A fresh simulator, and the client on its clock. Give it `impatientFetch`: some tests wait for an answer in vain. */
  start(): Promise<{ gateway: Gateway; simulator: GatewaySimulator }>
  currency: string
  /** Decimals of the currency, written down here and not read from the tables under test. */
  decimals: number
  method: GatewayMethod
  capabilities: GatewayCapabilities
  /** Whether a hold can be given back before it expires. */
  voidsHolds: boolean
  /** Whether a payment that waits for its payer can be ended at the gateway. */
  cancelsWaiting: boolean
  /** False: the gateway cannot forget a method, and only our copy of it is dropped. True by default. */
  forgetsMethods?: boolean
  /** A code of the gateway's own for a payer's decline, and what it is in ours. */
  decline: { code: string; failureCode: FailureCode }
  /** Part of `METHOD /path` of the one call that does the work. */
  paths: { create: string; capture: string; refund: string; payout: string }
  payout: PayoutDestination | null
  /** Text that must not be in any error. */
  secrets: string[]
}

/** Gives up as soon as the simulator has decided not to answer, as after a time-out, but without its wait. */
export const impatientFetch: typeof fetch = async (input, init) => {
  const giveUp = new AbortController()
  const { origin } = new URL(input instanceof Request ? input.url : input)
  const onSilence = () => giveUp.abort(new DOMException('No answer in time', 'TimeoutError'))
  silences.addEventListener(origin, onSilence)
  try {
    const signals = [giveUp.signal, ...(init?.signal ? [init.signal] : [])]
    return await fetch(input, { ...init, signal: AbortSignal.any(signals) })
  } finally {
    silences.removeEventListener(origin, onSilence)
  }
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const amountMinor = 250_00

export const newReference = (kind = 'pay'): string => `${kind}-${randomUUID().replaceAll('-', '')}`

export function gatewayContract(name: string, contract: GatewayContract): void {
  const { currency, method, capabilities, paths } = contract
  let gateway: Gateway
  let simulator: GatewaySimulator
  let startMs: number

  beforeEach(async () => {
    ;({ gateway, simulator } = await contract.start())
    startMs = simulator.now()
  })
  afterEach(() => simulator.close())

  const request = (more: Partial<PaymentRequest> = {}): PaymentRequest => ({
    reference: newReference(),
    amountMinor,
    currency,
    method,
    capture: capabilities.hold ? 'manual' : 'automatic',
    payer: {
      id: randomUUID(),
      email: 'payer@example.com',
      name: null,
      phone: '+233551234987',
      customerReference: null,
    },
    returnUrl: 'https://app.example.com/return',
    description: 'Booking',
    ...more,
  })

  const known = (payment: GatewayPayment, sent: PaymentRequest): KnownPayment => ({
    reference: sent.reference,
    gatewayReference: payment.gatewayReference,
    currency: sent.currency,
    amountMinor: sent.amountMinor,
  })

  const refundOf = (payment: KnownPayment, part: number): RefundRequest => ({
    payment,
    reference: newReference('ref'),
    amountMinor: part,
    reason: 'requested',
    known: [],
  })

  async function find(payment: KnownPayment): Promise<GatewayPayment> {
    const found = await gateway.findPayment(payment)
    if (!found) throw new Error('The gateway does not know the payment')
    return found
  }

  async function paid(more: Partial<PaymentRequest> = {}) {
    const sent = request(more)
    const payment = known(await gateway.createPayment(sent), sent)
    await simulator.pay({ reference: sent.reference })
    return { sent, payment, found: await find(payment) }
  }

  async function captured(more: Partial<PaymentRequest> = {}) {
    const { sent, payment, found } = await paid({ capture: 'automatic', ...more })
    expect(found).toMatchObject({ status: 'captured', capturedMinor: sent.amountMinor })
    return { sent, payment }
  }

  /** The rule of unknown outcomes: ask by our reference, and repeat under it where the gateway cannot tell. */
  async function recovered<Found>(found: () => Promise<Found | null>, repeat: () => Promise<Found>) {
    const answer = await found().catch((error: unknown) => {
      if (error instanceof GatewayError && error.outcome === 'unknown') return null
      throw error
    })
    return answer ?? repeat()
  }

  const recoveredPayment = (sent: PaymentRequest): Promise<GatewayPayment> =>
    recovered(
      () => gateway.findPayment({ reference: sent.reference, gatewayReference: null }),
      () => gateway.createPayment(sent),
    )

  /** The gateway's own sum, in minor units by the decimals that the contract states. */
  const booked = (kind: BookKind): number => {
    const [whole = '0', fraction = ''] = (simulator.books()[currency]?.[kind] ?? '0').split('.')
    expect(fraction.slice(contract.decimals)).toMatch(/^0*$/)
    return Number(whole + fraction.slice(0, contract.decimals).padEnd(contract.decimals, '0'))
  }

  async function failureOf(attempt: Promise<unknown>): Promise<GatewayError> {
    const error = await attempt.then(
      (value) => new Error(`No failure but ${JSON.stringify(value)}`),
      (reason: unknown) => reason,
    )
    if (!(error instanceof GatewayError)) throw error
    const told = `${error.message} ${JSON.stringify(error)} ${error.stack}`
    for (const secret of contract.secrets) expect(told).not.toContain(secret)
    return error
  }

  const takesNoMoneyOf = async (attempt: Promise<GatewayPayment>): Promise<FailureCode> => {
    const outcome = await attempt.catch((error: unknown) => {
      if (error instanceof GatewayError && error.outcome === 'refused') return error
      throw error
    })
    if (outcome instanceof GatewayError) return outcome.failureCode
    expect(outcome.status).toBe('failed')
    return outcome.failure?.code ?? 'other'
  }

  describe(`${name}: a payment`, () => {
    it('waits for its payer and says what they have to do', async () => {
      const sent = request()
      const payment = await gateway.createPayment(sent)
      expect(payment).toMatchObject({
        reference: sent.reference,
        status: 'requires_action',
        amountMinor,
        currency,
        capturedMinor: 0,
        refundedMinor: 0,
        nextAction: { type: expect.any(String) },
      })
      expect(await find(known(payment, sent))).toMatchObject({ status: 'requires_action' })
    })

    it('is one although it is made twice under one reference', async () => {
      const sent = request()
      const [first, second] = [await gateway.createPayment(sent), await gateway.createPayment(sent)]
      expect(second.gatewayReference).toBe(first.gatewayReference)
      expect(simulator.countPayments(sent.reference)).toBe(1)
    })

    it('is authorised, or captured where the gateway holds nothing, once its payer has paid', async () => {
      const { sent, found } = await paid()
      expect(found).toMatchObject({
        reference: sent.reference,
        status: capabilities.hold ? 'authorized' : 'captured',
        capturedMinor: capabilities.hold ? 0 : amountMinor,
        nextAction: null,
      })
      expect(booked('captured')).toBe(capabilities.hold ? 0 : amountMinor)
    })

    it('takes no money when its payer declines', async () => {
      const sent = request()
      const payment = known(await gateway.createPayment(sent), sent)
      await simulator.pay({ reference: sent.reference, outcome: 'decline', code: contract.decline.code })
      const found = await find(payment)
      expect(found).toMatchObject({
        status: 'failed',
        failure: { code: contract.decline.failureCode, rawCode: contract.decline.code },
      })
      expect(booked('captured')).toBe(0)
    })

    it('is null where the gateway has none', async () => {
      const gatewayReference = (await gateway.createPayment(request())).gatewayReference.replace(
        /.{4}$/,
        '9999',
      )
      expect(await gateway.findPayment({ reference: newReference(), gatewayReference })).toBeNull()
    })

    it('tells its fee once it is captured', async () => {
      const { payment } = await captured()
      expect((await find(payment)).feeMinor).toBe(booked('fees'))
      expect(booked('fees')).toBeGreaterThan(0)
    })
  })

  if (capabilities.hold) {
    describe(`${name}: a hold`, () => {
      it('is captured once, however often that is asked', async () => {
        const { payment } = await paid()
        const first = await gateway.capture(payment, amountMinor, newReference('cap'))
        expect(first).toMatchObject({ status: 'captured', capturedMinor: amountMinor })
        expect(await gateway.capture(payment, amountMinor, newReference('cap'))).toMatchObject({
          status: 'captured',
          capturedMinor: amountMinor,
        })
        expect(booked('captured')).toBe(amountMinor)
      })

      it('is captured once although the answer is lost', async () => {
        const { payment } = await paid()
        const key = newReference('cap')
        simulator.plan({ kind: 'drop_response', on: paths.capture })
        expect(await failureOf(gateway.capture(payment, amountMinor, key))).toMatchObject({
          outcome: 'unknown',
        })
        expect(await find(payment)).toMatchObject({ status: 'captured', capturedMinor: amountMinor })
        expect(await gateway.capture(payment, amountMinor, key)).toMatchObject({ status: 'captured' })
        expect(booked('captured')).toBe(amountMinor)
      })

      it('cannot be captured far above its amount', async () => {
        const { payment } = await paid()
        const failure = await failureOf(gateway.capture(payment, 2 * amountMinor, newReference('cap')))
        expect(failure).toMatchObject({ outcome: 'refused', retryable: false })
        expect(booked('captured')).toBe(0)
      })

      if (capabilities.partialCapture) {
        it('releases what is not captured of it', async () => {
          const { payment } = await paid()
          const part = await gateway.capture(payment, 100_00, newReference('cap'))
          expect(part).toMatchObject({ status: 'captured', capturedMinor: 100_00, refundedMinor: 0 })
          expect(booked('captured')).toBe(100_00)
          // A refund counts what was captured, not what was agreed.
          const failure = await failureOf(gateway.refund(refundOf(payment, amountMinor)))
          expect(failure.outcome).toBe('refused')
          await gateway.refund(refundOf(payment, 100_00))
          expect(booked('refunded')).toBe(100_00)
        })
      } else {
        it('is captured whole or not at all', async () => {
          const { payment } = await paid()
          const failure = await failureOf(gateway.capture(payment, 100_00, newReference('cap')))
          expect(failure.outcome).toBe('refused')
          expect(booked('captured')).toBe(0)
        })
      }

      if (contract.voidsHolds) {
        it('is given back once, and never captured after that', async () => {
          const { payment } = await paid()
          expect(await gateway.cancel(payment, newReference('can'))).toMatchObject({ status: 'canceled' })
          expect(await gateway.cancel(payment, newReference('can'))).toMatchObject({
            status: 'canceled',
            capturedMinor: 0,
            refundedMinor: 0,
          })
          const failure = await failureOf(gateway.capture(payment, amountMinor, newReference('cap')))
          expect(failure.outcome).toBe('refused')
          expect(booked('captured')).toBe(0)
        })
      }

      it('expires when it says, and cannot be captured after that', async () => {
        const { payment, found } = await paid()
        if (!found.holdExpiresAt) throw new Error('The hold does not say when it expires')
        await simulator.advance(found.holdExpiresAt.getTime() - simulator.now() + hourMs)
        // The money goes back to the payer: as the end of the hold, or as a refund of it.
        expect((await find(payment)).status).toMatch(/^(canceled|failed)$/)
        const failure = await failureOf(gateway.capture(payment, amountMinor, newReference('cap')))
        expect(failure.outcome).toBe('refused')
        expect(booked('captured')).toBe(0)
      })
    })
  }

  describe(`${name}: an end`, () => {
    if (contract.cancelsWaiting) {
      it('comes to a payment that waits for its payer, who cannot pay it any more', async () => {
        const sent = request()
        const payment = known(await gateway.createPayment(sent), sent)
        expect(await gateway.cancel(payment, newReference('can'))).toMatchObject({ status: 'canceled' })
        await simulator.pay({ reference: sent.reference })
        expect(await find(payment)).toMatchObject({ status: 'canceled', capturedMinor: 0 })
        expect(booked('captured')).toBe(0)
      })
    }

    it('does not come to a captured payment', async () => {
      const { payment } = await captured()
      expect((await failureOf(gateway.cancel(payment, newReference('can')))).outcome).toBe('refused')
      expect(booked('captured')).toBe(amountMinor)
    })

    it('that comes too late leaves a payment that is seen and can be given back', async () => {
      const sent = request({ capture: 'automatic' })
      const payment = known(await gateway.createPayment(sent), sent)
      simulator.plan({ kind: 'late_success', afterMs: hourMs })
      await simulator.pay({ reference: sent.reference })
      expect((await find(payment)).status).toBe('processing')
      expect((await failureOf(gateway.cancel(payment, newReference('can')))).outcome).toBe('refused')
      await simulator.advance(2 * hourMs)
      expect(await find(payment)).toMatchObject({ status: 'captured', capturedMinor: amountMinor })
      await gateway.refund(refundOf(payment, amountMinor))
      expect([booked('captured'), booked('refunded')]).toEqual([amountMinor, amountMinor])
    })
  })

  describe(`${name}: a refund`, () => {
    it('gives back parts, and never more than was captured', async () => {
      const { payment } = await captured()
      const part = refundOf(payment, 100_00)
      const first = await gateway.refund(part)
      expect(first).toMatchObject({ amountMinor: 100_00, currency })
      expect(first.status).toMatch(/^(pending|succeeded)$/)
      await simulator.advance(hourMs)
      expect(
        await gateway.findRefund(payment, {
          reference: part.reference,
          gatewayReference: first.gatewayReference,
        }),
      ).toMatchObject({ status: 'succeeded', amountMinor: 100_00 })
      expect(await find(payment)).toMatchObject({ status: 'captured', refundedMinor: 100_00 })

      const tooMuch = refundOf(payment, 150_01)
      const failure = await failureOf(gateway.refund({ ...tooMuch, known: [first.gatewayReference] }))
      expect(failure).toMatchObject({ outcome: 'refused', retryable: false })
      await gateway.refund({ ...refundOf(payment, 150_00), known: [first.gatewayReference] })
      await simulator.advance(hourMs)
      expect((await find(payment)).refundedMinor).toBe(amountMinor)
      expect(booked('refunded')).toBe(amountMinor)
    })

    it('is one although it is asked twice under one reference', async () => {
      const { payment } = await captured()
      const part = refundOf(payment, 100_00)
      const first = await gateway.refund(part)
      expect((await gateway.refund(part)).gatewayReference).toBe(first.gatewayReference)
      await simulator.advance(hourMs)
      expect(booked('refunded')).toBe(100_00)
    })

    it('is found, and is one, although its answer is lost', async () => {
      const { payment } = await captured()
      const part = refundOf(payment, 100_00)
      simulator.plan({ kind: 'drop_response', on: paths.refund })
      expect((await failureOf(gateway.refund(part))).outcome).toBe('unknown')
      const found = await recovered(
        () => gateway.findRefund(payment, { reference: part.reference, gatewayReference: null }),
        () => gateway.refund(part),
      )
      expect(found.amountMinor).toBe(100_00)
      await simulator.advance(hourMs)
      expect(booked('refunded')).toBe(100_00)
    })

    it('that fails leaves the payment as it was', async () => {
      const { payment } = await captured()
      simulator.plan({ kind: 'refund_fails' })
      const part = refundOf(payment, 100_00)
      const refund = await gateway.refund(part)
      await simulator.advance(hourMs)
      expect(
        await gateway.findRefund(payment, {
          reference: part.reference,
          gatewayReference: refund.gatewayReference,
        }),
      ).toMatchObject({ status: 'failed' })
      expect((await find(payment)).refundedMinor).toBe(0)
      expect(booked('refunded')).toBe(0)
    })

    it('is null where the gateway has none', async () => {
      const { payment } = await captured()
      expect(
        await gateway.findRefund(payment, { reference: newReference('ref'), gatewayReference: null }),
      ).toBeNull()
    })

    it('on the gateway’s dashboard counts too', async () => {
      const { sent, payment } = await captured()
      await simulator.refundOutside({ reference: sent.reference, major: '100' })
      await simulator.advance(hourMs)
      const outside = 100 * 10 ** contract.decimals
      expect((await find(payment)).refundedMinor).toBe(outside)
      const rest = amountMinor - outside
      expect((await failureOf(gateway.refund(refundOf(payment, rest + 1)))).outcome).toBe('refused')
      await gateway.refund(refundOf(payment, rest))
      await simulator.advance(hourMs)
      expect(booked('refunded')).toBe(amountMinor)
    })
  })

  describe(`${name}: an outcome`, () => {
    it.each([
      { kind: 'drop_response' },
      { kind: 'cut' },
      { kind: '500_after_commit' },
      { kind: '500_before' },
      { kind: 'garble', as: 'html' },
      { kind: 'garble', as: 'null' },
      { kind: 'garble', as: 'empty' },
      { kind: 'garble', as: 'truncated' },
    ] as const)('is unknown after $kind $as, and one payment is made all the same', async (fault) => {
      const sent = request()
      simulator.plan({ ...fault, on: paths.create })
      expect(await failureOf(gateway.createPayment(sent))).toMatchObject({
        outcome: 'unknown',
        retryable: true,
      })
      const found = await recoveredPayment(sent)
      expect(found).toMatchObject({ reference: sent.reference, status: 'requires_action', amountMinor })
      expect(simulator.countPayments(sent.reference)).toBe(1)
    })

    it('is a refusal for now where there were too many calls', async () => {
      const sent = request()
      simulator.plan({ kind: '429', retryAfterSeconds: 7, on: paths.create })
      expect(await failureOf(gateway.createPayment(sent))).toMatchObject({
        outcome: 'refused',
        retryable: true,
        status: 429,
        retryAfterSeconds: 7,
      })
      expect(simulator.countPayments(sent.reference)).toBe(0)
      expect(await gateway.createPayment(sent)).toMatchObject({ status: 'requires_action' })
    })
  })

  if (capabilities.offSession) {
    describe(`${name}: a stored method`, () => {
      async function stored() {
        const { sent, payment } = await captured({ saveMethod: true })
        const saved = (await find(payment)).saved
        if (!saved) throw new Error('No method was saved')
        const again = (more: Partial<PaymentRequest> = {}): PaymentRequest =>
          request({
            payer: { ...sent.payer, customerReference: saved.customerReference },
            storedMethod: saved,
            ...more,
          })
        return { saved, again }
      }

      it('pays while its owner is away, once for one reference', async () => {
        const { saved, again } = await stored()
        expect(saved.methodReference).toMatch(/\S/)
        const sent = again()
        const payment = await gateway.createPayment(sent)
        expect(payment).toMatchObject({
          reference: sent.reference,
          status: capabilities.hold ? 'authorized' : 'captured',
        })
        expect((await gateway.createPayment(sent)).gatewayReference).toBe(payment.gatewayReference)
        expect(simulator.countPayments(sent.reference)).toBe(1)
      })

      it('is charged once although the answer is lost', async () => {
        const { again } = await stored()
        const sent = again({ capture: 'automatic' })
        simulator.plan({ kind: 'drop_response' })
        expect((await failureOf(gateway.createPayment(sent))).outcome).toBe('unknown')
        expect(await recoveredPayment(sent)).toMatchObject({ status: 'captured' })
        expect(booked('captured')).toBe(2 * amountMinor)
      })

      it('tells why it was declined', async () => {
        const { again } = await stored()
        simulator.plan({ kind: 'decline', code: contract.decline.code })
        expect(await takesNoMoneyOf(gateway.createPayment(again()))).toBe(contract.decline.failureCode)
        expect(booked('captured')).toBe(amountMinor)
      })

      it('pays nothing after it is forgotten, which can be asked twice', async () => {
        const { saved, again } = await stored()
        await gateway.detachMethod(saved)
        await gateway.detachMethod(saved)
        if (contract.forgetsMethods === false) return
        await takesNoMoneyOf(gateway.createPayment(again()))
        expect(booked('captured')).toBe(amountMinor)
      })
    })
  }

  const destination = contract.payout
  if (destination) {
    describe(`${name}: a payout`, () => {
      const payout = (): PayoutRequest => ({
        reference: newReference('out'),
        amountMinor: 50_00,
        currency,
        destination,
        description: 'Earnings',
      })
      const findPayout = async (sent: PayoutRequest, made: GatewayPayout) =>
        gateway.findPayout({ reference: sent.reference, gatewayReference: made.gatewayReference })

      it('is under way, then paid, and one for one reference', async () => {
        const sent = payout()
        const made = await gateway.createPayout(sent)
        expect(made).toMatchObject({ reference: sent.reference, status: 'processing', amountMinor: 50_00 })
        expect((await gateway.createPayout(sent)).gatewayReference).toBe(made.gatewayReference)
        await simulator.advance(dayMs)
        expect(await findPayout(sent, made)).toMatchObject({ status: 'paid', currency })
        expect(booked('paidOut')).toBe(50_00)
      })

      it('is one although its answer is lost', async () => {
        const sent = payout()
        simulator.plan({ kind: 'drop_response', on: paths.payout })
        expect((await failureOf(gateway.createPayout(sent))).outcome).toBe('unknown')
        const made = await recovered(
          () => gateway.findPayout({ reference: sent.reference, gatewayReference: null }),
          () => gateway.createPayout(sent),
        )
        await simulator.advance(dayMs)
        expect(await findPayout(sent, made)).toMatchObject({ status: 'paid' })
        expect(booked('paidOut')).toBe(50_00)
      })

      it('fails, or comes back after it was paid', async () => {
        simulator.plan({ kind: 'payout_fails' })
        const failing = payout()
        const failed = await gateway.createPayout(failing)
        await simulator.advance(dayMs)
        expect(await findPayout(failing, failed)).toMatchObject({ status: 'failed' })

        simulator.plan({ kind: 'payout_returned_after', ms: 3 * dayMs })
        const returning = payout()
        const returned = await gateway.createPayout(returning)
        await simulator.advance(dayMs)
        expect(await findPayout(returning, returned)).toMatchObject({ status: 'paid' })
        await simulator.advance(3 * dayMs)
        expect(await findPayout(returning, returned)).toMatchObject({ status: 'returned' })
        expect(booked('paidOut')).toBe(0)
      })
    })
  }

  describe(`${name}: a chargeback`, () => {
    it.each(['won', 'lost'] as const)('is open until it is %s', async (outcome) => {
      const { sent, payment } = await captured()
      const gatewayReference = await simulator.chargeback({ reference: sent.reference })
      expect(await gateway.findChargeback(gatewayReference)).toMatchObject({
        gatewayReference,
        paymentGatewayReference: payment.gatewayReference,
        status: 'open',
        amountMinor,
        currency,
        evidenceDueAt: expect.any(Date),
      })
      const evidence = { statement: 'The work was done.', documentUrls: ['https://files.example.com/1'] }
      expect((await gateway.submitEvidence(gatewayReference, evidence)).status).toBe('open')
      await simulator.endChargeback({ gatewayReference, outcome })
      expect(await gateway.findChargeback(gatewayReference)).toMatchObject({ status: outcome })
      expect(booked('chargedBack')).toBe(outcome === 'lost' ? amountMinor : 0)
    })
  })

  describe(`${name}: an event`, () => {
    it('names its payment, has one id for all copies, and is refused when a byte of it differs', async () => {
      const { sent, payment } = await captured()
      await gateway.refund(refundOf(payment, amountMinor))
      await simulator.advance(hourMs)
      const bytes = (text: string) => new TextEncoder().encode(text)
      const about: unknown[] = []
      for (const event of simulator.events) {
        const headers = new Headers(await simulator.sign(event))
        const read = await gateway.verifyEvent(bytes(event.body), headers)
        if (read === null) throw new Error(`A signature that does not fit: ${event.type}`)
        expect((await gateway.verifyEvent(bytes(event.body), headers))?.eventId).toBe(read.eventId)
        about.push(read.about)
      }
      expect(about).toContainEqual(expect.objectContaining({ kind: 'payment', reference: sent.reference }))
      const [event] = simulator.events
      if (!event) throw new Error('No event')
      const headers = new Headers(await simulator.sign(event))
      expect(await gateway.verifyEvent(bytes(event.body), new Headers())).toBeNull()
      // A gateway that signs nothing but a shared word is asked about everything, so its body may say what it likes.
      if (name !== 'flutterwave') {
        const changed = bytes(event.body.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)))
        expect(await gateway.verifyEvent(changed, headers)).toBeNull()
      }
    })
  })

  describe(`${name}: the list of a day`, () => {
    it('tells the same sums as the gateway’s own books', async () => {
      const { payment } = await captured()
      await captured()
      await gateway.refund(refundOf(payment, 100_00))
      if (destination) {
        await gateway.createPayout({
          reference: newReference('out'),
          amountMinor: 50_00,
          currency,
          destination,
          description: 'Earnings',
        })
      }
      await simulator.advance(dayMs)
      const rows: GatewayTransaction[] = []
      for (let ms = startMs - dayMs; ms < simulator.now() + dayMs; ms += dayMs) {
        for await (const row of gateway.listTransactions(new Date(ms).toISOString().slice(0, 10)))
          rows.push(row)
      }
      const sum = (kind: GatewayTransaction['kind']) =>
        rows.filter((row) => row.kind === kind).reduce((total, row) => total + row.amountMinor, 0)
      expect(sum('payment')).toBe(booked('captured'))
      expect(sum('payment')).toBe(2 * amountMinor)
      expect(0 - sum('refund')).toBe(booked('refunded'))
      expect(0 - sum('payout')).toBe(booked('paidOut'))
      // A fee is a row of its own at some gateways, which takes money.
      expect(rows.reduce((total, row) => total + row.feeMinor, 0) - sum('fee')).toBe(booked('fees'))
      expect(new Set(rows.map((row) => `${row.kind} ${row.gatewayReference}`)).size).toBe(rows.length)
    })
  })

  it(`${name} answers a harmless call`, () => expect(gateway.ping()).resolves.toBeUndefined())
}
