import { sql } from 'drizzle-orm'
import { cleared, kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { leadRefunds, leadRequests, leads } from '../../../db/schema/work/leads.ts'

export const personalData: PersonalTable[] = [
  personalTable(leadRefunds, {
    of: ownedBy(leadRefunds.taskerId),
    erasure: 'keep',
    why: 'entries of credits follow from them',
    columns: { note: cleared, decisionNote: { masked: true } },
  }),
  personalTable(leads, {
    of: ({ user }) => sql`t.task_id in (select k.id from tasks k where k.client_id = ${user})`,
    erasure: 'keep',
    why: 'requests that were paid for name them',
    columns: { rejectReason: { masked: true } },
  }),
  personalTable(leadRequests, {
    of: ownedBy(leadRequests.taskerId),
    maskedIn: ({ user }) =>
      sql`t.tasker_id = ${user} or t.task_id in (select k.id from tasks k where k.client_id = ${user})`,
    erasure: 'keep',
    why: 'entries of credits name them',
    columns: {
      currency: kept,
      message: { erased: "'[erased]'", masked: true },
      price: kept,
      reply: { masked: true },
      declineReason: cleared,
    },
  }),
]
