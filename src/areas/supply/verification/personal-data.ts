import { sql } from 'drizzle-orm'
import { exported, hidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  documentLinks,
  documentOpenings,
  sealedFiles,
  userVerifications,
  verificationCheckAnswers,
  verificationChecks,
  verificationDocuments,
  verificationLogs,
  verificationRequests,
} from '../../../db/schema/supply/verification.ts'

const ofRequests = ({ user }: { user: ReturnType<typeof sql> }) =>
  sql`t.request_id in (select r.id from verification_requests r where r.user_id = ${user})`

const ofDocuments = ({ user }: { user: ReturnType<typeof sql> }) =>
  sql`t.document_id in (select d.id from verification_documents d join verification_requests r on r.id = d.request_id
                         where r.user_id = ${user})`

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
  personalTable(sealedFiles, {
    of: ({ user }) => sql`t.id in (select m.id from media_files m where m.user_id = ${user})`,
    erasure: 'delete',
    columns: { dataKey: hidden, plainKey: hidden },
  }),
  personalTable(documentLinks, {
    of: ofDocuments,
    erasure: 'delete',
    columns: { reviewerId: hidden, sessionId: hidden },
  }),
  personalTable(documentOpenings, {
    of: ofDocuments,
    erasure: 'delete',
    columns: { reviewerId: hidden, addressHash: hidden },
  }),
  personalTable(verificationChecks, {
    of: ofRequests,
    erasure: 'delete',
    columns: { inputs: exported, reference: hidden, reason: exported },
  }),
  personalTable(verificationCheckAnswers, {
    of: ({ user }) =>
      sql`t.check_id in (select k.id from verification_checks k join verification_requests r on r.id = k.request_id where r.user_id = ${user})`,
    erasure: 'delete',
    columns: { eventId: hidden, reason: exported },
  }),
]
