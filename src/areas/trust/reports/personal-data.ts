import { sql } from 'drizzle-orm'
import { kept, keptHidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { reportEvidence, reports } from '../../../db/schema/trust/reports.ts'

export const personalData: PersonalTable[] = [
  personalTable(reports, {
    of: ownedBy(reports.reporterId),
    maskedIn: ({ user }) => sql`${user} in (t.reporter_id, t.reported_user_id)`,
    erasure: 'keep',
    why: 'a safety record',
    columns: {
      kind: kept,
      description: { masked: true },
      subjectType: kept,
      // Words of others, as they were.
      snapshot: { masked: true, exported: false },
      outcome: kept,
      outcomeText: { masked: true },
      decidedBy: keptHidden,
    },
  }),
  personalTable(reportEvidence, { of: ownedBy(reportEvidence.addedBy), erasure: 'delete' }),
]
