import { allowedActions } from '../../../src/core/machine.ts'
import type { Json } from '../json.ts'
import type { Part } from '../story/parts.ts'
import {
  actionsOn,
  hasNoActions,
  machineOf,
  mayHaveReason,
  reasonStates,
  stateFieldOf,
  transitionsOf,
} from '../story/states.ts'
import { type Answer, answerParts } from './answers.ts'

/** Rules of states: that which an action leads to, and what follows from it. */
export const stateRules: Record<string, (answer: Answer) => string[]> = {
  'is in the state that the action leads to': otherStates,
  'is born in a first state': otherBirths,
  'offers the actions of its state': otherActions,
  'has reasons of its state alone': otherReasons,
}

const stateOf = ({ value, name }: Part): Json | undefined => value[stateFieldOf(value, machineOf(name)) ?? '']

function otherStates(answer: Answer): string[] {
  const { operation } = answer
  const made = answerParts(answer).flatMap((part) => {
    const machine = machineOf(part.name)
    const transitions = operation && machine ? transitionsOf(operation, machine, !part.parent) : []
    return transitions.length > 0 ? [{ state: stateOf(part), leadsTo: transitions.map(({ to }) => to) }] : []
  })
  const isThere = made.some(({ state, leadsTo }) => leadsTo.includes(state as string))
  return made.length === 0 || isThere ? [] : made.map(({ state, leadsTo }) => `is ${state}, not ${leadsTo}`)
}

function otherBirths(answer: Answer): string[] {
  const [part] = answerParts(answer)
  const machine = machineOf(part?.name)
  if (answer.status !== '201' || !part || !machine) return []
  // A wallet pays at once.
  if (part.value.method === 'wallet') return []
  const births = machine.transitions.filter(({ from }) => from.includes(null)).map(({ to }) => to)
  const state = stateOf(part) as string
  return births.length === 0 || births.includes(state) ? [] : [`is new, and ${state}, not ${births}`]
}

function otherActions(answer: Answer): string[] {
  return answerParts(answer).flatMap((part) => {
    const { value, name, place } = part
    if (!('allowedActions' in value)) return []
    const machine = machineOf(name)
    const parties = [...new Set(machine?.transitions.flatMap(({ by }) => by)), null]
    const known =
      machine && !hasNoActions(part)
        ? parties.map((party) => allowedActions(machine, stateOf(part) as string, party) as unknown as Json)
        : [actionsOn(part, null)]
    const isKnown = known.some((actions) => JSON.stringify(actions) === JSON.stringify(value.allowedActions))
    return isKnown ? [] : [`${place}/allowedActions are not those of ${name} ${stateOf(part) ?? ''}`]
  })
}

function otherReasons(answer: Answer): string[] {
  return answerParts(answer).flatMap(({ value, place }) =>
    Object.entries(reasonStates).flatMap(([key, states]) =>
      typeof value[key] === 'string' && mayHaveReason(value, states) === false
        ? [`${place} has ${key}, but is not ${states.join(' or ')}`]
        : [],
    ),
  )
}
