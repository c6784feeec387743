import { accessTexts } from './problem-texts/access.ts'
import { callerTexts } from './problem-texts/callers.ts'
import { liveTexts } from './problem-texts/live.ts'
import { moneyTexts } from './problem-texts/money.ts'
import { ourTexts } from './problem-texts/ours.ts'
import { privacyTexts } from './problem-texts/privacy.ts'
import { requestTexts } from './problem-texts/requests.ts'
import { signingInTexts } from './problem-texts/signing-in.ts'
import { thingTexts } from './problem-texts/things.ts'

/**
 * Every refusal this API knows, declared once: the runtime, the reference at `/problems/{code}` and the spec read the
 * same table. Codes are stable; texts may change. Postgres raises the same codes (SQLSTATE `KH` + status, code as message).
 */
export const problems = {
  ...requestTexts,
  ...callerTexts,
  ...accessTexts,
  ...thingTexts,
  ...moneyTexts,
  ...privacyTexts,
  ...signingInTexts,
  ...liveTexts,
  ...ourTexts,
}

export type ProblemCode = keyof typeof problems

export interface InvalidValue {
  /** RFC 6901 pointer into the body, or `query/name`, `path/name`, `header/name`. */
  pointer: string
  message: string
}

/** What a second factor is asked for with. */
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
