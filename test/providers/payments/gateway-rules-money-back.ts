import { describe, expect, it } from 'vitest'
import { amountMinor, dayMs, hourMs, newReference, type Scene } from './gateway-scene.ts'

/** Rules of refunds and chargebacks. */
export function moneyBackRules(at: Scene): void {
  const { name, contract, refundOf, find, captured, recovered, booked, failureOf, listed } = at
  const { currency, paths } = contract

  describe(`${name}: a refund`, () => {
    it('gives back parts, and never more than was captured', async () => {
      const { payment } = await captured()
      const part = refundOf(payment, 100_00)
      const first = await at.gateway.refund(part)
      expect(first).toMatchObject({ amountMinor: 100_00, currency })
      expect(first.status).toMatch(/^(pending|succeeded)$/)
      await at.simulator.advance(hourMs)
      expect(
        await at.gateway.findRefund(payment, {
          reference: part.reference,
          gatewayReference: first.gatewayReference,
        }),
      ).toMatchObject({ status: 'succeeded', amountMinor: 100_00 })
      expect(await find(payment)).toMatchObject({ status: 'captured' })
      expect(booked('refunded')).toBe(100_00)

      const tooMuch = refundOf(payment, 150_01)
      const failure = await failureOf(at.gateway.refund({ ...tooMuch, known: [first.gatewayReference] }))
      expect(failure).toMatchObject({ outcome: 'refused', retryable: false })
      await at.gateway.refund({ ...refundOf(payment, 150_00), known: [first.gatewayReference] })
      await at.simulator.advance(hourMs)
      expect(booked('refunded')).toBe(amountMinor)
    })

    it('is one although it is asked twice under one reference', async () => {
      const { payment } = await captured()
      const part = refundOf(payment, 100_00)
      const first = await at.gateway.refund(part)
      expect((await at.gateway.refund(part)).gatewayReference).toBe(first.gatewayReference)
      await at.simulator.advance(hourMs)
      expect(booked('refunded')).toBe(100_00)
    })

    it('is found, and is one, although its answer is lost', async () => {
      const { payment } = await captured()
      const part = refundOf(payment, 100_00)
      at.simulator.plan({ kind: 'drop_response', on: paths.refund })
      expect((await failureOf(at.gateway.refund(part))).outcome).toBe('unknown')
      const found = await recovered(
        () => at.gateway.findRefund(payment, { reference: part.reference, gatewayReference: null }),
        () => at.gateway.refund(part),
      )
      expect(found.amountMinor).toBe(100_00)
      await at.simulator.advance(hourMs)
      expect(booked('refunded')).toBe(100_00)
    })

    it('that fails leaves the payment as it was', async () => {
      const { payment } = await captured()
      at.simulator.plan({ kind: 'refund_fails' })
      const part = refundOf(payment, 100_00)
      const refund = await at.gateway.refund(part)
      await at.simulator.advance(hourMs)
      expect(
        await at.gateway.findRefund(payment, {
          reference: part.reference,
          gatewayReference: refund.gatewayReference,
        }),
      ).toMatchObject({ status: 'failed' })
      expect((await find(payment)).status).toBe('captured')
      expect(booked('refunded')).toBe(0)
    })

    it('is null where the gateway has none', async () => {
      const { payment } = await captured()
      expect(
        await at.gateway.findRefund(payment, { reference: newReference('ref'), gatewayReference: null }),
      ).toBeNull()
    })

    it('on the gateway’s dashboard counts too', async () => {
      const { sent, payment } = await captured()
      await at.simulator.refundOutside({ reference: sent.reference, major: '100' })
      await at.simulator.advance(hourMs)
      const outside = 100 * 10 ** contract.decimals
      expect(booked('refunded')).toBe(outside)
      const rest = amountMinor - outside
      expect((await failureOf(at.gateway.refund(refundOf(payment, rest + 1)))).outcome).toBe('refused')
      await at.gateway.refund(refundOf(payment, rest))
      await at.simulator.advance(hourMs)
      expect(booked('refunded')).toBe(amountMinor)
    })
  })

  describe(`${name}: a chargeback`, () => {
    it.each(['won', 'lost'] as const)('is open until it is %s', async (outcome) => {
      const { sent, payment } = await captured()
      const gatewayReference = await at.simulator.chargeback({ reference: sent.reference })
      expect(await at.gateway.findChargeback(gatewayReference)).toMatchObject({
        gatewayReference,
        paymentGatewayReference: payment.gatewayReference,
        status: 'open',
        amountMinor,
        currency,
        evidenceDueAt: expect.any(Date),
      })
      const evidence = { statement: 'The work was done.', documentUrls: ['https://files.example.com/1'] }
      expect((await at.gateway.submitEvidence(gatewayReference, evidence)).status).toBe('open')
      await at.simulator.endChargeback({ gatewayReference, outcome })
      expect(await at.gateway.findChargeback(gatewayReference)).toMatchObject({ status: outcome })
      expect(booked('chargedBack')).toBe(outcome === 'lost' ? amountMinor : 0)
    })

    it('is in the lists of its days by the name that it is asked by, until it is won', async () => {
      const { sent } = await captured()
      const gatewayReference = await at.simulator.chargeback({ reference: sent.reference, major: '100' })
      const taken = 100 * 10 ** contract.decimals
      await at.simulator.advance(2 * dayMs)
      const rows = (await listed()).filter(({ kind }) => kind === 'chargeback')
      expect(rows.map((row) => row.gatewayReference)).toEqual([gatewayReference])
      expect(rows[0]).toMatchObject({ amountMinor: 0 - taken, currency })
      await at.simulator.endChargeback({ gatewayReference, outcome: 'won' })
      await at.simulator.advance(2 * dayMs)
      const all = (await listed()).filter(({ kind }) => kind === 'chargeback')
      expect(new Set(all.map((row) => row.gatewayReference))).toEqual(new Set([gatewayReference]))
      expect(all.reduce((sum, row) => sum + row.amountMinor, 0)).toBe(0)
    })
  })
}
