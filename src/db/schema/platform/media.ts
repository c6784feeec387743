import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, emptyObject, id, time } from '../columns.ts'
import { users } from '../people/identity.ts'

export const mediaFiles = pgTable(
  'media_files',
  {
    id: id(),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
    kind: text('kind').notNull(),
    mimeType: text('mime_type'),
    fileSize: integer('file_size'),
    storageUrl: text('storage_url').notNull(),
    storageKey: text('storage_key').notNull().unique('media_files_storage_key'),
    /** SHA-256 of the content, hex, once it is uploaded. */
    contentHash: text('content_hash'),
    uploadedAt: time('uploaded_at'),
    /** When it goes, as long as nothing shows it. */
    expiresAt: time('expires_at'),
    metadata: jsonb('metadata').notNull().default(emptyObject).$type<Record<string, unknown>>(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_media_files_user').on(t.userId, t.id),
    index('idx_media_files_unfinished').on(t.createdAt).where(sql`${t.uploadedAt} is null`),
    index('idx_media_files_expiry').on(t.expiresAt).where(sql`${t.expiresAt} is not null`),
  ],
)
