import type { EntryFrame } from '../../src/areas/contact/chat/frames.ts'
import { newId } from '../../src/core/ids.ts'

const noteLimit = 4_000

export interface Note {
  /** An event type: `booking.confirmed`. */
  event: string
  /** Ids and states. */
  data?: Record<string, unknown>
}

/** A note as the log keeps it. */
export function entryOf({ event, data = {} }: Note, seq: number): Extract<EntryFrame, { type: 'system' }> {
  const text = JSON.stringify(data)
  // Escapes that Postgres refuses would stop the archive.
  if (text.length > noteLimit || /\\u0000|\\ud[89a-f]/i.test(text))
    throw new TypeError('The note is no plain data')
  const now = Date.now()
  return {
    type: 'system',
    seq,
    messageId: newId(now),
    event,
    data,
    createdAt: new Date(now).toISOString(),
  }
}
