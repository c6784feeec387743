import { sql } from 'drizzle-orm'
import { kept, keptHidden, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { adjustments } from '../../../db/schema/money/adjustments.ts'

export const personalData: PersonalTable[] = [
  personalTable(adjustments, {
    of: ({ user }) =>
      sql`(t.user_id = ${user} or t.lines @> jsonb_build_array(jsonb_build_object('owner', ${user}::text)))`,
    erasure: 'keep',
    why: 'books',
    columns: {
      currency: kept,
      // Names everybody whom a correction concerns; for staff.
      lines: keptHidden,
      // Differences of the books, for staff.
      explained: keptHidden,
      reason: { exported: false, masked: true },
      decisionNote: { exported: false, masked: true },
    },
  }),
]
