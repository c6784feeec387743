import { sql } from 'drizzle-orm'
import { keptHidden, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { caseNotes, cases } from '../../../db/schema/trust/cases.ts'

export const personalData: PersonalTable[] = [
  personalTable(cases, {
    of: ({ user }) => sql`(t.assignee_id = ${user} or t.decided_by = ${user})`,
    isExported: false,
    erasure: 'keep',
    why: 'it tells who has decided what, and names nobody else',
    columns: {
      kind: keptHidden,
      subjectType: keptHidden,
      queue: keptHidden,
      country: keptHidden,
      decision: keptHidden,
    },
  }),
  personalTable(caseNotes, {
    of: ({ user }) => sql`t.author_id = ${user}`,
    maskedIn: () => sql`true`,
    isExported: false,
    erasure: 'keep',
    why: 'it tells what a decision was based on',
    columns: { text: { masked: true, exported: false } },
  }),
]
