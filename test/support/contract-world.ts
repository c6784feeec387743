import { draftContract, getContract, signContract } from '../../src/areas/work/contracts/contracts.ts'
import { fundContract } from '../../src/areas/work/contracts/funding.ts'
import { startMilestone, submitMilestone } from '../../src/areas/work/contracts/milestones.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertBooking, insertTask, openWorld } from './integrity-world.ts'
import { type NodeContexts, openContexts } from './node-context.ts'
import { fund } from './payouts.ts'

export interface ContractThere {
  contractId: string
  bookingId: string
  milestoneIds: string[]
  first: { contractId: string; milestoneId: string }
}

export interface ContractState {
  status: string
  booking: string
  funded: number
  released: number
  refunded: number
  arbitration: number
  held: number
  /** On the account of escrow, by the entries of the booking; and what the open milestones need. */
  ledger: number
  needed: number
  /** Milestones, amendments, payments and clocks that are open. */
  open: number
}

export type ContractWorld = Awaited<ReturnType<typeof openContractWorld>>

interface Scene {
  world: Awaited<ReturnType<typeof openWorld>>
  contexts: NodeContexts
}

async function openScene(): Promise<Scene> {
  const world = await openWorld()
  return { world, contexts: await openContexts(world.ownerUrl, 16) }
}

/** Contracts on real Postgres, of its own or of a scene: one client with money, one tasker, a day for each booking. */
export async function openContractWorld(scene?: Scene) {
  const { world, contexts } = scene ?? (await openScene())
  let day = 0
  await fund(world.connection, 'client_wallet', world.client.id, 1_000_000_000)
  const asClient = () => contexts.contextOf(world.client) as Context<UserActor>
  const asTasker = () => contexts.contextOf(world.tasker) as Context<UserActor>
  const asOps = () => contexts.contextOf(world.ops) as Context<UserActor>

  async function aContract(
    amounts: number[],
    state: 'active' | 'funded' | 'submitted' = 'active',
  ): Promise<ContractThere> {
    day += 1
    const startsAt = new Date(Date.UTC(2027, 2, day, 10)).toISOString()
    const bookingId = await asOwner(world.connection, async () =>
      insertBooking(world, await insertTask(world, { state: 'confirmed', startsAt }), 'confirmed'),
    )
    const milestones = amounts.map((amount, n) => ({
      title: `Room ${n + 1}`,
      description: null,
      amount,
      dueAt: null,
    }))
    const draft = await draftContract(asTasker(), bookingId, {
      terms: { title: 'Rooms', scope: 'Paint' },
      milestones,
    })
    await signContract(asTasker(), draft.id, draft.sha256)
    await signContract(asClient(), draft.id, draft.sha256)
    const milestoneIds = draft.milestones.map(({ id }) => id)
    const there = {
      contractId: draft.id,
      bookingId,
      milestoneIds,
      first: { contractId: draft.id, milestoneId: milestoneIds[0] as string },
    }
    if (state === 'active') return there
    const choice = {
      method: 'wallet',
      returnUrl: null,
      saveMethod: false,
      storedMethodId: null,
      requestKey: newId(),
    } as const
    await fundContract(asClient(), draft.id, 'all', choice)
    if (state === 'funded') return there
    await startMilestone(asTasker(), there.first)
    await submitMilestone(asTasker(), there.first, { note: 'Done', mediaIds: [] })
    return there
  }

  async function stateOf({ contractId }: ContractThere): Promise<ContractState> {
    const { rows } = await world.connection.query<ContractState>(
      `select c.status, b.status as booking, coalesce(e.funded_amount, 0)::int as funded, coalesce(e.released_amount, 0)::int as released,
              coalesce(e.refunded_amount, 0)::int as refunded, coalesce(e.arbitration_amount, 0)::int as arbitration,
              khidma.held_in_escrow(c.id)::int as held,
              (select coalesce(sum(l.amount), 0) from ledger_entries n join ledger_lines l on l.entry_id = n.id join ledger_accounts a on a.id = l.account_id
                where n.booking_id = b.id and a.kind = 'escrow')::int as ledger,
              (select coalesce(sum(m.amount), 0) from milestones m where m.contract_id = c.id and m.funded_at is not null
                  and m.status not in ('completed', 'canceled'))::int as needed,
              ((select count(*) from milestones m where m.contract_id = c.id and (m.status not in ('completed', 'canceled') or m.releases_at is not null))
                + (select count(*) from contract_amendments a where a.contract_id = c.id and a.status = 'pending')
                + (select count(*) from milestone_submissions s join milestones m on m.id = s.milestone_id where m.contract_id = c.id and s.answered_at is null)
                + (select count(*) from payment_intents p where p.booking_id = b.id and p.status in ('requires_action', 'authorized'))
                + (c.expires_at is not null)::int + (c.dormant_due_at is not null)::int)::int as open
         from contracts c join bookings b on b.id = c.booking_id left join escrows e on e.contract_id = c.id where c.id = $1`,
      [contractId],
    )
    return rows[0] as ContractState
  }

  return {
    ...world,
    asClient,
    asTasker,
    asOps,
    asSystem: () => contexts.systemContext('deadlinesOfContracts'),
    aContract,
    stateOf,
    read: (contractId: string) => getContract(asClient(), contractId),
    /** The same contract with a cheaper first milestone. */
    cheaper: ({ milestoneIds }: ContractThere, amount = 500) => ({
      terms: { title: 'Rooms', scope: 'Paint' },
      milestones: milestoneIds.map((id, n) => ({
        id,
        title: `Room ${n + 1}`,
        description: null,
        amount,
        dueAt: null,
      })),
    }),
    close: async () => {
      await contexts.close()
      await world.close()
    },
  }
}
