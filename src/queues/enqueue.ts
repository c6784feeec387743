import type { Env } from '../env.ts'

const batchLimit = 100

/** Hands outbox events to the queue. A failure is only a delay: the cron sweep finds what was never enqueued. */
export async function enqueueEvents(env: Pick<Env, 'EVENTS'>, eventIds: string[]): Promise<void> {
  try {
    for (let from = 0; from < eventIds.length; from += batchLimit) {
      const batch = eventIds.slice(from, from + batchLimit)
      await env.EVENTS.sendBatch(batch.map((eventId) => ({ body: { kind: 'event', eventId } })))
    }
  } catch (error) {
    console.error({ message: 'events were not enqueued; the sweep will', eventIds, error: String(error) })
  }
}
