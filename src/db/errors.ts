import type { NeonDbError } from '@neondatabase/serverless'
import { isProblemCode, Problem, type ProblemCode } from '../core/problems.ts'

/**
 * Which refusal a broken constraint means to a caller, and which field of a request it speaks of, where the code does not
 * say that. A constraint not named here is our own bug: 500.
 */
const constraintProblems: Record<string, ProblemCode | readonly [ProblemCode, ...fields: string[]]> = {
  bookings_task_id_key: 'offer_taken',
  bookings_no_overlap: 'tasker_busy',
  payment_intents_booking_id_key: 'payment_exists',
  reviews_booking_reviewer_key: 'already_reviewed',
  disputes_booking_id_key: 'already_exists',
  ledger_balances_guard: 'insufficient_balance',
  tasker_profiles_pkey: 'already_exists',
  task_categories_slug_key: ['already_exists', 'slug'],
  users_email_key: ['already_exists', 'email'],
  roles_name_key: ['already_exists', 'name'],
  departments_name_key: ['already_exists', 'name'],
  departments_code_key: ['already_exists', 'code'],
  designations_name_key: ['already_exists', 'name'],
  designations_code_key: ['already_exists', 'code'],
  designations_department_id_departments_id_fk: ['unknown_reference', 'departmentId'],
  employees_code_key: ['already_exists', 'employeeCode'],
  employees_user_key: ['already_exists', 'userId'],
  employees_own_manager: 'manager_circle',
  employees_user_id_users_id_fk: ['unknown_reference', 'userId'],
  employees_department_id_departments_id_fk: ['unknown_reference', 'departmentId'],
  employees_designation_id_designations_id_fk: ['unknown_reference', 'designationId'],
  employees_manager_employee_id_employees_id_fk: ['unknown_reference', 'managerEmployeeId'],
  roles_department_id_departments_id_fk: ['unknown_reference', 'departmentId'],
  user_roles_standing_key: ['already_exists', 'roleId', 'role'],
  users_username_key: 'username_taken',
  users_reachable: 'contact_required',
  mfa_factors_pkey: 'already_exists',
  users_timezone: 'unknown_timezone',
  user_verifications_national_id_key: 'document_in_use',
  user_verifications_not_own: 'forbidden',
  erasure_requests_one_open: 'erasure_pending',
  export_requests_one_pending: 'export_pending',
  consent_documents_kind_version_key: ['already_exists', 'documentVersion'],
}

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

/** What `khidma.refuse` raised: `field` names the value of the request that it speaks of. */
function refusalOf(code: ProblemCode, details: Record<string, string | number>, cause: Error): Problem {
  const { retryAfterSeconds, field, ...values } = details
  return new Problem(code, {
    values,
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    ...(typeof field === 'string' && { fields: [field] }),
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
    return new Problem(problem, { ...(fields.length > 0 && { fields }), cause: error })
  }
  if (retryable.has(code))
    return new Problem('temporarily_unavailable', { retryAfterSeconds: 1, cause: error })
  // A null byte or a lone surrogate that passed every schema: the caller's text, not our bug.
  if (code === '22021' || code === '22P05') return new Problem('invalid_request', { cause: error })
  return error
}
