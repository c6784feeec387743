import { entriesOf, type KeyOf } from '../areas/index.ts'

/**
 * Every event that is emitted: `<machine>.<state>` for a change of state, and a few of their own. One list for the
 * webhooks a subscriber may choose, the pull API and the `webhooks` of the spec; a test holds it against the machines.
 */
export const eventTypes = entriesOf('events')

export type EventTypeName = KeyOf<'events'>

/** What the database tells of an event. */
export interface EventRow {
  id: string
  type: string
  createdAt: string
  seq: number
  objectType: string
  objectId: string
  objectSeq: number
  data: Record<string, unknown>
}

/** The one envelope of every event, pushed or pulled. */
export interface EventEnvelope {
  id: string
  type: EventTypeName
  createdAt: string
  sequence: number
  object: { type: string; id: string; sequence: number }
  data: Record<string, unknown>
}

export const toEnvelope = (row: EventRow): EventEnvelope => ({
  id: row.id,
  type: row.type as EventTypeName,
  createdAt: row.createdAt,
  sequence: row.seq,
  object: { type: row.objectType, id: row.objectId, sequence: row.objectSeq },
  data: row.data,
})
