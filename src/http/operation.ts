import { createRoute, type RouteConfig, type z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import type { Actor } from '../core/context.ts'
import type { ProblemCode } from '../core/problems.ts'
import { Problem } from '../core/problems.ts'
import { requireStepUp } from '../core/step-up.ts'
import type { AppEnv, Call } from './app-env.ts'
import { readJsonBody } from './body.ts'
import type { Deprecation } from './deprecation.ts'
import { answerConditionally, type IfMatchRule, readIfMatch } from './etag.ts'
import { type IdempotencyRule, readIdempotency } from './idempotency.ts'
import { placeOf, tellLocation } from './location.ts'
import { enforcePolicy, type Policy } from './policy.ts'
import { refuseQuery } from './query.ts'
import { switchOf } from './switches.ts'
import type { Tag } from './tags.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export interface Reply {
  description: string
  /** A named schema (`.openapi('Booking')`), or none for an answer without a body. */
  schema?: z.ZodType
  /** A browser that asks for HTML gets a page of the same. */
  html?: true
  /** A file of that schema, sent as it is kept. */
  file?: true
  /** The media types of a file that has no schema. */
  fileTypes?: readonly string[]
}

/** One operation as its area writes it; the rest of its contract follows from method and policy (`spec.ts`). */
export interface OperationSpec {
  /** `resource.verb` */
  operationId: string
  method: Method
  /** With `{parameters}`, below `/v1`. */
  path: string
  tag: Tag
  summary: string
  description: string
  policy: Policy
  params?: z.ZodObject
  query?: z.ZodObject
  /** Named, strict, and with an example. */
  body?: z.ZodType
  responses: Record<number, Reply>
  /** The refusals of its own; the usual ones are added. */
  problems?: readonly ProblemCode[]
  /** `optional` for every POST, `none` for other methods, `required` where money moves. */
  idempotency?: IdempotencyRule
  ifMatch?: IfMatchRule
  /** Single resources answer with an ETag, and 304 to `If-None-Match`. */
  etag?: boolean
  /** It is to end: the document and its answers say so. */
  deprecated?: Deprecation
  /** The action of a machine that it is; set by `transition()`. */
  transition?: { machine: string; action: string }
}

export interface Operation extends OperationSpec {
  idempotency: IdempotencyRule
  ifMatch: IfMatchRule
  etag: boolean
  problems: readonly ProblemCode[]
  /** No field is required, so that a missing body counts as `{}`. Not for PUT, which would replace the resource by nothing. */
  mayLackBody: boolean
}

/** The operations of the areas that are loaded; of all once `allRoutes()` has run, as it has for the spec and in tests. */
export const operations = new Map<string, Operation>()

type RequestOf<S extends OperationSpec> = (S extends { params: infer P extends z.ZodObject }
  ? { params: P }
  : object) &
  (S extends { query: infer Q extends z.ZodObject } ? { query: Q } : object) &
  (S extends { body: infer B extends z.ZodType }
    ? { body: { content: { 'application/json': { schema: B } }; required: true } }
    : object)

type ContentOf<R, Schema extends z.ZodType> = { 'application/json': { schema: Schema } } & (R extends {
  html: true
}
  ? { 'text/html': { schema: z.ZodString } }
  : object)

type ResponsesOf<R extends Record<number, Reply>> = {
  [Status in keyof R]: R[Status] extends { schema: infer Schema extends z.ZodType; file?: never }
    ? { description: string; content: ContentOf<R[Status], Schema> }
    : { description: string }
}

export type RouteOf<S extends OperationSpec> = {
  method: S['method']
  path: S['path']
  request: RequestOf<S>
  responses: ResponsesOf<S['responses']>
  getRoutingPath(): string
}

/**
 * A thin layer over `createRoute`: registers the operation, and puts its gate (policy, preconditions, body, idempotency
 * key) before its validators, so that a handler starts with a caller who may be here and values of the right shape.
 */
export function defineOperation<const S extends OperationSpec>(spec: S): RouteOf<S> {
  if (operations.has(spec.operationId)) throw new Error(`Operation ${spec.operationId} is defined twice`)
  let mayLackBody: boolean | undefined
  const operation: Operation = {
    ...spec,
    problems: spec.problems ?? [],
    idempotency: spec.idempotency ?? (spec.method === 'post' ? 'optional' : 'none'),
    ifMatch: spec.ifMatch ?? 'none',
    etag: spec.etag ?? false,
    // Asked for by the first call: the first parse of each of a hundred schemas would be part of every cold start.
    get mayLackBody() {
      mayLackBody ??= spec.method !== 'put' && spec.body?.safeParse({}).success === true
      return mayLackBody
    },
  }
  operations.set(spec.operationId, operation)
  const route = createRoute({
    operationId: spec.operationId,
    method: spec.method,
    path: spec.path,
    tags: [spec.tag],
    summary: spec.summary,
    description: spec.description,
    ...(spec.deprecated && { deprecated: true }),
    request: {
      ...(spec.params && { params: spec.params }),
      ...(spec.query && { query: spec.query.strict() }),
      ...(spec.body && { body: { content: { 'application/json': { schema: spec.body } }, required: true } }),
    },
    responses: responsesOf(spec.responses),
    middleware: gateOf(operation),
  })
  return route as unknown as RouteOf<S>
}

function responsesOf(replies: Record<number, Reply>): RouteConfig['responses'] {
  return Object.fromEntries(
    Object.entries(replies).map(([status, { description, schema, html, fileTypes }]) => {
      const content = schema
        ? { 'application/json': { schema }, ...(html && { 'text/html': { schema: text } }) }
        : fileTypes && Object.fromEntries(fileTypes.map((type) => [type, { schema: fileSchemaOf(type) }]))
      return [status, { description, ...(content && { content }) }]
    }),
  )
}

const text = { type: 'string' } as const
const fileSchemaOf = (mediaType: string) =>
  /^text\/|json/.test(mediaType) ? text : ({ type: 'string', format: 'binary' } as const)

/** Refuses what the token says is restricted; a write is also refused by the database, which knows the reason and is never late. */
function enforceSwitch(operation: Operation, actor: Actor): void {
  if (actor.kind !== 'user' || !actor.restrictions) return
  const needed = switchOf(operation)
  if (needed !== null && actor.restrictions.includes(needed))
    throw new Problem('restricted', { values: { switch: needed, reason: '' } })
}

/** Refuses a caller whom the policy does not let in. */
export function admit(operation: Operation, c: Call): void {
  const { policy } = operation
  enforcePolicy(policy, c.get('actor'), c.get('tokenProblem'))
  enforceSwitch(operation, c.get('actor'))
  if (policy !== 'public' && policy.stepUp) requireStepUp(c.get('actor'), c.get('startedAt'))
}

const gateOf =
  (operation: Operation): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    c.set('operation', operation)
    admit(operation, c)
    const expectedVersion = readIfMatch(c, operation.ifMatch)
    if (expectedVersion !== undefined) c.set('expectedVersion', expectedVersion)
    if (!operation.query) refuseQuery(c)
    const body = operation.body ? await readJsonBody(c, operation.mayLackBody) : undefined
    const idempotency = readIdempotency(c, operation.idempotency, operation.operationId, body)
    if (idempotency) c.set('idempotency', idempotency)
    await next()
    if (operation.etag) await answerConditionally(c)
    if (operation.method === 'post') await tellLocation(c, placeOf(operation, operations.values()))
  }
