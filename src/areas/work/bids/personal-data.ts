import { sql } from 'drizzle-orm'
import {
  cleared,
  exported,
  kept,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import {
  bidInvitations,
  bidMarks,
  bidPortfolio,
  bids,
  openTasks,
  taskQuestions,
} from '../../../db/schema/work/bids.ts'

const ofTheClient = ({ user }: { user: ReturnType<typeof sql> }) =>
  sql`t.task_id in (select k.id from tasks k where k.client_id = ${user})`

export const personalData: PersonalTable[] = [
  personalTable(bids, {
    of: ownedBy(bids.taskerId),
    maskedIn: ({ user }) =>
      sql`t.tasker_id = ${user} or t.task_id in (select k.id from tasks k where k.client_id = ${user})`,
    erasure: 'keep',
    why: 'bookings name the bids that won them',
    columns: {
      currency: kept,
      message: { erased: "'[erased]'", masked: true },
      milestones: { erased: "'[]'::jsonb" },
      declineReason: cleared,
    },
  }),
  personalTable(bidPortfolio, {
    of: ({ user }) => sql`t.bid_id in (select b.id from bids b where b.tasker_id = ${user})`,
    erasure: 'delete',
  }),
  // The client's own: the tasker never learns of them.
  personalTable(bidMarks, {
    of: ({ user }) =>
      sql`t.bid_id in (select b.id from bids b join tasks k on k.id = b.task_id where k.client_id = ${user})`,
    erasure: 'delete',
  }),
  personalTable(bidInvitations, {
    of: ownedBy(bidInvitations.taskerId),
    erasure: 'delete',
  }),
  personalTable(taskQuestions, {
    of: (person) => sql`(t.tasker_id = ${person.user} or ${ofTheClient(person)})`,
    // Whoever asked is not the client's to know.
    erasure: 'keep',
    why: 'others relied on the answers',
    columns: {
      question: { erased: "'[erased]'", masked: true },
      answer: { erased: "case when t.answer is not null then '[erased]' end", masked: true },
    },
  }),
  personalTable(openTasks, {
    of: ofTheClient,
    erasure: 'delete',
    columns: {
      category: exported,
      subcategory: exported,
      place: { exported: false },
      skills: exported,
      currency: exported,
    },
  }),
]
