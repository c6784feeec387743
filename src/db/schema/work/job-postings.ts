import { sql } from 'drizzle-orm'
import {
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
import {
  createdAt,
  emptyArray,
  geographyPoint,
  id,
  inQuotes,
  money,
  searchVector,
  stamps,
  time,
} from '../columns.ts'
import { entitlements } from '../commerce/packages.ts'
import { jobApplicationStatus, jobPostingStatus } from '../enums.ts'
import { users } from '../people/identity.ts'

export const employmentTypes = ['full_time', 'part_time', 'contract'] as const
export type EmploymentType = (typeof employmentTypes)[number]
export const workModes = ['onsite', 'remote', 'hybrid'] as const
export type WorkMode = (typeof workModes)[number]
export const salaryPeriods = ['hour', 'day', 'week', 'month', 'year'] as const
export type SalaryPeriod = (typeof salaryPeriods)[number]
/** Reasons for the end of a posting: its deadline, its company, staff, or the account of the company. */
export const postingEnds = ['deadline', 'company', 'staff', 'account'] as const
/** Means by which a company can choose to pay. */
export const postingMeans = ['entitlement', 'credits'] as const
export type PostingMeans = (typeof postingMeans)[number]
export const postingPaymentMethods = [...postingMeans, 'free'] as const
export const postingPaymentKinds = ['posting', 'extension'] as const
export const postingPaymentStates = ['reserved', 'used', 'returned'] as const

/** A question that applicants answer. */
export interface JobQuestion {
  key: string
  text: string
  isRequired: boolean
}

/** A job that a company posts. The columns of its text are public while it is live: they hold what was approved. */
export const jobPostings = pgTable(
  'job_postings',
  {
    id: id(),
    /** The account of the company. */
    companyId: uuid('company_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    postedBy: uuid('posted_by').references(() => users.id, { onDelete: 'set null' }),
    status: jobPostingStatus('status').notNull().default('draft'),
    title: text('title').notNull(),
    description: text('description').notNull(),
    employmentType: text('employment_type', { enum: employmentTypes }).notNull(),
    workMode: text('work_mode', { enum: workModes }).notNull(),
    /** Free text: a district, an address, a landmark. */
    placeName: text('place_name'),
    city: text('city'),
    /** ISO 3166-1 alpha-2. */
    country: text('country').notNull(),
    lat: doublePrecision('lat'),
    lng: doublePrecision('lng'),
    /** Of `lat` and `lng`, by trigger. */
    location: geographyPoint('location'),
    salaryMin: money('salary_min'),
    salaryMax: money('salary_max'),
    salaryCurrency: text('salary_currency'),
    salaryPeriod: text('salary_period', { enum: salaryPeriods }),
    /** The most that is paid, for a year: what searches compare. By trigger. */
    salaryYearly: money('salary_yearly'),
    questions: jsonb('questions').notNull().default(emptyArray).$type<JobQuestion[]>(),
    /** The last instant at which somebody can apply. */
    closesAt: time('closes_at').notNull(),
    submittedAt: time('submitted_at'),
    /** When it was first public. */
    liveAt: time('live_at'),
    reviewedAt: time('reviewed_at'),
    reviewedBy: uuid('reviewed_by').references(() => users.id, { onDelete: 'set null' }),
    /** Reason of the last rejection, of the posting or of a change; until the next submission. */
    rejectionReason: text('rejection_reason'),
    /** Changes of a live posting that wait for approval, by the names of columns. */
    pendingChanges: jsonb('pending_changes').$type<Record<string, unknown>>(),
    closedAt: time('closed_at'),
    closeReason: text('close_reason', { enum: postingEnds }),
    /** Until then the company answers what is open; null where nothing is, or its time is over. */
    answerBy: time('answer_by'),
    /** Choice of the last submission; null: an entitlement where one is left, else credits. */
    payWith: text('pay_with', { enum: postingMeans }),
    /** Latest `closes_at` that is paid for; null before it is live, and where it cost nothing yet. */
    paidUntil: time('paid_until'),
    searchVector: searchVector('search_vector').notNull(),
    ...stamps(),
  },
  (t) => [
    index('idx_job_postings_company').on(t.companyId, t.id),
    index('idx_job_postings_posted_by').on(t.postedBy),
    index('idx_job_postings_reviewed_by').on(t.reviewedBy),
    // Searches, newest first; a scan that ends where the page ends.
    index('idx_job_postings_live').on(t.liveAt, t.id).where(sql`${t.status} = 'live'`),
    index('idx_job_postings_city').on(sql`lower(${t.city})`, t.liveAt, t.id).where(sql`${t.status} = 'live'`),
    index('idx_job_postings_country').on(t.country, t.liveAt, t.id).where(sql`${t.status} = 'live'`),
    index('idx_job_postings_company_live').on(t.companyId, t.liveAt, t.id).where(sql`${t.status} = 'live'`),
    index('idx_job_postings_salary').on(t.salaryCurrency, t.salaryYearly).where(sql`${t.status} = 'live'`),
    index('idx_job_postings_location').using('gist', t.location).where(sql`${t.status} = 'live'`),
    index('idx_job_postings_search').using('gin', t.searchVector).where(sql`${t.status} = 'live'`),
    // The sweeps.
    index('idx_job_postings_due').on(t.closesAt).where(sql`${t.status} = 'live'`),
    index('idx_job_postings_closed').on(t.closedAt).where(sql`${t.status} = 'closed'`),
    index('idx_job_postings_answer').on(t.answerBy).where(sql`${t.answerBy} is not null`),
    check('job_postings_type', sql`${t.employmentType} in (${sql.raw(inQuotes(employmentTypes))})`),
    check('job_postings_mode', sql`${t.workMode} in (${sql.raw(inQuotes(workModes))})`),
    check('job_postings_title', sql`length(${t.title}) between 1 and 160`),
    check('job_postings_description', sql`length(${t.description}) between 1 and 10000`),
    check('job_postings_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check(
      'job_postings_point',
      sql`(${t.lat} is null) = (${t.lng} is null) and ${t.lat} between -90 and 90 and ${t.lng} between -180 and 180`,
    ),
    check('job_postings_place', sql`${t.workMode} = 'remote' or ${t.city} is not null`),
    check('job_postings_salary_period', sql`${t.salaryPeriod} in (${sql.raw(inQuotes(salaryPeriods))})`),
    check(
      'job_postings_salary',
      sql`(${t.salaryCurrency} is null) = (${t.salaryPeriod} is null)
          and (${t.salaryCurrency} is null) = (${t.salaryMin} is null and ${t.salaryMax} is null)
          and ${t.salaryMin} > 0 and ${t.salaryMax} > 0 and ${t.salaryMin} <= ${t.salaryMax}`,
    ),
    check('job_postings_currency', sql`${t.salaryCurrency} ~ '^[A-Z]{3}$'`),
    check('job_postings_questions', sql`jsonb_typeof(${t.questions}) = 'array'`),
    check('job_postings_live', sql`${t.status} <> 'live' or ${t.liveAt} is not null`),
    check('job_postings_changes', sql`${t.pendingChanges} is null or ${t.status} = 'live'`),
    check(
      'job_postings_closed',
      sql`(${t.status} = 'closed') = (${t.closedAt} is not null) and (${t.closedAt} is null) = (${t.closeReason} is null)
          and (${t.answerBy} is null or ${t.closedAt} is not null)`,
    ),
    check('job_postings_close_reason', sql`${t.closeReason} in (${sql.raw(inQuotes(postingEnds))})`),
    check('job_postings_pay_with', sql`${t.payWith} in (${sql.raw(inQuotes(postingMeans))})`),
  ],
)

/**
 * Payments of postings and of their extensions: an entitlement, or credits, reserved at the submission, used when the posting goes live, and
 * returned otherwise. The id is the document of the claim or the hold. Written by `khidma.pay_for_job_posting` and `settle_job_payment` alone.
 */
export const jobPostingPayments = pgTable(
  'job_posting_payments',
  {
    id: id(),
    postingId: uuid('posting_id')
      .notNull()
      .references(() => jobPostings.id, { onDelete: 'cascade' }),
    companyId: uuid('company_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    kind: text('kind', { enum: postingPaymentKinds }).notNull(),
    method: text('method', { enum: postingPaymentMethods }).notNull(),
    credits: money('credits').notNull().default(0),
    /** Days of being public that it pays. */
    days: integer('days').notNull(),
    entitlementId: uuid('entitlement_id').references(() => entitlements.id, { onDelete: 'restrict' }),
    status: text('status', { enum: postingPaymentStates }).notNull().default('reserved'),
    endedAt: time('ended_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('job_posting_payments_one_reserved').on(t.postingId).where(sql`${t.status} = 'reserved'`),
    index('idx_job_posting_payments_posting').on(t.postingId, t.id),
    index('idx_job_posting_payments_company').on(t.companyId, t.id),
    index('idx_job_posting_payments_entitlement')
      .on(t.entitlementId)
      .where(sql`${t.entitlementId} is not null`),
    check('job_posting_payments_kind', sql`${t.kind} in (${sql.raw(inQuotes(postingPaymentKinds))})`),
    check('job_posting_payments_method', sql`${t.method} in (${sql.raw(inQuotes(postingPaymentMethods))})`),
    check('job_posting_payments_status', sql`${t.status} in (${sql.raw(inQuotes(postingPaymentStates))})`),
    check(
      'job_posting_payments_credits',
      sql`${t.credits} >= 0 and (${t.method} = 'credits') = (${t.credits} > 0)`,
    ),
    check(
      'job_posting_payments_entitlement',
      sql`(${t.method} = 'entitlement') = (${t.entitlementId} is not null)`,
    ),
    check('job_posting_payments_days', sql`${t.days} between 1 and 365`),
    check('job_posting_payments_ended', sql`(${t.status} = 'reserved') = (${t.endedAt} is null)`),
  ],
)

/** An answer beside the question as it was asked. */
export interface JobAnswer {
  key: string
  question: string
  answer: string
}

/** The application of a person for a posting. */
export const jobApplications = pgTable(
  'job_applications',
  {
    id: id(),
    postingId: uuid('posting_id')
      .notNull()
      .references(() => jobPostings.id, { onDelete: 'cascade' }),
    /** That of the posting. */
    companyId: uuid('company_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    status: jobApplicationStatus('status').notNull().default('applied'),
    coverNote: text('cover_note'),
    answers: jsonb('answers').notNull().default(emptyArray).$type<JobAnswer[]>(),
    /** Contact details that the applicant gives to this company. */
    contactEmail: text('contact_email'),
    contactPhone: text('contact_phone'),
    rejectReason: text('reject_reason'),
    /** Proposed beginnings of an interview, RFC 3339 in UTC. */
    interviewSlots: jsonb('interview_slots').notNull().default(emptyArray).$type<string[]>(),
    interviewMinutes: integer('interview_minutes'),
    interviewNote: text('interview_note'),
    /** The beginning that the applicant has chosen. */
    interviewAt: time('interview_at'),
    endedAt: time('ended_at'),
    ...stamps(),
  },
  (t) => [
    unique('job_applications_one').on(t.postingId, t.userId),
    index('idx_job_applications_posting').on(t.postingId, t.id),
    index('idx_job_applications_user').on(t.userId, t.id),
    // Readers of a candidate, and what a block or the end of a company ends.
    index('idx_job_applications_company').on(t.companyId, t.userId),
    index('idx_job_applications_ended').on(t.endedAt),
    check('job_applications_other', sql`${t.userId} <> ${t.companyId}`),
    check('job_applications_note', sql`length(${t.coverNote}) between 1 and 5000`),
    check(
      'job_applications_lists',
      sql`jsonb_typeof(${t.answers}) = 'array' and jsonb_typeof(${t.interviewSlots}) = 'array'`,
    ),
    check('job_applications_minutes', sql`${t.interviewMinutes} between 15 and 480`),
    check('job_applications_interview', sql`${t.interviewAt} is null or ${t.interviewMinutes} is not null`),
    check(
      'job_applications_ended',
      sql`(${t.endedAt} is not null) = (${t.status} in ('hired', 'rejected', 'withdrawn'))`,
    ),
  ],
)

/** Note of the company about an application; the applicant never reads it. */
export const jobApplicationNotes = pgTable(
  'job_application_notes',
  {
    id: id(),
    applicationId: uuid('application_id')
      .notNull()
      .references(() => jobApplications.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    text: text('text').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_job_application_notes_application').on(t.applicationId, t.id),
    index('idx_job_application_notes_author').on(t.authorId),
    check('job_application_notes_text', sql`length(${t.text}) between 1 and 2000`),
  ],
)

/** Listings by which companies find candidates who look for work. The id says nothing of who it is. By trigger of `candidate_profiles`. */
export const candidateListings = pgTable(
  'candidate_listings',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    searchVector: searchVector('search_vector').notNull(),
    /** Filters by their profile: `city:cairo`, `skill:welding`. */
    facets: text('facets').array().notNull(),
    experienceYears: integer('experience_years'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('candidate_listings_one').on(t.userId),
    index('idx_candidate_listings_search').using('gin', t.searchVector, t.facets),
    index('idx_candidate_listings_experience').on(t.experienceYears, t.id),
  ],
)

/**
 * Views of candidates by companies, each of which has used one `contact_view`: until `open_until` the company reads profile, résumé and how to
 * reach them. Two of the same pair never overlap (`candidate_views_one_at_a_time`).
 */
export const candidateViews = pgTable(
  'candidate_views',
  {
    id: id(),
    companyId: uuid('company_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The candidate. */
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    viewedBy: uuid('viewed_by').references(() => users.id, { onDelete: 'set null' }),
    entitlementId: uuid('entitlement_id')
      .notNull()
      .references(() => entitlements.id, { onDelete: 'restrict' }),
    openUntil: time('open_until').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('idx_candidate_views_company').on(t.companyId, t.id),
    index('idx_candidate_views_user').on(t.userId, t.id),
    index('idx_candidate_views_viewed_by').on(t.viewedBy),
    index('idx_candidate_views_entitlement').on(t.entitlementId),
    index('idx_candidate_views_ended').on(t.openUntil),
    check('candidate_views_other', sql`${t.userId} <> ${t.companyId}`),
    check('candidate_views_order', sql`${t.openUntil} > ${t.createdAt}`),
  ],
)
