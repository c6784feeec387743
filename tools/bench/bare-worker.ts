import { type NeonQueryFunction, neon, neonConfig } from '@neondatabase/serverless'
import { fillIn, type Script } from './script.ts'

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
    const statements = fillIn(script, {
      pathId: new URL(request.url).pathname.split('/')[3] ?? '',
      userId: request.headers.get('x-user-id') ?? '',
    })
    const queries = statements.map(({ query, params }) => sql.query(query, params))
    const rows = script.isBatch
      ? (await sql.transaction(queries, { isolationLevel: 'ReadCommitted' })).at(-1)
      : await queries[0]
    const [{ answer }] = rows as [{ answer: unknown[] | { rows: unknown[]; events: { id: string }[] } }]
    // A read answers its rows, a write its events as well.
    const [found, events] = Array.isArray(answer) ? [answer, []] : [answer.rows, answer.events]
    const messages = events.map(({ id }) => ({ body: { kind: 'event', eventId: id } }))
    if (env.EVENTS && messages.length > 0) ctx.waitUntil(env.EVENTS.sendBatch(messages))
    return Response.json(found[0], { status: script.status })
  },
}
