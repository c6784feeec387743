import { sql } from 'drizzle-orm'
import {
  exported,
  hidden,
  kept,
  keptHidden,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import {
  ratingFigures,
  reviewAnswers,
  reviewFlags,
  reviewPhotos,
  reviewSignalQueue,
  reviewSignals,
  reviews,
} from '../../../db/schema/trust/reviews.ts'

const ofReviewer = sql`t.review_id in (select r.id from reviews r where r.reviewer_id`

export const personalData: PersonalTable[] = [
  personalTable(reviews, {
    of: ownedBy(reviews.reviewerId),
    // Nobody reads what the other side wrote before it is open, in an export neither.
    exportOf: ({ user }) =>
      sql`(t.reviewer_id = ${user} or (t.reviewee_id = ${user}
            and (t.status = 'published' or (t.status = 'pending' and t.publishes_at <= now() and not t.screened))))`,
    maskedIn: ownedBy(reviews.revieweeId),
    erasure: 'keep',
    why: "the rating is the other side's",
    columns: {
      criteria: kept,
      screened: keptHidden,
      moderatedBy: keptHidden,
      tags: { erased: "'{}'::text[]" },
      comment: { erased: 'null', masked: true },
      hiddenReason: {
        masked: true,
        exported: ({ user }) => sql`case when t.reviewer_id = ${user} then t.hidden_reason end`,
      },
      appeal: {
        erased: 'null',
        masked: true,
        exported: ({ user }) => sql`case when t.reviewer_id = ${user} then t.appeal end`,
      },
    },
  }),
  personalTable(reviewPhotos, {
    of: ({ user }) => sql`${ofReviewer} = ${user})`,
    erasure: 'delete',
  }),
  personalTable(reviewAnswers, {
    of: ownedBy(reviewAnswers.authorId),
    erasure: 'delete',
    columns: { text: exported },
  }),
  personalTable(reviewFlags, {
    of: ownedBy(reviewFlags.userId),
    erasure: 'delete',
    columns: { note: exported },
  }),
  personalTable(ratingFigures, {
    of: ownedBy(ratingFigures.entityId),
    // They follow from the exported reviews and profile.
    isExported: false,
    erasure: 'keep',
    why: 'it follows from the reviews, and names nobody',
    columns: { stars: kept, criteria: kept, rank: kept },
  }),
  personalTable(reviewSignals, {
    of: ({ user }) =>
      sql`t.review_id in (select r.id from reviews r where ${user} in (r.reviewer_id, r.reviewee_id))`,
    // Whoever knew the signs could avoid them.
    isExported: false,
    erasure: 'delete',
    columns: { details: hidden, decidedBy: hidden },
  }),
  personalTable(reviewSignalQueue, { erasure: 'keep', why: 'ours' }),
]
