import { defineMachine } from '../../../core/machine.ts'

const contract = { table: 'contracts', key: 'id', equals: 'contract_id' }
const parties = {
  client: { column: 'client_id', in: contract },
  tasker: { column: 'tasker_id', in: contract },
} as const
const bookingOfContract = '(select c.booking_id from contracts c where c.id = new.contract_id)'

/**
 * The terms of a booking that is delivered in milestones. Its booking follows it: it starts with the first milestone, is completed with the
 * last, and canceled with the contract. Deadlines are instants in the row: `expires_at` of a draft, `dormant_due_at` of an active
 * contract.
 */
export const contractMachine = defineMachine({
  name: 'contract',
  table: 'contracts',
  column: 'status',
  states: ['draft', 'active', 'completed', 'canceled', 'disputed'],
  people: { client: { column: 'client_id' }, tasker: { column: 'tasker_id' } },
  eventData: { bookingId: 'new.booking_id', contractId: 'new.id' },
  consequences: {
    after_contract_active:
      'Replaces the payment of the booking: the total is its price from now on, and escrow pays it.',
    after_contract_completed: 'Empties escrow, ends what is open of the contract, and completes the booking.',
    after_contract_canceled:
      'Gives back what is held, ends what is open of the contract, and ends the booking: completed where a milestone was paid, else canceled.',
    after_contract_disputed: 'Freezes escrow, and ends the payments and amendments that wait.',
  },
  transitions: [
    { name: 'created', from: [null], to: 'draft', by: ['client', 'tasker'], event: 'contract.drafted' },
    // The second of two signatures.
    {
      name: 'activate',
      from: ['draft'],
      to: 'active',
      by: ['client', 'tasker'],
      event: 'contract.active',
      consequences: ['after_contract_active'],
      derived: true,
    },
    // The last milestone was released.
    {
      name: 'complete',
      from: ['active'],
      to: 'completed',
      by: ['system'],
      event: 'contract.completed',
      consequences: ['after_contract_completed'],
      derived: true,
    },
    {
      name: 'cancel',
      from: ['draft'],
      to: 'canceled',
      by: ['client', 'tasker', 'ops', 'system'],
      event: 'contract.canceled',
      consequences: ['after_contract_canceled'],
    },
    // The system: with the booking, or dormant after two notices.
    {
      name: 'cancel',
      from: ['active'],
      to: 'canceled',
      by: ['client', 'tasker', 'ops', 'system'],
      event: 'contract.canceled',
      consequences: ['after_contract_canceled'],
    },
    {
      name: 'dispute',
      from: ['active'],
      to: 'disputed',
      by: ['system'],
      event: 'contract.disputed',
      consequences: ['after_contract_disputed'],
      derived: true,
    },
    // Out of a dispute only its decision leads: the split of what is held.
    {
      name: 'decide',
      from: ['disputed'],
      to: 'completed',
      by: ['system'],
      event: 'contract.completed',
      derived: true,
    },
    {
      name: 'decide_against',
      from: ['disputed'],
      to: 'canceled',
      by: ['system'],
      event: 'contract.canceled',
      derived: true,
    },
  ],
})
export type ContractStatus = (typeof contractMachine)['states'][number]

/**
 * A part of a contract that is delivered and paid by itself. Drafts come and go with their contract: it is born outside of the machine. Deadlines are instants in the row: `deadline_at` (overdue) and
 * `releases_at` (released by silence).
 */
export const milestoneMachine = defineMachine({
  name: 'milestone',
  table: 'milestones',
  column: 'status',
  states: ['pending', 'in_progress', 'submitted', 'overdue', 'completed', 'canceled'],
  people: parties,
  eventData: {
    bookingId: bookingOfContract,
    contractId: 'new.contract_id',
    milestoneId: 'new.id',
    title: 'new.title',
  },
  consequences: {
    after_milestone_pending: 'Starts the booking, where it is the first milestone.',
    after_milestone_submitted: 'Closes the submission that was answered.',
    after_milestone_completed:
      'Releases its amount less commission out of escrow; the last one completes the contract.',
  },
  transitions: [
    {
      name: 'start',
      from: ['pending'],
      to: 'in_progress',
      by: ['tasker'],
      event: 'milestone.in_progress',
      consequences: ['after_milestone_pending'],
    },
    {
      name: 'submit',
      from: ['in_progress', 'overdue'],
      to: 'submitted',
      by: ['tasker'],
      event: 'milestone.submitted',
    },
    // The client asks for changes: the time until the release stops.
    {
      name: 'return',
      from: ['submitted'],
      to: 'in_progress',
      by: ['client'],
      event: 'milestone.returned',
      consequences: ['after_milestone_submitted'],
    },
    {
      name: 'approve',
      from: ['submitted'],
      to: 'completed',
      by: ['client'],
      event: 'milestone.completed',
      consequences: ['after_milestone_submitted', 'after_milestone_completed'],
    },
    // By silence, at `releases_at`.
    {
      name: 'release',
      from: ['submitted'],
      to: 'completed',
      by: ['system'],
      event: 'milestone.completed',
      consequences: ['after_milestone_submitted', 'after_milestone_completed'],
    },
    // At `deadline_at`; it can still be submitted.
    {
      name: 'expire',
      from: ['pending', 'in_progress'],
      to: 'overdue',
      by: ['system'],
      event: 'milestone.overdue',
    },
    // An amendment has moved its deadline: back to where it was.
    {
      name: 'extend',
      from: ['overdue'],
      to: 'in_progress',
      by: ['system'],
      event: 'milestone.in_progress',
      derived: true,
    },
    {
      name: 'extend',
      from: ['overdue'],
      to: 'pending',
      by: ['system'],
      event: 'milestone.pending',
      derived: true,
    },
    // A decision gives all of it to the tasker.
    {
      name: 'decide',
      from: ['pending', 'in_progress', 'overdue'],
      to: 'completed',
      by: ['system'],
      event: 'milestone.completed',
      derived: true,
    },
    // With its contract, by a decision, or taken out by an amendment.
    {
      name: 'cancel',
      from: ['pending', 'in_progress', 'overdue'],
      to: 'canceled',
      by: ['system'],
      event: 'milestone.canceled',
      derived: true,
    },
    {
      name: 'cancel',
      from: ['submitted'],
      to: 'canceled',
      by: ['system'],
      event: 'milestone.canceled',
      consequences: ['after_milestone_submitted'],
      derived: true,
    },
  ],
})
export type MilestoneStatus = (typeof milestoneMachine)['states'][number]

/** The money of a contract that neither side can touch. It moves with its entries or not at all (`escrow_matches`). */
export const escrowMachine = defineMachine({
  name: 'escrow',
  table: 'escrows',
  column: 'status',
  states: ['held', 'partial_release', 'full_release', 'disputed'],
  people: parties,
  eventData: { bookingId: bookingOfContract, contractId: 'new.contract_id' },
  transitions: [
    {
      name: 'hold',
      from: [null],
      to: 'held',
      by: ['client', 'ops', 'system', 'provider'],
      event: 'escrow.held',
    },
    {
      name: 'release',
      from: ['held'],
      to: 'partial_release',
      by: ['system'],
      event: 'escrow.partial_release',
      derived: true,
    },
    {
      name: 'dispute',
      from: ['held', 'partial_release'],
      to: 'disputed',
      by: ['system'],
      event: 'escrow.disputed',
      derived: true,
    },
    // Nothing is held any more: the contract has ended.
    {
      name: 'close',
      from: ['held', 'partial_release', 'disputed'],
      to: 'full_release',
      by: ['system'],
      event: 'escrow.full_release',
      derived: true,
    },
  ],
})
export type EscrowStatus = (typeof escrowMachine)['states'][number]

/** A change of an active contract, signed by the side that proposes it; the other one signs it too, or not. */
export const contractAmendmentMachine = defineMachine({
  name: 'contract_amendment',
  table: 'contract_amendments',
  column: 'status',
  states: ['pending', 'accepted', 'rejected', 'withdrawn', 'expired'],
  people: { proposer: { column: 'proposed_by' }, counterparty: { column: 'proposed_to' } },
  eventData: { contractId: 'new.contract_id', contractAmendmentId: 'new.id', bookingId: bookingOfContract },
  consequences: {
    after_contract_amendment_accepted:
      'Moves the terms, milestones and total of the contract and the price of its booking; gives back what is held too much.',
  },
  transitions: [
    {
      name: 'created',
      from: [null],
      to: 'pending',
      by: ['proposer'],
      event: 'contract.amendment_proposed',
    },
    {
      name: 'accept',
      from: ['pending'],
      to: 'accepted',
      by: ['counterparty'],
      event: 'contract.amendment_accepted',
      consequences: ['after_contract_amendment_accepted'],
    },
    {
      name: 'reject',
      from: ['pending'],
      to: 'rejected',
      by: ['counterparty'],
      event: 'contract.amendment_rejected',
    },
    {
      name: 'withdraw',
      from: ['pending'],
      to: 'withdrawn',
      by: ['proposer'],
      event: 'contract.amendment_withdrawn',
    },
    // Its deadline has passed, or the contract has ended before an answer.
    {
      name: 'expire',
      from: ['pending'],
      to: 'expired',
      by: ['system'],
      event: 'contract.amendment_expired',
    },
  ],
})
export type ContractAmendmentStatus = (typeof contractAmendmentMachine)['states'][number]
