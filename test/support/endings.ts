import { paymentIntentMachine } from '../../src/areas/money/payments/machine.ts'
import { disputeMachine, disputeOfferMachine } from '../../src/areas/trust/disputes/machine.ts'
import { assignmentMachine } from '../../src/areas/work/assignment/machine.ts'
import { bidMachine } from '../../src/areas/work/bids/machine.ts'
import { bookingMachine } from '../../src/areas/work/bookings/machine.ts'
import { contractMachine } from '../../src/areas/work/contracts/machine.ts'
import { offerMachine } from '../../src/areas/work/matching/machine.ts'
import { taskMachine } from '../../src/areas/work/tasks/machine.ts'
import { endStates, type Machine } from '../../src/core/machine.ts'

/** The end states of machines, every way into each, and everything that may be open then: read by test/node/end-states.test.ts. */

export type Actor = 'client' | 'tasker' | 'ops' | 'system'

/** One way into an end state: what is there, and the statements that lead there, each by somebody. */
export interface Ending {
  way: string
  task: string
  booking?: string
  /** Whether the booking is paid, or a payment of it is to be made. */
  payment?: 'requires_action' | 'authorized' | 'captured'
  dispute?: string
  /** An offer of mediation that waits for answers. */
  isMediated?: true
  offers?: number
  /** Bids that nobody has answered. */
  bids?: number
  /** Staff have assigned it; the tasker has answered where the booking is more than offered. */
  isAssigned?: true
  /** Its contract; an active one has a milestone under way, or delivered some time ago, its money in escrow, and an amendment that waits. */
  contract?: 'draft' | 'active' | 'delivered'
  by: Actor
  steps: string[]
  /** Things that go on after this way, and not after others to the same state. */
  goesOn?: string[]
}

const cancelBooking = `update bookings set status = 'canceled' where task_id = :task`
/** As the sweep does it, some time after the instant. */
const lapse = `update booking_deadlines set due_at = now() - interval '1 minute' where booking_id = :booking;
  select khidma.pass_booking_deadline(d) from booking_deadlines d where d.booking_id = :booking and d.kind in ('confirmation', 'start')`
const decide = (status: string, resolution = '{}') =>
  `update disputes set status = '${status}', resolution = '${resolution}' where booking_id = :booking`
export const disputed = {
  task: 'disputed',
  booking: 'disputed',
  dispute: 'investigating',
  isMediated: true,
} as const
const offerBecomes = (status: string) =>
  `update dispute_offers set status = '${status}', client_accepted_at = now(), tasker_accepted_at = now() where id = :mediation`
const bidding = { task: 'posted', bids: 2 } as const
const matching = { task: 'matching', offers: 2 } as const
const unpaid = { booking: 'accepted', task: 'accepted', payment: 'requires_action' } as const
/** A tasker was asked directly. */
const asked = { booking: 'offered', task: 'posted' } as const
const canceledByDecision = decide('resolved', '{"outcome": "canceled"}')
const underContract = { task: 'in_progress', booking: 'in_progress', contract: 'active' } as const
const contractBecomes = (status: string) =>
  `update contracts set status = '${status}' where booking_id = :booking`
const bidBecomes = (status: string) => `update bids set status = '${status}' where id = :bid`
const answer = (status: string) => `update offers set status = '${status}' where id = :offer`

/** The booking of an assignment ends, and takes it along; what was released of it first is in the same transaction. */
function assignmentEnds(
  state: string,
  by: Actor,
  scene: Pick<Ending, 'booking' | 'task' | 'payment'>,
): [machine: Machine, state: string, endings: Ending[]][] {
  const steps = by === 'ops' ? [`select khidma.take_back_booking(:booking)`] : [cancelBooking]
  return [
    [
      assignmentMachine as Machine,
      state,
      [{ way: 'with its booking', ...scene, isAssigned: true, by, steps }],
    ],
  ]
}

/** A task that found nobody, or lost its tasker, may be posted again; until then nothing of it is open. */
export const endsOf = (machine: Machine): string[] => [
  ...endStates(machine),
  ...(machine.name === 'task' ? ['expired', 'canceled_by_tasker'] : []),
]

/** Each end state of each machine, with everything that can be open when it is reached. */
export const endings: [machine: Machine, state: string, endings: Ending[]][] = [
  [
    taskMachine,
    'expired',
    [
      {
        way: 'nobody accepts',
        ...matching,
        by: 'system',
        steps: [`update tasks set state = 'expired' where id = :task`],
      },
      {
        way: 'nobody is chosen',
        ...bidding,
        by: 'system',
        steps: [`update tasks set state = 'expired' where id = :task`],
      },
      { way: 'nobody confirms its booking', ...unpaid, by: 'system', steps: [lapse] },
      {
        way: 'nobody begins its work',
        ...unpaid,
        booking: 'confirmed',
        task: 'confirmed',
        payment: 'authorized',
        by: 'system',
        steps: [lapse],
      },
    ],
  ],
  [
    taskMachine,
    'canceled_by_client',
    [
      {
        way: 'while offers are open',
        ...matching,
        by: 'client',
        steps: [`update tasks set state = 'canceled_by_client' where id = :task`],
      },
      {
        way: 'while bids are open',
        ...bidding,
        by: 'client',
        steps: [`update tasks set state = 'canceled_by_client' where id = :task`],
      },
      {
        way: 'while a tasker is asked directly',
        ...asked,
        by: 'client',
        steps: [`update tasks set state = 'canceled_by_client' where id = :task`],
      },
      { way: 'with a booking that is to be paid', ...unpaid, by: 'client', steps: [cancelBooking] },
      {
        way: 'by staff',
        ...unpaid,
        booking: 'confirmed',
        task: 'confirmed',
        by: 'ops',
        steps: [cancelBooking],
      },
      {
        way: 'by a decision',
        ...disputed,
        payment: 'requires_action',
        by: 'ops',
        steps: [canceledByDecision],
      },
    ],
  ],
  [
    taskMachine,
    'canceled_by_tasker',
    [
      {
        way: 'with a reserved payment',
        ...unpaid,
        payment: 'authorized',
        by: 'tasker',
        steps: [cancelBooking],
      },
    ],
  ],
  [
    taskMachine,
    'failed',
    [
      {
        way: 'at work',
        task: 'in_progress',
        booking: 'in_progress',
        payment: 'requires_action',
        by: 'ops',
        steps: [`update tasks set state = 'failed' where id = :task`],
      },
      {
        way: 'on hold',
        task: 'on_hold',
        booking: 'in_progress',
        payment: 'authorized',
        by: 'ops',
        steps: [`update tasks set state = 'failed' where id = :task`],
      },
    ],
  ],
  [
    bookingMachine,
    'canceled',
    [
      { way: 'before the work', ...unpaid, by: 'client', steps: [cancelBooking] },
      { way: 'as it lapses', ...unpaid, by: 'system', steps: [lapse] },
      {
        way: 'as the tasker who was asked directly declines',
        ...asked,
        by: 'tasker',
        goesOn: ['search'],
        steps: [cancelBooking],
      },
      {
        way: 'as that tasker is silent',
        ...asked,
        by: 'system',
        goesOn: ['search'],
        steps: [
          `update bookings set created_at = now() - interval '8 days' where id = :booking; select khidma.lapse_silent_offers(10)`,
        ],
      },
      {
        way: 'as the other side does not appear',
        ...unpaid,
        booking: 'confirmed',
        task: 'confirmed',
        by: 'tasker',
        steps: [
          `update bookings set scheduled_during = tstzrange(now() - interval '1 hour', now() + interval '1 hour') where id = :booking`,
          `update bookings set status = 'canceled', no_show_by = 'client' where id = :booking`,
        ],
      },
      {
        way: 'on hold',
        task: 'on_hold',
        booking: 'confirmed',
        payment: 'authorized',
        by: 'client',
        steps: [cancelBooking],
      },
      {
        way: 'by a decision',
        ...disputed,
        payment: 'requires_action',
        by: 'ops',
        steps: [canceledByDecision],
      },
    ],
  ],
  [
    offerMachine,
    'accepted',
    [
      {
        way: 'beside another offer',
        ...matching,
        by: 'tasker',
        steps: [
          answer('accepted'),
          `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during)
           select :new, t.id, t.client_id, :tasker, 'accepted', 12000, '[2027-02-10T10:00:00Z, 2027-02-10T11:00:00Z)'
             from tasks t where t.id = :task`,
        ],
      },
    ],
  ],
  [
    offerMachine,
    'declined',
    [{ way: 'by the tasker', task: 'matching', offers: 1, by: 'tasker', steps: [answer('declined')] }],
  ],
  [
    offerMachine,
    'expired',
    [{ way: 'in time', task: 'matching', offers: 1, by: 'system', steps: [answer('expired')] }],
  ],
  [
    offerMachine,
    'withdrawn',
    [{ way: 'by the system', task: 'matching', offers: 1, by: 'system', steps: [answer('withdrawn')] }],
  ],
  [
    bidMachine,
    'accepted',
    [
      {
        way: 'by the client',
        ...bidding,
        by: 'client',
        steps: [
          bidBecomes('accepted'),
          `select khidma.open_booking(:new, :task, :tasker, null, null, 'accepted', 25000, 90)`,
        ],
      },
    ],
  ],
  [
    bidMachine,
    'rejected',
    [{ way: 'by the client', task: 'posted', bids: 1, by: 'client', steps: [bidBecomes('rejected')] }],
  ],
  [
    bidMachine,
    'withdrawn',
    [{ way: 'by the tasker', task: 'posted', bids: 1, by: 'tasker', steps: [bidBecomes('withdrawn')] }],
  ],
  [
    bidMachine,
    'expired',
    [
      {
        way: 'as staff take the task over',
        task: 'posted',
        bids: 1,
        by: 'ops',
        steps: [`select khidma.take_over_task(t) from tasks t where t.id = :task`],
      },
    ],
  ],
  ...assignmentEnds('declined', 'tasker', { booking: 'offered', task: 'posted' }),
  ...assignmentEnds('expired', 'system', { booking: 'offered', task: 'posted' }),
  ...assignmentEnds('withdrawn', 'ops', { booking: 'offered', task: 'posted' }),
  ...assignmentEnds('revoked', 'ops', { booking: 'confirmed', task: 'confirmed', payment: 'authorized' }),
  [
    contractMachine,
    'completed',
    [
      {
        way: 'by silence on its last milestone',
        ...underContract,
        contract: 'delivered',
        by: 'system',
        steps: [`select khidma.release_silent_milestones(10)`],
      },
    ],
  ],
  [
    contractMachine,
    'canceled',
    [
      { way: 'by the tasker', ...underContract, by: 'tasker', steps: [contractBecomes('canceled')] },
      { way: 'with its booking', ...unpaid, contract: 'draft', by: 'client', steps: [cancelBooking] },
    ],
  ],
  [
    paymentIntentMachine,
    'captured',
    [
      {
        way: 'in cash',
        task: 'completed',
        booking: 'completed',
        payment: 'requires_action',
        by: 'tasker',
        steps: [
          `select khidma.capture_payment(p.id, 12000) from payment_intents p where p.booking_id = :booking`,
        ],
      },
    ],
  ],
  [
    paymentIntentMachine,
    'canceled',
    [{ way: 'with its booking', ...unpaid, by: 'tasker', steps: [cancelBooking] }],
  ],
  ...(['resolved', 'rejected', 'refunded'] as const).map((state): [Machine, string, Ending[]] => [
    disputeMachine,
    state,
    [
      { way: 'paid', ...disputed, payment: 'captured', by: 'ops', steps: [decide(state)] },
      { way: 'not paid', ...disputed, by: 'ops', steps: [decide(state)] },
    ],
  ]),
  [
    disputeMachine,
    'withdrawn',
    [
      { way: 'paid', ...disputed, payment: 'captured', by: 'client', steps: [decide('withdrawn')] },
      { way: 'not paid', ...disputed, by: 'client', steps: [decide('withdrawn')] },
    ],
  ],
  [
    disputeOfferMachine,
    'accepted',
    [
      {
        way: 'by the second side',
        ...disputed,
        payment: 'captured',
        by: 'tasker',
        steps: [offerBecomes('accepted')],
      },
    ],
  ],
  ...(['declined', 'withdrawn', 'expired'] as const).map((state): [Machine, string, Ending[]] => [
    disputeOfferMachine,
    state,
    [
      {
        way: 'while its dispute goes on',
        ...disputed,
        payment: 'captured',
        by: state === 'expired' ? 'system' : 'client',
        steps: [offerBecomes(state)],
      },
    ],
  ]),
]

/**
 * Machines whose end states leave nothing of a task or booking open, with the reason. Every other machine has its end states in the table
 * above: whoever adds one must say which.
 */
export const aside: Record<string, string> = {
  lead: 'closes with its task, and its requests with it: test/areas/work/leads/endings.test.ts',
  lead_refund: 'an end of credits; the request has ended or goes on beside it',
  lead_request: 'every end of it × each hold: test/areas/work/leads/endings.test.ts',
  subscription: 'no task hangs on it; test/areas/commerce/subscriptions tries its ends',
  order: 'it hangs on no task; test/areas/commerce/orders and test/node/order-races.test.ts try its ends',
  company_member: 'bookings keep the company that they were made for, and their tasker: company-work.test.ts',
  job_application: 'no task or booking hangs on an application: test/areas/work/job-postings/ends.test.ts',
  job_posting: 'nothing of a task or booking hangs on a job: test/areas/work/job-postings',
  user: 'a closed account has its offers withdrawn, and is not erased while it has bookings: erasure-races.test.ts',
  company: 'nothing hangs on a decision about a company',
  role_profile: 'bookings are of the tasker, whatever their profiles say',
  role_profile_version: 'nothing hangs on a text',
  export: 'a file of one person',
  erasure: 'waits for bookings, payments and disputes to end: erasure-races.test.ts',
  tasker: 'an offboarded tasker keeps the bookings that were agreed',
  verification: 'its case and its automated check end with it: check-races.test.ts',
  booking_change: 'its end changes the booking or leaves it: booking-change-races.test.ts',
  refund: 'an end of money, which the books check',
  payout: 'an end of money, which the books check',
  adjustment: 'an end of money, which the books check',
  chargeback: 'an end of money, which the books check',
  invoice: 'a document of what was paid or is owed, however the booking goes on',
  case: 'what a case is about ends by its own machine, which closes the case',
  report: 'a report is about people; bookings go on beside it',
  milestone: 'a part of its contract, which ends with the last of them: contract-model.test.ts',
  escrow: 'it is empty then, and its contract has ended: contract-model.test.ts',
  contract_amendment: 'its end changes the contract or leaves it: contract-races.test.ts',
}
