import { Client } from 'undici'
import { serve } from './child.ts'

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
  const latencies: number[] = []
  const failures: string[] = []
  const clients = plan.callers.map(() => new Client(plan.origin))
  const startedAt = performance.now()
  await Promise.all(
    plan.callers.map((caller, index) => call(plan, caller, clients[index] as Client, latencies, failures)),
  )
  const seconds = (performance.now() - startedAt) / 1000
  await Promise.all(clients.map((client) => client.destroy()))
  if (failures.length > 0) {
    throw new Error(
      `${failures.length} of ${latencies.length} requests to ${plan.path} failed, first: ${failures[0]}`,
    )
  }
  return { seconds, latencies }
}

async function call(
  { method, path, body, expectedStatus }: LoadPlan,
  { headers, ids, requests }: LoadPlan['callers'][number],
  client: Client,
  latencies: number[],
  failures: string[],
): Promise<void> {
  const all = body === undefined ? headers : { ...headers, 'content-type': 'application/json' }
  for (let index = 0; index < requests; index += 1) {
    const id = ids[index % Math.max(1, ids.length)] ?? ''
    const sentAt = performance.now()
    const reply = await client.request({
      method: method as 'GET',
      path: path.replace('{id}', id),
      headers: all,
      body: body ?? null,
    })
    const text = await reply.body.text()
    latencies.push(performance.now() - sentAt)
    if (reply.statusCode !== expectedStatus) failures.push(`${reply.statusCode} ${text.slice(0, 500)}`)
  }
}

serve(run)
