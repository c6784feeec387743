import { createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'
import { serve } from './child.ts'

/** Events of Stripe at a rate, whether or not earlier ones have been answered, as a gateway sends them. */
export interface GatewayEventsPlan {
  origin: string
  secret: string
  events: number
  perSecond: number
  /** Tells the events of one plan from those of another. */
  name: string
}

export interface GatewayEventsResult {
  /** Milliseconds from when each was due to the end of its answer. */
  latencies: number[]
}

async function run({
  origin,
  secret,
  events,
  perSecond,
  name,
}: GatewayEventsPlan): Promise<GatewayEventsResult> {
  const pool = new Pool(origin, { connections: 64 })
  const latencies: number[] = []
  const failures: string[] = []
  const startedAt = performance.now()
  const send = async (index: number, dueAt: number): Promise<void> => {
    const body = JSON.stringify(eventOf(`${name}${index}`))
    const t = Math.floor(Date.now() / 1_000)
    const signature = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')
    const reply = await pool.request({
      method: 'POST',
      path: '/v1/gateways/stripe/events',
      headers: { 'content-type': 'application/json', 'stripe-signature': `t=${t},v1=${signature}` },
      body,
    })
    const text = await reply.body.text()
    latencies.push(performance.now() - dueAt)
    if (reply.statusCode >= 300) failures.push(`${reply.statusCode} ${text.slice(0, 300)}`)
  }
  const all: Promise<void>[] = []
  for (let index = 0; index < events; index += 1) {
    const dueAt = startedAt + (index * 1_000) / perSecond
    const early = dueAt - performance.now()
    if (early > 1) await pause(early)
    all.push(send(index, dueAt))
  }
  await Promise.all(all)
  await pool.close()
  if (failures.length > 0) throw new Error(`${failures.length} events were refused, first: ${failures[0]}`)
  return { latencies }
}

const eventOf = (id: string) => ({
  id: `evt_${id}`,
  object: 'event',
  type: 'payment_intent.succeeded',
  livemode: false,
  created: Math.floor(Date.now() / 1_000),
  data: {
    object: {
      id: `pi_${id}`,
      object: 'payment_intent',
      metadata: { ref: `bench-${id}` },
      status: 'succeeded',
    },
  },
})

serve(run)
