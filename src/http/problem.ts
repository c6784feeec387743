import type { Hook, z } from '@hono/zod-openapi'
import type { ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { problemText } from '../core/i18n.ts'
import { invalidValuesOf, sentenceIn } from '../core/invalid-values.ts'
import { logFailure } from '../core/log.ts'
import type { ProblemText } from '../core/problem-texts/problem-text.ts'
import { type InvalidValue, Problem, type ProblemCode, problems } from '../core/problems.ts'
import { inLanguage } from '../core/said.ts'
import type { AppEnv, Call } from './app-env.ts'
import { fieldsOf } from './fields.ts'

const problemMediaType = 'application/problem+json'

/** RFC 9457, in the caller's language. */
async function problemResponse(c: Call, problem: Problem): Promise<Response> {
  const { code, status, challenge } = problem
  const retryAfterSeconds = retryAfterOf(problem)
  const values = { ...problem.values, ...(retryAfterSeconds !== null && { retryAfterSeconds }) }
  const text = await problemText(code, c.get('locale'), values)
  const errors = invalidValuesIn(c, problem, text.title)
  const body = {
    type: `${c.env.API_ORIGIN}/problems/${code}`,
    title: text.title,
    status,
    detail: text.detail,
    code,
    requestId: c.get('requestId'),
    ...(errors.length > 0 && { errors }),
    ...(challenge && { challenge }),
  }
  const headers = new Headers({ 'Content-Type': problemMediaType, 'Cache-Control': 'no-store' })
  if (retryAfterSeconds !== null) headers.set('Retry-After', String(retryAfterSeconds))
  if (status === 401) headers.set('WWW-Authenticate', challengeOf(c, code))
  if (status === 415) headers.set('Accept', 'application/json')
  return new Response(JSON.stringify(body), { status, headers })
}

/**
 * Lists the values that were refused, in the caller's language; for a refusal that names fields, where those are in this
 * request.
 */
function invalidValuesIn(
  c: Call,
  { code, errors, fields }: Problem,
  title: string,
): Required<InvalidValue>[] {
  const usual = code === 'invalid_request' ? 'invalid' : 'refused'
  if (errors.length > 0)
    return errors.map((error) => ({
      pointer: error.pointer,
      code: error.code ?? usual,
      message: inLanguage(error.message, c.get('locale')),
    }))
  const { fields: ownFields = [] } = problems[code] as ProblemText
  return pointersTo(c, fields ?? ownFields, fields !== undefined).map((pointer) => ({
    pointer,
    code: 'refused',
    message: title,
  }))
}

/**
 * Points to fields of the request. A field that the refusal itself names may be missing from the request; otherwise only a
 * field that was sent can be wrong.
 */
function pointersTo(c: Call, fields: readonly string[], isNamed: boolean): string[] {
  const operation = c.get('operation')
  if (!operation || fields.length === 0) return []
  return places.flatMap(({ place, schema, target }) => {
    const known = fieldsOf(operation[schema])
    const sent = (c.req as { valid(target: string): unknown }).valid(target)
    const has = (field: string) =>
      isNamed || (sent as Record<string, unknown> | undefined)?.[field] !== undefined
    return fields.filter((field) => known.has(field) && has(field)).map((field) => `${place}/${field}`)
  })
}

const places = [
  { place: '', schema: 'body', target: 'json' },
  { place: 'path', schema: 'params', target: 'param' },
  { place: 'query', schema: 'query', target: 'query' },
] as const

/** Tells whether time alone ends the cause of a refusal: only then it says in `Retry-After` how long that takes. */
export const passesByItself = (code: ProblemCode): boolean =>
  problems[code].status === 429 || problems[code].status === 503 || code === 'idempotency_in_progress'

const retryAfterOf = ({ code, retryAfterSeconds = 1 }: Problem): number | null =>
  passesByItself(code) ? Math.max(1, Math.ceil(retryAfterSeconds)) : null

const ofToken: readonly ProblemCode[] = [
  'unauthenticated',
  'token_expired',
  'session_ended',
  'invalid_api_key',
]

/** RFC 6750 §3: no error code for a caller who sent no token. One that is good by itself may have been revoked. */
function challengeOf(c: Call, code: ProblemCode): string {
  const sentToken = c.get('tokenProblem') !== null || c.get('actor').kind === 'user'
  return `Bearer realm="khidma"${sentToken && ofToken.includes(code) ? ', error="invalid_token"' : ''}`
}

export const onError: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof Problem) {
    if (error.status >= 500) report(c, error)
    return problemResponse(c, error)
  }
  if (error instanceof HTTPException && error.status < 500) {
    const code = error.status === 415 ? 'unsupported_media_type' : 'malformed_json'
    return problemResponse(c, new Problem(code, { cause: error }))
  }
  report(c, error)
  return problemResponse(c, new Problem('internal_error', { cause: error }))
}

function report(c: Call, error: Error): void {
  logFailure('request.failed', error, {
    requestId: c.get('requestId'),
    operation: c.get('operation')?.operationId,
    cause: error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : error.cause,
  })
}

interface Routes {
  router: { match(method: string, path: string): readonly unknown[] }
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** 405 with `Allow` where the path exists under another method, else 404. */
export const onNotFound =
  (app: Routes): NotFoundHandler<AppEnv> =>
  async (c) => {
    const allowed = methods.filter((method) => hasRoute(app, method, c.req.path))
    if (allowed.length === 0 || allowed.includes(routedMethodOf(c)))
      return problemResponse(c, new Problem('not_found'))
    const response = await problemResponse(c, new Problem('method_not_allowed'))
    if (allowed.includes('GET')) allowed.splice(1, 0, 'HEAD')
    response.headers.set('Allow', allowed.join(', '))
    return response
  }

const routedMethodOf = (c: Call): string => (c.req.method === 'HEAD' ? 'GET' : c.req.method)

function hasRoute(app: Routes, method: string, path: string): boolean {
  const [handlers] = app.router.match(method, path) as [[[unknown, { method: string }], unknown][]]
  return handlers.some(([[, route]]) => route.method === method)
}

const errorsLimit = 20
const targets = { param: 'path', query: 'query', header: 'header' } as Record<string, string>

/** Turns what zod refused into `invalid_request`, with a pointer to each value, in the caller's language. */
export const refuseInvalid: Hook<unknown, AppEnv, string, unknown> = (result, c) => {
  if (result.success) return
  const issues = issuesInWords(c, result.target, (result as { data?: unknown }).data) ?? result.error.issues
  const errors = (issues as z.core.$ZodIssue[]).flatMap((issue) =>
    invalidValuesOf(issue, targets[result.target]),
  )
  throw new Problem('invalid_request', { errors: errors.slice(0, errorsLimit) })
}

/** Validates a refused value again to explain it to people; refusals are rare, so the second pass costs little. */
function issuesInWords(c: Call, target: string, data: unknown): unknown[] | undefined {
  const operation = c.get('operation')
  const schema =
    target === 'json' ? operation?.body : target === 'query' ? operation?.query?.strict() : operation?.params
  return schema?.safeParse(data, { error: sentenceIn[c.get('locale')], reportInput: true }).error?.issues
}
