import { describe, expect, it } from 'vitest'
import type {
  GatewayPayout,
  GatewayTransaction,
  PaymentRequest,
  PayoutRequest,
} from '../../../src/providers/payments/gateway.ts'
import { amountMinor, dayMs, hourMs, newReference, type Scene } from './gateway-scene.ts'

/** Rules of stored methods, payouts, events and lists. */
export function furtherRules(at: Scene): void {
  const {
    name,
    contract,
    request,
    refundOf,
    find,
    captured,
    recovered,
    recoveredPayment,
    booked,
    failureOf,
    takesNoMoneyOf,
    listed,
  } = at
  const { capabilities, currency, paths } = contract

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
        const payment = await at.gateway.createPayment(sent)
        expect(payment).toMatchObject({
          reference: sent.reference,
          status: capabilities.hold ? 'authorized' : 'captured',
        })
        expect((await at.gateway.createPayment(sent)).gatewayReference).toBe(payment.gatewayReference)
        expect(at.simulator.countPayments(sent.reference)).toBe(1)
      })

      it('is charged once although the answer is lost', async () => {
        const { again } = await stored()
        const sent = again({ capture: 'automatic' })
        at.simulator.plan({ kind: 'drop_response' })
        expect((await failureOf(at.gateway.createPayment(sent))).outcome).toBe('unknown')
        expect(await recoveredPayment(sent)).toMatchObject({ status: 'captured' })
        expect(booked('captured')).toBe(2 * amountMinor)
      })

      it('tells why it was declined', async () => {
        const { again } = await stored()
        at.simulator.plan({ kind: 'decline', code: contract.decline.code })
        expect(await takesNoMoneyOf(at.gateway.createPayment(again()))).toBe(contract.decline.failureCode)
        expect(booked('captured')).toBe(amountMinor)
      })

      it('pays nothing after it is forgotten, which can be asked twice', async () => {
        const { saved, again } = await stored()
        await at.gateway.detachMethod(saved)
        await at.gateway.detachMethod(saved)
        if (contract.forgetsMethods === false) return
        await takesNoMoneyOf(at.gateway.createPayment(again()))
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
        at.gateway.findPayout({ reference: sent.reference, gatewayReference: made.gatewayReference })

      it('is under way, then paid, and one for one reference', async () => {
        const sent = payout()
        const made = await at.gateway.createPayout(sent)
        expect(made).toMatchObject({ reference: sent.reference, status: 'processing', amountMinor: 50_00 })
        expect((await at.gateway.createPayout(sent)).gatewayReference).toBe(made.gatewayReference)
        await at.simulator.advance(dayMs)
        expect(await findPayout(sent, made)).toMatchObject({ status: 'paid', currency })
        expect(booked('paidOut')).toBe(50_00)
      })

      it('is one although its answer is lost', async () => {
        const sent = payout()
        at.simulator.plan({ kind: 'drop_response', on: paths.payout })
        expect((await failureOf(at.gateway.createPayout(sent))).outcome).toBe('unknown')
        const made = await recovered(
          () => at.gateway.findPayout({ reference: sent.reference, gatewayReference: null }),
          () => at.gateway.createPayout(sent),
        )
        await at.simulator.advance(dayMs)
        expect(await findPayout(sent, made)).toMatchObject({ status: 'paid' })
        expect(booked('paidOut')).toBe(50_00)
      })

      it('fails, or comes back after it was paid', async () => {
        at.simulator.plan({ kind: 'payout_fails' })
        const failing = payout()
        const failed = await at.gateway.createPayout(failing)
        await at.simulator.advance(dayMs)
        expect(await findPayout(failing, failed)).toMatchObject({ status: 'failed' })

        at.simulator.plan({ kind: 'payout_returned_after', ms: 3 * dayMs })
        const returning = payout()
        const returned = await at.gateway.createPayout(returning)
        await at.simulator.advance(dayMs)
        expect(await findPayout(returning, returned)).toMatchObject({ status: 'paid' })
        await at.simulator.advance(3 * dayMs)
        expect(await findPayout(returning, returned)).toMatchObject({ status: 'returned' })
        expect(booked('paidOut')).toBe(0)
      })
    })
  }

  describe(`${name}: an event`, () => {
    it('names its payment, has one id for all copies, and is refused when a byte of it differs', async () => {
      const { sent, payment } = await captured()
      await at.gateway.refund(refundOf(payment, amountMinor))
      await at.simulator.advance(hourMs)
      const bytes = (text: string) => new TextEncoder().encode(text)
      const about: unknown[] = []
      for (const event of at.simulator.events) {
        const headers = new Headers(await at.simulator.sign(event))
        const read = await at.gateway.verifyEvent(bytes(event.body), headers)
        if (read === null) throw new Error(`A signature that does not fit: ${event.type}`)
        expect((await at.gateway.verifyEvent(bytes(event.body), headers))?.eventId).toBe(read.eventId)
        about.push(read.about)
      }
      expect(about).toContainEqual(expect.objectContaining({ kind: 'payment', reference: sent.reference }))
      const [event] = at.simulator.events
      if (!event) throw new Error('No event')
      const headers = new Headers(await at.simulator.sign(event))
      expect(await at.gateway.verifyEvent(bytes(event.body), new Headers())).toBeNull()
      // A gateway that signs nothing but a shared word is asked about everything, so its body may say what it likes.
      if (name !== 'flutterwave') {
        const changed = bytes(event.body.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)))
        expect(await at.gateway.verifyEvent(changed, headers)).toBeNull()
      }
    })
  })

  describe(`${name}: the list of a day`, () => {
    it('tells the same sums as the gateway’s own books', async () => {
      const { payment } = await captured()
      await captured()
      await at.gateway.refund(refundOf(payment, 100_00))
      if (destination) {
        await at.gateway.createPayout({
          reference: newReference('out'),
          amountMinor: 50_00,
          currency,
          destination,
          description: 'Earnings',
        })
      }
      await at.simulator.advance(dayMs)
      const rows = await listed()
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

  if (destination) {
    it(`${name} lists a payout that came back once more, with a positive amount`, async () => {
      at.simulator.plan({ kind: 'payout_returned_after', ms: 2 * hourMs })
      const reference = newReference('out')
      await at.gateway.createPayout({
        reference,
        amountMinor: 70_00,
        currency,
        destination,
        description: 'Earnings',
      })
      const sentAtMs = at.simulator.now()
      await at.simulator.advance(dayMs)
      const amounts: number[] = []
      for (let ms = sentAtMs - dayMs; ms < at.simulator.now() + dayMs; ms += dayMs) {
        for await (const row of at.gateway.listTransactions(new Date(ms).toISOString().slice(0, 10)))
          if (row.kind === 'payout' && row.reference === reference) amounts.push(row.amountMinor)
      }
      expect(amounts).toEqual([-70_00, 70_00])
    })
  }

  it(`${name} answers a harmless call`, () => expect(at.gateway.ping()).resolves.toBeUndefined())
}
