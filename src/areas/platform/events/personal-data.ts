import { hidden, kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { outbox, outboxRecipients } from '../../../db/schema/platform/events.ts'

export const personalData: PersonalTable[] = [
  personalTable(outboxRecipients, {
    of: ownedBy(outboxRecipients.userId),
    erasure: 'delete',
    columns: {
      xid: hidden,
    },
  }),
  personalTable(outbox, {
    erasure: 'keep',
    why: 'ids and states, gone after 90 days',
    columns: {
      xid: kept,
      type: kept,
      objectType: kept,
      data: kept,
    },
  }),
]
