import { sql } from 'drizzle-orm'
import { exported, hidden, kept, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  deadLetters,
  idempotencyKeys,
  rowFailures,
  stateTransitions,
} from '../../../db/schema/platform/system.ts'

export const personalData: PersonalTable[] = [
  personalTable(idempotencyKeys, {
    of: ({ user }) => sql`t.scope = ${user}::text`,
    erasure: 'delete',
    columns: {
      scope: exported,
      key: exported,
      requestHash: hidden,
      rows: { exported: false, masked: true },
    },
  }),
  personalTable(deadLetters, {
    erasure: 'keep',
    why: 'ids, gone after 30 days; the codes in them are sealed, and gone after a day',
    columns: {
      queue: kept,
      messageId: kept,
      body: kept,
    },
  }),
  personalTable(rowFailures, {
    erasure: 'keep',
    why: 'ids of rows that a job could not do',
    columns: {
      step: kept,
    },
  }),
  personalTable(stateTransitions, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      machine: kept,
      name: kept,
      fromState: kept,
      toState: kept,
      party: kept,
      drivesTo: kept,
      event: kept,
    },
  }),
]
