import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import {
  appealDispute,
  refundDispute,
  rejectDispute,
  resolveDispute,
  splitDispute,
  withdrawDispute,
} from '../../src/areas/trust/disputes/disputes.ts'
import {
  acceptOffer,
  declineOffer,
  proposeOffer,
  withdrawOffer,
} from '../../src/areas/trust/disputes/offers.ts'
import { type Disputed, type DisputeWorld, openDisputeWorld } from '../support/dispute-world.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const fare = 12_000
const rounds = 8

describeReal('disputes, from many connections at once', () => {
  let world: DisputeWorld
  beforeAll(async () => {
    world = await openDisputeWorld()
  })
  afterAll(() => world.close())
  afterEach(() => world.expectBalanced())

  const aDisputed = async () => world.disputed(await world.aPaid(fare))
  const half = (who: 'ops' | 'judge', { dispute }: Disputed) =>
    splitDispute(world.as(who), dispute, { taskerAmount: fare / 2, arbitrationAmount: 0 })

  /** Staff propose that the client gets 5,000 back. */
  async function anOffer(story: Disputed) {
    const { id } = await proposeOffer(world.as('ops'), story.dispute, {
      clientAmount: 5_000,
      taskerAmount: fare - 5_000,
    })
    return { disputeId: story.dispute, disputeOfferId: id }
  }

  /** Runs them at the same moment, begun in another order each round. */
  const atOnce = async (round: number, calls: (() => Promise<unknown>)[]): Promise<string[]> => {
    const turned = round % calls.length
    const outcomes = await Promise.all(
      [...calls.slice(turned), ...calls.slice(0, turned)].map((call) => outcomeOf(call())),
    )
    const back = calls.length - turned
    return [...outcomes.slice(back), ...outcomes.slice(0, back)]
  }

  /** Ended once, and all that went back belongs to that end. */
  async function expectOneEnd(story: Disputed): Promise<Awaited<ReturnType<DisputeWorld['endOf']>>> {
    const end = await world.endOf(story)
    expect(end).toMatchObject({ booking: 'completed', decisions: 1, captured: fare })
    const decided = Number(end.outcome?.clientAmount ?? end.outcome?.refundAmount ?? 0)
    expect([end.refunded, end.returned, end.refunds]).toEqual([decided, decided, decided > 0 ? 1 : 0])
    expect(end.offers).not.toContain('pending')
    return end
  }

  it('ten decisions of two members of staff: one counts, and money moves once', async () => {
    const story = await aDisputed()
    const outcomes = await times(10, (n) => outcomeOf(half(n % 2 ? 'ops' : 'judge', story)))
    expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 9 })
    expect(await expectOneEnd(story)).toMatchObject({ dispute: 'resolved', refunded: fare / 2 })
  })

  it('two members of staff decide differently: what one of them decided, and nothing of the others', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const story = await aDisputed()
      const outcomes = await atOnce(round, [
        () => half('ops', story),
        () => refundDispute(world.as('judge'), story.dispute, { amount: 3_000 }),
        () => rejectDispute(world.as('judge'), story.dispute),
        () => resolveDispute(world.as('ops'), story.dispute, {}),
      ])
      expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 3 })
      const { refunded } = await expectOneEnd(story)
      expect(refunded).toBe([6_000, 3_000, 0, 0][outcomes.indexOf('ok')])
    }
  })

  it('both sides accept an offer, each of them three times: it is done once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const story = await aDisputed()
      const offer = await anOffer(story)
      const outcomes = await atOnce(
        round,
        (['client', 'tasker', 'client', 'tasker', 'client', 'tasker'] as const).map(
          (who) => () => acceptOffer(world.as(who), offer),
        ),
      )
      // Accepting again changes nothing until it is done; afterwards the dispute is decided.
      expect(outcomes.filter((outcome) => !['ok', 'dispute_decided'].includes(outcome))).toEqual([])
      expect(count(outcomes).ok).toBeGreaterThanOrEqual(2)
      expect(await expectOneEnd(story)).toMatchObject({
        dispute: 'resolved',
        refunded: 5_000,
        offers: ['accepted'],
        outcome: { offerId: offer.disputeOfferId, clientAmount: 5_000, taskerAmount: 7_000 },
      })
    }
  })

  it('a decision beside the last acceptance: the offer, or the decision', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const story = await aDisputed()
      const offer = await anOffer(story)
      await acceptOffer(world.as('tasker'), offer)
      const [accepted, decided] = await atOnce(round, [
        () => acceptOffer(world.as('client'), offer),
        () => half('judge', story),
      ])
      const { refunded, offers } = await expectOneEnd(story)
      if (accepted === 'ok') {
        expect([decided, refunded, offers]).toEqual(['invalid_transition', 5_000, ['accepted']])
      } else {
        expect([accepted, decided, refunded, offers]).toEqual(['dispute_decided', 'ok', 6_000, ['expired']])
      }
    }
  })

  it('the last acceptance beside its refusal, and beside its end by whoever made it: accepted, or not done at all', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const story = await aDisputed()
      const offer = await anOffer(story)
      await acceptOffer(world.as('client'), offer)
      const [accepted, ...others] = await atOnce(round, [
        () => acceptOffer(world.as('tasker'), offer),
        () => declineOffer(world.as('client'), offer),
        () => withdrawOffer(world.as('ops'), offer),
      ])
      if (accepted === 'ok') {
        expect(others).toEqual(['dispute_decided', 'dispute_decided'])
        expect(await expectOneEnd(story)).toMatchObject({ refunded: 5_000, offers: ['accepted'] })
      } else {
        expect(count(others)).toEqual({ ok: 1, invalid_transition: 1 })
        expect(await world.endOf(story)).toMatchObject({ dispute: 'open', booking: 'disputed', refunded: 0 })
      }
    }
  })

  it('two proposals at once: one waits', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const story = await aDisputed()
      const propose = (who: 'client' | 'tasker' | 'ops') => () =>
        proposeOffer(world.as(who), story.dispute, { clientAmount: 1_000, taskerAmount: fare - 1_000 })
      const outcomes = await atOnce(round, [propose('client'), propose('tasker'), propose('ops')])
      expect(count(outcomes)).toEqual({ ok: 1, dispute_offer_exists: 2 })
      expect((await world.endOf(story)).offers).toEqual(['pending'])
    }
  })

  it('a withdrawal beside a decision and an acceptance: one of them', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const story = await aDisputed()
      const offer = await anOffer(story)
      await acceptOffer(world.as('client'), offer)
      const outcomes = await atOnce(round, [
        () => withdrawDispute(world.as('client'), story.dispute),
        () => half('judge', story),
        () => acceptOffer(world.as('tasker'), offer),
      ])
      expect(count(outcomes).ok).toBe(1)
      const { dispute, refunded } = await expectOneEnd(story)
      expect([dispute, refunded]).toEqual(
        [
          ['withdrawn', 0],
          ['resolved', 6_000],
          ['resolved', 5_000],
        ][outcomes.indexOf('ok')],
      )
    }
  })

  it('both sides appeal a decision at once, several times: one appeal', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const story = await aDisputed()
      await half('ops', story)
      const outcomes = await times(6, (n) =>
        outcomeOf(
          appealDispute(world.as((n + round) % 2 ? 'client' : 'tasker'), story.dispute, {
            reason: 'Look again.',
          }),
        ),
      )
      expect(count(outcomes)).toEqual({ ok: 1, already_appealed: 5 })
      const { rows } = await world.connection.query('select id from disputes where appeal_of = $1', [
        story.dispute,
      ])
      expect(rows).toHaveLength(1)
      expect(await world.endOf(story)).toMatchObject({ booking: 'disputed', refunded: 6_000 })
      // An amount that was given back already is not split again.
      const appeal = { ...story, dispute: rows[0].id }
      const decided = await times(4, () =>
        outcomeOf(
          splitDispute(world.as('judge'), appeal.dispute, { taskerAmount: 2_000, arbitrationAmount: 0 }),
        ),
      )
      expect(count(decided)).toEqual({ ok: 1, invalid_transition: 3 })
      expect(await world.endOf(appeal)).toMatchObject({
        booking: 'completed',
        refunded: 10_000,
        returned: 4_000,
        outcome: { amount: 6_000, clientAmount: 4_000 },
      })
    }
  })
})
