import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openDispute } from '../../src/areas/trust/disputes/disputes.ts'
import { cancelBooking } from '../../src/areas/work/bookings/bookings.ts'
import { proposeAmendment } from '../../src/areas/work/contracts/amendments.ts'
import { cancelContract } from '../../src/areas/work/contracts/contracts.ts'
import { fundContract } from '../../src/areas/work/contracts/funding.ts'
import { sweepContracts } from '../../src/areas/work/contracts/jobs.ts'
import { approveMilestone, returnMilestone } from '../../src/areas/work/contracts/milestones.ts'
import { newId } from '../../src/core/ids.ts'
import { type ContractWorld, openContractWorld } from '../support/contract-world.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('contracts, from many connections at once', () => {
  let world: ContractWorld
  beforeAll(async () => {
    world = await openContractWorld()
  })
  afterAll(() => world.close())
  let key = ''
  beforeEach(() => {
    key = newId()
  })

  const choice = () =>
    ({
      method: 'wallet',
      returnUrl: null,
      saveMethod: false,
      storedMethodId: null,
      requestKey: newId(),
    }) as const

  it('twelve payments for the next milestone fund each one once', async () => {
    const contract = await world.aContract([1_000, 2_000, 3_000])
    const outcomes = await times(12, () =>
      outcomeOf(fundContract(world.asClient(), contract.contractId, 'next', choice())),
    )
    expect(count(outcomes)).toEqual({ ok: 3, escrow_funded: 9 })
    expect(await world.stateOf(contract)).toMatchObject({
      funded: 6_000,
      held: 6_000,
      ledger: 6_000,
      needed: 6_000,
    })
  })

  it('one request, sent at once many times, pays once', async () => {
    const contract = await world.aContract([1_000, 2_000])
    const outcomes = await times(6, () =>
      outcomeOf(
        fundContract(world.asClient(), contract.contractId, 'next', { ...choice(), requestKey: key }),
      ),
    )
    expect(count(outcomes)).toEqual({ ok: 6 })
    expect(await world.stateOf(contract)).toMatchObject({ funded: 1_000, held: 1_000, ledger: 1_000 })
  })

  it('ten approvals release once, and the tasker is paid once', async () => {
    const contract = await world.aContract([1_000, 2_000], 'submitted')
    const outcomes = await times(10, () => outcomeOf(approveMilestone(world.asClient(), contract.first)))
    expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 9 })
    expect(await world.stateOf(contract)).toMatchObject({
      released: 1_000,
      held: 2_000,
      ledger: 2_000,
      needed: 2_000,
    })
  })

  it('a release beside a dispute: the money is released, or frozen, and never both', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 16; round += 1) {
      const contract = await world.aContract([1_000, 2_000], 'submitted')
      const ways = [
        () => approveMilestone(world.asClient(), contract.first),
        () => openDispute(world.asTasker(), contract.bookingId, { reason: 'Unpaid' }),
      ]
      const outcomes = await Promise.all(
        (round % 2 ? ways.toReversed() : ways).map((way) => outcomeOf(way())),
      )
      expect(outcomes.filter((outcome) => !['ok', 'contract_not_active'].includes(outcome))).toEqual([])
      const state = await world.stateOf(contract)
      expect(state.status).toBe('disputed')
      expect(state.held).toBe(state.released === 0 ? 3_000 : 2_000)
      expect([state.ledger, state.needed]).toEqual([state.held, state.held])
      seen.add(String(state.released))
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  it('silence beside asking for changes: released, or given back, and the sweep is idempotent', async () => {
    for (let round = 0; round < 12; round += 1) {
      const contract = await world.aContract([1_000, 2_000], 'submitted')
      // The deadline is now: who comes first decides.
      await world.connection.query(
        `update milestones set releases_at = now() + interval '15 ms' where id = $1`,
        [contract.first.milestoneId],
      )
      const outcomes = await Promise.all([
        outcomeOf(returnMilestone(world.asClient(), contract.first, 'The corner')),
        ...[1, 2, 3].map(() => outcomeOf(sweepContracts(world.asSystem(), 100))),
      ])
      expect(['ok', 'release_due', 'invalid_transition']).toContain(outcomes[0])
      await sweepContracts(world.asSystem(), 100)
      const state = await world.stateOf(contract)
      expect(state.released).toBe(outcomes[0] === 'ok' ? 0 : 1_000)
      expect([state.ledger, state.needed]).toEqual([state.held, state.held])
    }
  })

  it('approving beside canceling contract and booking, by both sides: all of it goes somewhere, once', async () => {
    for (let round = 0; round < 12; round += 1) {
      const contract = await world.aContract([1_000, 2_000], round % 2 ? 'submitted' : 'funded')
      const ways = [
        () => approveMilestone(world.asClient(), contract.first),
        () => cancelContract(world.asTasker(), contract.contractId, 'No', undefined),
        () => cancelBooking(world.asClient(), contract.bookingId, 'No'),
        () => fundContract(world.asClient(), contract.contractId, 'all', choice()),
        () => proposeAmendment(world.asTasker(), contract.contractId, world.cheaper(contract), 'Less'),
      ]
      const inTurn = [...ways.slice(round % 5), ...ways.slice(0, round % 5)]
      await Promise.all(inTurn.map((way) => outcomeOf(way())))
      const state = await world.stateOf(contract)
      expect(state).toMatchObject({ status: 'canceled', held: 0, ledger: 0, needed: 0, open: 0 })
      expect(state.funded).toBe(state.released + state.refunded)
    }
  })
})
