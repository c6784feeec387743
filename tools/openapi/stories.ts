import { machines } from '../../src/areas/index.ts'
import { allowedActions, type Machine, type Transition } from '../../src/core/machine.ts'
import { idOf, withIds } from './example-ids.ts'
import type { Json } from './json.ts'

type JsonObject = { [key: string]: Json }

/** Machines of the schemas that are not called as their machine is. */
const machineNames: Record<string, string> = {
  payment: 'payment_intent',
  taskerProfile: 'tasker',
  reviewedVerification: 'verification',
  companyProfile: 'company',
  ownErasure: 'erasure',
}

/** States after actions of objects that have no machine. */
const statesAfter: Record<string, string> = {
  'userRoles.approve': 'approved',
  'userRoles.reject': 'rejected',
  'userRoles.revoke': 'revoked',
  'me.giveBackRole': 'revoked',
  'users.suspend': 'suspended',
}

/** Open actions of objects that have no machine, by state. */
const actionsByState: Record<string, { actions: string[]; allowed: Record<string, string[]> }> = {
  userRole: {
    actions: ['approve', 'reject', 'revoke'],
    allowed: { pending: ['approve', 'reject'], approved: ['revoke'] },
  },
}

const otherName = 'Karim Adel'
const thenTime = '2026-11-21T08:45:00.000Z'
/** Times of work that is scheduled from half past eight. */
const workTimes = { startedAt: '2026-11-22T08:35:00.000Z', completedAt: '2026-11-22T10:20:00.000Z' }

/**
 * Makes an example of an answer tell what has just happened: the state that the action leads to, the actions that are open
 * then, other ids for other objects, other names for other people.
 */
export function told(example: Json, schemaName: string, operationId: string, status: string): Json {
  const isPage = schemaName.endsWith('Page')
  const kind = schemaName.charAt(0).toLowerCase() + schemaName.slice(1, isPage ? -4 : undefined)
  const story = withIds(example, kind)
  if (typeof story !== 'object' || story === null || Array.isArray(story)) return story
  const objects = isPage ? ((story.data as Json[]) ?? []) : [story]
  for (const object of objects) tell(object as JsonObject, kind, operationId, status === '201')
  return story
}

function tell(object: JsonObject, kind: string, operationId: string, isNew: boolean): void {
  const { tasker } = object
  if (typeof tasker === 'object' && tasker !== null && !Array.isArray(tasker) && 'name' in tasker)
    tasker.name = otherName
  const machine = machineOf(kind)
  const field = ['approvalStatus', 'status', 'state'].find(
    (name) => typeof object[name] === 'string' && (!machine || machine.states.includes(object[name])),
  )
  if (!field) return
  const transition = machine && (transitionOf(machine, operationId) ?? (isNew ? birthOf(machine) : undefined))
  const state = transition?.to ?? statesAfter[operationId]
  if (state) enter(object, field, state, transition)
  if (!('allowedActions' in object)) return
  const current = object[field] as string
  if (machine) {
    const party = transition?.by[0] ?? partyOf(machine)
    object.allowedActions = allowedActions(machine, current, party) as unknown as Json
  } else {
    const { actions = [], allowed = {} } = actionsByState[kind] ?? {}
    object.allowedActions = actions.map((action) =>
      allowed[current]?.includes(action)
        ? { action, allowed: true }
        : { action, allowed: false, reason: 'wrong_state' },
    )
  }
}

function machineOf(kind: string): Machine | undefined {
  const name = machineNames[kind] ?? kind
  return machines.find((machine) => machine.name === name)
}

/** The transition that an operation makes: `bookings.confirm` confirms. */
export function transitionOf(machine: Machine, operationId: string): Transition | undefined {
  const verb = operationId.split('.')[1]?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return machine.transitions.find(
    ({ name, from }) => name.replaceAll('-', '_') === verb && !from.includes(null),
  )
}

/** The transition by which an object comes into being; undefined where there are several. */
function birthOf(machine: Machine): Transition | undefined {
  const [birth, ...others] = machine.transitions.filter(({ from }) => from.includes(null))
  return others.length === 0 ? birth : undefined
}

/** One of the people of the object, who reads the example as theirs; staff where it has none. */
const partyOf = (machine: Machine): string =>
  Object.keys(machine.people).find((person) => machine.transitions.some(({ by }) => by.includes(person))) ??
  'ops'

const note = 'Photos were checked.'
const unsplit = {
  source: null,
  amount: null,
  offerId: null,
  taskerAmount: null,
  clientAmount: null,
  arbitrationAmount: null,
  note,
}
const decisions: Record<string, Json> = {
  resolved: { outcome: 'completed', refundAmount: null, ...unsplit },
  rejected: { outcome: null, refundAmount: null, ...unsplit },
  refunded: { outcome: null, refundAmount: 25_000, ...unsplit },
}

const started = ['in_progress', 'completed']

function enter(object: JsonObject, field: string, state: string, transition?: Transition): void {
  object[field] = state
  if (started.includes(state) && object.startedAt === null) object.startedAt = workTimes.startedAt
  const done = `${state}At`
  if (object[done] === null) object[done] = done === 'completedAt' ? workTimes.completedAt : thenTime
  const doer = `${state}By`
  if (object[doer] === null) object[doer] = idOf(doer)
  if (object.resolution === null && decisions[state]) object.resolution = decisions[state]
  if (state === 'canceled' && object.cancelReason === null) object.cancelReason = 'The client is ill.'
  if ('version' in object) object.version = transition?.from.includes(null) ? 1 : 2
  const { task } = object
  const drives = transition?.drivesTask
  const taskState = typeof drives === 'string' ? drives : drives?.[transition?.by[0] ?? '']
  if (taskState && typeof task === 'object' && task !== null && 'state' in task)
    (task as JsonObject).state = taskState
}
