import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  openDispute,
  rejectDispute,
  resolveDispute,
  splitDispute,
} from '../../src/areas/trust/disputes/disputes.ts'
import { cancelBooking } from '../../src/areas/work/bookings/bookings.ts'
import {
  acceptAmendment,
  listAmendments,
  proposeAmendment,
  rejectAmendment,
} from '../../src/areas/work/contracts/amendments.ts'
import { cancelContract, keepContract } from '../../src/areas/work/contracts/contracts.ts'
import { fundContract } from '../../src/areas/work/contracts/funding.ts'
import { sweepContracts } from '../../src/areas/work/contracts/jobs.ts'
import {
  approveMilestone,
  requestRelease,
  returnMilestone,
  startMilestone,
  submitMilestone,
} from '../../src/areas/work/contracts/milestones.ts'
import { newId } from '../../src/core/ids.ts'
import { Problem } from '../../src/core/problems.ts'
import { type ContractThere, type ContractWorld, openContractWorld } from '../support/contract-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const amounts = [1_003, 2_005, 4_001]

const simple = <const K extends string>(...kinds: K[]) => fc.record({ kind: fc.constantFrom(...kinds) })
/** Steps that go on come more often than those that end a story. */
const step = fc.oneof(
  { weight: 6, arbitrary: simple('fund next', 'fund all', 'sweep', 'accept', 'reject', 'keep') },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('start', 'submit', 'approve', 'return', 'request'),
      milestone: fc.nat(2),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver'), milestone: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), days: fc.integer({ min: 1, max: 20 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('split'),
      basisPoints: fc.integer({ min: 0, max: 10_000 }),
      arbitration: fc.nat(300),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('amend'),
      amounts: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cancel'), by: fc.constantFrom('client', 'tasker', 'ops') }),
  },
  { weight: 1, arbitrary: simple('dispute', 'resolve', 'refuse dispute', 'cancel booking') },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describeReal('a contract, whatever happens to it', () => {
  let world: ContractWorld
  beforeAll(async () => {
    world = await openContractWorld()
  })
  afterAll(() => world.close())

  async function take(contract: ContractThere, action: Step): Promise<unknown> {
    const { contractId, bookingId, milestoneIds } = contract
    const choice = {
      method: 'wallet',
      returnUrl: null,
      saveMethod: false,
      storedMethodId: null,
      requestKey: newId(),
    } as const
    const dispute = async () =>
      (await world.connection.query('select id from disputes where booking_id = $1', [bookingId])).rows[0]
        ?.id ?? newId()
    const pending = async () =>
      (await listAmendments(world.asClient(), contractId, { limit: 1, after: null }))[0]
    const side = (by: string) =>
      by === 'client' ? world.asClient() : by === 'tasker' ? world.asTasker() : world.asOps()
    if ('milestone' in action) {
      const which = { contractId, milestoneId: milestoneIds[action.milestone] as string }
      switch (action.kind) {
        case 'start':
          return startMilestone(world.asTasker(), which)
        case 'submit':
          return submitMilestone(world.asTasker(), which, { note: 'Done', mediaIds: [] })
        case 'approve':
          return approveMilestone(world.asClient(), which)
        case 'deliver':
          await startMilestone(world.asTasker(), which)
          await submitMilestone(world.asTasker(), which, { note: 'Done', mediaIds: [] })
          return approveMilestone(world.asClient(), which)
        case 'return':
          return returnMilestone(world.asClient(), which, 'Again')
        default:
          return requestRelease(world.asTasker(), which)
      }
    }
    if ('days' in action)
      return world.connection.query(
        `with m as (update milestones set releases_at = releases_at - make_interval(days => $2), deadline_at = deadline_at - make_interval(days => $2)
                     where contract_id = $1), a as (update contract_amendments set expires_at = expires_at - make_interval(days => $2) where contract_id = $1)
         update contracts set dormant_due_at = dormant_due_at - make_interval(days => $2) where id = $1`,
        [contractId, action.days],
      )
    if ('basisPoints' in action)
      return splitDispute(world.asOps(), await dispute(), {
        taskerBasisPoints: action.basisPoints,
        arbitrationAmount: action.arbitration,
      })
    if ('amounts' in action) {
      const there = (await world.read(contractId)).milestones.filter(({ outcome }) => outcome !== 'removed')
      const milestones = action.amounts.map((amount, n) => {
        const known = there[n]
        if (known?.status === 'completed')
          return {
            id: known.id,
            title: known.title,
            description: known.description,
            amount: known.amount,
            dueAt: known.dueAt,
          }
        return {
          ...(known && { id: known.id }),
          title: `Room ${n + 1}`,
          description: null,
          amount: known?.fundedAt ? Math.min(amount, known.amount) : amount,
          dueAt: null,
        }
      })
      return proposeAmendment(
        world.asTasker(),
        contractId,
        { terms: { title: 'Rooms', scope: 'Paint' }, milestones },
        'As we said',
      )
    }
    if ('by' in action) return cancelContract(side(action.by), contractId, 'No', undefined)
    switch (action.kind) {
      case 'fund next':
      case 'fund all':
        return fundContract(world.asClient(), contractId, action.kind === 'fund all' ? 'all' : 'next', choice)
      case 'sweep':
        return sweepContracts(world.asSystem(), 50)
      case 'accept': {
        const amendment = await pending()
        return (
          amendment &&
          acceptAmendment(world.asClient(), { contractId, amendmentId: amendment.id }, amendment.textSha256)
        )
      }
      case 'reject': {
        const amendment = await pending()
        return amendment && rejectAmendment(world.asClient(), { contractId, amendmentId: amendment.id })
      }
      case 'keep':
        return keepContract(world.asTasker(), contractId)
      case 'dispute':
        return openDispute(world.asClient(), bookingId, { reason: 'Not as agreed' })
      case 'resolve':
        return resolveDispute(world.asOps(), await dispute(), {})
      case 'refuse dispute':
        return rejectDispute(world.asOps(), await dispute())
      default:
        return cancelBooking(world.asTasker(), bookingId, 'No')
    }
  }

  it('holds what its open milestones need and what its entries say, and leaves nothing open behind its end', async () => {
    const [ended, taken] = [new Set<string>(), new Set<string>()]
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const contract = await world.aContract(amounts)
        // Most stories begin with money.
        if (steps.length % 4 > 0) await take(contract, { kind: 'fund all' })
        for (const action of steps) {
          const outcome = await take(contract, action).then(
            () => 'ok',
            (error: unknown) => {
              // Everything but a refusal is a bug: a broken promise of the commit, or a statement.
              if (!(error instanceof Problem) || error.code === 'internal_error') throw error
              return error.code
            },
          )
          if (outcome === 'ok') taken.add(action.kind)
          const state = await world.stateOf(contract)
          expect([state.ledger, state.needed]).toEqual([state.held, state.held])
          expect(state.funded).toBe(state.held + state.released + state.refunded + state.arbitration)
          if (['completed', 'canceled'].includes(state.status)) {
            ended.add(state.status)
            expect(state).toMatchObject({ held: 0, open: 0 })
            expect(['completed', 'canceled']).toContain(state.booking)
          } else if (state.status === 'disputed') expect(state.booking).toBe('disputed')
        }
      }),
      { numRuns: 60, seed: 7 },
    )
    expect([...ended].toSorted()).toEqual(['canceled', 'completed'])
    for (const kind of ['fund next', 'fund all', 'start', 'submit', 'amend'])
      expect([...taken]).toContain(kind)
    // The wallet was filled without a document, and no more of the books is.
    const { rows } = await world.connection.query(
      `select document_type, what from khidma.document_differences() where what <> 'no_document'`,
    )
    expect(rows).toEqual([])
  }, 240_000)
})
