import type { NeonDbError } from '@neondatabase/serverless'
import { entriesOf } from '../areas/index.ts'
import { isProblemCode, Problem, type ProblemCode } from '../core/problems.ts'
import { invalidInput, type RefusedInput } from '../core/refused-inputs.ts'

/** A broken constraint that no area declares is our own bug: 500. */
const constraintProblems: Record<string, string | readonly [string, ...string[]]> = entriesOf('constraints')

const REPLAY = 'KH200'
/** Serialization failure, deadlock, lock or statement timeout, shutdown, too many connections. */
const retryable = new Set(['40001', '40P01', '55P03', '57014', '57P01', '57P02', '57P03', '53300', '08006'])

class Replay extends Error {
  readonly rows: unknown[]
  constructor(rows: unknown[]) {
    super('replay')
    this.rows = rows
  }
}

/** The rows of the first answer, when `begin_request` found the idempotency key finished. */
export function replayedRowsOf<Row>(error: unknown): Row[] | undefined {
  return error instanceof Replay ? (error.rows as Row[]) : undefined
}

/** By its name, so that nobody loads the driver to know its errors. */
const isDatabaseError = (error: unknown): error is NeonDbError =>
  error instanceof Error && error.name === 'NeonDbError'

interface RefusalDetails extends Record<string, string | number | RefusedInput[] | undefined> {
  inputs?: RefusedInput[]
}

/**
 * Makes the Problem of a refusal that `khidma.refuse` raised: `field` names the value of the request that it is about, `inputs` the
 * answers to the questions of a category.
 */
function refusalOf(code: ProblemCode, details: RefusalDetails, cause: Error): Problem {
  const { retryAfterSeconds, field, inputs, ...rest } = details
  const values = rest as Record<string, string | number>
  return new Problem(code, {
    values,
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    ...(typeof field === 'string' && { fields: [field] }),
    ...(inputs && { errors: inputs.map(invalidInput) }),
    cause,
  })
}

/** The one place where SQLSTATEs become catalogue errors. */
export function problemOf(error: unknown): unknown {
  if (!isDatabaseError(error) || !error.code) {
    return new Problem('temporarily_unavailable', { retryAfterSeconds: 2, cause: error })
  }
  const { code, message, detail, constraint } = error
  if (code === REPLAY) return new Replay(JSON.parse(detail ?? '[]'))
  if (code.startsWith('KH') && isProblemCode(message)) {
    return refusalOf(message, JSON.parse(detail ?? '{}'), error)
  }
  const broken = constraint && constraintProblems[constraint]
  if (broken) {
    const [problem, ...fields] = typeof broken === 'string' ? ([broken] as const) : broken
    return new Problem(problem as ProblemCode, { ...(fields.length > 0 && { fields }), cause: error })
  }
  if (retryable.has(code))
    return new Problem('temporarily_unavailable', { retryAfterSeconds: 1, cause: error })
  // A null byte or a lone surrogate that passed every schema: the caller's text, not our bug.
  if (code === '22021' || code === '22P05') return new Problem('invalid_request', { cause: error })
  return error
}
