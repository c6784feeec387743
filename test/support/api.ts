import { exports, env as workerEnv } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { type Actor, secretsOf, type UserRole } from '../../src/core/context.ts'
import { randomDigits } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import { systemRoles } from '../../src/core/permissions.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import { insertion } from '../../src/db/patch.ts'
import { sessions, users } from '../../src/db/schema/people/identity.ts'
import { createUnit } from '../../src/db/unit.ts'
import type { Env } from '../../src/env.ts'
import { checkRefusal } from './declared-refusals.ts'
import { type TestUnit, unchecked } from './unchecked.ts'

export const env = workerEnv as unknown as Env

export interface Caller {
  userId: string
  role: UserRole
  phone: string
  sessionId: string
  accessToken: string
}

export interface CallOptions {
  as?: Caller | undefined
  method?: string
  /** Sent as JSON. Text and bytes are sent as they are. */
  body?: unknown
  headers?: Record<string, string>
}

export interface Answer<Body> {
  status: number
  headers: Headers
  body: Body
}

/** One call through the real Worker. `POST` when there is a body, else `GET`. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the body by its assertions
export async function api<Body = any>(path: string, options: CallOptions = {}): Promise<Answer<Body>> {
  const response = await send(path, options)
  const text = await response.text()
  // A socket that opens is closed at once: who wants to keep it, asks with `send`.
  response.webSocket?.accept()
  response.webSocket?.close(1000)
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson && text ? JSON.parse(text) : text) as Body,
  }
}

/** The same, as the raw response (sockets, streams). */
export async function send(
  path: string,
  { as, method, body, headers = {} }: CallOptions = {},
): Promise<Response> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
  const all = new Headers({ 'cf-connecting-ip': randomIp() })
  if (as) all.set('authorization', `Bearer ${as.accessToken}`)
  if (body !== undefined) all.set('content-type', 'application/json')
  for (const [name, value] of Object.entries(headers)) all.set(name, value)
  const init = {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: all,
    redirect: 'manual' as const,
  }
  const content = body === undefined ? {} : { body: (isRaw ? body : JSON.stringify(body)) as BodyInit }
  const worker = (exports as unknown as { default: Fetcher }).default
  const url = new URL(path, 'https://api.test')
  const response = await worker.fetch(url.href, { ...init, ...content })
  await checkRefusal(init.method, url.pathname, response)
  return response
}

/** Returns an address of its own for each call, so that anonymous tests do not share a rate limit. */
const randomIp = () => `2001:db8:${[0, 1].map(() => Number(randomDigits(4))).join(':')}::1`

/** The database, outside of any call. */
export const database = (actor: Actor = { kind: 'system', job: 'test' }): TestUnit =>
  unchecked(createUnit({ env, actor, requestId: newId() }))

let lastPhone = Number(randomDigits(8))
/** Egyptian and in nobody's hands: thousands of random ones would meet. */
function aPhone(): string {
  lastPhone = (lastPhone + 1) % 100_000_000
  return `+2015${String(lastPhone).padStart(8, '0')}`
}

/** As after a sign-in with both factors, a moment ago. */
function staffClaims(role: UserRole, now: Date) {
  if (role !== 'ops' && role !== 'admin') return {}
  return { permissions: systemRoles[role], hasMfa: true, mfaAt: Math.floor(now.getTime() / 1000) }
}

/** A user of its own in the database, and an access token for them. */
export async function signedIn(role: UserRole = 'client', { now = new Date() } = {}): Promise<Caller> {
  const userId = newId()
  const sessionId = newId()
  const phone = aPhone()
  await database().write([
    sql`insert into users ${insertion(users, { id: userId, role, phone, fullName: `Test ${role}` })}`,
    sql`insert into sessions ${insertion(sessions, { id: sessionId, userId })}`,
  ])
  return signedInAgain({ userId, role, phone, sessionId }, now)
}

/** The same user in the same session, with another access token. */
async function signedInAgain(caller: Omit<Caller, 'accessToken'>, now = new Date()): Promise<Caller> {
  const { userId, role, sessionId } = caller
  const subject = { userId, role, sessionId, ...staffClaims(role, now) }
  const { accessToken } = await signAccessToken(secretsOf(env), subject, now)
  return { ...caller, accessToken }
}

/** Gives the same caller ten times, then makes another: one whom more tests share meets the limit of a user's rate. */
export function shared(make: () => Promise<Caller>): () => Promise<Caller> {
  let caller: Caller | undefined
  let uses = 0
  return async () => {
    if (!caller || uses === 10) {
      uses = 0
      caller = await make()
    }
    uses += 1
    return signedInAgain(caller)
  }
}
