import { type NeonQueryFunction, neon, neonConfig } from '@neondatabase/serverless'
import { newId } from '../../src/core/ids.ts'

/** One recorded operation: what the real Worker sends for it, with names in place of what differs from call to call. */
export interface Script {
  isBatch: boolean
  statements: Statement[]
  variables: { statement: number; param: number; is: Variable }[]
  status: number
}

interface Statement {
  query: string
  params: (string | null)[]
}

/** `pathId`: the id in the path; `userId`: the caller; `newId` and `requestId`: fresh ones. */
export type Variable = 'pathId' | 'userId' | 'newId' | 'requestId'

interface Env {
  DATABASE_URL: string
  DATABASE_HTTP: string
  SCRIPTS: Record<string, Script>
  /** Where events are handed over, as the real Worker does after its commit; without it they are left. */
  EVENTS?: Queue
}

let client: NeonQueryFunction<false, false> | undefined

function clientOf(env: Env): NeonQueryFunction<false, false> {
  if (!client) {
    neonConfig.fetchEndpoint = env.DATABASE_HTTP
    client = neon(env.DATABASE_URL)
  }
  return client
}

/**
 * Sends the same SQL as the real Worker through the same driver and answers the rows: no router, no token, no
 * validation, no headers, no queue. What the real Worker takes longer is the price of all of those.
 */
export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const script = env.SCRIPTS[request.headers.get('x-script') ?? '']
    if (!script) return new Response(null, { status: 404 })
    if (request.headers.has('content-type')) await request.json()
    const sql = clientOf(env)
    const statements = fillIn(script, request)
    const queries = statements.map(({ query, params }) => sql.query(query, params))
    const rows = script.isBatch
      ? (await sql.transaction(queries, { isolationLevel: 'ReadCommitted' })).at(-1)
      : await queries[0]
    const [row] = rows as [{ rows: unknown[]; events?: string[] }]
    const [eventId] = row.events ?? []
    if (env.EVENTS && eventId) ctx.waitUntil(env.EVENTS.send({ kind: 'event', eventId }))
    return Response.json(row.rows[0], { status: script.status })
  },
}

function fillIn(script: Script, request: Request): Statement[] {
  const values: Record<Variable, string> = {
    pathId: new URL(request.url).pathname.split('/')[3] ?? '',
    userId: request.headers.get('x-user-id') ?? '',
    newId: newId(),
    requestId: newId(),
  }
  const statements = script.statements.map(({ query, params }) => ({ query, params: [...params] }))
  for (const { statement, param, is } of script.variables) {
    const params = statements[statement]?.params
    if (params) params[param] = values[is]
  }
  return statements
}
