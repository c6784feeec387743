import { sql } from 'drizzle-orm'
import { kept, ownedBy, type PersonalTable, personalTable, type Rows } from '../../../core/personal-data.ts'
import { disputeEvidence, disputeNotes, disputeOffers, disputes } from '../../../db/schema/trust/disputes.ts'

const ofItsParties: Rows = ({ user }) =>
  sql`t.dispute_id in (select d.id from disputes d join bookings b on b.id = d.booking_id where ${user} in (b.client_id, b.tasker_id))`

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
      description: { masked: true },
      currency: kept,
      resolution: { masked: true },
    },
  }),
  personalTable(disputeEvidence, {
    of: ownedBy(disputeEvidence.addedBy),
    exportOf: ofItsParties,
    maskedIn: ofItsParties,
    erasure: 'keep',
    why: 'a safety record; the files of who is erased go',
    columns: {
      text: { masked: true },
      extract: { masked: true },
      extractSha256: kept,
    },
  }),
  personalTable(disputeNotes, {
    of: ownedBy(disputeNotes.authorId),
    isExported: false,
    maskedIn: ofItsParties,
    erasure: 'keep',
    why: 'a safety record',
    columns: { text: { masked: true } },
  }),
  personalTable(disputeOffers, {
    of: ({ user }) => sql`${user} in (t.client_id, t.tasker_id)`,
    erasure: 'keep',
    why: 'it tells how money came to be split',
    columns: { currency: kept, note: { masked: true } },
  }),
]
