import { sql } from 'drizzle-orm'
import { type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { companyMembers } from '../../../db/schema/people/companies.ts'

export const personalData: PersonalTable[] = [
  personalTable(companyMembers, {
    // Also an invitation by contact of somebody who has an account under it: it is gone with them.
    of: ({ user, phone, email }) => sql`(t.user_id = ${user} or t.contact in (${phone}, ${email}))`,
    exportOf: ({ user }) => sql`t.user_id = ${user}`,
    erasure: 'delete',
    columns: { contact: { exported: false }, payoutProposed: {}, sentAt: { exported: false } },
  }),
]
