import { sql } from 'drizzle-orm'
import {
  cleared,
  kept,
  keptHidden,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import { taskStateEvents, tasks } from '../../../db/schema/work/tasks.ts'

export const personalData: PersonalTable[] = [
  personalTable(tasks, {
    of: ownedBy(tasks.clientId),
    maskedIn: ({ user }) => sql`t.id in (select b.task_id from bookings b where b.tasker_id = ${user})`,
    erasure: 'keep',
    why: 'the books name tasks',
    columns: {
      category: kept,
      subcategory: kept,
      description: { erased: "'[erased]'", masked: true },
      address: { erased: "'[erased]'", masked: true },
      city: kept,
      district: cleared,
      lat: { erased: '0::double precision' },
      lng: { erased: '0::double precision' },
      location: keptHidden,
      pricingModel: kept,
      priceBandId: kept,
      currency: kept,
      structuredInputs: { erased: "'{}'::jsonb" },
    },
  }),
  personalTable(taskStateEvents, {
    of: ({ user }) =>
      sql`t.actor_user_id = ${user} and t.task_id in (select k.id from tasks k where k.client_id = ${user} union select b.task_id from bookings b where b.tasker_id = ${user})`,
    erasure: 'job',
    why: '`khidma.redact_history`: the history itself is never rewritten',
    columns: {
      reason: { redacted: true },
      meta: { redacted: true },
    },
  }),
]
