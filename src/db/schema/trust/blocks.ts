import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id } from '../columns.ts'
import { users } from '../people/identity.ts'

/** One person wants nothing to do with another: one row a pair and direction, in effect for both. */
export const userBlocks = pgTable(
  'user_blocks',
  {
    id: id(),
    blockerId: uuid('blocker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    blockedId: uuid('blocked_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** For the blocker alone. */
    note: text('note'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('user_blocks_pair_key').on(t.blockerId, t.blockedId),
    check('user_blocks_not_oneself', sql`${t.blockerId} <> ${t.blockedId}`),
    check('user_blocks_note', sql`length(${t.note}) <= 500`),
    index('idx_user_blocks_blocked').on(t.blockedId, t.blockerId),
  ],
)
