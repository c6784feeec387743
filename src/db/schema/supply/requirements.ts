import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { Names, Translations } from '../../../core/translations.ts'
import { createdAt, emptyObject, id, inQuotes, stamps, time } from '../columns.ts'
import { users } from '../people/identity.ts'

export const subjectKinds = ['tasker', 'company', 'role_profile'] as const
export type SubjectKind = (typeof subjectKinds)[number]

const ofSubject = () => ({
  subjectKind: text('subject_kind', { enum: subjectKinds }).notNull(),
  subjectId: uuid('subject_id').notNull(),
})

const requirementId = () =>
  uuid('requirement_id')
    .notNull()
    .references(() => requirements.id, { onDelete: 'restrict' })

const staffId = (name: string) => uuid(name).references(() => users.id, { onDelete: 'set null' })

export const requirements = pgTable(
  'requirements',
  {
    id: id(),
    /** A kind that the code knows; one that it knows no more is never met. */
    kind: text('kind').notNull(),
    subjectKind: text('subject_kind', { enum: subjectKinds }).notNull(),
    /** A profession; null: of all. */
    roleKey: text('role_key'),
    country: text('country'),
    documentType: text('document_type'),
    isRequired: boolean('is_required').notNull().default(true),
    position: integer('position').notNull().default(0),
    names: jsonb('names').notNull().$type<Names>(),
    descriptions: jsonb('descriptions').notNull().default(emptyObject).$type<Translations>(),
    /** Attestations from before this time count no more. */
    effectiveFrom: time('effective_from').notNull().defaultNow(),
    isActive: boolean('is_active').notNull().default(true),
    ...stamps(),
  },
  (t) => [
    index('idx_requirements_subject').on(t.subjectKind, t.position, t.id).where(sql`${t.isActive}`),
    check('requirements_subject_kind', sql`${t.subjectKind} in (${sql.raw(inQuotes(subjectKinds))})`),
    check(
      'requirements_role_key',
      sql`${t.roleKey} is null or ${t.subjectKind} = 'role_profile' and ${t.roleKey} ~ '^[a-z][a-z_]{1,39}$'`,
    ),
    check('requirements_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('requirements_document', sql`${t.documentType} is null or ${t.kind} = 'document'`),
  ],
)

export const requirementSubmissions = pgTable(
  'requirement_submissions',
  {
    id: id(),
    requirementId: requirementId(),
    requirementVersion: integer('requirement_version').notNull(),
    ...ofSubject(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_requirement_submissions_subject').on(t.subjectId, t.requirementId, t.id),
    index('idx_requirement_submissions_requirement').on(t.requirementId),
    index('idx_requirement_submissions_user').on(t.userId),
  ],
)

export const requirementWaivers = pgTable(
  'requirement_waivers',
  {
    id: id(),
    requirementId: requirementId(),
    ...ofSubject(),
    reason: text('reason').notNull(),
    waivedBy: staffId('waived_by'),
    expiresAt: time('expires_at'),
    endedAt: time('ended_at'),
    /** Null where it has expired. */
    endedBy: staffId('ended_by'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('requirement_waivers_one').on(t.subjectId, t.requirementId).where(sql`${t.endedAt} is null`),
    index('idx_requirement_waivers_requirement').on(t.requirementId, t.id),
    index('idx_requirement_waivers_expiry')
      .on(t.expiresAt)
      .where(sql`${t.endedAt} is null and ${t.expiresAt} is not null`),
    index('idx_requirement_waivers_waived_by').on(t.waivedBy),
    index('idx_requirement_waivers_ended_by').on(t.endedBy),
    check('requirement_waivers_reason', sql`length(${t.reason}) between 1 and 500`),
    check('requirement_waivers_ended', sql`${t.endedAt} is not null or ${t.endedBy} is null`),
    check('requirement_waivers_not_own', sql`${t.waivedBy} <> ${t.subjectId}`),
  ],
)
