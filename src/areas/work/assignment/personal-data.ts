import { sql } from 'drizzle-orm'
import { ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  assignments,
  companyHandovers,
  dispatchViews,
  taskClocks,
  taskEstimates,
} from '../../../db/schema/work/assignment.ts'

/** Words of staff, or to staff: no export shows them, an erasure takes them. */
const ofStaff = { erased: 'null', exported: false } as const

export const personalData: PersonalTable[] = [
  personalTable(assignments, {
    of: ({ user }) => sql`(t.tasker_id = ${user} or t.assigned_by = ${user})`,
    exportOf: ({ user }) => sql`t.tasker_id = ${user}`,
    erasure: 'keep',
    why: 'it tells by whom a booking came about',
    columns: { reason: ofStaff, outcomeReason: ofStaff },
  }),
  personalTable(companyHandovers, {
    of: ({ user }) => sql`${user} in (t.tasker_id, t.given_by)`,
    exportOf: ({ user }) => sql`t.tasker_id = ${user}`,
    erasure: 'keep',
    why: 'it tells by whom a booking came about',
    columns: { reason: { erased: `'[erased]'`, exported: false } },
  }),
  personalTable(taskClocks, {
    isExported: false,
    erasure: 'keep',
    why: 'it measures the house, and names nobody',
  }),
  personalTable(taskEstimates, {
    isExported: false,
    erasure: 'keep',
    why: 'it tells how the price of a task came about',
  }),
  personalTable(dispatchViews, {
    of: ownedBy(dispatchViews.ownerId),
    erasure: 'delete',
    columns: { name: {}, filters: {} },
  }),
]
