import { sql } from 'drizzle-orm'
import { afterAll, expect, inject } from 'vitest'
import { eventData } from '../../src/areas/event-data.ts'
import type { EventTypeName } from '../../src/core/events.ts'
import { type Emission, eventSamples, misfitsOf } from '../../tools/openapi/event-samples.ts'
import { database } from './api.ts'
import './provided.ts'

interface Emitted extends Emission {
  seq: number
  type: EventTypeName
}

const kept = globalThis as { checkedEvents?: number }

/** After every file: what its tests made the database tell is what the schemas say, and like the published examples. */
afterAll(async () => {
  const rows = await database().read<Emitted>(
    sql`select seq, type, object_type as "objectType", object_id as "objectId", object_seq as "objectSeq", data
          from outbox where seq > ${kept.checkedEvents ?? 0} order by seq`,
  )
  kept.checkedEvents = rows.at(-1)?.seq ?? kept.checkedEvents ?? 0
  const unfit = rows.flatMap(({ type, data }) => {
    const { error } = eventData[type]?.safeParse(data) ?? { error: new Error('has no schema') }
    return error ? [`${type} ${JSON.stringify(data)}: ${error.message}`] : []
  })
  expect(unfit).toEqual([])
  const taker = inject('emissionsTaker')
  if (taker) await fetch(taker, { method: 'POST', body: JSON.stringify(rows) })
  else
    expect(
      rows.flatMap((row) => misfitsOf(row, eventSamples)),
      'run this file with UPDATE=1, then `npm run openapi`, and commit the examples',
    ).toEqual([])
})
