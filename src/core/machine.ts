/**
 * A state machine as data. From one such table come the rows of `state_transitions` (and with them the trigger that
 * refuses every other change), `allowedActions`, the diagrams in `docs/` and the exhaustive test.
 */
export interface Machine<State extends string = string, Party extends string = string> {
  name: string
  /** Table and column that hold the state. */
  table: string
  column: string
  states: readonly State[]
  transitions: readonly Transition<State, Party>[]
}

export interface Transition<State extends string = string, Party extends string = string> {
  /** The action's name, as in the API (`confirm`). */
  name: string
  /** `null`: the object comes into being. */
  from: readonly (State | null)[]
  to: State
  by: readonly Party[]
  /** The state that the task takes in the same transaction; by party where it differs. */
  drivesTask?: string | Partial<Record<Party, string>>
  /** A timer: the system makes this transition once the object has been in `from` for so long. */
  after?: { seconds: number }
  /** Not an action of its own in the API: it follows from another one. */
  derived?: true
}

export interface TransitionRow {
  machine: string
  name: string
  fromState: string | null
  toState: string
  party: string
  drivesTo: string | null
}

/** Typed literal helper: states and parties are checked against each other. */
export const defineMachine = <const State extends string, const Party extends string>(
  machine: Machine<State, Party>,
): Machine<State, Party> => machine

/** The machine as the rows of `state_transitions`: one a (from, to, party). */
export function transitionRows(machine: Machine): TransitionRow[] {
  return machine.transitions.flatMap(({ name, from, to, by, drivesTask }) =>
    from.flatMap((fromState) =>
      by.map((party) => ({
        machine: machine.name,
        name,
        fromState,
        toState: to,
        party,
        drivesTo: typeof drivesTask === 'object' ? (drivesTask[party] ?? null) : (drivesTask ?? null),
      })),
    ),
  )
}

export interface AllowedAction {
  action: string
  allowed: boolean
  /** Why not: `wrong_state` or `wrong_party`. */
  reason?: 'wrong_state' | 'wrong_party'
}

/** What a caller, who is `party` to the object in `state`, may do now; the same table the trigger enforces. */
export function allowedActions(machine: Machine, state: string, party: string | null): AllowedAction[] {
  const actions = new Map<string, AllowedAction>()
  for (const { name, from, by, derived } of machine.transitions) {
    if (derived || from.includes(null) || by.every((who) => who === 'system' || who === 'provider')) continue
    const isParty = party !== null && by.includes(party)
    const allowed = isParty && from.includes(state)
    const known = actions.get(name)
    if (known?.allowed) continue
    if (allowed) actions.set(name, { action: name, allowed: true })
    else if (!known || (known.reason === 'wrong_party' && isParty)) {
      actions.set(name, { action: name, allowed: false, reason: isParty ? 'wrong_state' : 'wrong_party' })
    }
  }
  return [...actions.values()]
}
