import { sql } from 'drizzle-orm'
import { cleared, kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { creditGrantSpends, creditGrants } from '../../../db/schema/commerce/credits.ts'

export const personalData: PersonalTable[] = [
  personalTable(creditGrants, {
    of: ownedBy(creditGrants.userId),
    erasure: 'keep',
    why: 'books',
    columns: {
      documentType: kept,
      reason: cleared,
    },
  }),
  personalTable(creditGrantSpends, {
    of: ({ user }) => sql`t.grant_id in (select g.id from credit_grants g where g.user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
  }),
]
