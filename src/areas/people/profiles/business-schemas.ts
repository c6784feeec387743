import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Id, Timestamp } from '../../../http/schemas.ts'
import type { CandidateRow, CompanyRow, PublicCompanyRow } from './business-profiles.ts'
import type { ReviewedCompanyRow } from './company-reviews.ts'
import { Bio, BookCurrency, City, CountryCode, line, WebAddress } from './schemas.ts'

const E164 = z
  .string()
  .trim()
  .regex(/^\+[1-9][0-9]{6,14}$/, valueTexts.e164)
  .openapi({ example: '+20225550100', description: 'E.164; a landline may stand here too.' })

const publicCompanyFields = {
  companyName: line(200).openapi({ example: 'Nile Fittings' }),
  businessType: line(80).nullable().openapi({ example: 'limited company' }),
  industry: line(80).nullable().openapi({ example: 'construction' }),
  city: City.nullable(),
  country: CountryCode.nullable(),
  bio: Bio.nullable().openapi({ example: 'Kitchens and bathrooms since 1998.' }),
  websiteUrl: WebAddress.nullable(),
  logoMediaId: Id.nullable().openapi({ example: null, description: 'An image, uploaded before.' }),
}

const companyFields = {
  ...publicCompanyFields,
  registrationNumber: line(60).nullable().openapi({ example: '123456' }),
  contactPersonName: line(120).nullable().openapi({ example: 'Mona Abdel Hamid' }),
  contactPersonTitle: line(100).nullable().openapi({ example: 'Head of hiring' }),
  email: z.email().max(254).toLowerCase().nullable().openapi({ example: 'jobs@nile.example' }),
  phone: E164.nullable(),
  status: z
    .enum(['active', 'hidden'])
    .openapi({ example: 'active', description: 'Hidden: nobody else sees it.' }),
}

const Approval = z.enum(['pending', 'approved', 'rejected']).openapi({
  example: 'pending',
  description: 'Whether ops has approved it. Another name or registration number waits again.',
})

export const CompanyProfile = z
  .object({
    ...companyFields,
    approvalStatus: Approval,
    rejectionReason: z.string().nullable().openapi({
      example: null,
      description: 'Why it was refused. Until it is approved, nobody else sees it.',
    }),
    version: z.int().openapi({ example: 1 }),
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

export const Company = z
  .object({
    id: Id.openapi({ description: 'The id of the user whose company it is.' }),
    ...publicCompanyFields,
    isVerified: z.boolean().openapi({ example: true, description: 'Whether ops knows who runs it.' }),
    memberSince: Timestamp,
  })
  .openapi('Company')

const Month = z
  .string()
  .regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/, valueTexts.month)
  .openapi({ example: '2019-03' })

const Year = z.int().min(1900).max(2100).openapi({ example: 2012 })

const WorkExperience = z
  .strictObject({
    title: line(100).openapi({ example: 'Site engineer' }),
    company: line(200).openapi({ example: 'Nile Fittings' }),
    from: Month,
    until: Month.nullable().default(null).openapi({ example: '2023-09', description: 'Null: until now.' }),
    description: line(1_000).nullable().default(null),
  })
  .refine(({ from, until }) => until === null || until >= from, {
    path: ['until'],
    message: valueTexts.notBeforeFrom,
  })
  .openapi('WorkExperience')

const Education = z
  .strictObject({
    school: line(200).openapi({ example: 'Cairo University' }),
    degree: line(100).nullable().default(null).openapi({ example: 'BSc' }),
    field: line(100).nullable().default(null).openapi({ example: 'Civil engineering' }),
    fromYear: Year,
    untilYear: Year.nullable().default(null).openapi({ example: 2017, description: 'Null: not finished.' }),
  })
  .refine(({ fromYear, untilYear }) => untilYear === null || untilYear >= fromYear, {
    path: ['untilYear'],
    message: valueTexts.notBeforeFromYear,
  })
  .openapi('Education')

const ExpectedSalary = z
  .strictObject({ amount: AmountMinor.min(1).max(1_000_000_000_000), currency: BookCurrency })
  .openapi('ExpectedSalary', {
    example: { amount: 2_500_000, currency: 'EGP' },
    description: 'A month, minor units.',
  })

const names = (max: number) =>
  z
    .array(line(60))
    .max(max)
    .refine((values) => new Set(values).size === values.length, valueTexts.eachOnce)

const candidateFields = {
  displayName: line(120).nullable().openapi({ example: 'Mona Abdel Hamid' }),
  bio: Bio.nullable(),
  city: City.nullable(),
  experienceYears: z.int().min(0).max(80).nullable().openapi({ example: 8 }),
  preferredRoles: names(20).openapi({ example: ['site engineer'] }),
  skills: names(50).openapi({ example: ['AutoCAD', 'surveying'] }),
  experience: z.array(WorkExperience).max(30),
  education: z.array(Education).max(20),
  expectedSalary: ExpectedSalary.nullable(),
  resumeMediaId: Id.nullable().openapi({
    example: null,
    description: 'A document of yours, uploaded before.',
  }),
  status: z
    .enum(['draft', 'active', 'hidden'])
    .openapi({ example: 'active', description: 'Companies find active ones only.' }),
}

export const CandidateProfile = z
  .object({
    ...candidateFields,
    version: z.int().openapi({ example: 1 }),
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
    },
  })

export const ReviewedCompany = CompanyProfile.extend({
  id: Id.openapi({ description: 'The id of the user whose company it is.' }),
  reviewedAt: Timestamp.nullable(),
  reviewedBy: Id.nullable(),
}).openapi('ReviewedCompany')

export const ReviewedCompanyPage = pageOf(ReviewedCompany, 'ReviewedCompanyPage')

export const CompanyFilters = z.object({ ...pageQuery, approvalStatus: Approval.optional() })

export const RejectCompany = z
  .strictObject({ reason: line(500) })
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

export const toCompany = (row: PublicCompanyRow): z.infer<typeof Company> => row

export function toCandidateProfile(row: CandidateRow): z.infer<typeof CandidateProfile> {
  const { userId: _userId, expectedSalaryAmount: amount, expectedSalaryCurrency: currency, ...shown } = row
  return {
    ...shown,
    status: candidateFields.status.parse(row.status),
    expectedSalary: amount === null ? null : { amount, currency: BookCurrency.parse(currency) },
  }
}
