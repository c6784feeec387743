import { sql } from 'drizzle-orm'
import { exported, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { userBlocks } from '../../../db/schema/trust/blocks.ts'

/** Exported to the blocker alone: the other never learns of it. Gone with either of the two. */
export const personalData: PersonalTable[] = [
  personalTable(userBlocks, {
    of: ({ user }) => sql`${user} in (t.blocker_id, t.blocked_id)`,
    exportOf: ownedBy(userBlocks.blockerId),
    erasure: 'delete',
    columns: { note: exported },
  }),
]
