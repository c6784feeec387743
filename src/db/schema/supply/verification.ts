import { sql } from 'drizzle-orm'
import { boolean, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, time, updatedAt, version } from '../columns.ts'
import { verificationStatus } from '../enums.ts'
import { users } from '../people/identity.ts'

export const userVerifications = pgTable(
  'user_verifications',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    phoneVerified: boolean('phone_verified').notNull().default(false),
    /** HMAC with the pepper over country and number, hex: never the number itself. */
    nationalIdHash: text('national_id_hash'),
    nationalIdLast4: text('national_id_last4'),
    verificationStatus: verificationStatus('verification_status').notNull().default('unverified'),
    verifiedAt: time('verified_at'),
    documentType: text('document_type'),
    /** ISO 3166-1 alpha-2: who issued it. */
    documentCountry: text('document_country'),
    // Of `media_files`; null once the file is gone.
    frontMediaId: uuid('front_media_id'),
    backMediaId: uuid('back_media_id'),
    selfieMediaId: uuid('selfie_media_id'),
    submittedAt: time('submitted_at'),
    reviewedAt: time('reviewed_at'),
    reviewedBy: uuid('reviewed_by').references(() => users.id, { onDelete: 'set null' }),
    rejectionReason: text('rejection_reason'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('user_verifications_national_id_key')
      .on(t.nationalIdHash)
      .where(sql`${t.verificationStatus} = 'verified'`),
    index('idx_user_verifications_hash').on(t.nationalIdHash).where(sql`${t.nationalIdHash} is not null`),
    index('idx_user_verifications_queue')
      .on(t.verificationStatus, t.submittedAt, t.userId)
      .where(sql`${t.submittedAt} is not null`),
  ],
)
