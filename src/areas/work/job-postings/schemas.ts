import { z } from '@hono/zod-openapi'
import { isStaff, type UserActor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import {
  employmentTypes,
  postingEnds,
  postingMeans,
  postingPaymentKinds,
  postingPaymentMethods,
  postingPaymentStates,
  salaryPeriods,
  workModes,
} from '../../../db/schema/work/job-postings.ts'
import { changedQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  Latitude,
  Longitude,
  PlannedTime,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { changesShown } from './fields.ts'
import { jobPostingMachine } from './machine.ts'
import type { JobPostingRow } from './postings.ts'

export const EmploymentType = z.enum(employmentTypes).openapi('EmploymentType', {
  example: 'full_time',
  description: 'Kind of employment.',
})
export const WorkMode = z.enum(workModes).openapi('WorkMode', {
  example: 'hybrid',
  description: 'Where the work is done.',
})
export const SalaryPeriod = z.enum(salaryPeriods).openapi('SalaryPeriod', {
  example: 'month',
  description: 'Time for which the salary is paid.',
})
export const JobPostingStatus = z.enum(jobPostingMachine.states).openapi('JobPostingStatus', {
  example: 'live',
  description: 'State of the posting. A live one is public until `closesAt`, while its company is open.',
})

const salaryAmount = AmountMinor.min(1).max(1_000_000_000_000)

export const JobSalary = z
  .strictObject({
    min: salaryAmount.nullable().openapi({ description: 'Least that is paid, in minor units.' }),
    max: salaryAmount.nullable().openapi({ description: 'Most that is paid, in minor units.' }),
    currency: Currency,
    period: SalaryPeriod,
  })
  .refine(({ min, max }) => min !== null || max !== null, valueTexts.salaryRange)
  .refine(({ min, max }) => min === null || max === null || min <= max, valueTexts.salaryRange)
  .openapi('JobSalary', {
    example: { min: 1_500_000, max: 2_200_000, currency: 'EGP', period: 'month' },
    description: 'Range of the salary; `min`, `max` or both.',
  })

export const JobLocation = z
  .strictObject({
    place: z
      .string()
      .trim()
      .min(1)
      .max(160)
      .nullable()
      .default(null)
      .openapi({ example: 'Maadi, Street 9', description: 'Where in the city, as free text.' }),
    city: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .nullable()
      .default(null)
      .openapi({ example: 'Cairo', description: 'City; required unless the work is remote.' }),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, valueTexts.countryCode)
      .openapi({ example: 'EG', description: 'Country code (ISO 3166-1 alpha-2).' }),
    lat: Latitude.nullable().default(null),
    lng: Longitude.nullable().default(null),
  })
  .refine(({ lat, lng }) => (lat === null) === (lng === null), valueTexts.bothOrNeither)
  .openapi('JobLocation', {
    example: { place: 'Maadi, Street 9', city: 'Cairo', country: 'EG', lat: 29.9602, lng: 31.2569 },
    description: 'Place of the work; `lat` and `lng` together, or neither.',
  })

export const JobQuestion = z
  .strictObject({
    key: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,29}$/, valueTexts.questionKey)
      .openapi({ example: 'licence', description: 'Name by which answers refer to the question.' }),
    text: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .openapi({ example: 'Do you have a driving licence?', description: 'The question.' }),
    isRequired: z.boolean().openapi({ example: true, description: 'Whether everybody must answer it.' }),
  })
  .openapi('JobQuestion', { description: 'A question that applicants answer.' })

const questions = z
  .array(JobQuestion)
  .max(10)
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, valueTexts.eachOnce)
  .openapi({ description: 'Questions that applicants answer, in order.' })

const title = z
  .string()
  .trim()
  .min(1)
  .max(160)
  .openapi({ example: 'Senior plumber', description: 'Name of the job.' })
const description = z
  .string()
  .trim()
  .min(1)
  .max(10_000)
  .openapi({ example: 'You lead a team of four in Cairo.', description: 'What the job is, as plain text.' })

export const contentFields = {
  title,
  description,
  employmentType: EmploymentType,
  workMode: WorkMode,
  location: JobLocation,
  salary: JobSalary.nullable().openapi({ description: 'Null: the salary is not disclosed.' }),
  questions,
}

const closesAt = PlannedTime.openapi({
  description: 'Last time at which somebody can apply; at most `job_postings.most_days` away.',
})

export const CreateJobPosting = z
  .strictObject({
    ...contentFields,
    salary: contentFields.salary.default(null),
    questions: questions.default([]),
    closesAt,
  })
  .refine(({ workMode, location }) => workMode === 'remote' || location.city !== null, {
    path: ['location', 'city'],
    error: valueTexts.jobCity,
  })
  .openapi('CreateJobPosting', {
    example: {
      title: 'Senior plumber',
      description: 'You lead a team of four in Cairo.',
      employmentType: 'full_time',
      workMode: 'onsite',
      location: { place: 'Maadi, Street 9', city: 'Cairo', country: 'EG', lat: 29.9602, lng: 31.2569 },
      salary: { min: 1_500_000, max: 2_200_000, currency: 'EGP', period: 'month' },
      questions: [{ key: 'licence', text: 'Do you have a driving licence?', isRequired: true }],
      closesAt: '2027-01-15T20:00:00.000Z',
    },
  })

export const UpdateJobPosting = z
  .strictObject({ ...contentFields, closesAt })
  .partial()
  .openapi('UpdateJobPosting', { example: { title: 'Senior plumber, Maadi' } })

export const CloseJobPosting = z
  .strictObject({
    reason: Reason.optional().openapi({ description: 'Recorded in the audit log; required of nobody.' }),
    endApplications: z.boolean().default(false).openapi({
      example: false,
      description:
        'Whether open applications end at once. Otherwise the company answers them within `job_postings.answer_days`. What staff close ends them always.',
    }),
  })
  .openapi('CloseJobPosting', { example: { endApplications: false } })

export const RejectJobPosting = z
  .strictObject({ reason: Reason.openapi({ description: 'Told to the company.' }) })
  .openapi('RejectJobPosting', { example: { reason: 'The description names no tasks.' } })

export const DecideJobChanges = z
  .strictObject({
    approve: z.boolean().openapi({ example: true, description: 'Whether the changes become public.' }),
    reason: Reason.optional().openapi({ description: 'Told to the company; required to reject.' }),
  })
  .refine(({ approve, reason }) => approve || reason !== undefined, {
    path: ['reason'],
    error: valueTexts.reasonToReject,
  })
  .openapi('DecideJobChanges', { example: { approve: true } })

const payWith = z.enum(postingMeans).optional().openapi({
  example: 'entitlement',
  description:
    'What pays: a posting of a package, or credits (`job_postings.price`). Without it a posting of a package is used where one is left, else credits.',
})

export const SubmitJobPosting = z
  .strictObject({ payWith })
  .openapi('SubmitJobPosting', { example: { payWith: 'credits' } })

export const ExtendJobPosting = z
  .strictObject({ payWith })
  .openapi('ExtendJobPosting', { example: { payWith: 'credits' } })

export const RepostJob = z
  .strictObject({ closesAt })
  .openapi('RepostJob', { example: { closesAt: '2027-01-15T20:00:00.000Z' } })

const JobPayment = z
  .object({
    id: Id,
    kind: z.enum(postingPaymentKinds).openapi({ example: 'posting', description: 'What it pays for.' }),
    method: z.enum(postingPaymentMethods).openapi({
      example: 'entitlement',
      description: 'What pays; `free` where the price was 0.',
    }),
    credits: z.int().openapi({ example: 0, description: 'Credits that it costs; 0 for other methods.' }),
    days: z.int().openapi({ example: 30, description: 'Days of being public that it pays.' }),
    entitlementId: Id.nullable().openapi({
      description: 'The entitlement of which it is one use (`entitlements.list`).',
    }),
    status: z.enum(postingPaymentStates).openapi({
      example: 'used',
      description: 'Reserved while it waits for approval, used once it is public, returned otherwise.',
    }),
  })
  .openapi('JobPayment', { description: 'What pays for a job posting.' })

export const HiringBalance = z
  .object({
    jobPostings: z.int().openapi({ example: 4, description: 'Postings of packages that are left.' }),
    contactViews: z.int().openapi({ example: 20, description: 'Views of candidates that are left.' }),
    credits: z.int().openapi({ example: 120, description: 'Credits that can be spent on postings.' }),
  })
  .openapi('HiringBalance', { description: 'What a company can use to hire.' })

const JobChanges = z
  .object(contentFields)
  .partial()
  .openapi('JobChanges', {
    example: { title: 'Senior plumber, Maadi' },
    description: 'Changes of a live posting that wait for approval.',
  })

export const JobPosting = z
  .object({
    id: Id,
    companyId: Id.openapi({ description: 'Company: the account of its profile.' }),
    companyName: z.string().openapi({ example: 'Nile Fittings', description: 'Name of the company.' }),
    postedBy: Id.nullable().openapi({ description: 'Member of the company who has drafted it.' }),
    status: JobPostingStatus,
    ...contentFields,
    closesAt: Timestamp.openapi({
      example: '2027-01-15T20:00:00.000Z',
      description: 'Last time at which somebody can apply.',
    }),
    submittedAt: Timestamp.nullable().openapi({ description: 'Last submission for approval.' }),
    liveAt: Timestamp.nullable().openapi({ description: 'Time at which it became public.' }),
    rejectionReason: z.string().nullable().openapi({
      example: null,
      description:
        'Reason why the posting, or its last changes, were not approved; until the next submission.',
    }),
    pendingChanges: JobChanges.nullable().openapi({
      example: null,
      description:
        'Changes of a live posting that wait for approval; the other fields show what is approved. Null: none.',
    }),
    closedAt: Timestamp.nullable().openapi({ description: 'End of the posting.' }),
    closeReason: z
      .enum(postingEnds)
      .nullable()
      .openapi({ example: null, description: 'Reason for the end of the posting.' }),
    answerBy: Timestamp.nullable().openapi({
      description: 'After the end: the time until which the company can answer open applications.',
    }),
    paidUntil: Timestamp.nullable().openapi({
      description:
        'Latest `closesAt` that is paid for; `jobPostings.extend` pays for more. Null before it is live.',
    }),
    payment: JobPayment.nullable().openapi({
      description: 'The last payment; null before the first submission.',
    }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('JobPosting')
export const JobPostingPage = pageOf(JobPosting, 'JobPostingPage')

export const PostingFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: JobPostingStatus.optional().openapi({ description: 'Only postings in this state.' }),
})

export const toJobPosting = (row: JobPostingRow, actor: UserActor): z.infer<typeof JobPosting> => ({
  ...row,
  pendingChanges: row.pendingChanges && changesShown(row.pendingChanges),
  allowedActions: allowedActions(jobPostingMachine, row.status, isStaff(actor) ? 'ops' : 'manager'),
})
