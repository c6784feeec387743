import type { EventData } from '../areas/event-data.ts'
import { entriesOf, type KeyOf } from '../areas/index.ts'
import type { EventObjectType } from './event-objects.ts'

/**
 * Every event that is emitted: `<machine>.<state>` for a change of state, and a few of their own. One list for the
 * webhooks a subscriber may choose, the pull API and the `webhooks` of the spec; a test holds it against the machines.
 */
export const eventTypes = entriesOf('events')

export type EventTypeName = KeyOf<'events'>

/** An event of one of the types `T`, which tells what its data is. */
export type EventOf<T extends EventTypeName = EventTypeName> = {
  [K in T]: { id: string; type: K; objectId: string; createdAt: string; data: EventData[K] }
}[T]

/** An event as its list tells it. */
export type EventRow = EventOf & { seq: number; objectType: EventObjectType; objectSeq: number }

/** The one envelope of every event, pushed or pulled. */
export interface EventEnvelope {
  id: string
  type: EventTypeName
  createdAt: string
  /** The same time under the name that Standard Webhooks has for it. */
  timestamp: string
  sequence: number
  object: { type: EventObjectType; id: string; sequence: number }
  data: Record<string, unknown>
}

export const toEnvelope = (row: EventRow): EventEnvelope => ({
  id: row.id,
  type: row.type,
  createdAt: row.createdAt,
  timestamp: row.createdAt,
  sequence: row.seq,
  object: { type: row.objectType, id: row.objectId, sequence: row.objectSeq },
  data: row.data,
})
