import { sql } from 'drizzle-orm'
import { ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { reviews } from '../../../db/schema/trust/reviews.ts'

export const personalData: PersonalTable[] = [
  personalTable(reviews, {
    of: ownedBy(reviews.reviewerId),
    exportOf: ({ user }) => sql`${user} in (t.reviewer_id, t.reviewee_id)`,
    maskedIn: ownedBy(reviews.revieweeId),
    erasure: 'keep',
    why: "the rating is the other side's",
    columns: {
      tags: { erased: "'{}'::text[]" },
      comment: { erased: 'null', masked: true },
    },
  }),
]
