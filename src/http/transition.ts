import type { UserRole } from '../core/context.ts'
import type { Machine } from '../core/machine.ts'
import type { ProblemCode } from '../core/problems.ts'
import { defineOperation, type OperationSpec, type RouteOf } from './operation.ts'
import { anyUser, type Policy, type Relation, type RelationParty, relationParties, staff } from './policy.ts'

type RestrictedPolicy = Exclude<Policy, 'public'>

/** Parts of the operation that the machine does not know. */
interface TransitionSpec
  extends Omit<OperationSpec, 'method' | 'query' | 'policy' | 'transition'>,
    Pick<RestrictedPolicy, 'permission' | 'scope' | 'stepUp'> {
  /** Names that policies have for parties of the machine, where they differ. */
  parties?: Readonly<Record<string, RelationParty>>
  /** The refusal of a wrong state, where the verb says it better than `invalid_transition`. */
  wrongState?: ProblemCode
  /** Refusals beyond that of a wrong state. */
  problems?: readonly ProblemCode[]
}

/**
 * Defines an operation that is one action of a machine, `POST …/<action>`. Its callers and the refusal of a wrong state follow
 * from the machine's table, so that the contract says what the trigger enforces.
 */
export function transition<const S extends TransitionSpec>(
  machine: Machine,
  action: string,
  spec: S,
): RouteOf<S & { method: 'post'; policy: RestrictedPolicy }> {
  const {
    permission,
    scope,
    stepUp,
    parties,
    wrongState = 'invalid_transition',
    problems = [],
    ...rest
  } = spec
  if (!rest.path.endsWith(`/${action}`)) throw new Error(`${rest.path} does not end with /${action}`)
  const policy: RestrictedPolicy = {
    ...callersOf(machine, action, parties),
    ...(scope && { scope }),
    ...(permission && { permission }),
    ...(stepUp && { stepUp }),
  }
  const operation = {
    ...rest,
    method: 'post',
    policy,
    problems: [wrongState, ...problems],
    transition: { machine: machine.name, action },
  } as OperationSpec
  return defineOperation(operation) as unknown as RouteOf<S & { method: 'post'; policy: RestrictedPolicy }>
}

const isRelationParty = (party: string): party is RelationParty =>
  (relationParties as readonly string[]).includes(party)

/** Roles and relation of those who may take an action. A token of a tasker may still say `client`, and a tasker has tasks too. */
export function callersOf(
  { name, transitions }: Machine,
  action: string,
  parties: Readonly<Record<string, RelationParty>> = {},
): { roles: readonly UserRole[]; relation?: Relation } {
  const steps = transitions.filter(
    (step) => step.name === action && !step.derived && !step.from.includes(null),
  )
  const by = new Set(steps.flatMap((step) => step.by))
  const isForStaff = by.delete('ops')
  by.delete('system')
  by.delete('provider')
  const who = [...by].map((party) => parties[party] ?? party)
  const strange = who.filter((party) => !isRelationParty(party))
  if (strange.length > 0) throw new Error(`No policy knows the ${strange} of the machine ${name}`)
  if (who.length === 0 && isForStaff) return { roles: staff }
  if (who.length === 0) throw new Error(`Nobody can ${action} by the machine ${name}`)
  const relation = { who: who.filter(isRelationParty) }
  return isForStaff
    ? { roles: anyUser, relation: { ...relation, orStaff: true } }
    : { roles: ['client', 'tasker'], relation }
}
