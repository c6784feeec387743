import { createHash } from 'node:crypto'
import { contractMachine, milestoneMachine } from '../../../src/areas/work/contracts/machine.ts'
import { idOf } from '../example-ids.ts'
import type { Json } from '../json.ts'
import { isObject, type JsonObject, partOf } from '../money-rules/parts.ts'
import { commissionBasisPoints, firstMilestone, secondMilestone } from './amounts.ts'
import { actionsOf, type Call, touch } from './call.ts'
import { jsonbText } from './jsonb-text.ts'

/** Before both have signed; when they have; while there is work; and where it was given up. */
type Stage = 'draft' | 'signed' | 'working' | 'canceled'

const drafting = ['contracts.create', 'contracts.revise']
const due = '2027-06-01T08:00:00.000Z'
const times = {
  signed: '2026-11-21T08:40:00.000Z',
  active: '2026-11-21T08:45:00.000Z',
  funded: '2026-11-21T09:00:00.000Z',
  started: '2026-11-22T08:35:00.000Z',
  submitted: '2026-11-24T15:00:00.000Z',
  answered: '2026-11-25T09:10:00.000Z',
  startedNext: '2026-11-25T10:00:00.000Z',
  releases: '2026-12-01T15:00:00.000Z',
  canceled: '2026-11-26T12:00:00.000Z',
}

export function tellContract(contract: JsonObject, { operationId, request }: Call): void {
  if (drafting.includes(operationId)) contract.status = 'draft'
  if (operationId === 'contracts.sign') contract.status = 'active'
  if (drafting.includes(operationId) || operationId === 'contracts.sign')
    contract.allowedActions = actionsOf(contractMachine, contract, 'client')
  const stage = stageOf(contract, operationId)
  const [first = {}] = contract.milestones as JsonObject[]
  const isPaid = stage === 'working' || stage === 'canceled'
  contract.milestones = [
    milestoneIn({ ...first, id: idOf('milestone') }, stage, isPaid ? 'completed' : 'pending'),
    milestoneIn(
      {
        ...first,
        id: idOf('milestone2'),
        position: 2,
        title: 'Tiles laid',
      },
      stage,
      stage === 'working' ? 'in_progress' : stage === 'canceled' ? 'canceled' : 'pending',
    ),
  ]
  contract.totalMinor = firstMilestone + secondMilestone
  contract.escrow = isPaid && isObject(contract.escrow) ? escrowIn(contract.escrow, stage) : null
  const isSigned = stage !== 'draft'
  Object.assign(contract, {
    activatedAt: isSigned ? times.active : null,
    expiresAt: isSigned ? null : '2026-12-05T08:30:00.000Z',
    dormantDueAt: isSigned && stage !== 'canceled' ? '2026-12-25T09:10:00.000Z' : null,
    endedAt: stage === 'canceled' ? times.canceled : null,
    endReason: stage === 'canceled' ? (request.reason ?? null) : null,
    updatedAt: {
      draft: contract.updatedAt,
      signed: times.active,
      working: times.answered,
      canceled: times.canceled,
    }[stage],
    version: { draft: operationId === 'contracts.create' ? 1 : 2, signed: 3, working: 3, canceled: 4 }[stage],
  })
  contract.text = jsonbText({
    contract: contract.id ?? null,
    booking: contract.bookingId ?? null,
    client: contract.clientId ?? null,
    tasker: contract.taskerId ?? null,
    currency: contract.currency ?? null,
    total: contract.totalMinor,
    terms: contract.terms ?? null,
    milestones: (contract.milestones as JsonObject[]).map(inText),
    rules: contract.rules ?? null,
  })
  contract.sha256 = hashOf(contract.text)
  contract.signatures = isSigned ? bothSign(contract, contract.sha256) : []
  if (operationId === 'contracts.sign') request.sha256 = contract.sha256
}

function stageOf({ status }: JsonObject, operationId: string): Stage {
  if (status === 'draft' || status === 'canceled') return status
  return operationId === 'contracts.sign' ? 'signed' : 'working'
}

const amounts = [firstMilestone, secondMilestone]

/** A milestone in a state of its own, as the stage of its contract lets it be. */
function milestoneIn(milestone: JsonObject, stage: Stage, status: string): JsonObject {
  const amount = amounts[Number(milestone.position) - 1] ?? 0
  const isPaid = stage === 'working' || stage === 'canceled'
  const isDone = status === 'completed'
  const isHandedIn = isDone || status === 'submitted'
  const isOver = isDone || status === 'canceled'
  const dueAt = milestone.position === 1 ? due : null
  const [submission = {}] = milestone.submissions as JsonObject[]
  const answered = { answer: 'approved', answerNote: null, answeredAt: times.answered }
  return {
    ...milestone,
    amountMinor: amount,
    status,
    outcome: isDone ? 'approved' : status === 'canceled' && stage === 'canceled' ? 'canceled' : null,
    dueAt,
    deadlineAt: dueAt,
    fundedAt: isPaid ? times.funded : null,
    startedAt:
      isPaid && status !== 'pending' ? (milestone.position === 1 ? times.started : times.startedNext) : null,
    submittedAt: isHandedIn ? times.submitted : null,
    releasesAt: status === 'submitted' ? times.releases : null,
    releasedMinor: isDone ? amount : 0,
    refundedMinor: status === 'canceled' ? amount : 0,
    arbitrationMinor: 0,
    endedAt: isOver ? (isDone ? times.answered : times.canceled) : null,
    submissions: isHandedIn
      ? [{ ...submission, submittedAt: times.submitted, ...(isDone ? answered : {}) }]
      : [],
    updatedAt: lastOf(status, isPaid, milestone),
    allowedActions: actionsOf(
      milestoneMachine,
      { status: isPaid && stage !== 'canceled' ? status : 'canceled' },
      'client',
    ),
  }
}

function lastOf(status: string, isPaid: boolean, { position, createdAt = null }: JsonObject): Json {
  if (!isPaid) return createdAt
  if (status === 'canceled') return times.canceled
  return (
    {
      completed: times.answered,
      submitted: times.submitted,
      in_progress: position === 1 ? times.started : times.startedNext,
    }[status] ?? times.funded
  )
}

function escrowIn(escrow: JsonObject, stage: Stage): JsonObject {
  const isOver = stage === 'canceled'
  return {
    ...escrow,
    status: isOver ? 'full_release' : 'partial_release',
    fundedMinor: firstMilestone + secondMilestone,
    heldMinor: isOver ? 0 : secondMilestone,
    releasedMinor: firstMilestone,
    commissionMinor: partOf(firstMilestone, commissionBasisPoints),
    refundedMinor: isOver ? secondMilestone : 0,
    arbitrationMinor: 0,
    heldAt: times.funded,
    releasedAt: isOver ? times.canceled : null,
  }
}

/** The first milestone by itself: it is paid, and what the operation says has just happened with it. */
export function tellMilestone(milestone: JsonObject, { operationId, request }: Call): void {
  const status = operationId === 'contracts.requestRelease' ? 'submitted' : String(milestone.status)
  const { submissions = [] } = milestone
  const own = milestone.status === status ? { allowedActions: milestone.allowedActions ?? null } : {}
  Object.assign(milestone, milestoneIn(milestone, 'working', status), own)
  const [submission] = milestone.submissions as JsonObject[]
  if (submission && operationId === 'contracts.submitMilestone' && typeof request.note === 'string')
    submission.note = request.note
  if (operationId === 'contracts.requestRelease') {
    milestone.releaseRequestedAt = '2026-11-25T08:00:00.000Z'
    touch(milestone, '2026-11-25T08:00:00.000Z')
  }
  if (operationId !== 'contracts.returnMilestone') return
  const [handedIn = {}] = milestoneIn({ ...milestone, submissions }, 'working', 'submitted')
    .submissions as JsonObject[]
  const answer = { answer: 'returned', answerNote: request.note ?? null, answeredAt: times.answered }
  Object.assign(milestone, {
    rounds: 1,
    submittedAt: times.submitted,
    submissions: [{ ...handedIn, ...answer }],
    updatedAt: times.answered,
  })
}

/** A third milestone beside the two of the contract. */
export function tellAmendment(amendment: JsonObject, { operationId, request }: Call): void {
  const { before } = amendment
  if (!isObject(before)) return
  const terms = before.terms ?? null
  const was = [
    agreed('milestone', 'Old kitchen removed', firstMilestone, due),
    agreed('milestone2', 'Tiles laid', secondMilestone, null),
  ]
  const will = [...was, agreed('milestone3', 'Damp wall dried', 40_000, null)]
  amendment.before = { ...before, milestones: was, totalMinor: firstMilestone + secondMilestone }
  amendment.after = { terms, milestones: will, totalMinor: firstMilestone + secondMilestone + 40_000 }
  amendment.text = jsonbText({
    contract: amendment.contractId ?? null,
    booking: idOf('booking'),
    client: idOf('client'),
    tasker: idOf('tasker'),
    currency: amendment.currency ?? null,
    total: firstMilestone + secondMilestone + 40_000,
    terms,
    milestones: will.map(inText),
    rules: { releaseDays: 7, maxRounds: 3, maxPausedDays: 21, arbitrationBasisPoints: 500 },
  })
  amendment.sha256 = hashOf(amendment.text)
  const parties = { clientId: idOf('client'), taskerId: idOf('tasker') }
  const signatures = bothSign(parties, amendment.sha256)
  amendment.signatures = amendment.status === 'accepted' ? signatures : signatures.slice(0, 1)
  if (operationId === 'contracts.acceptAmendment') request.sha256 = amendment.sha256
  if (operationId === 'contracts.proposeAmendment')
    for (const [place, milestone] of (request.milestones as JsonObject[]).entries())
      if ('id' in milestone) milestone.id = was[place]?.id ?? null
}

const agreed = (kind: string, title: string, amountMinor: number, dueAt: string | null): JsonObject => ({
  id: idOf(kind),
  title,
  description: null,
  amountMinor,
  dueAt,
})

const inText = ({ id, title, description, amountMinor, dueAt }: JsonObject): JsonObject => ({
  id: id ?? null,
  title: title ?? null,
  description: description ?? null,
  amount: amountMinor ?? null,
  dueAt: dueAt ?? null,
})

const bothSign = ({ clientId, taskerId }: JsonObject, sha256: string): JsonObject[] => [
  { party: 'client', userId: clientId ?? null, sha256, signedAt: times.signed },
  { party: 'tasker', userId: taskerId ?? null, sha256, signedAt: times.active },
]

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
