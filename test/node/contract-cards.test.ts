import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { invoiceEntries } from '../../src/areas/commerce/invoices/jobs.ts'
import { sweepChargebacks } from '../../src/areas/money/chargebacks/learning.ts'
import { sweep } from '../../src/areas/money/gateways/work.ts'
import { jobs as paymentJobs } from '../../src/areas/money/payments/jobs.ts'
import { openDispute, splitDispute } from '../../src/areas/trust/disputes/disputes.ts'
import { cancelBooking } from '../../src/areas/work/bookings/bookings.ts'
import { acceptAmendment, proposeAmendment } from '../../src/areas/work/contracts/amendments.ts'
import { cancelContract } from '../../src/areas/work/contracts/contracts.ts'
import {
  approveMilestone,
  startMilestone,
  submitMilestone,
} from '../../src/areas/work/contracts/milestones.ts'
import { newId } from '../../src/core/ids.ts'
import { type ContractCardWorld, openContractCardWorld } from '../support/contract-card-world.ts'
import type { ContractThere } from '../support/contract-world.ts'
import { outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('a contract that a card funds', () => {
  let card: ContractCardWorld

  beforeAll(async () => {
    card = await openContractCardWorld()
  })
  afterAll(() => card.close())
  beforeEach(() => card.query('update payment_gateway_configs set failures = 0, paused_until = null'))

  const at = ({ contractId, milestoneIds }: ContractThere, index: number) => ({
    contractId,
    milestoneId: milestoneIds[index] as string,
  })
  async function deliver(contract: ContractThere, index: number): Promise<void> {
    await startMilestone(card.asTasker(), at(contract, index))
    await submitMilestone(card.asTasker(), at(contract, index), { note: 'Done', mediaIds: [] })
    await approveMilestone(card.asClient(), at(contract, index))
  }
  const cancel = (contract: ContractThere) =>
    cancelContract(card.asTasker(), contract.contractId, 'No longer.', undefined)
  const counted = () => ({ captured: card.major('captured'), refunded: card.major('refunded') })
  async function movedAtGateway(work: () => Promise<unknown>) {
    const before = counted()
    await work()
    const after = counted()
    return { captured: after.captured - before.captured, refunded: after.refunded - before.refunded }
  }

  describe('on its way', () => {
    it('holds the next milestone once the bank has asked the payer, then the rest, and releases less commission', async () => {
      const contract = await card.aContract([10_000, 20_000, 40_000])
      const wallet = await card.balanceOf('client_wallet')
      const begun = await card.fund(contract, 'next')
      expect(begun).toMatchObject({
        purpose: 'contract',
        status: 'requires_action',
        nextAction: { type: 'sdk' },
      })
      const first = await card.fundingOf(contract)
      await card.payerActs(first, 'challenge')
      expect(await card.stateOf(contract)).toMatchObject({ funded: 0, held: 0, status: 'active' })
      expect(await outcomeOf(startMilestone(card.asTasker(), at(contract, 0)))).toBe('milestone_not_funded')
      await card.payerActs(first)
      expect(await card.stateOf(contract)).toMatchObject({ funded: 10_000, held: 10_000, needed: 10_000 })
      expect(await outcomeOf(startMilestone(card.asTasker(), at(contract, 1)))).toBe('milestone_not_funded')
      await card.paid(contract)
      expect(await card.stateOf(contract)).toMatchObject({ funded: 70_000, held: 70_000 })
      expect(await outcomeOf(card.fund(contract))).toBe('escrow_funded')
      const [fee, earned] = [await card.balanceOf('platform_fee'), await card.balanceOf('tasker_payable')]
      for (const index of [0, 1, 2]) await deliver(contract, index)
      expect(await card.stateOf(contract)).toMatchObject({
        status: 'completed',
        booking: 'completed',
        released: 70_000,
        held: 0,
        open: 0,
      })
      expect((await card.balanceOf('platform_fee')) - fee).toBe(10_500)
      expect((await card.balanceOf('tasker_payable')) - earned).toBe(59_500)
      expect(await card.balanceOf('client_wallet')).toBe(wallet)
      await card.balanced(contract)
    })

    it('holds nothing after a decline, and all after the next attempt', async () => {
      const contract = await card.aContract([10_000, 20_000])
      const first = await card.begin(contract)
      await card.payerActs(first, 'decline', 'insufficient_funds')
      expect(await card.paymentsOf(contract)).toMatchObject([{ failure: 'insufficient_funds', captured: 0 }])
      expect(await card.stateOf(contract)).toMatchObject({ funded: 0, held: 0, status: 'active' })
      expect(await outcomeOf(startMilestone(card.asTasker(), at(contract, 0)))).toBe('milestone_not_funded')
      await card.paid(contract)
      expect(await card.stateOf(contract)).toMatchObject({ funded: 30_000, held: 30_000 })
      expect(await card.paymentsOf(contract)).toMatchObject([
        { status: 'canceled' },
        { status: 'captured', captured: 30_000 },
      ])
      await card.work(contract)
      await card.balanced(contract)
    })

    it('is one payment for one request, whether or not its answer came', async () => {
      const contract = await card.aContract([10_000, 20_000])
      const requestKey = newId()
      card.simulator.plan({ kind: 'cut' })
      expect(await outcomeOf(card.fund(contract, 'all', { requestKey }))).toBe('gateway_unavailable')
      const first = await card.fundingOf(contract)
      await card.fund(contract, 'all', { requestKey })
      expect(await card.fundingOf(contract)).toEqual(first)
      expect(card.simulator.countPayments(first.reference)).toBe(1)
      card.simulator.plan({ kind: 'dup_event', copies: 3 })
      await card.payerActs(first)
      expect(await card.fund(contract, 'all', { requestKey })).toMatchObject({ status: 'captured' })
      expect(await card.stateOf(contract)).toMatchObject({ funded: 30_000, held: 30_000 })
      await card.balanced(contract)
    })

    it('is funded without app and event: the sweep asks', async () => {
      const contract = await card.aContract([10_000])
      const { reference } = await card.begin(contract)
      card.simulator.plan({ kind: 'never' })
      await card.simulator.pay({ reference })
      await card.query('update payment_transactions set next_check_at = now() where reference = $1', [
        reference,
      ])
      await sweep(card.system())
      expect(await card.stateOf(contract)).toMatchObject({ held: 10_000 })
    })
  })

  describe('at its end', () => {
    it('gives what is held back to the card, and nothing that was released', async () => {
      const contract = await card.aContract([10_000, 20_000, 40_000])
      const wallet = await card.balanceOf('client_wallet')
      await card.paid(contract, 'next')
      await deliver(contract, 0)
      await card.paid(contract)
      const moved = await movedAtGateway(async () => {
        await cancel(contract)
        for (let again = 0; again < 2; again += 1) await card.work(contract)
      })
      expect(moved).toEqual({ captured: 0, refunded: 60_000 })
      expect(await card.refundsOf(contract)).toEqual([
        { kind: 'refund', amount: 60_000, status: 'succeeded', destination: 'original', reason: 'canceled' },
      ])
      expect(await card.stateOf(contract)).toMatchObject({
        status: 'canceled',
        booking: 'completed',
        released: 10_000,
        refunded: 60_000,
        held: 0,
        open: 0,
      })
      expect(await card.balanceOf('client_wallet')).toBe(wallet)
      await card.balanced(contract)
    })

    it('splits what a dispute has frozen between tasker, arbitration and card', async () => {
      const contract = await card.aContract([100_000, 200_000])
      await card.paid(contract)
      await startMilestone(card.asTasker(), at(contract, 0))
      const { id } = await openDispute(card.asClient(), contract.bookingId, { reason: 'Not as agreed' })
      const moved = await movedAtGateway(async () => {
        await splitDispute(card.asOps(), id, { taskerAmount: 120_000, arbitrationAmount: 10_000 })
        await card.work(contract)
      })
      expect(moved).toEqual({ captured: 0, refunded: 170_000 })
      expect(await card.stateOf(contract)).toMatchObject({
        status: 'completed',
        booking: 'completed',
        released: 120_000,
        arbitration: 10_000,
        refunded: 170_000,
        held: 0,
        open: 0,
      })
      await card.balanced(contract)
    })

    it('gives back to the card what an amendment has made cheaper', async () => {
      const contract = await card.aContract([10_000, 20_000])
      await card.paid(contract)
      const moved = await movedAtGateway(async () => {
        const proposed = await proposeAmendment(
          card.asTasker(),
          contract.contractId,
          card.cheaper(contract, 5_000),
          'Less to paint',
        )
        const amendment = { contractId: contract.contractId, amendmentId: proposed.id }
        await acceptAmendment(card.asClient(), amendment, proposed.textSha256)
        await card.work(contract)
      })
      expect(moved).toEqual({ captured: 0, refunded: 20_000 })
      expect(await card.stateOf(contract)).toMatchObject({ held: 10_000, refunded: 20_000 })
      for (const index of [0, 1]) await deliver(contract, index)
      await card.balanced(contract)
    })
  })

  describe('whose money comes late', () => {
    /** The wallet has paid the first milestone, which is begun; the card is to pay two more. */
    async function atWork(): Promise<ContractThere> {
      const contract = await card.aContract([50_000, 10_000, 20_000])
      await card.fund(contract, 'next', { method: 'wallet' })
      await startMilestone(card.asTasker(), at(contract, 0))
      return contract
    }
    const ends: [string, (contract: ContractThere) => Promise<unknown>][] = [
      ['it was canceled', cancel],
      [
        'a dispute has frozen it',
        ({ bookingId }) => openDispute(card.asTasker(), bookingId, { reason: 'No' }),
      ],
      ['the wallet has paid', (contract) => card.fund(contract, 'all', { method: 'wallet' })],
      [
        'an amendment has changed the price',
        async (contract) => {
          const { id, textSha256 } = await proposeAmendment(
            card.asTasker(),
            contract.contractId,
            card.cheaper(contract, 5_000),
            'Less',
          )
          const amendment = { contractId: contract.contractId, amendmentId: id }
          await acceptAmendment(card.asClient(), amendment, textSha256)
        },
      ],
      [
        'the time to finish is over',
        async ({ bookingId }) => {
          await card.query(
            `update payment_intents set expires_at = now() - interval '1 second' where booking_id = $1 and purpose = 'contract'`,
            [bookingId],
          )
          await paymentJobs.giveUpPayments.run(card.contexts.systemContext('giveUpPayments'), {})
        },
      ],
    ]

    it.each(ends)('is voided at the gateway where the payer has not paid when %s', async (_, end) => {
      const contract = await atWork()
      const { reference } = await card.begin(contract)
      await end(contract)
      const moved = await movedAtGateway(async () => {
        await card.work(contract)
        await card.simulator.pay({ reference }).catch(() => undefined)
        await card.simulator.settle()
        await card.work(contract)
      })
      expect(moved).toEqual({ captured: 0, refunded: 0 })
      expect((await card.paymentsOf(contract))[1]).toMatchObject({ status: 'canceled', captured: 0 })
      expect(
        await card.query('select release_due_at as due from payment_transactions where reference = $1', [
          reference,
        ]),
      ).toEqual([{ due: null }])
      await card.balanced(contract)
    })

    it.each(ends)('goes back, once, where the payer has paid after %s', async (_, end) => {
      const contract = await atWork()
      const { reference } = await card.begin(contract)
      await end(contract)
      const state = await card.stateOf(contract)
      const moved = await movedAtGateway(async () => {
        card.simulator.plan({ kind: 'dup_event', copies: 2 })
        await card.simulator.pay({ reference })
        await card.simulator.settle()
        for (let again = 0; again < 3; again += 1) await card.work(contract)
      })
      expect(moved).toEqual({ captured: 30_000, refunded: 30_000 })
      expect(await card.stateOf(contract)).toEqual(state)
      expect((await card.refundsOf(contract)).filter(({ kind }) => kind === 'return')).toEqual([
        { kind: 'return', amount: 30_000, status: 'succeeded', destination: 'original', reason: 'late' },
      ])
      await card.balanced(contract)
    })

    it('is in escrow and goes back, or goes back at once, beside a cancellation', async () => {
      const seen = new Set<string>()
      for (let round = 0; round < 10; round += 1) {
        const contract = await card.aContract([10_000, 20_000])
        const { reference } = await card.begin(contract)
        const moved = await movedAtGateway(async () => {
          const ways = [() => card.simulator.pay({ reference }), () => cancel(contract)]
          const outcomes = await Promise.all(
            (round % 2 ? ways.toReversed() : ways).map((way) => outcomeOf(way())),
          )
          expect(outcomes).toEqual(['ok', 'ok'])
          await card.simulator.settle()
          for (let again = 0; again < 2; again += 1) await card.work(contract)
        })
        expect(moved.captured).toBe(moved.refunded)
        const state = await card.stateOf(contract)
        expect(state).toMatchObject({ status: 'canceled', held: 0, open: 0, ledger: 0 })
        seen.add(`${state.funded}`)
        await card.balanced(contract)
      }
      expect([...seen].every((funded) => ['0', '30000'].includes(funded))).toBe(true)
    })
  })

  describe('and its bank takes back', () => {
    async function chargedBack({ reference }: { reference: string }, major?: string): Promise<string> {
      const made = await card.simulator.chargeback({ reference, ...(major && { major }) })
      await card.simulator.settle()
      await sweepChargebacks(card.system())
      return made
    }

    it('gives back nothing of what was released of another payment', async () => {
      const contract = await card.aContract([10_000, 20_000])
      await card.paid(contract, 'next')
      await deliver(contract, 0)
      const second = await card.paid(contract, 'next')
      const loss = await card.balanceOf('chargebacks')
      await chargedBack(second)
      const moved = await movedAtGateway(async () => {
        await cancel(contract)
        await card.work(contract)
      })
      expect(moved.refunded).toBe(0)
      expect(await card.stateOf(contract)).toMatchObject({ released: 10_000, refunded: 20_000, held: 0 })
      expect(await card.balanceOf('chargebacks')).toBe(loss)
      await card.balanced(contract)
    })

    it('is the payer’s again where the bank changes its mind after the contract has made it good', async () => {
      const contract = await card.aContract([10_000, 20_000])
      const funding = await card.paid(contract)
      const [loss, wallet] = [await card.balanceOf('chargebacks'), await card.balanceOf('client_wallet')]
      const made = await chargedBack(funding)
      await cancel(contract)
      await card.work(contract)
      expect(await card.balanceOf('chargebacks')).toBe(loss)
      await card.simulator.endChargeback({ gatewayReference: made, outcome: 'won' })
      await card.simulator.settle()
      expect(await card.balanceOf('chargebacks')).toBe(loss)
      expect(await card.balanceOf('client_wallet')).toBe(wallet + 30_000)
      await card.balanced(contract)
    })

    it.each([
      ['goes back', 3_000, (contract: ContractThere) => cancel(contract)],
      ['is released', 5_000, (contract: ContractThere) => deliver(contract, 1)],
    ])(
      'costs the tasker no more than was sold, where what was held %s after the chargeback',
      async (_, sold, end) => {
        await card.query(
          `insert into tax_rules (id, name, kind, rate_basis_points, country, applies_to, is_inclusive, exempts, starts_at)
           values ($1, 'TCS', 'tcs', 100, 'EG', '{service}', false, '{}', now() - interval '1 minute')`,
          [newId()],
        )
        const contract = await card.aContract([8_000, 2_000])
        const funding = await card.paid(contract)
        await deliver(contract, 0)
        const made = await chargedBack(funding, '50.00')
        await card.simulator.endChargeback({ gatewayReference: made, outcome: 'lost' })
        await card.simulator.settle()
        await sweepChargebacks(card.system())
        await invoiceEntries(card.system())
        await end(contract)
        await card.work(contract)
        for (let run = 0; run < 2; run += 1) await invoiceEntries(card.system())
        await card.query('update tax_rules set active = false')
        expect(
          await card.query(
            'select document_type as type, what, expected::int, found::int from khidma.invoice_differences()',
          ),
        ).toEqual([])
        const [row] = await card.query<{ credited: number; withheld: number }>(
          `select (select sum(i.total) from invoices i where i.kind = 'credit_note' and i.booking_id = $1 and i.document_type = 'chargeback')::int as credited,
                  khidma.tax_withheld_of($1)::int as withheld`,
          [contract.bookingId],
        )
        const released = (await card.stateOf(contract)).released
        expect(row).toEqual({ credited: sold, withheld: (released - sold) / 100 })
        await card.balanced(contract)
      },
    )
  })

  describe('at a gateway that cannot return', () => {
    it('gives each payment back the way it came, and into the wallet what the gateway cannot return', async () => {
      const contract = await card.aContract([10_000, 20_000])
      const wallet = await card.balanceOf('client_wallet')
      await card.paid(contract, 'next')
      await card.fund(contract, 'all', { method: 'wallet' })
      await cancelBooking(card.asTasker(), contract.bookingId, 'Ill.')
      card.simulator.plan({ kind: 'refund_fails' })
      await card.work(contract)
      // The gateway's clock is ahead from here on: what it tells is not believed any more.
      card.simulator.plan({ kind: 'never' })
      await card.simulator.advance(3_600_000)
      await card.query('update refunds set next_at = now()')
      await card.work(contract)
      expect(await card.refundsOf(contract)).toMatchObject([
        { amount: 20_000, destination: 'wallet', status: 'succeeded' },
        { amount: 10_000, destination: 'original', status: 'failed' },
      ])
      expect(await card.balanceOf('client_wallet')).toBe(wallet + 10_000)
      expect(await card.stateOf(contract)).toMatchObject({ status: 'canceled', held: 0, open: 0 })
      await card.balanced(contract)
    })
  })
})
