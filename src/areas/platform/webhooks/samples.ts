import type { EventEnvelope } from '../../../core/events.ts'

/** The part that is taken of an example: the rest is of the moment. */
export type Sample = Pick<EventEnvelope, 'object' | 'data'>

/** The example of a type that the spec publishes, from a file of the build: no queue and no other request loads them. */
export async function sampleOf(assets: Fetcher, type: string): Promise<Sample> {
  const file = await assets.fetch('https://assets.local/event-samples.json')
  if (!file.ok) throw new Error(`No samples of events: ${file.status}`)
  const sample = (await file.json<Record<string, Sample>>())[type]
  if (!sample) throw new Error(`No sample of ${type}`)
  return sample
}
