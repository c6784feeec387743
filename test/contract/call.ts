import { wholeApp } from '../../src/app.ts'
import type { UserRole } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { type Permission, systemRoles } from '../../src/core/permissions.ts'
import { type Operation, operations } from '../../src/http/operation.ts'
import { documentOf } from '../../tools/openapi/document.ts'
import { nameOfRef, operationsOf, type Parameter } from '../../tools/openapi/json.ts'
import { type Answer, api, type Caller, shared } from '../support/api.ts'
import { localBodies, localHeaders, localQueries } from '../support/world/locals.ts'
import { somebody, type WorldObject } from '../support/world/object.ts'
import { world } from '../support/world.ts'

export const app = await wholeApp()

/** Every operation there is, with what the spec says of it. The tests of this folder loop over these. */
export const document = documentOf(app)
const described = new Map([...operationsOf(document)].map(([, , object]) => [object.operationId, object]))
export const all: Operation[] = [...operations.values()]
export const named = (list: Operation[]): [string, Operation][] =>
  list.map((operation) => [operation.operationId, operation])

export const parameterNames = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)

/** As the spec has it, but with its `startsAt` in ten days: what an example plans must lie ahead on every day it is tried. */
export const exampleBody = (operationId: string): unknown => {
  const example = described.get(operationId)?.requestBody?.content?.['application/json']?.example
  return planned((example as { startsAt?: string } | undefined)?.startsAt, example)
}

function planned(startsAt: string | undefined, example: unknown): unknown {
  if (startsAt === undefined) return example
  const dayMs = 86_400_000
  const days = Math.ceil((Date.now() - Date.parse(startsAt)) / dayMs) + 10
  const moved = (name: string, value: unknown) =>
    /^(starts|ends)At$/.test(name) ? new Date(Date.parse(String(value)) + days * dayMs).toISOString() : value
  return Object.fromEntries(
    Object.entries(example as object).map(([name, value]) => [name, moved(name, value)]),
  )
}

/** An object for the path of the operation; null where its path names none. */
export async function objectFor({ operationId, path }: Operation): Promise<WorldObject | null> {
  const names = parameterNames(path)
  const make = world[operationId] ?? world[names.at(-1) ?? '']
  if (names.length === 0) return world[operationId]?.() ?? null
  if (!make) throw new Error(`test/support/world/ does not know how to make {${names.at(-1)}} of ${path}`)
  return make()
}

/** The roles that the policy lets in: of staff only those whose permissions suffice. */
export const rolesOf = ({ policy }: Operation): readonly UserRole[] =>
  policy === 'public' ? [] : policy.roles.filter((role) => isPermitted(role, policy.permission))

const isPermitted = (role: UserRole, permission: Permission | undefined): boolean =>
  permission === undefined ||
  (role !== 'ops' && role !== 'admin') ||
  (systemRoles[role] as readonly Permission[]).includes(permission)

const bystanders = new Map<UserRole, () => Promise<Caller>>()
/** Somebody of a role whom tests share whose calls read, are refused, or change other people's things. */
export function bystander(role: UserRole): Promise<Caller> {
  const known = bystanders.get(role) ?? shared(() => somebody(role))
  bystanders.set(role, known)
  return known()
}

const isStaff = (role: UserRole): boolean => role === 'ops' || role === 'admin'
export const isAboutCaller = ({ path }: Operation): boolean => /^\/v1\/(me|auth)\b/.test(path)

/** Those who may call the operation on the object: its parties, else anybody of an allowed role. */
export async function callersOf(
  operation: Operation,
  object: WorldObject | null,
  somebodyElse = (role: UserRole): Promise<Caller> =>
    operation.method === 'get' || (isStaff(role) && !isAboutCaller(operation))
      ? bystander(role)
      : somebody(role),
): Promise<(Caller | undefined)[]> {
  if (operation.policy === 'public') return [undefined]
  const roles = rolesOf(operation)
  const parties = object?.parties.filter(({ role }) => roles.includes(role)) ?? []
  const others = roles.filter((role) => !parties.some((party) => party.role === role))
  return [...parties, ...(await Promise.all(others.map(somebodyElse)))]
}

export interface Call {
  as?: Caller | undefined
  params?: Record<string, string>
  query?: string
  /** In place of the example of the spec. */
  body?: unknown
  headers?: Record<string, string>
}

/** Calls the operation with all that the spec requires: example body and query, precondition, idempotency key. */
export function call(
  operation: Operation,
  { as, params = {}, query, body, headers }: Call = {},
): Promise<Answer<unknown>> {
  const { operationId, path, method, ifMatch, idempotency } = operation
  const unknown = (name: string) =>
    wordsOf(operationId, name)?.at(-1) ?? (name === 'languageCode' ? 'qqx' : newId())
  const filled = path.replace(/\{(\w+)\}/g, (_match, name: string) => params[name] ?? unknown(name))
  const sent =
    operation.body || operationId in localBodies
      ? { body: body === undefined ? (localBodies[operationId] ?? exampleBody(operationId)) : body }
      : {}
  return api(`${filled}${queryOf(operationId, query)}`, {
    as,
    method: method.toUpperCase(),
    ...sent,
    headers: {
      ...(ifMatch === 'required' && { 'if-match': '*' }),
      ...(idempotency === 'required' && { 'idempotency-key': newId() }),
      ...localHeaders[operationId]?.(),
      ...headers,
    },
  })
}

/** The few words that a parameter of the path may be, where it is no id. */
const wordsOf = (operationId: string, name: string): string[] | undefined => {
  const parameter = described.get(operationId)?.parameters?.find((p) => p.in === 'path' && p.name === name)
  const { $ref, enum: values } = parameter?.schema ?? {}
  return ($ref ? document.components.schemas[nameOfRef($ref)]?.enum : values) as string[] | undefined
}

function queryOf(operationId: string, more = ''): string {
  const given = new URLSearchParams(more)
  const required = (described.get(operationId)?.parameters ?? []).filter(
    (p) => p.in === 'query' && p.required && !given.has(p.name ?? ''),
  )
  const pairs = required.map((p) => `${p.name}=${encodeURIComponent(String(exampleOfParameter(p)))}`)
  const query = [...pairs, localQueries[operationId], more].filter(Boolean).join('&')
  return query ? `?${query}` : ''
}

const exampleOfParameter = ({ name, example, schema }: Parameter) => {
  const value = example ?? schema?.example ?? schema?.enum?.[0]
  if (value === undefined) throw new Error(`query parameter ${name} needs an example`)
  return value
}
