import { serve } from './child.ts'
import { BenchSocket, type Frame } from './socket.ts'

export interface ChatPlan {
  origin: string
  /** Two people each. */
  conversations: { id: string; tokens: string[] }[]
  messagesPerSecond: number
  seconds: number
  /** Sent at the same rate before the clock starts. */
  warmUpSeconds: number
}

export interface ChatResult {
  /** Milliseconds to the ack from when the message was due: a late sender hides nothing. */
  acks: number[]
  /** Milliseconds from the moment it was due to its arrival at the other person. */
  deliveries: number[]
  /** Milliseconds by which this process was late in sending. */
  lateness: number[]
  seconds: number
  errors: string[]
}

const DRAIN_MS = 5_000

interface Pending {
  dueAt: number
  isCounted: boolean
}

async function run(plan: ChatPlan): Promise<ChatResult> {
  const result: ChatResult = { acks: [], deliveries: [], lateness: [], seconds: 0, errors: [] }
  const pending = new Map<string, Pending>()
  const undelivered = new Map<string, Pending>()
  const sockets = await openSockets(plan)
  for (const socket of sockets) {
    socket.onFrame = (frame, receivedAt) => take(frame, receivedAt, pending, undelivered, result)
  }
  await sendOnSchedule(plan, sockets, pending, undelivered, result)
  const deadline = performance.now() + DRAIN_MS
  while ((pending.size > 0 || undelivered.size > 0) && performance.now() < deadline) await pause(20)
  if (pending.size > 0) result.errors.push(`${pending.size} messages got no ack`)
  if (undelivered.size > 0) result.errors.push(`${undelivered.size} messages did not reach the other person`)
  for (const socket of sockets) socket.close()
  return result
}

/** In the order in which they take turns: first one of each conversation, then the other. */
async function openSockets({ origin, conversations }: ChatPlan): Promise<BenchSocket[]> {
  const sockets: BenchSocket[] = []
  for (const person of [0, 1]) {
    for (const { id, tokens } of conversations) {
      sockets.push(await BenchSocket.open(origin, `/v1/conversations/${id}/socket`, tokens[person] ?? ''))
    }
  }
  return sockets
}

function take(
  frame: Frame & { clientMessageId?: string },
  receivedAt: number,
  pending: Map<string, Pending>,
  undelivered: Map<string, Pending>,
  result: ChatResult,
): void {
  if (frame.type === 'ack') settle(pending, frame.id ?? '', receivedAt, result.acks)
  else if (frame.type === 'message')
    settle(undelivered, frame.clientMessageId ?? '', receivedAt, result.deliveries)
  else if (frame.type === 'error' && result.errors.length < 5) result.errors.push(JSON.stringify(frame))
}

function settle(waiting: Map<string, Pending>, key: string, receivedAt: number, times: number[]): void {
  const message = waiting.get(key)
  if (!message) return
  waiting.delete(key)
  if (message.isCounted) times.push(receivedAt - message.dueAt)
}

/** Open loop: message n is due at its time whether or not earlier ones were answered. */
async function sendOnSchedule(
  { messagesPerSecond, seconds, warmUpSeconds }: ChatPlan,
  sockets: BenchSocket[],
  pending: Map<string, Pending>,
  undelivered: Map<string, Pending>,
  result: ChatResult,
): Promise<void> {
  const total = Math.round(messagesPerSecond * (seconds + warmUpSeconds))
  const firstCounted = Math.round(messagesPerSecond * warmUpSeconds)
  const intervalMs = 1_000 / messagesPerSecond
  const startedAt = performance.now() + 100
  let next = 0
  while (next < total) {
    const now = performance.now()
    for (; next < total && startedAt + next * intervalMs <= now; next += 1) {
      const key = `m${next}`
      const message = { dueAt: startedAt + next * intervalMs, isCounted: next >= firstCounted }
      pending.set(key, message)
      undelivered.set(key, message)
      sockets[next % sockets.length]?.send({
        type: 'send',
        id: key,
        clientMessageId: key,
        kind: 'text',
        text: `Message ${next}: I am at the door, which bell is it?`,
      })
      if (message.isCounted) result.lateness.push(performance.now() - message.dueAt)
    }
    await pause(1)
  }
  result.seconds = (performance.now() - startedAt) / 1000 - warmUpSeconds
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

serve(run)
