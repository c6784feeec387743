import {
  openDispute,
  rejectDispute,
  resolveDispute,
  splitDispute,
} from '../../../src/areas/trust/disputes/disputes.ts'
import {
  assignTask,
  failTask,
  holdTask,
  reassignTask,
  resumeTask,
  undoAssignment,
} from '../../../src/areas/work/assignment/assignments.ts'
import {
  acceptBid,
  acceptCounter,
  awardBid,
  counterBid,
  declineBid,
  revokeBid,
} from '../../../src/areas/work/bids/awards.ts'
import { createBid, withdrawBid } from '../../../src/areas/work/bids/bids.ts'
import {
  acceptChange,
  proposeChange,
  rejectChange,
  withdrawChange,
} from '../../../src/areas/work/bookings/booking-changes.ts'
import {
  acceptBooking,
  cancelBooking,
  completeBooking,
  confirmBooking,
  declineBooking,
  reportNoShow,
} from '../../../src/areas/work/bookings/bookings.ts'
import { acceptWork, arrive, runLate, setOut } from '../../../src/areas/work/bookings/life/presence.ts'
import { startBooking } from '../../../src/areas/work/bookings/life/start-codes.ts'
import { acceptAmendment, proposeAmendment } from '../../../src/areas/work/contracts/amendments.ts'
import {
  cancelContract,
  draftContract,
  getContract,
  signContract,
} from '../../../src/areas/work/contracts/contracts.ts'
import { fundContract } from '../../../src/areas/work/contracts/funding.ts'
import {
  approveMilestone,
  requestRelease,
  returnMilestone,
  startMilestone,
  submitMilestone,
} from '../../../src/areas/work/contracts/milestones.ts'
import { acceptOffer, declineOffer } from '../../../src/areas/work/matching/offers.ts'
import { rematchTask, repostTask } from '../../../src/areas/work/tasks/rounds.ts'
import { cancelTask } from '../../../src/areas/work/tasks/tasks.ts'
import type { Context, UserActor } from '../../../src/core/context.ts'
import { newId } from '../../../src/core/ids.ts'
import { asOwner, type Person } from '../integrity-world.ts'
import type { Seen } from './scene.ts'
import type { WorkWorld } from './world.ts'

/** Somebody who wants to act, on what they see: a choice among several is made by `pick`. */
export interface Turn {
  world: WorkWorld
  seen: Seen
  /** The party that acts by rights, or, now and then, anybody. */
  as(usual: Person): Context<UserActor>
  pick: number
  /** Hours from now. */
  hour: number
}
type Act = (turn: Turn) => Promise<unknown>

export class NothingToDo extends Error {
  override name = 'NothingToDo'
}
const needed = (id: string | null | undefined): string => {
  if (!id) throw new NothingToDo()
  return id
}

const client = ({ world, seen }: Turn): Person =>
  world.clients.find(({ id }) => id === seen.client) ?? (world.client as Person)
/** The tasker of the booking, else any. */
const tasker = ({ world, seen, pick }: Turn): Person =>
  world.taskers.find(({ id }) => id === seen.tasker) ?? (world.taskers[pick % world.taskers.length] as Person)
const anyTasker = ({ world, pick }: Turn): Person => world.taskers[pick % world.taskers.length] as Person
const person = (turn: Turn, id: string): Person =>
  [...turn.world.taskers, ...turn.world.clients].find((each) => each.id === id) ?? turn.world.stranger

async function oneOf(turn: Turn, text: string): Promise<{ id: string; whose: string }> {
  const rows = await turn.world.query<{ id: string; whose: string }>(text, [turn.seen.task])
  const row = rows[turn.pick % 4 === 3 ? rows.length - 1 : 0]
  if (!row) throw new NothingToDo()
  return row
}
const aBid = (turn: Turn) =>
  oneOf(
    turn,
    `select id, tasker_id as whose from bids where task_id = $1 order by status in ('pending', 'awarded') desc, id limit 2`,
  )
const anOffer = (turn: Turn) =>
  oneOf(
    turn,
    `select id, tasker_id as whose from offers where task_id = $1 order by status = 'pending' desc, id limit 2`,
  )
const aChange = (turn: Turn) =>
  oneOf(
    turn,
    `select c.id, c.proposed_to as whose from booking_changes c join bookings b on b.id = c.booking_id
      where b.task_id = $1 order by c.status = 'pending' desc, c.id desc limit 1`,
  )
const anAmendment = (turn: Turn) =>
  oneOf(
    turn,
    `select a.id, a.proposed_to as whose from contract_amendments a join contracts c on c.id = a.contract_id join bookings b on b.id = c.booking_id
      where b.task_id = $1 order by a.status = 'pending' desc, a.id desc limit 1`,
  )
async function aMilestone(turn: Turn): Promise<{ contractId: string; milestoneId: string }> {
  const { id, whose } = await oneOf(
    turn,
    `select m.id, m.contract_id as whose from milestones m join contracts c on c.id = m.contract_id join bookings b on b.id = c.booking_id
      where b.task_id = $1 order by m.status in ('completed', 'canceled'), m.position limit 2`,
  )
  return { contractId: whose, milestoneId: id }
}

const inHours = (hours: number) =>
  new Date(Math.ceil(Date.now() / 3_600_000 + hours) * 3_600_000).toISOString()
/** No two bids have the same text or price: what one bidder knows of another shows. */
let bidsMade = 0
const words = ['red', 'oak', 'sun', 'fig', 'ash', 'sea', 'fox', 'elm', 'ivy', 'owl']
export function bidTerms() {
  bidsMade += 1
  const spelt = [...String(bidsMade)].map((digit) => words[Number(digit)]).join(' ')
  return {
    amount: 3_000_017 + bidsMade * 101,
    minutes: 60,
    message: `I can do it: ${spelt}.`,
    milestones: [],
    upfrontBasisPoints: 0,
    portfolioMediaIds: [],
  }
}
const terms = { title: 'Rooms', scope: 'Paint' }
const milestones = (pick: number) =>
  [0, 1].map((n) => ({ title: `Room ${n + 1}`, description: null, amount: 1_003 + pick + n, dueAt: null }))
const wallet = () =>
  ({
    method: 'wallet',
    returnUrl: null,
    saveMethod: false,
    storedMethodId: null,
    requestKey: newId(),
  }) as const

async function sign(turn: Turn, who: Person): Promise<unknown> {
  const id = needed(turn.seen.contract)
  const { sha256 } = await getContract(turn.world.contexts.contextOf(who as never), id)
  return signContract(turn.as(who), id, sha256)
}

export const acts: Record<string, Act> = {
  cancelTask: (t) => cancelTask(t.as(client(t)), t.seen.task, 'No more.'),
  repost: (t) =>
    repostTask(t.as(client(t)), t.seen.task, {
      startsAt: inHours(t.hour + 2),
      deadline: inHours(t.hour + 1),
    }),
  rematch: (t) =>
    rematchTask(t.as(client(t)), t.seen.task, {
      startsAt: inHours(t.hour + 2),
      deadline: inHours(t.hour + 1),
    }),

  // Matching is a live object; its waves are played by hand.
  async offer(t) {
    await asOwner(t.world.connection, async () => {
      await t.world.query(
        `update tasks set state = 'matching' where id = $1 and state = 'posted' and sourcing = 'match'
            and not exists (select from bookings b where b.task_id = tasks.id and b.status <> 'canceled')`,
        [t.seen.task],
      )
      await t.world.query(
        `insert into offers (id, task_id, tasker_id, wave, expires_at)
         select $1, t.id, $3, 1, now() + interval '30 minutes' from tasks t
          where t.id = $2 and t.state = 'matching' and not exists (select from offers o where o.task_id = t.id and o.tasker_id = $3)`,
        [newId(), t.seen.task, anyTasker(t).id],
      )
    })
  },
  async acceptOffer(t) {
    const { id, whose } = await anOffer(t)
    return acceptOffer(t.as(person(t, whose)), id)
  },
  async declineOffer(t) {
    const { id, whose } = await anOffer(t)
    return declineOffer(t.as(person(t, whose)), id)
  },

  bid: (t) => createBid(t.as(anyTasker(t)), t.seen.task, bidTerms()),
  async withdrawBid(t) {
    const { id, whose } = await aBid(t)
    return withdrawBid(t.as(person(t, whose)), id)
  },
  async award(t) {
    const { id } = await aBid(t)
    return awardBid(t.as(client(t)), id, null)
  },
  async acceptBid(t) {
    const { id, whose } = await aBid(t)
    return acceptBid(t.as(person(t, whose)), id)
  },
  async revoke(t) {
    const { id } = await aBid(t)
    return revokeBid(t.as(client(t)), id)
  },
  async declineBid(t) {
    const { id } = await aBid(t)
    return declineBid(t.as(client(t)), id, 'Too dear')
  },
  async counter(t) {
    const { id } = await aBid(t)
    return counterBid(t.as(client(t)), id, { amount: 2_500_000 + t.pick, minutes: undefined })
  },
  async acceptCounter(t) {
    const { id, whose } = await aBid(t)
    return acceptCounter(t.as(person(t, whose)), id, null)
  },

  assign: (t) => assignTask(t.as(t.world.ops), t.seen.task, anyTasker(t).id as string, 'Near'),
  reassign: (t) =>
    reassignTask(
      t.as(t.world.ops),
      t.seen.task,
      t.pick % 4 === 3 ? null : (anyTasker(t).id as string),
      'Ill',
    ),
  async undo(t) {
    const { id } = await oneOf(
      t,
      `select id, tasker_id as whose from assignments where task_id = $1 order by id desc limit 1`,
    )
    return undoAssignment(t.as(t.world.ops), id, 'A mistake')
  },
  acceptBooking: (t) => acceptBooking(t.as(tasker(t)), needed(t.seen.booking)),
  declineBooking: (t) => declineBooking(t.as(tasker(t)), needed(t.seen.booking), 'Busy'),
  hold: (t) => holdTask(t.as(t.world.ops), t.seen.task, 'A part is missing'),
  resume: (t) => resumeTask(t.as(t.world.ops), t.seen.task, 'It is there'),
  fail: (t) => failTask(t.as(t.world.ops), t.seen.task, 'Cannot be done'),

  confirm: (t) => confirmBooking(t.as(client(t)), needed(t.seen.booking)),
  setOut: (t) => setOut(t.as(tasker(t)), needed(t.seen.booking)),
  late: (t) => runLate(t.as(tasker(t)), needed(t.seen.booking), 20),
  arrive: (t) => arrive(t.as(tasker(t)), needed(t.seen.booking)),
  start: (t) => startBooking(t.as(tasker(t)), needed(t.seen.booking)),
  complete: (t) => completeBooking(t.as(tasker(t)), needed(t.seen.booking)),
  acceptWork: (t) => acceptWork(t.as(client(t)), needed(t.seen.booking)),
  cancelBooking: (t) =>
    cancelBooking(t.as(t.pick % 2 ? client(t) : tasker(t)), needed(t.seen.booking), 'Ill'),
  noShow: (t) =>
    reportNoShow(t.as(t.pick % 2 ? client(t) : tasker(t)), needed(t.seen.booking), 'Nobody came'),
  propose: (t) =>
    proposeChange(
      t.as(t.pick % 2 ? client(t) : tasker(t)),
      needed(t.seen.booking),
      { rateAmount: undefined, minutes: 90, startsAt: inHours(t.hour) },
      'Later',
    ),
  async acceptChange(t) {
    const { id, whose } = await aChange(t)
    return acceptChange(t.as(person(t, whose)), { bookingId: needed(t.seen.booking), changeId: id })
  },
  async rejectChange(t) {
    const { id, whose } = await aChange(t)
    return rejectChange(t.as(person(t, whose)), { bookingId: needed(t.seen.booking), changeId: id })
  },
  async withdrawChange(t) {
    const { id } = await aChange(t)
    return withdrawChange(t.as(t.pick % 2 ? client(t) : tasker(t)), {
      bookingId: needed(t.seen.booking),
      changeId: id,
    })
  },

  draft: (t) =>
    draftContract(t.as(tasker(t)), needed(t.seen.booking), { terms, milestones: milestones(t.pick) }),
  signTasker: (t) => sign(t, tasker(t)),
  signClient: (t) => sign(t, client(t)),
  fund: (t) => fundContract(t.as(client(t)), needed(t.seen.contract), t.pick % 2 ? 'all' : 'next', wallet()),
  async begin(t) {
    return startMilestone(t.as(tasker(t)), await aMilestone(t))
  },
  async submit(t) {
    return submitMilestone(t.as(tasker(t)), await aMilestone(t), { note: 'Done', mediaIds: [] })
  },
  async approve(t) {
    return approveMilestone(t.as(client(t)), await aMilestone(t))
  },
  /** All three steps of one milestone: alone they seldom meet. */
  async deliver(t) {
    const which = await aMilestone(t)
    await startMilestone(t.as(tasker(t)), which)
    await submitMilestone(t.as(tasker(t)), which, { note: 'Done', mediaIds: [] })
    return approveMilestone(t.as(client(t)), which)
  },
  async giveBack(t) {
    return returnMilestone(t.as(client(t)), await aMilestone(t), 'Again')
  },
  async requestRelease(t) {
    return requestRelease(t.as(tasker(t)), await aMilestone(t))
  },
  amend: (t) =>
    proposeAmendment(
      t.as(tasker(t)),
      needed(t.seen.contract),
      { terms, milestones: milestones(t.pick + 7) },
      'As we said',
    ),
  async acceptAmendment(t) {
    const { id } = await anAmendment(t)
    const contractId = needed(t.seen.contract)
    const [row] = await t.world.query<{ sha: string }>(
      'select text_sha256 as sha from contract_amendments where id = $1',
      [id],
    )
    return acceptAmendment(t.as(client(t)), { contractId, amendmentId: id }, row?.sha as string)
  },
  cancelContract: (t) =>
    cancelContract(t.as(t.pick % 2 ? client(t) : tasker(t)), needed(t.seen.contract), 'No', undefined),

  dispute: (t) =>
    openDispute(t.as(t.pick % 2 ? client(t) : tasker(t)), needed(t.seen.booking), { reason: 'Not so' }),
  resolve: (t) =>
    resolveDispute(t.as(t.world.ops), needed(t.seen.dispute), {
      outcome: t.pick % 2 ? 'completed' : 'canceled',
    }),
  rejectDispute: (t) => rejectDispute(t.as(t.world.ops), needed(t.seen.dispute)),
  split: (t) =>
    splitDispute(t.as(t.world.ops), needed(t.seen.dispute), {
      taskerBasisPoints: (t.pick * 1_111) % 10_001,
      arbitrationAmount: 0,
    }),
}

/** Returns acts that fit, by where the task and its booking are: a life that only meets refusals proves little. */
export function fitting(seen: Seen): string[] {
  const { state, status, contractStatus } = seen
  if (state === 'expired') return ['repost']
  if (state === 'canceled_by_tasker') return ['rematch']
  if (status === 'disputed') return contractStatus === 'disputed' ? ['split'] : ['resolve', 'rejectDispute']
  if (state === 'on_hold') return ['resume', 'resume', 'fail']
  if (state === 'posted' || state === 'matching') return finding(seen)
  if (contractStatus === 'draft' && status !== 'canceled')
    return seen.signed.includes('tasker') ? ['signClient'] : ['signTasker', 'signTasker', 'confirm']
  if (contractStatus === 'active')
    return seen.held > 0
      ? ['deliver', 'deliver', 'begin', 'submit', 'approve', 'giveBack', 'dispute', 'amend']
      : ['fund', 'fund', 'fund', 'amend', 'acceptAmendment']
  if (status === 'accepted') return ['confirm', 'confirm', 'confirm', 'draft', 'draft']
  if (status === 'confirmed')
    return [
      'setOut',
      'arrive',
      'start',
      'start',
      'start',
      'propose',
      'acceptChange',
      'draft',
      'hold',
      'reassign',
    ]
  if (status === 'in_progress')
    return ['complete', 'complete', 'complete', 'hold', 'dispute', 'propose', 'acceptChange', 'draft']
  return status === 'completed' ? ['acceptWork', 'dispute', 'acceptWork'] : ['repost']
}

/** Ways to a tasker. */
function finding({ sourcing, status, offers, bids, awarded }: Seen): string[] {
  if (status === 'offered') return ['acceptBooking', 'acceptBooking', 'acceptBooking', 'declineBooking']
  if (sourcing === 'assign') return ['assign']
  if (sourcing === 'match')
    return offers > 0 ? ['acceptOffer', 'acceptOffer', 'acceptOffer', 'declineOffer', 'offer'] : ['offer']
  if (awarded > 0) return ['acceptBid', 'acceptBid', 'revoke']
  return bids > 0 ? ['award', 'award', 'bid', 'bid', 'counter', 'acceptCounter'] : ['bid']
}
