import { sql } from 'drizzle-orm'
import { cleared, kept, type PersonalTable, personalTable, type Rows } from '../../../core/personal-data.ts'
import {
  contractAmendments,
  contractSignatures,
  contracts,
  escrows,
  milestoneDeliverables,
  milestoneSubmissions,
  milestones,
} from '../../../db/schema/work/contracts.ts'

const why = 'a contract is evidence of both sides, and the books name it'

/** Both sides of the contract of a submission. */
const ofBothSides: Rows = ({ user }) =>
  sql`t.milestone_id in (select m.id from milestones m join contracts c on c.id = m.contract_id where ${user} in (c.client_id, c.tasker_id))`

export const personalData: PersonalTable[] = [
  personalTable(contracts, {
    of: ({ user }) => sql`${user} in (t.client_id, t.tasker_id)`,
    erasure: 'keep',
    why,
    columns: { currency: kept, terms: kept, signedSha256: kept, endReason: cleared },
  }),
  personalTable(contractAmendments, {
    of: ({ user }) => sql`${user} in (t.proposed_by, t.proposed_to)`,
    maskedIn: ({ user }) => sql`${user} in (t.proposed_by, t.proposed_to)`,
    erasure: 'keep',
    why,
    columns: {
      reason: {
        masked: true,
        exported: ({ user }) => sql`case when t.proposed_by = ${user} then t.reason else '' end`,
      },
      terms: kept,
      milestones: kept,
      wasTerms: kept,
      wasMilestones: kept,
      textSha256: kept,
    },
  }),
  personalTable(contractSignatures, {
    of: ({ user }) => sql`t.user_id = ${user}`,
    erasure: 'keep',
    why,
    columns: { textSha256: kept, userAgent: cleared, ipAddress: cleared },
  }),
  personalTable(milestones, {
    of: ({ user }) =>
      sql`t.contract_id in (select c.id from contracts c where ${user} in (c.client_id, c.tasker_id))`,
    erasure: 'keep',
    why,
    columns: { title: kept, description: kept },
  }),
  personalTable(milestoneSubmissions, {
    of: ofBothSides,
    maskedIn: ofBothSides,
    erasure: 'keep',
    why,
    columns: {
      note: {
        masked: true,
        exported: ({ user }) => sql`case when t.submitted_by = ${user} then t.note else '' end`,
      },
      answerNote: {
        masked: true,
        exported: ({ user }) => sql`case when t.submitted_by <> ${user} then t.answer_note end`,
      },
    },
  }),
  personalTable(milestoneDeliverables, {
    of: ({ user }) =>
      sql`t.submission_id in (select s.id from milestone_submissions s where s.submitted_by = ${user})`,
    erasure: 'keep',
    why,
  }),
  personalTable(escrows, {
    of: ({ user }) =>
      sql`t.contract_id in (select c.id from contracts c where ${user} in (c.client_id, c.tasker_id))`,
    erasure: 'keep',
    why: 'books',
    columns: { currency: kept },
  }),
]
