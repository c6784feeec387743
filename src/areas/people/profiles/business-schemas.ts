import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Id, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import type { CandidateRow, CompanyRow, PublicCompanyRow, ShownCandidateRow } from './business-profiles.ts'
import type { ReviewedCompanyRow } from './company-reviews.ts'
import { companyMachine } from './machine.ts'
import { Bio, BookCurrency, City, CountryCode, line, personFields, WebAddress } from './schemas.ts'

const E164 = z
  .string()
  .trim()
  .regex(/^\+[1-9][0-9]{6,14}$/, valueTexts.e164)
  .openapi({ example: '+20225550100', description: 'Phone number (E.164); landlines are accepted.' })

const publicCompanyFields = {
  companyName: line(200).openapi({
    example: 'Nile Fittings',
    description: 'Public name. A new name requires approval again.',
  }),
  businessType: line(80).nullable().openapi({ example: 'limited company', description: 'Legal form.' }),
  industry: line(80).nullable().openapi({ example: 'construction', description: 'Industry.' }),
  city: City.nullable(),
  country: CountryCode.nullable(),
  bio: Bio.nullable().openapi({ example: 'Kitchens and bathrooms since 1998.' }),
  websiteUrl: WebAddress.nullable(),
  logoMediaId: Id.nullable().openapi({
    example: null,
    description: 'Logo: an image that you have uploaded.',
  }),
}

const companyFields = {
  ...publicCompanyFields,
  registrationNumber: line(60).nullable().openapi({
    example: '123456',
    description: 'Number in the commercial register. Visible to the owner and staff only.',
  }),
  contactPersonName: line(120).nullable().openapi({
    example: 'Mona Abdel Hamid',
    description: 'Contact person. Visible to the owner and staff only.',
  }),
  contactPersonTitle: line(100).nullable().openapi({
    example: 'Head of hiring',
    description: 'Job title of the contact person. Visible to the owner and staff only.',
  }),
  email: z.email().max(254).toLowerCase().nullable().openapi({
    example: 'jobs@nile.example',
    description: 'E-mail address. Visible to the owner and staff only.',
  }),
  phone: E164.nullable(),
  status: z
    .enum(['active', 'hidden'])
    .openapi({ example: 'active', description: 'A hidden company is visible to its owner and staff only.' }),
}

const Approval = z.enum(companyMachine.states).openapi({
  example: 'pending',
  description:
    'Approval by operations staff. A new company name or registration number requires approval again.',
})

export const CompanyProfile = z
  .object({
    ...companyFields,
    approvalStatus: Approval,
    rejectionReason: z.string().nullable().openapi({
      example: null,
      description: 'Reason for the rejection. A rejected company is hidden from others until it is approved.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('CompanyProfile')

/** Whole: what is left out is empty. */
export const PutCompanyProfile = z
  .strictObject({
    companyName: companyFields.companyName,
    businessType: companyFields.businessType.default(null),
    industry: companyFields.industry.default(null),
    city: companyFields.city.default(null),
    country: companyFields.country.default(null),
    bio: companyFields.bio.default(null),
    websiteUrl: companyFields.websiteUrl.default(null),
    logoMediaId: companyFields.logoMediaId.default(null),
    registrationNumber: companyFields.registrationNumber.default(null),
    contactPersonName: companyFields.contactPersonName.default(null),
    contactPersonTitle: companyFields.contactPersonTitle.default(null),
    email: companyFields.email.default(null),
    phone: companyFields.phone.default(null),
    status: companyFields.status.default('active'),
  })
  .openapi('PutCompanyProfile', {
    example: {
      companyName: 'Nile Fittings',
      businessType: 'limited company',
      industry: 'construction',
      contactPersonName: 'Mona Abdel Hamid',
      email: 'jobs@nile.example',
      city: 'Cairo',
      country: 'EG',
    },
  })

/** The profile without its logo, which is a file of the account. */
export const UpdateCompany = z
  .strictObject(companyFields)
  .omit({ logoMediaId: true })
  .partial()
  .openapi('UpdateCompany', { example: { bio: 'Kitchens and bathrooms since 1998.' } })

export const Company = z
  .object({
    id: Id.openapi({ description: 'User id of the owner.' }),
    ...publicCompanyFields,
    isVerified: z
      .boolean()
      .openapi({ example: true, description: 'Whether the identity of the owner is verified.' }),
    memberSince: Timestamp,
  })
  .openapi('Company', { description: 'The public profile of a company.' })

const Month = z
  .string()
  .regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/, valueTexts.month)
  .openapi({ example: '2019-03', description: 'Year and month.' })

const Year = z.int().min(1900).max(2100).openapi({ example: 2012, description: 'Calendar year.' })

const WorkExperience = z
  .strictObject({
    title: line(100).openapi({ example: 'Site engineer', description: 'Job title.' }),
    company: line(200).openapi({ example: 'Nile Fittings', description: 'Name of the employer.' }),
    from: Month.openapi({ description: 'First month.' }),
    until: Month.nullable()
      .default(null)
      .openapi({ example: '2023-09', description: 'Last month; null for a current position.' }),
    description: line(1_000).nullable().default(null).openapi({ description: 'Free text.' }),
  })
  .refine(({ from, until }) => until === null || until >= from, {
    path: ['until'],
    message: valueTexts.notBeforeFrom,
  })
  .openapi('WorkExperience', { description: 'A position held.' })

const Education = z
  .strictObject({
    school: line(200).openapi({
      example: 'Cairo University',
      description: 'Name of the school or university.',
    }),
    degree: line(100).nullable().default(null).openapi({ example: 'BSc', description: 'Degree obtained.' }),
    field: line(100)
      .nullable()
      .default(null)
      .openapi({ example: 'Civil engineering', description: 'Field of study.' }),
    fromYear: Year.openapi({ description: 'First year.' }),
    untilYear: Year.nullable()
      .default(null)
      .openapi({ example: 2017, description: 'Last year; null if not completed.' }),
  })
  .refine(({ fromYear, untilYear }) => untilYear === null || untilYear >= fromYear, {
    path: ['untilYear'],
    message: valueTexts.notBeforeFromYear,
  })
  .openapi('Education', { description: 'A course of study.' })

const ExpectedSalary = z
  .strictObject({ amount: AmountMinor.min(1).max(1_000_000_000_000), currency: BookCurrency })
  .openapi('ExpectedSalary', {
    example: { amount: 2_500_000, currency: 'EGP' },
    description: 'Expected monthly salary.',
  })

const names = (max: number) =>
  z
    .array(line(60))
    .max(max)
    .refine((values) => new Set(values).size === values.length, valueTexts.eachOnce)

export const CandidateContact = z
  .strictObject({
    email: z
      .email()
      .max(254)
      .toLowerCase()
      .nullable()
      .default(null)
      .openapi({ example: 'mona@mail.example', description: 'E-mail address.' }),
    phone: E164.nullable().default(null),
  })
  .refine(({ email, phone }) => email !== null || phone !== null, valueTexts.emailOrPhone)
  .openapi('CandidateContact', {
    example: { email: 'mona@mail.example', phone: '+201001234567' },
    description: 'How a candidate can be reached.',
  })

const candidateFields = {
  displayName: line(120)
    .nullable()
    .openapi({ example: 'Mona Abdel Hamid', description: 'Name for display.' }),
  bio: Bio.nullable(),
  city: City.nullable(),
  experienceYears: z
    .int()
    .min(0)
    .max(80)
    .nullable()
    .openapi({ example: 8, description: 'Years of work experience.' }),
  preferredRoles: names(20).openapi({
    example: ['site engineer'],
    description: 'Jobs that the candidate is looking for, as free text.',
  }),
  skills: names(50).openapi({ example: ['AutoCAD', 'surveying'], description: 'Skills, as free text.' }),
  experience: z
    .array(WorkExperience)
    .max(30)
    .openapi({ description: 'Positions held, in the order in which they were sent.' }),
  education: z
    .array(Education)
    .max(20)
    .openapi({ description: 'Courses of study, in the order in which they were sent.' }),
  expectedSalary: ExpectedSalary.nullable(),
  resumeMediaId: Id.nullable().openapi({
    example: null,
    description: 'Résumé: a document that you have uploaded.',
  }),
  status: z
    .enum(['draft', 'active', 'hidden'])
    .openapi({ example: 'active', description: 'Only active profiles are visible to others.' }),
  visibility: z.enum(['private', 'companies', 'public']).openapi({
    example: 'companies',
    description:
      'Readers of an active profile beside you and staff: nobody, approved companies, or everybody.',
  }),
  lookingForWork: z.boolean().openapi({
    example: false,
    description:
      'Whether companies find you, without your name and contact details, unless your profile is private or not active. If false, nobody finds you, and those who have viewed you read nothing more.',
  }),
  contact: CandidateContact.nullable().openapi({
    description:
      'How companies that view you can reach you. Required to look for work; each view is on record (`me.listCandidateViews`).',
  }),
}

export const CandidateProfile = z
  .object({
    ...candidateFields,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('CandidateProfile')

export const PutCandidateProfile = z
  .strictObject({
    displayName: candidateFields.displayName.default(null),
    bio: candidateFields.bio.default(null),
    city: candidateFields.city.default(null),
    experienceYears: candidateFields.experienceYears.default(null),
    preferredRoles: candidateFields.preferredRoles.default([]),
    skills: candidateFields.skills.default([]),
    experience: candidateFields.experience.default([]),
    education: candidateFields.education.default([]),
    expectedSalary: candidateFields.expectedSalary.default(null),
    resumeMediaId: candidateFields.resumeMediaId.default(null),
    status: candidateFields.status.default('draft'),
    visibility: candidateFields.visibility.default('companies'),
    lookingForWork: candidateFields.lookingForWork.default(false),
    contact: candidateFields.contact.default(null),
  })
  .refine(({ lookingForWork, contact }) => !lookingForWork || contact !== null, {
    path: ['contact'],
    error: valueTexts.contactToLook,
  })
  .openapi('PutCandidateProfile', {
    example: {
      displayName: 'Mona Abdel Hamid',
      experienceYears: 8,
      preferredRoles: ['site engineer'],
      skills: ['AutoCAD', 'surveying'],
      experience: [
        { title: 'Site engineer', company: 'Nile Fittings', from: '2019-03', until: null, description: null },
      ],
      education: [
        {
          school: 'Cairo University',
          degree: 'BSc',
          field: 'Civil engineering',
          fromYear: 2012,
          untilYear: 2017,
        },
      ],
      expectedSalary: { amount: 2_500_000, currency: 'EGP' },
      status: 'active',
      visibility: 'companies',
    },
  })

const { displayName, city, experienceYears, preferredRoles, skills, experience, education } = candidateFields

export const Candidate = z
  .object({
    id: Id.openapi({ description: 'User id of the candidate.' }),
    displayName,
    ...personFields,
    city,
    experienceYears,
    preferredRoles,
    skills,
    experience,
    education,
    resumeMediaId: Id.nullable().openapi({
      example: null,
      description:
        'Résumé (`GET /v1/media/{mediaId}`), for companies that the candidate has applied to, or that have viewed them; null for others.',
    }),
  })
  .openapi('JobCandidate', { description: 'A candidate, as those see them whom the candidate admits.' })

export const ReviewedCompany = CompanyProfile.extend({
  id: Id.openapi({ description: 'User id of the owner.' }),
  reviewedAt: Timestamp.nullable().openapi({ description: 'Time of the last decision.' }),
  reviewedBy: Id.nullable().openapi({ description: 'Member of staff who made the last decision.' }),
}).openapi('ReviewedCompany', { description: 'A company profile with its review.' })

export const ReviewedCompanyPage = pageOf(ReviewedCompany, 'ReviewedCompanyPage')

export const CompanyFilters = z.object({
  ...pageQuery,
  approvalStatus: Approval.optional().openapi({ description: 'Only companies with this approval status.' }),
})

export const RejectCompany = z
  .strictObject({ reason: Reason.openapi({ description: 'Reason, sent to the owner.' }) })
  .openapi('RejectCompany', { example: { reason: 'The register knows no such company.' } })

export function toReviewedCompany({
  since: _since,
  id,
  ...row
}: ReviewedCompanyRow): z.infer<typeof ReviewedCompany> {
  return { ...toCompanyProfile(row), id, reviewedAt: row.reviewedAt, reviewedBy: row.reviewedBy }
}

/** The columns' checks hold what their types cannot say. */
export function toCompanyProfile({
  userId: _userId,
  reviewedAt: _reviewedAt,
  reviewedBy: _reviewedBy,
  ...row
}: CompanyRow): z.infer<typeof CompanyProfile> {
  return {
    ...row,
    status: row.status === 'hidden' ? 'hidden' : 'active',
    approvalStatus: Approval.parse(row.approvalStatus),
  }
}

export const toCandidate = (row: ShownCandidateRow): z.infer<typeof Candidate> => row

export const toCompany = (row: PublicCompanyRow): z.infer<typeof Company> => row

export function toCandidateProfile(row: CandidateRow): z.infer<typeof CandidateProfile> {
  const { userId: _userId, expectedSalaryAmount: amount, expectedSalaryCurrency: currency, ...rest } = row
  const { contactEmail: email, contactPhone: phone, ...shown } = rest
  return {
    ...shown,
    status: candidateFields.status.parse(row.status),
    visibility: candidateFields.visibility.parse(row.visibility),
    expectedSalary: amount === null ? null : { amount, currency: BookCurrency.parse(currency) },
    contact: email === null && phone === null ? null : { email, phone },
  }
}
