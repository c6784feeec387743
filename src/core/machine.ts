/**
 * A state machine as data. From one such table come the rows of `state_transitions`, the trigger functions that refuse every
 * other change, record a transition and call the consequences, `allowedActions`, the diagrams in `docs/` and the exhaustive test. How to add one: `docs/adding-a-machine.md`.
 *
 * `machine.ts` files import nothing but this: the database schema takes its enums from their states.
 */
export interface Machine<
  State extends string = string,
  Party extends string = string,
  Consequence extends string = string,
> {
  name: string
  /** Table and column that hold the state. */
  table: string
  column: string
  states: readonly [State, ...State[]]
  /** The people of an object. Staff, the system and payment providers are parties to every object. */
  people: Readonly<Record<string, Person>>
  /** The table that keeps the transitions. */
  history?: History
  /** Users who hear its events beside its people: SQL over the row `new`, an array. No data of an event names them. */
  alsoHeardBy?: string
  /** Data of events beyond the states, the people and the ids of task and booking: SQL over the row `new`. */
  eventData?: Readonly<Record<string, string>>
  /**
   * SQL functions `khidma.after_<machine>_<state>`, each with what it does: they run in the transaction that makes the
   * transition, after it was recorded. The state is the one that was entered or left.
   */
  consequences?: Readonly<Record<Consequence, string>>
  /** Instants by which something has to happen, by name. `after` names the one that makes a transition. */
  deadlines?: Readonly<Record<string, Deadline<State>>>
  transitions: readonly Transition<State, Party, Consequence>[]
}

/**
 * An instant that is stored for an object. Readers judge by it, a sweep only collects: nothing depends on when that runs. An area
 * sets it as the object enters one of the states, and ends it as the object leaves them.
 */
export interface Deadline<State extends string = string> {
  while: readonly State[]
  /** Column that keeps the instant. */
  storedIn: string
  /** Key of configuration that says how far away it is set, and how long before it people are reminded. */
  config: string
  /** Beginning of its time. */
  from: string
  /** Follows when it passes, where that is no transition. */
  outcome?: string
  reminder?: { event: string; tells: readonly string[] }
}

/** Columns of a history table beside `id`, `actor_user_id` and `meta`. */
export interface History {
  table: string
  /** Column with the object's id. */
  object: string
  from: string
  to: string
  /** Column for the reason; without one it is stored in `meta`. */
  reason?: string
  /** More of `meta`: SQL expressions over `new`, by key. */
  notes?: Record<string, string>
}

/** Where a person of an object is found. */
export interface Person {
  /** Column with the user's id, of the object's own row or of `in`. */
  column: string
  /** Another table: the row of it whose column `key` has the value of the object's column `equals`. */
  in?: {
    table: string
    key: string
    equals: string
    where?: string
    /** Only the newest of the rows, where there are several: ids grow with time. */
    newest?: true
  }
  /** SQL function of the id in `column`: others for whom it is true act as the person does, such as people of a company. */
  orWhere?: `khidma.${string}`
  /** Name in the data of events, where it is not `<party>Id`. Null: may see the object, and hears no events of it. */
  eventKey?: string | null
}

export interface Transition<
  State extends string = string,
  Party extends string = string,
  Consequence extends string = string,
> {
  /** The action's name, as in the API (`confirm`). */
  name: string
  /** `null`: the object comes into being. */
  from: readonly (State | null)[]
  to: State
  by: readonly Party[]
  /** Type of the event that leaves (declared by the area). Without one another trigger of the table tells of it. */
  event?: string
  /** The state that the task takes in the same transaction; by party where it differs. */
  drivesTask?: string | Partial<Record<Party, string>>
  /** Functions that follow in the database: the same for all transitions between two states. */
  consequences?: readonly NoInfer<Consequence>[]
  /** A timer: the system makes this transition once the object has been in `from` for so long, or when a deadline has passed. */
  after?: { seconds?: number; deadline?: string }
  /** A timer by a stored instant: the system makes this transition once the time in this column has passed. */
  at?: string
  /** Follows from another action: none of its own in the API. */
  derived?: true
  /** SQL functions that make it, where neither an operation of its name, nor another machine's `drivesTask`, nor a timer does. */
  cause?: readonly string[]
}

export interface TransitionRow {
  machine: string
  name: string
  fromState: string | null
  toState: string
  party: string
  drivesTo: string | null
  event: string | null
}

/** Typed literal helper: states, parties and consequences are checked against each other. */
export const defineMachine = <
  const Name extends string,
  const State extends string,
  const Party extends string,
  const Consequence extends `after_${Name}_${State}` = never,
>(
  machine: Machine<State, Party, Consequence> & { name: Name },
): Machine<State, Party, Consequence> => machine

/** The machine as the rows of `state_transitions`: one a (from, to, party). */
export function transitionRows(machine: Machine): TransitionRow[] {
  return machine.transitions.flatMap(({ name, from, to, by, drivesTask, event }) =>
    from.flatMap((fromState) =>
      by.map((party) => ({
        machine: machine.name,
        name,
        fromState,
        toState: to,
        party,
        drivesTo: typeof drivesTask === 'object' ? (drivesTask[party] ?? null) : (drivesTask ?? null),
        event: event ?? null,
      })),
    ),
  )
}

/** States that nothing leads out of. */
export const endStates = <State extends string>(machine: Machine<State>): State[] =>
  machine.states.filter((state) => !machine.transitions.some(({ from }) => from.includes(state)))

export interface AllowedAction {
  action: string
  allowed: boolean
  /** Why not: `wrong_state` or `wrong_party`. */
  reason?: 'wrong_state' | 'wrong_party'
}

/** Actions of the machine, and whether a caller who is `party` to the object in `state` may take them now: as the trigger would say. */
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

/** Allowed, or the reason why not. */
export type Verdict = true | NonNullable<AllowedAction['reason']>

/**
 * Actions on an object that is no machine: its rules hang on more than its state and the caller's part in it (permissions,
 * other rows), and a trigger of its own keeps them.
 */
export const defineActions =
  <const Name extends string, Row, Caller>(actions: {
    names: readonly Name[]
    allowed(row: Row, caller: Caller): Record<Name, Verdict>
  }): ((row: Row, caller: Caller) => AllowedAction[]) =>
  (row, caller) => {
    const verdicts: Record<Name, Verdict> = actions.allowed(row, caller)
    return actions.names.map((action) => {
      const verdict: Verdict = verdicts[action]
      return verdict === true ? { action, allowed: true } : { action, allowed: false, reason: verdict }
    })
  }
