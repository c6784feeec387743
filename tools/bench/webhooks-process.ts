import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'undici'
import { startWebhookReceiver, type WebhookReceiver } from '../simulators/webhook-receiver.ts'
import { serve } from './child.ts'

export interface WebhooksPlan {
  origin: string
  ownerToken: string
  /** Null: nobody else is there. */
  neighbour: Neighbour | null
  events: number
  /** Between one event and the next on average. */
  pauseMs: number
}

export interface Neighbour {
  token: string
  endpoints: number
  /** Between one event and the next. */
  pauseMs: number
  /** The endpoints take requests in and answer none. */
  hangs: boolean
}

export interface WebhooksResult {
  /** Milliseconds from the answer of each write, just after its commit, to the request at the endpoint. */
  delays: number[]
  /** Requests that the neighbour's endpoints took in. */
  taken: number
}

const TIMEOUT_MS = 30_000

const task = JSON.stringify({
  category: 'plumbing',
  description: 'The kitchen tap drips day and night',
  address: '12 Corniche Street, second floor',
  city: 'Cairo',
  lat: 24.0889,
  lng: 32.8998,
  startsAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
  estMinutes: 60,
})

async function run(plan: WebhooksPlan): Promise<WebhooksResult> {
  const receiver = await startWebhookReceiver()
  const connection = new Client(plan.origin)
  const as = (token: string) => (method: Method, path: string, body?: string) =>
    call(connection, token, method, path, body)
  const owner = as(plan.ownerToken)
  const own = await subscribe(owner, receiver, 'own')
  const neighbour =
    plan.neighbour && (await startNeighbour(as(plan.neighbour.token), receiver, plan.neighbour))
  const answeredAt = new Map<string, number>()
  for (let n = 0; n < plan.events; n += 1) {
    const { id } = await owner('POST', '/v1/tasks', task)
    answeredAt.set(id, Date.now())
    // Not in step with the batches of the queue.
    await wait(plan.pauseMs * (0.5 + Math.random()))
  }
  const received = await allReceived(receiver, plan.events)
  const taken = (await neighbour?.stop()) ?? 0
  await owner('DELETE', `/v1/webhooks/${own}`)
  await connection.destroy()
  await receiver.close()
  const delays = [...answeredAt].map(([id, at]) => (received.get(id) as number) - at)
  return { delays, taken }
}

type Method = 'POST' | 'DELETE'
type Calls = (method: Method, path: string, body?: string) => Promise<{ id: string }>

async function subscribe(calls: Calls, receiver: WebhookReceiver, name: string): Promise<string> {
  const body = JSON.stringify({ url: receiver.urlOf(name), events: ['task.created'] })
  return (await calls('POST', '/v1/webhooks', body)).id
}

/** Writes on and on, each time an event for all of the endpoints, until it is stopped. */
async function startNeighbour(
  calls: Calls,
  receiver: WebhookReceiver,
  { endpoints, pauseMs, hangs }: Neighbour,
): Promise<{ stop(): Promise<number> }> {
  const names = Array.from({ length: endpoints }, (_, n) => `neighbour-${n}`)
  const ids: string[] = []
  for (const name of names) {
    receiver.set(name, { behaviour: { holds: hangs } })
    ids.push(await subscribe(calls, receiver, name))
  }
  let isOver = false
  const writing = (async () => {
    while (!isOver) {
      await calls('POST', '/v1/tasks', task)
      await wait(pauseMs)
    }
  })()
  const count = () => names.reduce((sum, name) => sum + receiver.received(name).length, 0)
  while (count() === 0) await wait(20)
  return {
    async stop() {
      isOver = true
      await writing
      const taken = count()
      for (const id of ids) await calls('DELETE', `/v1/webhooks/${id}`)
      for (const name of names) receiver.set(name, { behaviour: {} })
      return taken
    },
  }
}

/** When the event of each task came first. */
async function allReceived(receiver: WebhookReceiver, count: number): Promise<Map<string, number>> {
  const deadline = Date.now() + TIMEOUT_MS
  for (;;) {
    const times = new Map<string, number>()
    for (const { event, at } of receiver.received('own')) {
      const id = String(event?.data.taskId)
      if (!times.has(id)) times.set(id, Date.parse(at))
    }
    if (times.size >= count) return times
    if (Date.now() > deadline) throw new Error(`${times.size} of ${count} events have come`)
    await wait(20)
  }
}

async function call(
  connection: Client,
  token: string,
  method: Method,
  path: string,
  body?: string,
): Promise<{ id: string }> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const reply = await connection.request({ method, path, headers, body: body ?? null })
  const text = await reply.body.text()
  if (reply.statusCode >= 300) throw new Error(`${method} ${path}: ${reply.statusCode} ${text}`)
  return text === '' ? { id: '' } : (JSON.parse(text) as { id: string })
}

serve(run)
