import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'undici'
import { serve } from './child.ts'
import { BenchSocket } from './socket.ts'

export interface OffersPlan {
  origin: string
  clientToken: string
  taskIds: string[]
  /** Tokens of the taskers who will get the offers. */
  taskerTokens: string[]
  /** Between one task and the next. */
  pauseMs: number
}

export interface OffersResult {
  /** Milliseconds from the write of the POST to the offer frame, one a tasker and task. */
  latencies: number[]
  /** Milliseconds until the POST itself was answered. */
  posts: number[]
}

const TIMEOUT_MS = 10_000

async function run(plan: OffersPlan): Promise<OffersResult> {
  const connection = new Client(plan.origin)
  const arrivals = new Map<string, (receivedAt: number) => void>()
  const sockets = await Promise.all(
    plan.taskerTokens.map(async (token) => {
      const socket = await BenchSocket.open(plan.origin, '/v1/me/socket', token)
      socket.onFrame = (frame, receivedAt) => {
        if (frame.type !== 'offer') return
        arrivals.get(String(frame.data?.taskId))?.(receivedAt)
        // As a device does: it shows the offer.
        socket.send({ type: 'offer.ack', offerId: frame.data?.offerId })
      }
      return socket
    }),
  )
  const result: OffersResult = { latencies: [], posts: [] }
  for (const taskId of plan.taskIds) {
    await postAndWait(plan, connection, taskId, arrivals, result)
    await call(connection, plan, `/v1/tasks/${taskId}/cancel`, JSON.stringify({ reason: 'bench' }))
    await wait(plan.pauseMs)
  }
  for (const socket of sockets) socket.close()
  await connection.destroy()
  return result
}

async function postAndWait(
  plan: OffersPlan,
  connection: Client,
  taskId: string,
  arrivals: Map<string, (receivedAt: number) => void>,
  result: OffersResult,
): Promise<void> {
  let missing = plan.taskerTokens.length
  const sentAt = performance.now()
  const offered = new Promise<void>((resolve, reject) => {
    const timeout = setTimeout(() => reject(new Error(`No offer for task ${taskId}`)), TIMEOUT_MS)
    arrivals.set(taskId, (receivedAt) => {
      result.latencies.push(receivedAt - sentAt)
      missing -= 1
      if (missing > 0) return
      clearTimeout(timeout)
      resolve()
    })
  })
  await call(connection, plan, `/v1/tasks/${taskId}/post`)
  result.posts.push(performance.now() - sentAt)
  await offered
  arrivals.delete(taskId)
}

async function call(
  connection: Client,
  { clientToken }: OffersPlan,
  path: string,
  body?: string,
): Promise<void> {
  const headers = {
    authorization: `Bearer ${clientToken}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const reply = await connection.request({ method: 'POST', path, headers, body: body ?? null })
  const text = await reply.body.text()
  if (reply.statusCode !== 200) throw new Error(`${path}: ${reply.statusCode} ${text}`)
}

serve(run)
