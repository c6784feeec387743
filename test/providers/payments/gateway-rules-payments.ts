import { describe, expect, it } from 'vitest'
import { amountMinor, hourMs, newReference, type Scene } from './gateway-scene.ts'

/** Rules of payments, holds and calls that fail. */
export function paymentRules(at: Scene): void {
  const {
    name,
    contract,
    request,
    known,
    refundOf,
    find,
    paid,
    captured,
    recoveredPayment,
    booked,
    failureOf,
  } = at
  const { capabilities, currency, paths } = contract

  describe(`${name}: a payment`, () => {
    it('waits for its payer and says what they have to do', async () => {
      const sent = request()
      const payment = await at.gateway.createPayment(sent)
      expect(payment).toMatchObject({
        reference: sent.reference,
        status: 'requires_action',
        amountMinor,
        currency,
        capturedMinor: 0,
        nextAction: { type: expect.any(String) },
      })
      expect(await find(known(payment, sent))).toMatchObject({ status: 'requires_action' })
    })

    it('is one although it is made twice under one reference', async () => {
      const sent = request()
      const [first, second] = [await at.gateway.createPayment(sent), await at.gateway.createPayment(sent)]
      expect(second.gatewayReference).toBe(first.gatewayReference)
      expect(at.simulator.countPayments(sent.reference)).toBe(1)
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
      const payment = known(await at.gateway.createPayment(sent), sent)
      await at.simulator.pay({ reference: sent.reference, outcome: 'decline', code: contract.decline.code })
      const found = await find(payment)
      expect(found).toMatchObject({
        status: 'failed',
        failure: { code: contract.decline.failureCode, rawCode: contract.decline.code },
      })
      expect(booked('captured')).toBe(0)
    })

    it('is null where the gateway has none', async () => {
      const gatewayReference = (await at.gateway.createPayment(request())).gatewayReference.replace(
        /.{4}$/,
        '9999',
      )
      expect(await at.gateway.findPayment({ reference: newReference(), gatewayReference })).toBeNull()
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
        const first = await at.gateway.capture(payment, amountMinor, newReference('cap'))
        expect(first).toMatchObject({ status: 'captured', capturedMinor: amountMinor })
        expect(await at.gateway.capture(payment, amountMinor, newReference('cap'))).toMatchObject({
          status: 'captured',
          capturedMinor: amountMinor,
        })
        expect(booked('captured')).toBe(amountMinor)
      })

      it('is captured once although the answer is lost', async () => {
        const { payment } = await paid()
        const key = newReference('cap')
        at.simulator.plan({ kind: 'drop_response', on: paths.capture })
        expect(await failureOf(at.gateway.capture(payment, amountMinor, key))).toMatchObject({
          outcome: 'unknown',
        })
        expect(await find(payment)).toMatchObject({ status: 'captured', capturedMinor: amountMinor })
        expect(await at.gateway.capture(payment, amountMinor, key)).toMatchObject({ status: 'captured' })
        expect(booked('captured')).toBe(amountMinor)
      })

      it('cannot be captured far above its amount', async () => {
        const { payment } = await paid()
        const failure = await failureOf(at.gateway.capture(payment, 2 * amountMinor, newReference('cap')))
        expect(failure).toMatchObject({ outcome: 'refused', retryable: false })
        expect(booked('captured')).toBe(0)
      })

      if (capabilities.partialCapture) {
        it('releases what is not captured of it', async () => {
          const { payment } = await paid()
          const part = await at.gateway.capture(payment, 100_00, newReference('cap'))
          expect(part).toMatchObject({ status: 'captured', capturedMinor: 100_00 })
          expect(booked('captured')).toBe(100_00)
          // A refund counts what was captured, not what was agreed.
          const failure = await failureOf(at.gateway.refund(refundOf(payment, amountMinor)))
          expect(failure.outcome).toBe('refused')
          await at.gateway.refund(refundOf(payment, 100_00))
          expect(booked('refunded')).toBe(100_00)
        })
      } else {
        it('is captured whole or not at all', async () => {
          const { payment } = await paid()
          const failure = await failureOf(at.gateway.capture(payment, 100_00, newReference('cap')))
          expect(failure.outcome).toBe('refused')
          expect(booked('captured')).toBe(0)
        })
      }

      if (contract.voidsHolds) {
        it('is given back once, and never captured after that', async () => {
          const { payment } = await paid()
          expect(await at.gateway.cancel(payment, newReference('can'))).toMatchObject({ status: 'canceled' })
          expect(await at.gateway.cancel(payment, newReference('can'))).toMatchObject({
            status: 'canceled',
            capturedMinor: 0,
          })
          const failure = await failureOf(at.gateway.capture(payment, amountMinor, newReference('cap')))
          expect(failure.outcome).toBe('refused')
          expect(booked('captured')).toBe(0)
        })
      }

      it('expires when it says, and cannot be captured after that', async () => {
        const { payment, found } = await paid()
        if (!found.holdExpiresAt) throw new Error('The hold does not say when it expires')
        await at.simulator.advance(found.holdExpiresAt.getTime() - at.simulator.now() + hourMs)
        // The money goes back to the payer: as the end of the hold, or as a refund of it.
        expect((await find(payment)).status).toMatch(/^(canceled|failed)$/)
        const failure = await failureOf(at.gateway.capture(payment, amountMinor, newReference('cap')))
        expect(failure.outcome).toBe('refused')
        expect(booked('captured')).toBe(0)
      })
    })
  }

  describe(`${name}: an end`, () => {
    if (contract.cancelsWaiting) {
      it('comes to a payment that waits for its payer, who cannot pay it any more', async () => {
        const sent = request()
        const payment = known(await at.gateway.createPayment(sent), sent)
        expect(await at.gateway.cancel(payment, newReference('can'))).toMatchObject({ status: 'canceled' })
        await at.simulator.pay({ reference: sent.reference })
        expect(await find(payment)).toMatchObject({ status: 'canceled', capturedMinor: 0 })
        expect(booked('captured')).toBe(0)
      })
    }

    it('does not come to a captured payment', async () => {
      const { payment } = await captured()
      expect((await failureOf(at.gateway.cancel(payment, newReference('can')))).outcome).toBe('refused')
      expect(booked('captured')).toBe(amountMinor)
    })

    it('that comes too late leaves a payment that is seen and can be given back', async () => {
      const sent = request({ capture: 'automatic' })
      const payment = known(await at.gateway.createPayment(sent), sent)
      at.simulator.plan({ kind: 'late_success', afterMs: hourMs })
      await at.simulator.pay({ reference: sent.reference })
      expect((await find(payment)).status).toBe('processing')
      expect((await failureOf(at.gateway.cancel(payment, newReference('can')))).outcome).toBe('refused')
      await at.simulator.advance(2 * hourMs)
      expect(await find(payment)).toMatchObject({ status: 'captured', capturedMinor: amountMinor })
      await at.gateway.refund(refundOf(payment, amountMinor))
      expect([booked('captured'), booked('refunded')]).toEqual([amountMinor, amountMinor])
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
      at.simulator.plan({ ...fault, on: paths.create })
      expect(await failureOf(at.gateway.createPayment(sent))).toMatchObject({
        outcome: 'unknown',
        retryable: true,
      })
      const found = await recoveredPayment(sent)
      expect(found).toMatchObject({ reference: sent.reference, status: 'requires_action', amountMinor })
      expect(at.simulator.countPayments(sent.reference)).toBe(1)
    })

    it('is a refusal for now where there were too many calls', async () => {
      const sent = request()
      at.simulator.plan({ kind: '429', retryAfterSeconds: 7, on: paths.create })
      expect(await failureOf(at.gateway.createPayment(sent))).toMatchObject({
        outcome: 'refused',
        retryable: true,
        status: 429,
        retryAfterSeconds: 7,
      })
      expect(at.simulator.countPayments(sent.reference)).toBe(0)
      expect(await at.gateway.createPayment(sent)).toMatchObject({ status: 'requires_action' })
    })
  })
}
