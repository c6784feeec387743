import { sql } from 'drizzle-orm'
import { boolean, check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, time, updatedAt, version } from '../columns.ts'
import { verificationStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'

/** Null once the file is gone. */
const photo = (name: string) => uuid(name).references(() => mediaFiles.id, { onDelete: 'set null' })

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
    frontMediaId: photo('front_media_id'),
    backMediaId: photo('back_media_id'),
    selfieMediaId: photo('selfie_media_id'),
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
    index('idx_user_verifications_front').on(t.frontMediaId).where(sql`${t.frontMediaId} is not null`),
    index('idx_user_verifications_back').on(t.backMediaId).where(sql`${t.backMediaId} is not null`),
    index('idx_user_verifications_selfie').on(t.selfieMediaId).where(sql`${t.selfieMediaId} is not null`),
    // The number itself is nowhere: the columns take a keyed hash and four characters, and nothing else fits.
    check('user_verifications_hash', sql`${t.nationalIdHash} ~ '^[0-9a-f]{64}$'`),
    check('user_verifications_last4', sql`${t.nationalIdLast4} ~ '^[0-9A-Z]{4}$'`),
    check(
      'user_verifications_document',
      sql`${t.documentType} in ('national_id', 'passport', 'residence_permit', 'driving_licence')`,
    ),
    check('user_verifications_country', sql`${t.documentCountry} ~ '^[A-Z]{2}$'`),
    check('user_verifications_not_own', sql`${t.reviewedBy} <> ${t.userId}`),
    index('idx_user_verifications_hash').on(t.nationalIdHash).where(sql`${t.nationalIdHash} is not null`),
    index('idx_user_verifications_queue')
      .on(t.verificationStatus, t.submittedAt, t.userId)
      .where(sql`${t.submittedAt} is not null`),
  ],
)
