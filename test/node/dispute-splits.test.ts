import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { confirmCash } from '../../src/areas/money/payments/cash.ts'
import { choosePayment } from '../../src/areas/money/payments/payments.ts'
import { createRefund } from '../../src/areas/money/payments/refunds.ts'
import { refundDispute, type Split, splitDispute } from '../../src/areas/trust/disputes/disputes.ts'
import { acceptOffer, proposeOffer } from '../../src/areas/trust/disputes/offers.ts'
import { draftContract, signContract } from '../../src/areas/work/contracts/contracts.ts'
import { fundContract } from '../../src/areas/work/contracts/funding.ts'
import {
  approveMilestone,
  startMilestone,
  submitMilestone,
} from '../../src/areas/work/contracts/milestones.ts'
import { newId } from '../../src/core/ids.ts'
import { type Disputed, type DisputeWorld, openDisputeWorld } from '../support/dispute-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const currencies = ['EGP', 'NGN', 'KGS', 'INR', 'GHS'] as const
const basisPoints = fc.oneof(
  fc.integer({ min: 0, max: 10_000 }),
  fc.constantFrom(0, 1, 3_333, 5_000, 9_999, 10_000),
)
/** Amounts that round badly, up to some that are beyond 32 bits. */
const amount = fc.oneof(
  fc.integer({ min: 1, max: 30 }),
  fc.integer({ min: 1, max: 100_000 }),
  fc.integer({ min: 3_000_000_000, max: 90_000_000_000 }),
)
/** A part of something, chosen before it is known: in millionths. */
const part = fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.constantFrom(0, 1_000_000))
const partOf = (whole: number, millionths: number): number =>
  Number((BigInt(whole) * BigInt(millionths)) / 1_000_000n)

/** A share as it is documented: rounded half up. */
const shareOf = (whole: number, points: number): number =>
  Number((BigInt(whole) * BigInt(points) + 5_000n) / 10_000n)

const decision = fc.oneof(
  fc.record({ by: fc.constant('share' as const), points: basisPoints }),
  fc.record({ by: fc.constantFrom('amount' as const, 'offer' as const), millionths: part }),
)
type Decision = typeof decision extends fc.Arbitrary<infer D> ? D : never

const rate = 1_500

describeReal('the split of a dispute', { timeout: 60_000 }, () => {
  let world: DisputeWorld
  beforeAll(async () => {
    world = await openDisputeWorld()
  })
  afterAll(() => world.close())

  const read = async <Row>(text: string, ...values: unknown[]): Promise<Row[]> =>
    (await world.connection.query(text, values)).rows as Row[]

  /** Returns sums of the entries of a booking by account. */
  async function movedBy(booking: string): Promise<Record<string, number>> {
    const rows = await read<{ kind: string; moved: number }>(
      `select a.kind, sum(l.amount)::float8 as moved from ledger_entries e join ledger_lines l on l.entry_id = e.id
         join ledger_accounts a on a.id = l.account_id where e.booking_id = $1 group by 1`,
      booking,
    )
    const moved = Object.fromEntries(rows.map(({ kind, moved }) => [kind, moved]))
    expect(Object.values(moved).reduce((sum, each) => sum + each, 0)).toBe(0)
    return moved
  }

  /** Splits `whole` as decided, and returns the tasker's part by the rule. */
  async function split(
    story: Disputed,
    whole: number,
    made: Decision,
    arbitrationAmount = 0,
  ): Promise<number> {
    const rest = whole - arbitrationAmount
    const expected = made.by === 'share' ? shareOf(rest, made.points) : partOf(rest, made.millionths)
    if (made.by === 'offer') {
      const { id } = await proposeOffer(world.as('client'), story.dispute, {
        clientAmount: whole - expected,
        taskerAmount: expected,
      })
      await acceptOffer(world.as('tasker'), { disputeId: story.dispute, disputeOfferId: id })
    } else {
      const fields: Split =
        made.by === 'share'
          ? { taskerBasisPoints: made.points, arbitrationAmount }
          : { taskerAmount: expected, arbitrationAmount }
      await splitDispute(world.as('ops'), story.dispute, fields)
    }
    const { outcome } = await world.endOf(story)
    expect(outcome).toMatchObject({
      amount: whole,
      taskerAmount: expected,
      arbitrationAmount,
      clientAmount: rest - expected,
    })
    for (const each of [expected, rest - expected]) expect(each).toBeGreaterThanOrEqual(0)
    return expected
  }

  it('of a payment gives the client their part of what is in question, once, and takes it from the tasker', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          captured: amount,
          currency: fc.constantFrom(...currencies),
          method: fc.constantFrom('cash' as const, 'wallet' as const),
          refunded: fc.option(part),
          /** An earlier dispute, ended by a refund. */
          decided: fc.option(part),
          question: fc.option(part),
          made: decision,
        }),
        async ({ captured, currency, method, refunded, decided, question, made }) => {
          const booking = await world.aPaid(captured, currency, method)
          const before = await movedBy(booking)
          let left = captured
          const first = decided === null ? 0 : partOf(left, decided)
          if (first > 0) {
            const { dispute } = await world.disputed(booking)
            await refundDispute(world.as('judge'), dispute, { amount: first })
            left -= first
          }
          const second = refunded === null ? 0 : partOf(left, refunded)
          if (second > 0) {
            const [payment] = await read<{ id: string }>(
              'select id from payment_intents where booking_id = $1',
              booking,
            )
            await createRefund(world.as('ops'), (payment as { id: string }).id, {
              amount: second,
              reason: 'requested',
              destination: 'wallet',
            })
            left -= second
          }
          const asked = question === null || left === 0 ? undefined : Math.max(1, partOf(left, question))
          const whole = asked ?? left
          // Nothing is left to split: the end of the dispute is another.
          if (whole === 0) return
          const story = await world.disputed(booking, asked)
          const tasker = await split(story, whole, made)
          const end = await world.endOf(story)
          expect(end).toMatchObject({
            captured,
            returned: whole - tasker,
            refunded: captured - left + whole - tasker,
          })
          expect(end.refunded).toBeLessThanOrEqual(captured)
          const after = await movedBy(booking)
          const change = (kind: string) => (after[kind] ?? 0) - (before[kind] ?? 0)
          expect(change('client_wallet')).toBe(end.refunded)
          expect(change('tasker_payable') + change('refund_receivable')).toBe(0 - end.refunded)
          // The commission was earned with the payment; a refund is the tasker's.
          expect([change('platform_fee'), after.platform_fee ?? 0]).toEqual([0, shareOf(captured, rate)])
        },
      ),
      { numRuns: 25 },
    )
    await world.expectBalanced()
  })

  it('of escrow empties it: released less commission, refunded, and the cost of the decision', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          amounts: fc.array(amount, { minLength: 1, maxLength: 4 }),
          currency: fc.constantFrom(...currencies),
          isFirstReleased: fc.boolean(),
          arbitration: fc.option(part),
          made: decision,
        }),
        async ({ amounts, currency, isFirstReleased, arbitration, made }) => {
          const { booking, contract, milestones } = await aFundedContract(amounts, currency)
          const first = { contractId: contract, milestoneId: milestones[0] as string }
          await startMilestone(world.as('tasker'), first)
          const released = isFirstReleased && amounts.length > 1 ? (amounts[0] as number) : 0
          if (released > 0) {
            await submitMilestone(world.as('tasker'), first, { note: 'Done', mediaIds: [] })
            await approveMilestone(world.as('client'), first)
          }
          const funded = amounts.reduce((sum, each) => sum + each, 0)
          const story = await world.disputed(booking)
          const held = funded - released
          // A twentieth, as agreed with the contract.
          const most = Math.floor(held / 20)
          const cost = made.by === 'offer' || arbitration === null ? 0 : partOf(most, arbitration)
          const tasker = await split(story, held, made, cost)
          const [escrow] = await read(
            `select funded_amount::float8 as funded, released_amount::float8 as released, refunded_amount::float8 as refunded,
                    arbitration_amount::float8 as arbitration, commission_amount::float8 as commission,
                    (select sum(m.released_amount)::float8 from milestones m where m.contract_id = e.contract_id) as "releasedThere",
                    (select sum(m.refunded_amount)::float8 from milestones m where m.contract_id = e.contract_id) as "refundedThere",
                    (select sum(m.arbitration_amount)::float8 from milestones m where m.contract_id = e.contract_id) as "arbitrationThere",
                    (select bool_and(m.amount = m.released_amount + m.refunded_amount + m.arbitration_amount
                                     and least(m.released_amount, m.refunded_amount, m.arbitration_amount) >= 0)
                       from milestones m where m.contract_id = e.contract_id) as "addsUp"
               from escrows e where e.contract_id = $1`,
            contract,
          )
          const commission = shareOf(released + tasker, rate)
          const client = held - cost - tasker
          expect(escrow).toEqual({
            funded,
            released: released + tasker,
            refunded: client,
            arbitration: cost,
            commission,
            releasedThere: released + tasker,
            refundedThere: client,
            arbitrationThere: cost,
            addsUp: true,
          })
          const moved = await movedBy(booking)
          expect(moved.escrow).toBe(0)
          expect(moved.client_wallet).toBe(client - funded)
          expect(moved.tasker_payable ?? 0).toBe(released + tasker - commission)
        },
      ),
      { numRuns: 20 },
    )
    await world.expectBalanced()
  })

  it('of a fare makes the tasker’s part the price, on which commission is due; without any, nothing is paid', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ fare: amount, currency: fc.constantFrom(...currencies), made: decision }),
        async ({ fare, currency, made }) => {
          const booking = await world.aCompleted(fare, currency)
          const story = await world.disputed(booking)
          const tasker = await split(story, fare, made)
          const end = await world.endOf(story)
          expect(end).toMatchObject({
            booking: tasker > 0 ? 'completed' : 'canceled',
            captured: 0,
            refunds: 0,
          })
          expect(await movedBy(booking)).toEqual({})
          if (tasker === 0) return
          await choosePayment(world.as('client'), booking, 'cash')
          await confirmCash(world.as('tasker'), booking)
          expect((await world.endOf(story)).captured).toBe(tasker)
          expect((await movedBy(booking)).platform_fee ?? 0).toBe(shareOf(tasker, rate))
        },
      ),
      { numRuns: 20 },
    )
    await world.expectBalanced()
  })

  async function aFundedContract(amounts: number[], currency: string) {
    const booking = await world.aConfirmed(currency)
    const draft = await draftContract(world.as('tasker'), booking, {
      terms: { title: 'Rooms', scope: 'Paint' },
      milestones: amounts.map((each, n) => ({
        title: `Room ${n + 1}`,
        description: null,
        amount: each,
        dueAt: null,
      })),
    })
    await signContract(world.as('tasker'), draft.id, draft.sha256)
    await signContract(world.as('client'), draft.id, draft.sha256)
    await world.fillWallet(
      amounts.reduce((sum, each) => sum + each, 0),
      currency,
    )
    await fundContract(world.as('client'), draft.id, 'all', {
      method: 'wallet',
      returnUrl: null,
      saveMethod: false,
      storedMethodId: null,
      requestKey: newId(),
    })
    return { booking, contract: draft.id, milestones: draft.milestones.map(({ id }) => id) }
  }
})
