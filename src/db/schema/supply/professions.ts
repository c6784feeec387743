import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { roleProfileMachine, roleProfileVersionMachine } from '../../../areas/supply/professions/machine.ts'
import { createdAt, emptyTextArray, id, inQuotes, money, stamps, time } from '../columns.ts'
import { users } from '../people/identity.ts'
import { mediaFiles } from '../platform/media.ts'

export const profileVerifications = ['pending', 'verified', 'rejected'] as const
export type ProfileVerification = (typeof profileVerifications)[number]
/** Approval of the newest version. */
export const profileApprovals = ['pending', 'approved', 'rejected'] as const
export type ProfileApproval = (typeof profileApprovals)[number]
export const priceTypes = ['hourly', 'fixed', 'per_unit', 'from'] as const
export type PriceType = (typeof priceTypes)[number]

const userId = () =>
  uuid('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

export const roleProfiles = pgTable(
  'role_profiles',
  {
    id: id(),
    userId: userId(),
    /** Key of a profession of the code: an eleventh needs no migration. */
    profession: text('profession').notNull(),
    status: text('status', { enum: roleProfileMachine.states }).notNull().default('draft'),
    verificationStatus: text('verification_status', { enum: profileVerifications })
      .notNull()
      .default('pending'),
    verifiedAt: time('verified_at'),
    approvalStatus: text('approval_status', { enum: profileApprovals }).notNull().default('pending'),
    rejectionReason: text('rejection_reason'),
    approvedAt: time('approved_at'),
    isPublic: boolean('is_public').notNull().default(false),
    /** E.164. */
    phone: text('phone'),
    email: text('email'),
    languages: text('languages').array().notNull().default(emptyTextArray),
    travelRadiusKm: integer('travel_radius_km'),
    /** Version that everybody sees. A trigger lets it point at approved versions of the profile only, in place of a key. */
    publicVersionId: uuid('public_version_id'),
    /** Version that is a draft, or waits for a decision. */
    pendingVersionId: uuid('pending_version_id'),
    deletedAt: time('deleted_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('role_profiles_one_a_profession')
      .on(t.userId, t.profession)
      .where(sql`${t.deletedAt} is null`),
    index('idx_role_profiles_status').on(t.status, t.id),
    index('idx_role_profiles_verification').on(t.verificationStatus, t.id),
    index('idx_role_profiles_approval').on(t.approvalStatus, t.id),
    // roleProfiles.list with updatedSince (`updatedKey` in src/db/listing.ts)
    index('idx_role_profiles_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    check('role_profiles_profession', sql`${t.profession} ~ '^[a-z][a-z_]{1,58}[a-z]$'`),
    check('role_profiles_status', sql`${t.status} in (${sql.raw(inQuotes(roleProfileMachine.states))})`),
    check(
      'role_profiles_verification',
      sql`${t.verificationStatus} in (${sql.raw(inQuotes(profileVerifications))})`,
    ),
    check('role_profiles_approval', sql`${t.approvalStatus} in (${sql.raw(inQuotes(profileApprovals))})`),
    check('role_profiles_phone', sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
    check('role_profiles_travel', sql`${t.travelRadiusKm} between 0 and 1000`),
  ],
)

/** Written once: only the approval moves, by its machine. */
export const roleProfileVersions = pgTable(
  'role_profile_versions',
  {
    id: id(),
    profileId: uuid('profile_id')
      .notNull()
      .references(() => roleProfiles.id, { onDelete: 'cascade' }),
    userId: userId(),
    number: integer('number').notNull(),
    displayName: text('display_name').notNull(),
    bio: text('bio'),
    location: text('location'),
    avatarMediaId: uuid('avatar_media_id').references(() => mediaFiles.id, { onDelete: 'set null' }),
    businessName: text('business_name'),
    experienceYears: integer('experience_years'),
    attributes: jsonb('attributes').notNull().$type<{ profession: string } & Record<string, unknown>>(),
    /** Computed from the attributes by the code of the profession: what the directory filters by. */
    tags: text('tags').array().notNull().default(emptyTextArray),
    priceAmount: money('price_amount'),
    priceCurrency: text('price_currency'),
    approvalStatus: text('approval_status', { enum: roleProfileVersionMachine.states })
      .notNull()
      .default('draft'),
    rejectionReason: text('rejection_reason'),
    reviewedAt: time('reviewed_at'),
    reviewedBy: uuid('reviewed_by').references(() => users.id, { onDelete: 'set null' }),
    ...stamps(),
  },
  (t) => [
    unique('role_profile_versions_number').on(t.profileId, t.number),
    uniqueIndex('role_profile_versions_one_open')
      .on(t.profileId)
      .where(sql`${t.approvalStatus} in ('draft', 'pending')`),
    index('idx_role_profile_versions_user').on(t.userId),
    index('idx_role_profile_versions_avatar').on(t.avatarMediaId).where(sql`${t.avatarMediaId} is not null`),
    check(
      'role_profile_versions_approval',
      sql`${t.approvalStatus} in (${sql.raw(inQuotes(roleProfileVersionMachine.states))})`,
    ),
    check('role_profile_versions_years', sql`${t.experienceYears} between 0 and 80`),
    check(
      'role_profile_versions_price',
      sql`(${t.priceAmount} is null) = (${t.priceCurrency} is null) and ${t.priceAmount} > 0`,
    ),
    check('role_profile_versions_attributes', sql`jsonb_typeof(${t.attributes}) = 'object'`),
  ],
)

/** A circle, or a district by name. */
export const roleProfileAreas = pgTable(
  'role_profile_areas',
  {
    id: id(),
    profileId: uuid('profile_id')
      .notNull()
      .references(() => roleProfiles.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    lat: doublePrecision('lat'),
    lng: doublePrecision('lng'),
    radiusKm: doublePrecision('radius_km'),
    city: text('city'),
    district: text('district'),
  },
  (t) => [
    unique('role_profile_areas_position').on(t.profileId, t.position),
    check(
      'role_profile_areas_kind',
      sql`num_nonnulls(${t.lat}, ${t.lng}, ${t.radiusKm}) = 3 and num_nonnulls(${t.city}, ${t.district}) = 0
        or num_nonnulls(${t.lat}, ${t.lng}, ${t.radiusKm}) = 0 and num_nonnulls(${t.city}, ${t.district}) = 2`,
    ),
    check(
      'role_profile_areas_circle',
      sql`${t.lat} between -90 and 90 and ${t.lng} between -180 and 180 and ${t.radiusKm} > 0 and ${t.radiusKm} <= 200`,
    ),
  ],
)

export const services = pgTable(
  'services',
  {
    id: id(),
    profileId: uuid('profile_id')
      .notNull()
      .references(() => roleProfiles.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    description: text('description'),
    /** Slug of a category or subcategory: what a booking of it is a task of. */
    category: text('category').notNull(),
    priceType: text('price_type', { enum: priceTypes }).notNull(),
    priceAmount: money('price_amount').notNull(),
    currency: text('currency').notNull(),
    /** Names the unit of a price per unit. */
    unitName: text('unit_name'),
    durationMinutes: integer('duration_minutes').notNull(),
    isActive: boolean('is_active').notNull().default(true),
    displayOrder: integer('display_order').notNull().default(0),
    deletedAt: time('deleted_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_services_profile').on(t.profileId, t.displayOrder, t.id).where(sql`${t.deletedAt} is null`),
    check('services_price_type', sql`${t.priceType} in (${sql.raw(inQuotes(priceTypes))})`),
    check('services_unit', sql`(${t.priceType} = 'per_unit') = (${t.unitName} is not null)`),
    check('services_price', sql`${t.priceAmount} > 0`),
    check('services_duration', sql`${t.durationMinutes} between 15 and 10080`),
  ],
)

/** An extra of a service, chosen with it: its minutes make the visit longer. */
export const serviceExtras = pgTable(
  'service_extras',
  {
    id: id(),
    serviceId: uuid('service_id')
      .notNull()
      .references(() => services.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    priceAmount: money('price_amount').notNull(),
    minutes: integer('minutes').notNull().default(0),
    displayOrder: integer('display_order').notNull(),
  },
  (t) => [
    index('idx_service_extras_service').on(t.serviceId, t.displayOrder),
    check('service_extras_price', sql`${t.priceAmount} >= 0`),
    check('service_extras_minutes', sql`${t.minutes} between 0 and 1440`),
  ],
)

export const portfolioItems = pgTable(
  'portfolio_items',
  {
    id: id(),
    profileId: uuid('profile_id')
      .notNull()
      .references(() => roleProfiles.id, { onDelete: 'cascade' }),
    title: text('title').notNull(),
    description: text('description'),
    tags: text('tags').array().notNull().default(emptyTextArray),
    displayOrder: integer('display_order').notNull(),
    ...stamps(),
  },
  (t) => [index('idx_portfolio_items_profile').on(t.profileId, t.displayOrder, t.id)],
)

export const portfolioImages = pgTable(
  'portfolio_images',
  {
    id: id(),
    itemId: uuid('item_id')
      .notNull()
      .references(() => portfolioItems.id, { onDelete: 'cascade' }),
    mediaId: uuid('media_id')
      .notNull()
      .references(() => mediaFiles.id, { onDelete: 'cascade' }),
    displayOrder: integer('display_order').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('portfolio_images_item_media_key').on(t.itemId, t.mediaId),
    index('idx_portfolio_images_media').on(t.mediaId),
  ],
)
