import { HonoRequest } from 'hono/request'
import { Problem } from '../../src/core/problems.ts'
import type { AppEnv, Call, CallVariables } from '../../src/http/app-env.ts'
import { authentication } from '../../src/http/auth.ts'
import { readJsonBody } from '../../src/http/body.ts'
import { admit, type Operation } from '../../src/http/operation.ts'
import { refuseInvalid } from '../../src/http/problem.ts'
import { env } from '../support/api.ts'

/**
 * Decisions on a call in the test's own process, by the functions that the server calls before a handler begins. They cost a
 * hundredth of a call over HTTP, so that every pair of operation and caller, and of operation and body, can be asked; what
 * connects them to the server is asked over HTTP, once for each operation or shape.
 */
function callOf(operation: Operation, init: RequestInit): Call {
  const variables: Partial<CallVariables> = { operation, locale: 'en' }
  const method = operation.method.toUpperCase()
  return {
    env: env satisfies AppEnv['Bindings'],
    req: new HonoRequest(new Request('https://api.test/', { method, ...init })),
    get: (name: keyof CallVariables) => variables[name],
    set: (name: keyof CallVariables, value: unknown) => Object.assign(variables, { [name]: value }),
  } as unknown as Call
}

async function problemOf(decide: () => unknown): Promise<Problem | null> {
  try {
    await decide()
    return null
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** The refusal of a caller by the gate, at a moment; null: admitted. */
export async function refusalOfCaller(
  operation: Operation,
  token: string | undefined,
  startedAt = new Date(),
): Promise<Problem | null> {
  const c = callOf(operation, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
  c.set('startedAt', startedAt)
  await authentication(c, async () => {})
  return problemOf(() => admit(operation, c))
}

/** The refusal of a body before the handler; null: it has the shape that the handler takes. */
export function refusalOfBody(
  operation: Operation,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Problem | null> {
  const bytes =
    body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const sized = { 'content-type': 'application/json', 'content-length': String(bytes.byteLength) }
  const c = callOf(operation, { headers: { ...sized, ...headers }, body: bytes })
  return problemOf(async () => {
    const data = await readJsonBody(c, operation.mayLackBody)
    const result = await operation.body?.safeParseAsync(data)
    if (!result) throw new Error(`${operation.operationId} takes no body`)
    await refuseInvalid({ ...result, target: 'json', ...(!result.success && { data }) } as never, c as never)
  })
}
