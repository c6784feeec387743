import { sql } from 'drizzle-orm'
import { newId } from '../../src/core/ids.ts'
import { database } from './api.ts'
import { aTrade } from './work.ts'

/** Lets time pass for a booking: its open deadlines come nearer by so many minutes. */
export const letPass = (bookingId: string, minutes: number): Promise<unknown> =>
  database().write([
    sql`update booking_deadlines set due_at = due_at - make_interval(mins => ${minutes}) where booking_id = ${bookingId} and outcome is null`,
  ])

export interface KeptDeadline {
  kind: string
  outcome: string | null
  minutes: number
}

/** All deadlines that a booking has had, with the minutes from now. */
export const deadlinesOf = (bookingId: string): Promise<KeptDeadline[]> =>
  database().read<KeptDeadline>(
    sql`select kind, outcome, round(extract(epoch from due_at - now()) / 60)::int as minutes
          from booking_deadlines where booking_id = ${bookingId} order by id`,
  )

/** A category of its own with a value of configuration: nobody else's tests see it. Returns its slug. */
export async function aCategoryWith(key: string, value: object): Promise<string> {
  const { id, slug } = await aTrade()
  await database().write([
    sql`insert into config_entries (id, key, category_id, value, valid_during, reason)
        values (${newId()}, ${key}, ${id}, ${JSON.stringify(value)}::jsonb, tstzrange(now(), null), 'Test')`,
  ])
  return slug
}
