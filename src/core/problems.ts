import { entriesOf, type KeyOf } from '../areas/index.ts'
import { generalTexts } from './problem-texts/general.ts'
import type { ProblemText } from './problem-texts/problem-text.ts'

/**
 * Every refusal this API knows, declared once: the runtime, the reference at `/problems/{code}` and the spec read the
 * same table. Codes are stable; texts may change. Postgres raises the same codes (SQLSTATE `KH` + status, code as message).
 */
export const problems: Readonly<Record<ProblemCode, ProblemText>> = {
  ...generalTexts,
  ...entriesOf('problems'),
}

export type ProblemCode = keyof typeof generalTexts | KeyOf<'problems'>

export interface InvalidValue {
  /** RFC 6901 pointer into the body, or `query/name`, `path/name`, `header/name`. */
  pointer: string
  message: string
  /** Absent: `refused`, as the code of the problem says. */
  code?: InvalidValueCode
}

/** Ways in which a value can be wrong, for programs. `refused`: the code of the problem says why. */
export const invalidValueCodes = [
  'required',
  'wrong_type',
  'unknown_value',
  'too_short',
  'too_long',
  'too_small',
  'too_large',
  'wrong_format',
  'unknown_field',
  'invalid',
  'refused',
] as const

export type InvalidValueCode = (typeof invalidValueCodes)[number]

/** Challenge that asks for a second factor. */
export interface MfaChallenge {
  /** Opaque; the answer brings it back. */
  token: string
  expiresAt: string
  methods: readonly ('totp' | 'backup_code')[]
}

export interface ProblemOptions {
  challenge?: MfaChallenge
  values?: Record<string, string | number>
  errors?: InvalidValue[]
  /** Names of the values it speaks of, where those are not the code's own: those that the request may have are pointed at. */
  fields?: readonly string[]
  retryAfterSeconds?: number
  cause?: unknown
}

/** A refusal on its way to the caller. Thrown by verbs, by the database layer and by HTTP middleware alike. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly values: Record<string, string | number>
  readonly errors: InvalidValue[]
  readonly fields: readonly string[] | undefined
  readonly retryAfterSeconds: number | undefined
  /** Goes into the body: of `mfa_required`. */
  readonly challenge: MfaChallenge | undefined

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(code, { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.values = options.values ?? {}
    this.errors = options.errors ?? []
    this.fields = options.fields
    this.retryAfterSeconds = options.retryAfterSeconds
    this.challenge = options.challenge
  }

  get status(): number {
    return problems[this.code].status
  }
}

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code)
