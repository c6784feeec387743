import { sql } from 'drizzle-orm'
import { exported, hidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  userVerifications,
  verificationDocuments,
  verificationLogs,
  verificationRequests,
} from '../../../db/schema/supply/verification.ts'

const ofRequests = ({ user }: { user: ReturnType<typeof sql> }) =>
  sql`t.request_id in (select r.id from verification_requests r where r.user_id = ${user})`

export const personalData: PersonalTable[] = [
  personalTable(userVerifications, {
    of: ownedBy(userVerifications.userId),
    erasure: 'delete',
    columns: { nationalIdHash: hidden, nationalIdLast4: exported },
  }),
  personalTable(verificationRequests, {
    of: ownedBy(verificationRequests.userId),
    erasure: 'delete',
    columns: {
      documentType: exported,
      documentCountry: exported,
      numberHash: hidden,
      numberLast4: exported,
      firstApprovedBy: hidden,
      reviewedBy: hidden,
      remarks: exported,
      internalNotes: hidden,
      remindedDays: hidden,
    },
  }),
  personalTable(verificationDocuments, {
    of: ofRequests,
    erasure: 'delete',
    columns: { reviewedBy: hidden, remarks: exported },
  }),
  personalTable(verificationLogs, {
    of: ofRequests,
    erasure: 'delete',
    columns: { oldStatus: exported, newStatus: exported, actedBy: hidden, remarks: exported },
  }),
]
