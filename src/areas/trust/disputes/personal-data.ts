import { sql } from 'drizzle-orm'
import { kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { disputes } from '../../../db/schema/trust/disputes.ts'

export const personalData: PersonalTable[] = [
  personalTable(disputes, {
    of: ownedBy(disputes.openedBy),
    exportOf: ({ user }) =>
      sql`t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    maskedIn: ({ user }) =>
      sql`t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    erasure: 'keep',
    why: 'a safety record',
    columns: {
      reason: { masked: true },
      currency: kept,
      resolution: { masked: true },
    },
  }),
]
