import { serve } from './child.ts'
import { HttpConnection, httpRequest } from './http-connection.ts'

/** Requests that differ only in the id of their path; one connection is one caller. */
export interface LoadPlan {
  origin: string
  method: string
  /** `{id}` is replaced. */
  path: string
  body?: string
  /** By connection: who calls, and the ids they use up; without ids the path is the same each time. */
  callers: { headers: Record<string, string>; ids: string[]; requests: number }[]
  expectedStatus: number
}

export interface LoadResult {
  seconds: number
  /** Milliseconds from the write of a request to the end of its reply. */
  latencies: number[]
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const origin = new URL(plan.origin)
  const result: LoadResult = { seconds: 0, latencies: [] }
  const failures = { count: 0, first: '' }
  const connections = await Promise.all(plan.callers.map(() => HttpConnection.open(origin)))
  const startedAt = performance.now()
  await Promise.all(
    plan.callers.map((caller, index) =>
      call(plan, caller, connections[index] as HttpConnection, result, failures),
    ),
  )
  result.seconds = (performance.now() - startedAt) / 1000
  for (const connection of connections) connection.close()
  if (failures.count > 0) {
    throw new Error(
      `${failures.count} of ${result.latencies.length} requests to ${plan.path} failed, first: ${failures.first}`,
    )
  }
  return result
}

async function call(
  plan: LoadPlan,
  { headers, ids, requests }: LoadPlan['callers'][number],
  connection: HttpConnection,
  result: LoadResult,
  failures: { count: number; first: string },
): Promise<void> {
  for (let index = 0; index < requests; index += 1) {
    const id = ids[index % Math.max(1, ids.length)] ?? ''
    const request = httpRequest(plan.method, plan.path.replace('{id}', id), headers, plan.body)
    const sentAt = performance.now()
    const reply = await connection.send(request)
    result.latencies.push(performance.now() - sentAt)
    if (reply.status === plan.expectedStatus) continue
    failures.count += 1
    failures.first ||= `${reply.head.split('\r\n')[0]} ${reply.body.slice(0, 500)}`
  }
}

serve(run)
