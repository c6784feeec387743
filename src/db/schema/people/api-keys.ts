import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, emptyTextArray, id, time, updatedAt, version } from '../columns.ts'
import { userRole } from '../enums.ts'
import { users } from './identity.ts'

export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    prefix: text('prefix').notNull().unique('api_keys_prefix_key'),
    /** SHA-256 of the key's secret, hex. */
    keyHash: text('key_hash').notNull(),
    /** Input from which the secret is derived, with the pepper; a new one with every rotation. */
    secretId: uuid('secret_id').notNull(),
    scopes: text('scopes').array().notNull().default(emptyTextArray),
    /** Role of the owner when the key was made; the key is not valid in another role. */
    ownerRole: userRole('owner_role').notNull().default('client'),
    requestsPerMinute: integer('requests_per_minute'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    expiresAt: time('expires_at'),
    lastUsedAt: time('last_used_at'),
    revokedAt: time('revoked_at'),
    /** The key before the last rotation, and until when it goes on working. */
    previousHash: text('previous_hash'),
    previousUntil: time('previous_until'),
    version: version(),
  },
  (t) => [
    index('idx_api_keys_user').on(t.userId),
    index('idx_api_keys_ended').on(sql`least(${t.revokedAt}, ${t.expiresAt})`),
    check('api_keys_requests_per_minute', sql`${t.requestsPerMinute} > 0`),
    check('api_keys_previous', sql`(${t.previousHash} is null) = (${t.previousUntil} is null)`),
  ],
)
