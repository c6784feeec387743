import { sql } from 'drizzle-orm'
import { afterAll, expect } from 'vitest'
import { eventData } from '../../src/core/event-data.ts'
import type { EventTypeName } from '../../src/core/events.ts'
import { database } from './api.ts'

interface Emitted {
  seq: number
  type: EventTypeName
  data: unknown
}

const kept = globalThis as { checkedEvents?: number }

/** After every file: what its tests made the database tell is what the schemas say. */
afterAll(async () => {
  const rows = await database().read<Emitted>(
    sql`select seq, type, data from outbox where seq > ${kept.checkedEvents ?? 0} order by seq`,
  )
  kept.checkedEvents = rows.at(-1)?.seq ?? kept.checkedEvents ?? 0
  const unfit = rows.flatMap(({ type, data }) => {
    const { error } = eventData[type]?.safeParse(data) ?? { error: new Error('has no schema') }
    return error ? [`${type} ${JSON.stringify(data)}: ${error.message}`] : []
  })
  expect(unfit).toEqual([])
})
