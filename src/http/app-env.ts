import type { Context as HonoContext } from 'hono'
import type { Actor, Context, Locale } from '../core/context.ts'
import type { Problem } from '../core/problems.ts'
import type { TextLocales } from '../core/translations.ts'
import type { Idempotency, Unit } from '../db/unit.ts'
import type { Env } from '../env.ts'
import type { Operation } from './operation.ts'
import type { RateLimitState } from './rate-limit.ts'

/** Facts that the middleware has learnt about the call; handlers read them through `ctxOf`. */
export interface CallVariables {
  requestId: string
  /** Larger operation that the call is part of, where its caller names one. */
  correlationId: string | null
  startedAt: Date
  locale: Locale
  /** Set where the answer shows texts of the catalog, which are in more languages than ours. */
  textLocales?: TextLocales
  actor: Actor
  /** When the token of the call ends: a socket ends with it. */
  tokenExpiresAtMs?: number
  /** Why the token that was sent is no good. Only operations that need a caller refuse because of it. */
  tokenProblem: Problem | null
  operation?: Operation
  idempotency?: Idempotency
  expectedVersion?: number
  rateLimit?: RateLimitState
  unit?: Unit
  context?: Context
}

export interface AppEnv {
  Bindings: Env
  Variables: CallVariables
}

export type Call = HonoContext<AppEnv>
