import { sql } from 'drizzle-orm'
import { kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { reports } from '../../../db/schema/trust/reports.ts'

export const personalData: PersonalTable[] = [
  personalTable(reports, {
    of: ownedBy(reports.reporterId),
    maskedIn: ({ user }) => sql`${user} in (t.reporter_id, t.reported_user_id)`,
    erasure: 'keep',
    why: 'a safety record',
    columns: {
      kind: kept,
      description: { masked: true },
    },
  }),
]
