import type { MiddlewareHandler } from 'hono'
import type { RefusedAttempt } from '../core/attempts.ts'
import type { UserRole } from '../core/context.ts'
import { logFailure } from '../core/log.ts'
import { Problem, type ProblemCode } from '../core/problems.ts'
import type { Env } from '../env.ts'
import type { AppEnv, Call } from './app-env.ts'
import { ipOf, userAgentOf } from './context.ts'
import { areaOf } from './mount.ts'
import type { Operation } from './operation.ts'
import { networkOf } from './rate-limit.ts'

type Tell = (env: Env, attempt: RefusedAttempt) => Promise<unknown>

/** In a minute, in this isolate: of one caller, and of all. A crowd without names must not push out those who have one. */
const perCaller = 10
const perIsolate = { anonymous: 120, known: 600 }

const ofMinute = (minute: number) => ({ minute, anonymous: 0, known: 0, counts: new Map<string, number>() })
let running = ofMinute(0)

/**
 * Refusals of sensitive operations go to the audit log after the answer has been sent, so that the caller does not wait
 * for a second round trip. A flood is cut off here before it becomes work, and again by the database.
 */
export const tellRefusals =
  (tell: Tell): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    await next()
    const operation = c.get('operation')
    const status = operation && statusOf(operation, c.error)
    if (!status || !operation) return
    const count = countUp(c)
    if (count === null) return
    const problem = c.error instanceof Problem ? c.error.code : 'internal_error'
    const written = tell(c.env, attemptOf(c, operation, status, problem, count === perCaller))
    c.executionCtx.waitUntil(written.catch((error) => logFailure('audit.refusal_write_failed', error)))
  }

function statusOf(operation: Operation, error: Error | undefined): RefusedAttempt['status'] | null {
  if (!error) return null
  if (!(error instanceof Problem) || error.code === 'internal_error')
    return isSensitive(operation) ? 'failed' : null
  if (lockOuts.has(error.code) || error.code === 'permission_missing') return 'refused'
  const isRefusal = error.status === 401 || error.status === 403
  return isRefusal && isSensitive(operation) ? 'refused' : null
}

/** Whoever calls: somebody is being shut out. As telling as these: staff who reach for what they are not permitted. */
const lockOuts: ReadonlySet<string> = new Set<ProblemCode>([
  'otp_exhausted',
  'refresh_token_reused',
  'sign_in_blocked',
  'mfa_blocked',
])

/** Tells whether an operation is for staff, moves money, or asks for a second factor. */
function isSensitive({ policy, idempotency }: Operation): boolean {
  if (policy === 'public') return false
  const isForStaff = policy.roles.every((role) => !outsiders.includes(role))
  return isForStaff || policy.stepUp === true || idempotency === 'required'
}

const outsiders: readonly UserRole[] = ['client', 'tasker']

/** Refusals of this caller in this minute, including this one; null: over the limit, not recorded. */
function countUp(c: Call): number | null {
  const minute = Math.floor(c.get('startedAt').getTime() / 60_000)
  if (running.minute !== minute) running = ofMinute(minute)
  const kind = c.get('actor').kind === 'anonymous' ? 'anonymous' : 'known'
  const caller = callerOf(c)
  const count = (running.counts.get(caller) ?? 0) + 1
  if (running[kind] >= perIsolate[kind] || count > perCaller) return null
  running.counts.set(caller, count)
  running[kind] += 1
  return count
}

function callerOf(c: Call): string {
  const actor = c.get('actor')
  return actor.kind === 'user' ? (actor.key?.keyId ?? actor.userId) : networkOf(ipOf(c) ?? 'unknown')
}

const userAgentLimit = 200
const idInPath = /\/([a-z-]+)\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![^/])/gi

function attemptOf(
  c: Call,
  operation: Operation,
  status: RefusedAttempt['status'],
  code: string,
  isLast: boolean,
): RefusedAttempt {
  const [, kind, id] = [...c.req.path.matchAll(idInPath)].at(-1) ?? []
  return {
    actor: c.get('actor'),
    action: operation.operationId,
    module: areaOf(c.req.path) ?? 'system',
    targetType: kind?.replaceAll('-', '_') ?? null,
    targetId: id?.toLowerCase() ?? null,
    requestId: c.get('requestId'),
    correlationId: c.get('correlationId'),
    ipAddress: ipOf(c),
    userAgent: userAgentOf(c, userAgentLimit),
    status,
    code,
    isLast,
  }
}
