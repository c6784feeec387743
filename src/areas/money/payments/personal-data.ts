import { sql } from 'drizzle-orm'
import { kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { paymentIntents, payouts } from '../../../db/schema/money/payments.ts'

export const personalData: PersonalTable[] = [
  personalTable(paymentIntents, {
    of: ({ user }) =>
      sql`t.booking_id in (select b.id from bookings b where ${user} in (b.client_id, b.tasker_id))`,
    erasure: 'keep',
    why: 'books',
    columns: {
      provider: kept,
      providerReference: kept,
      currency: kept,
    },
  }),
  personalTable(payouts, {
    of: ownedBy(payouts.taskerId),
    erasure: 'keep',
    why: 'books',
    columns: {
      currency: kept,
      provider: kept,
      providerReference: kept,
    },
  }),
]
