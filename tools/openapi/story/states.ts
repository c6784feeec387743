import { machines } from '../../../src/areas/index.ts'
import { allowedActions, type Machine, type Transition } from '../../../src/core/machine.ts'
import type { Operation } from '../../../src/http/operation.ts'
import { idOf } from '../example-ids.ts'
import type { Json } from '../json.ts'
import { camelCase, type JsonObject, mayBeNull, type Part, snakeCase } from './parts.ts'
import { thenTime, workTimes } from './times.ts'

/** Machines of the schemas that are not called as their machine is. */
const machineNames: Record<string, string> = {
  Payment: 'payment_intent',
  BookingPayment: 'payment_intent',
  PayoutDetail: 'payout',
  TaskerProfile: 'tasker',
  Standing: 'tasker',
  BoardTasker: 'tasker',
  ReviewedVerification: 'verification',
  VerificationRequest: 'verification',
  CompanyProfile: 'company',
  ReviewedCompany: 'company',
  OwnErasure: 'erasure',
  ExportWithLink: 'export',
  ModeratedReview: 'review',
  ComparedBid: 'bid',
  DispatchedTask: 'task',
  BookedTask: 'task',
  BidTask: 'task',
  InvitationTask: 'task',
  LeadTask: 'task',
  BoardOpenTask: 'task',
  DispatchBooking: 'booking',
  CompanyBooking: 'booking',
  BoardVisit: 'booking',
  LastAssignment: 'assignment',
  OwnAssignment: 'assignment',
  CandidateOffer: 'offer',
  UserAccount: 'user',
  ClosedAccount: 'user',
}

export function machineOf(schemaName: string | undefined): Machine | undefined {
  if (!schemaName) return undefined
  const name = machineNames[schemaName] ?? snakeCase(schemaName)
  return machines.find((machine) => machine.name === name)
}

/** The field of an object that has its state. */
export function stateFieldOf(object: JsonObject, machine?: Machine): string | undefined {
  const names = ['approvalStatus', 'status', 'state']
  const own = machine && camelCase(machine.column)
  return [...(own ? [own] : []), ...names].find(
    (name) =>
      typeof object[name] === 'string' && (!machine || machine.states.includes(object[name] as string)),
  )
}

const isPerson = (party: string): boolean => !['system', 'provider'].includes(party)

/** The transitions that an operation makes: that which it declares, or else that of the object which its path is called after. */
export function transitionsOf(
  { transition, path, method }: Operation,
  machine: Machine,
  isMain: boolean,
): Transition[] {
  if (transition && transition.machine !== machine.name) return []
  if (!transition && !(isMain && method === 'post')) return []
  const action = transition?.action ?? path.slice(path.lastIndexOf('/') + 1)
  return machine.transitions.filter(
    ({ name, from, by, derived }) => name === action && !derived && !from.includes(null) && by.some(isPerson),
  )
}

/** The transition by which an object comes into being by somebody's own action; undefined where there are several. */
export function birthOf(machine: Machine): Transition | undefined {
  const births = machine.transitions.filter(({ from, by }) => from.includes(null) && by.some(isPerson))
  return births.length === 1 ? births[0] : undefined
}

/** The one of the people of an object who reads an example as theirs; staff where only they call the operation. */
export function partyOf(machine: Machine, { policy }: Operation, transition?: Transition): string | null {
  if (policy === 'public') return null
  const people = policy.roles.every((role) => role === 'ops' || role === 'admin')
    ? ['ops']
    : Object.keys(machine.people)
  const acting = transition?.by.filter(isPerson) ?? []
  const related = (policy.relation?.who ?? []).map(
    (who) => (who === 'offered_tasker' ? 'tasker' : who) as string,
  )
  const mayAct = (person: string) => machine.transitions.some(({ by }) => by.includes(person))
  return (
    acting.find((party) => people.includes(party)) ??
    people.find((person) => related.includes(person) && mayAct(person)) ??
    people.find(mayAct) ??
    'ops'
  )
}

/** Open actions of objects that have no machine, by schema. */
const actionsWithout: Record<string, Record<string, (object: JsonObject) => boolean>> = {
  UserRole: {
    approve: ({ status }) => status === 'pending',
    reject: ({ status }) => status === 'pending',
    revoke: ({ status }) => status === 'approved',
  },
  OwnRole: { 'give-back': ({ status }) => status === 'pending' || status === 'approved' },
  LegalHold: { release: ({ releasedAt }) => releasedAt === null },
}

/** A credit note is of the machine of invoices, and stays as it is. */
export const hasNoActions = ({ value, name }: Part): boolean =>
  name === 'Invoice' && value.kind === 'credit_note'

/** The actions that are open on an object in its state; undefined where nothing is known of the schema. */
export function actionsOn(part: Part, party: string | null): Json | undefined {
  const { value, name } = part
  if (hasNoActions(part)) return []
  const machine = machineOf(name)
  const field = machine && stateFieldOf(value, machine)
  if (machine && field) return allowedActions(machine, value[field] as string, party) as unknown as Json
  const actions = actionsWithout[name ?? '']
  return (
    actions &&
    Object.entries(actions).map(([action, isOpen]) =>
      isOpen(value) ? { action, allowed: true } : { action, allowed: false, reason: 'wrong_state' },
    )
  )
}

/** States in which an object has a reason, by the field of it. In others the field is null. */
export const reasonStates: Record<string, readonly string[]> = {
  rejectReason: ['rejected'],
  rejectionReason: ['rejected', 'draft'],
  cancelReason: ['canceled'],
  declineReason: ['declined', 'rejected'],
  suspensionReason: ['suspended'],
  hiddenReason: ['hidden', 'flagged'],
  decisionReason: ['approved', 'rejected', 'revoked'],
  endReason: ['revoked', 'ended', 'canceled'],
  closeReason: ['closed'],
}

const started = ['in_progress', 'completed']

/** Takes an object into a state: with the times and people of it, and without those of the state it was shown in. */
export function enter(part: Part, field: string, state: string, transition?: Transition): void {
  const { value: object } = part
  const before = object[field] as string
  object[field] = state
  const isReachedFromBefore = transition?.from.includes(before) ?? true
  if (before !== state && !isReachedFromBefore)
    for (const name of [`${before}At`, `${before}By`])
      if (mayBeNull(part.properties[name])) object[name] = null
  if (started.includes(state) && object.startedAt === null) object.startedAt = workTimes.startedAt as string
  const done = `${state}At`
  if (object[done] === null) object[done] = workTimes[done] ?? thenTime
  const doer = `${state}By`
  if (object[doer] === null) object[doer] = idOf(doer)
  const { task } = object
  const drives = transition?.drivesTask
  const taskState = typeof drives === 'string' ? drives : drives?.[transition?.by[0] ?? '']
  if (taskState && typeof task === 'object' && task !== null && 'state' in task)
    (task as JsonObject).state = taskState
}

/** Whether an object is in a state in which it has such a reason; undefined where it has no state. */
export function mayHaveReason(object: JsonObject, states: readonly string[]): boolean | undefined {
  const own = ['approvalStatus', 'status', 'state'].flatMap((name) =>
    typeof object[name] === 'string' ? [object[name] as string] : [],
  )
  return own.length === 0 ? undefined : own.some((state) => states.includes(state))
}

/** Says why an object is in its state, and nothing of states that it is not in. */
export function giveReasons({ value, properties }: Part, reason: Json | undefined): void {
  for (const [key, states] of Object.entries(reasonStates)) {
    const may = mayHaveReason(value, states)
    if (!(key in value) || may === undefined || !mayBeNull(properties[key])) continue
    if (!may) value[key] = null
    else if (typeof reason === 'string' && !properties[key]?.enum) value[key] = reason
  }
}
