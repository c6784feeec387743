import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { Names, Translations } from '../../../core/translations.ts'
import { emptyObject, id, inQuotes, money, stamps, time } from '../columns.ts'
import { users } from '../people/identity.ts'
import { areDescriptions, areNames } from '../supply/catalog.ts'

/** Main thing that a package is bought for; it may give the others beside it. */
export const packageKinds = ['job_posting', 'contact_views', 'credit_bundle'] as const
export type PackageKind = (typeof packageKinds)[number]

export const entitlementKinds = ['job_posting', 'contact_view'] as const
export type EntitlementKind = (typeof entitlementKinds)[number]

/** Things that the platform sells. Documents keep a snapshot of what they sold: a change is for those who buy later. */
export const packages = pgTable(
  'packages',
  {
    id: id(),
    kind: text('kind', { enum: packageKinds }).notNull(),
    names: jsonb('names').notNull().$type<Names>(),
    descriptions: jsonb('descriptions').notNull().default(emptyObject).$type<Translations>(),
    /** Served country in which it is sold, ISO 3166-1 alpha-2. */
    country: text('country').notNull(),
    /** Minor units, before discounts and taxes. */
    price: money('price').notNull(),
    currency: text('currency').notNull(),
    postings: integer('postings').notNull().default(0),
    contactViews: integer('contact_views').notNull().default(0),
    credits: money('credits').notNull().default(0),
    /** Days for which what it gives can be used; null: for good. */
    validityDays: integer('validity_days'),
    /** Days for which each of its postings is public; null: as long as one that is paid by credits. */
    postingDays: integer('posting_days'),
    active: boolean('active').notNull().default(true),
    sortOrder: integer('sort_order').notNull().default(0),
    retiredAt: time('retired_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_packages_shown').on(t.country, t.sortOrder, t.id).where(sql`${t.retiredAt} is null`),
    check('packages_kind', sql`${t.kind} in (${sql.raw(inQuotes(packageKinds))})`),
    check('packages_names', areNames(t.names)),
    check('packages_descriptions', areDescriptions(t.descriptions)),
    check('packages_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('packages_price', sql`${t.price} between 1 and 1000000000`),
    check(
      'packages_gives',
      sql`least(${t.postings}, ${t.contactViews}, ${t.credits}) >= 0 and greatest(${t.postings}, ${t.contactViews}) <= 10000 and ${t.credits} <= 10000000 and case ${t.kind} when 'job_posting' then ${t.postings} when 'contact_views' then ${t.contactViews} else ${t.credits} end > 0`,
    ),
    check('packages_validity', sql`${t.validityDays} between 1 and 3650`),
    check('packages_posting_days', sql`${t.postingDays} between 1 and 365`),
  ],
)

/**
 * Rights to do something so many times within a time. Each use is a claim under `entitlements.<kind>` whose subject is the entitlement,
 * so that two never have the same one. `khidma.grant_entitlement` is the only writer.
 */
export const entitlements = pgTable(
  'entitlements',
  {
    id: id(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    kind: text('kind', { enum: entitlementKinds }).notNull(),
    quantity: integer('quantity').notNull(),
    /** Document that gave it (`order`), and the part of it. */
    documentType: text('document_type').notNull(),
    documentId: uuid('document_id').notNull(),
    part: integer('part').notNull().default(1),
    validFrom: time('valid_from').notNull().defaultNow(),
    /** Null: for good. */
    validUntil: time('valid_until'),
    /** Uses that went back with a refund, whether they were left or not. */
    takenBack: integer('taken_back').notNull().default(0),
    /** When all of it was taken back. */
    revokedAt: time('revoked_at'),
    /** Days for which a posting that uses it is public; null: as long as one that is paid by credits. */
    postingDays: integer('posting_days'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('entitlements_one_a_part').on(t.documentType, t.documentId, t.kind, t.part),
    index('idx_entitlements_owner').on(t.ownerId, t.id),
    check('entitlements_kind', sql`${t.kind} in (${sql.raw(inQuotes(entitlementKinds))})`),
    check(
      'entitlements_posting_days',
      sql`${t.postingDays} is null or ${t.postingDays} between 1 and 365 and ${t.kind} = 'job_posting'`,
    ),
    check('entitlements_quantity', sql`${t.quantity} between 1 and 1000000`),
    check('entitlements_taken_back', sql`${t.takenBack} between 0 and ${t.quantity}`),
    check('entitlements_order', sql`${t.validUntil} > ${t.validFrom}`),
  ],
)
