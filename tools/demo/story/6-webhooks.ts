import type { z } from '@hono/zod-openapi'
import type { WebhookDelivery } from '../../../src/areas/platform/webhooks/schemas.ts'
import type { EventEnvelope } from '../../../src/core/events.ts'
import { check, checkEqual, eventually } from '../failure.ts'
import type { Person } from '../people.ts'
import type { Cast, Hook, Stage } from '../stage.ts'

type Delivery = z.infer<typeof WebhookDelivery>

const arrivalTimeoutMs = 30_000

export async function hearIt(stage: Stage, cast: Cast, taskId: string): Promise<void> {
  const { api, narrator } = stage
  const { partner, shaky } = cast
  narrator.chapter('6. A third party has heard all of it')

  const heard = await allArrived(stage, partner, [cast.client, ...cast.taskers])
  const ofTask = inOrder(heard, taskId).map(({ type }) => type)
  checkEqual('the life of the task, as the partner heard it', ofTask, lifeOfTask)
  narrator.tell(
    `The partner got all ${heard.length} events, each verified by the official Standard Webhooks library; by their sequence:`,
  )
  narrator.note(ofTask.join(' → '))

  await allArrived(stage, shaky, [shaky.owner])
  const turnedAway = shaky.endpoint.attempts.filter(({ status }) => status === 503)
  const [{ id: eventId } = { id: '' }] = turnedAway
  checkEqual(
    'the attempts that were turned away',
    turnedAway.map(({ id }) => id),
    [eventId, eventId],
  )
  // The endpoint has it a moment before we have written down its answer.
  const retried = await eventually('its delivery as delivered', arrivalTimeoutMs, async () => {
    const deliveries = await api.list<Delivery>(`/v1/webhooks/${shaky.id}/deliveries`, shaky.owner)
    return deliveries.find(({ eventId: of, status }) => of === eventId && status === 'delivered')
  })
  checkEqual('its attempts', retried.attempts, 3)
  checkEqual(
    'what became of them',
    retried.attemptLog.map(({ status }) => status),
    [503, 503, 200],
  )
  narrator.tell(
    `Mona’s endpoint said 503 to ${retried?.eventType} twice; the queue came again ${waitsOf(shaky, eventId)}, and nothing was lost`,
  )

  const pushed = shaky.endpoint.received
  const behind = await eventually('the same envelopes to pull', arrivalTimeoutMs, async () => {
    const pulled = await api.list<EventEnvelope>('/v1/events', cast.client)
    const same = pulled.filter(({ id }) => pushed.has(id))
    return same.length === pushed.size ? same : undefined
  })
  narrator.tell(`Who prefers to pull reads the same ${behind.length} events from GET /v1/events`)
}

const lifeOfTask = [
  'task.created',
  'task.posted',
  'task.matching',
  'task.accepted',
  'task.confirmed',
  'task.in_progress',
  'task.completed',
  'task.settled',
  'task.reviewed',
]

/** Events about what was added beside an object: they carry the version that they found. */
const addsToAnother = ['dispute.evidence_added', 'review.answered']

/**
 * Every event that these people can pull has come to the endpoint, verified, once. Webhooks are delivered side by side, so what
 * orders them is the sequence in the envelope, not the moment of arrival.
 */
export async function allArrived({ api }: Stage, hook: Hook, people: Person[]): Promise<EventEnvelope[]> {
  const { endpoint } = hook
  await eventually('every event at the endpoint', arrivalTimeoutMs, async () => {
    const lists = await Promise.all(people.map((person) => api.list<EventEnvelope>('/v1/events', person)))
    const expected = lists.flat().filter(({ createdAt }) => createdAt >= hook.createdAt)
    return expected.every(({ id }) => endpoint.received.has(id)) ? true : undefined
  })
  const received = [...endpoint.received.values()]
  checkEqual('forged signatures', endpoint.forged, [])
  // An object's sequence is its version: of its events that changed it, no two share one.
  const changing = received.filter(({ type }) => !addsToAnother.includes(type))
  for (const [id, events] of Map.groupBy(changing, ({ object }) => object.id)) {
    const sequences = events.map(({ object }) => object.sequence)
    const told = events.map(({ type, object }) => `${type} ${object.sequence}`)
    check(`one event for each sequence of ${id}`, new Set(sequences).size === sequences.length, told)
  }
  return received
}

export const inOrder = (events: EventEnvelope[], objectId: string): EventEnvelope[] =>
  events.filter(({ object }) => object.id === objectId).sort((a, b) => a.object.sequence - b.object.sequence)

/** The seconds between the attempts at one event. */
function waitsOf({ endpoint }: Hook, eventId: string): string {
  const times = endpoint.attempts.filter(({ id }) => id === eventId).map(({ atMs }) => atMs)
  const waits = times.slice(1).map((time, index) => ((time - (times[index] ?? time)) / 1_000).toFixed(1))
  return `after ${waits.join(' and ')} s`
}
