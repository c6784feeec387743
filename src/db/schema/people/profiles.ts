import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, emptyTextArray, geographyPoint, id, stamps, time } from '../columns.ts'
import { languageProficiency, paymentMethod } from '../enums.ts'
import { mediaFiles } from '../platform/media.ts'
import { users } from './identity.ts'

const userId = () => uuid('user_id').references(() => users.id, { onDelete: 'cascade' })

const mediaId = (name: string) => uuid(name).references(() => mediaFiles.id, { onDelete: 'set null' })

const emptyList = sql`'[]'::jsonb`

/** Profile that any user may fill in, whatever they do here. */
export const userProfiles = pgTable(
  'user_profiles',
  {
    userId: userId().primaryKey(),
    bio: text('bio'),
    dateOfBirth: date('date_of_birth', { mode: 'string' }),
    gender: text('gender'),
    avatarMediaId: mediaId('avatar_media_id'),
    jobTitle: text('job_title'),
    websiteUrl: text('website_url'),
    linkedinUrl: text('linkedin_url'),
    twitterHandle: text('twitter_handle'),
    ...stamps(),
  },
  (t) => [
    index('idx_user_profiles_avatar').on(t.avatarMediaId).where(sql`${t.avatarMediaId} is not null`),
    check('user_profiles_born', sql`${t.dateOfBirth} between date '1900-01-01' and date '2100-01-01'`),
    check('user_profiles_gender', sql`${t.gender} in ('female', 'male', 'other', 'undisclosed')`),
  ],
)

/** How the apps look and behave, kept here so that they follow the user from device to device. */
export const userSettings = pgTable(
  'user_settings',
  {
    userId: userId().primaryKey(),
    theme: text('theme').notNull().default('system'),
    textSize: text('text_size').notNull().default('medium'),
    reduceMotion: boolean('reduce_motion').notNull().default(false),
    distanceUnit: text('distance_unit').notNull().default('km'),
    timeFormat: text('time_format').notNull().default('24h'),
    weekStartsOn: text('week_starts_on').notNull().default('saturday'),
    startScreen: text('start_screen').notNull().default('home'),
    ...stamps(),
  },
  (t) => [
    check('user_settings_theme', sql`${t.theme} in ('system', 'light', 'dark')`),
    check('user_settings_text_size', sql`${t.textSize} in ('small', 'medium', 'large', 'extra_large')`),
    check('user_settings_distance_unit', sql`${t.distanceUnit} in ('km', 'mi')`),
    check('user_settings_time_format', sql`${t.timeFormat} in ('12h', '24h')`),
    check('user_settings_week_starts_on', sql`${t.weekStartsOn} in ('saturday', 'sunday', 'monday')`),
    check('user_settings_start_screen', sql`${t.startScreen} in ('home', 'tasks', 'bookings', 'messages')`),
  ],
)

export const clientProfiles = pgTable(
  'client_profiles',
  {
    userId: userId().primaryKey(),
    displayName: text('display_name'),
    city: text('city'),
    district: text('district'),
    preferredPaymentMethod: paymentMethod('preferred_payment_method'),
    contactPreference: text('contact_preference').notNull().default('any'),
    noteForTaskers: text('note_for_taskers'),
    ...stamps(),
  },
  (t) => [check('client_profiles_contact', sql`${t.contactPreference} in ('any', 'chat', 'phone')`)],
)

export const favouriteTaskers = pgTable(
  'favourite_taskers',
  {
    id: id(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [
    unique('favourite_taskers_client_tasker_key').on(t.clientId, t.taskerId),
    index('idx_favourite_taskers_client').on(t.clientId, t.id),
    index('idx_favourite_taskers_tasker').on(t.taskerId),
    check('favourite_taskers_other', sql`${t.clientId} <> ${t.taskerId}`),
  ],
)

export const companyProfiles = pgTable(
  'company_profiles',
  {
    userId: userId().primaryKey(),
    companyName: text('company_name').notNull(),
    businessType: text('business_type'),
    industry: text('industry'),
    registrationNumber: text('registration_number'),
    contactPersonName: text('contact_person_name'),
    contactPersonTitle: text('contact_person_title'),
    email: text('email'),
    /** E.164. */
    phone: text('phone'),
    city: text('city'),
    /** ISO 3166-1 alpha-2. */
    country: text('country'),
    bio: text('bio'),
    websiteUrl: text('website_url'),
    logoMediaId: mediaId('logo_media_id'),
    status: text('status').notNull().default('active'),
    approvalStatus: text('approval_status').notNull().default('pending'),
    /** Stays until the company is approved. */
    rejectionReason: text('rejection_reason'),
    reviewedAt: time('reviewed_at'),
    reviewedBy: uuid('reviewed_by').references(() => users.id, { onDelete: 'set null' }),
    ...stamps(),
  },
  (t) => [
    index('idx_company_profiles_logo').on(t.logoMediaId).where(sql`${t.logoMediaId} is not null`),
    // companies.list, by name
    index('idx_company_profiles_name')
      .on(sql`lower(${t.companyName})`, t.userId)
      .where(sql`${t.status} = 'active' and ${t.approvalStatus} = 'approved'`),
    index('idx_company_profiles_approval').on(t.approvalStatus, t.createdAt, t.userId),
    check('company_profiles_phone', sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
    check('company_profiles_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check('company_profiles_status', sql`${t.status} in ('active', 'hidden')`),
    check('company_profiles_approval', sql`${t.approvalStatus} in ('pending', 'approved', 'rejected')`),
  ],
)

export interface WorkExperience {
  title: string
  company: string
  /** `YYYY-MM`. */
  from: string
  /** Null: until now. */
  until: string | null
  description: string | null
}

export interface Education {
  school: string
  degree: string | null
  field: string | null
  fromYear: number
  untilYear: number | null
}

export const candidateProfiles = pgTable(
  'candidate_profiles',
  {
    userId: userId().primaryKey(),
    displayName: text('display_name'),
    bio: text('bio'),
    city: text('city'),
    experienceYears: integer('experience_years'),
    preferredRoles: text('preferred_roles').array().notNull().default(emptyTextArray),
    skills: text('skills').array().notNull().default(emptyTextArray),
    experience: jsonb('experience').notNull().default(emptyList).$type<WorkExperience[]>(),
    education: jsonb('education').notNull().default(emptyList).$type<Education[]>(),
    expectedSalaryAmount: bigint('expected_salary_amount', { mode: 'number' }),
    expectedSalaryCurrency: text('expected_salary_currency'),
    resumeMediaId: mediaId('resume_media_id'),
    status: text('status').notNull().default('draft'),
    /** Readers of an active profile. */
    visibility: text('visibility').notNull().default('companies'),
    /** Companies find them, unless the profile is hidden or private. */
    lookingForWork: boolean('looking_for_work').notNull().default(false),
    /** For companies that view them. */
    contactEmail: text('contact_email'),
    contactPhone: text('contact_phone'),
    ...stamps(),
  },
  (t) => [
    index('idx_candidate_profiles_resume').on(t.resumeMediaId).where(sql`${t.resumeMediaId} is not null`),
    check('candidate_profiles_years', sql`${t.experienceYears} between 0 and 80`),
    check(
      'candidate_profiles_lists',
      sql`jsonb_typeof(${t.experience}) = 'array' and jsonb_typeof(${t.education}) = 'array'`,
    ),
    check(
      'candidate_profiles_salary',
      sql`(${t.expectedSalaryAmount} is null) = (${t.expectedSalaryCurrency} is null) and ${t.expectedSalaryAmount} > 0`,
    ),
    check(
      'candidate_profiles_currency',
      sql`${t.expectedSalaryCurrency} in ('EGP', 'NGN', 'KGS', 'INR', 'GHS')`,
    ),
    check('candidate_profiles_status', sql`${t.status} in ('draft', 'active', 'hidden')`),
    check('candidate_profiles_visibility', sql`${t.visibility} in ('private', 'companies', 'public')`),
    check(
      'candidate_profiles_reachable',
      sql`not ${t.lookingForWork} or coalesce(${t.contactEmail}, ${t.contactPhone}) is not null`,
    ),
  ],
)

/** Languages that people can say they speak; the catalogue comes with the migrations. */
export const languages = pgTable(
  'languages',
  {
    /** BCP 47. */
    code: text('code').primaryKey(),
    name: text('name').notNull(),
    nativeName: text('native_name').notNull(),
    isActive: boolean('is_active').notNull().default(true),
    isDefault: boolean('is_default').notNull().default(false),
    sortOrder: integer('sort_order').notNull().default(0),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('languages_one_default').on(t.isDefault).where(sql`${t.isDefault}`),
    check('languages_code', sql`${t.code} ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'`),
    check('languages_default_active', sql`${t.isActive} or not ${t.isDefault}`),
  ],
)

export const userLanguages = pgTable(
  'user_languages',
  {
    userId: userId().notNull(),
    languageCode: text('language_code')
      .notNull()
      .references(() => languages.code, { onUpdate: 'cascade' }),
    proficiency: languageProficiency('proficiency').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'user_languages_pkey', columns: [t.userId, t.languageCode] }),
    index('idx_user_languages_code').on(t.languageCode),
  ],
)

export const addresses = pgTable(
  'addresses',
  {
    id: id(),
    userId: userId().notNull(),
    label: text('label').notNull(),
    address: text('address').notNull(),
    city: text('city').notNull(),
    district: text('district'),
    region: text('region'),
    postalCode: text('postal_code'),
    /** ISO 3166-1 alpha-2. */
    country: text('country').notNull(),
    instructions: text('instructions'),
    lat: doublePrecision('lat'),
    lng: doublePrecision('lng'),
    location: geographyPoint('location').generatedAlwaysAs(
      sql`(st_setsrid(st_makepoint(lng, lat), 4326)::geography)`,
    ),
    isDefault: boolean('is_default').notNull().default(false),
    ...stamps(),
  },
  (t) => [
    index('idx_addresses_user').on(t.userId, t.id),
    index('idx_addresses_geo').using('gist', t.location),
    uniqueIndex('addresses_one_default').on(t.userId).where(sql`${t.isDefault}`),
    check(
      'addresses_place',
      sql`(${t.lat} is null) = (${t.lng} is null) and ${t.lat} between -90 and 90 and ${t.lng} between -180 and 180`,
    ),
    check('addresses_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
  ],
)
