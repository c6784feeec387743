import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AmountMinor,
  Currency,
  Id,
  queryBoolean,
  queryInteger,
  queryNumber,
  Timestamp,
} from '../../../http/schemas.ts'
import { Counts } from '../../supply/directory/schemas.ts'
import type { HiringCompanyRow } from './open-companies.ts'
import { contentFields, EmploymentType, SalaryPeriod, WorkMode } from './schemas.ts'
import type { FoundJobRow, JobFacetsRow, OpenJobRow } from './search.ts'
import { structuredDataOf } from './structured-data.ts'

const place = (description: string) =>
  z.string().trim().min(1).max(80).openapi({ example: 'Cairo', description })
const country = z
  .string()
  .length(2)
  .toUpperCase()
  .openapi({ example: 'EG', description: 'Only in this country (ISO 3166-1 alpha-2).' })

const filters = {
  q: z.string().trim().min(2).max(200).optional().openapi({
    example: 'plumber',
    description:
      'Only postings with these words in title, place or description, in Arabic, English, Hindi, Russian or as they are; `"…"` for a phrase, `or`, `-` for a word that must not occur.',
  }),
  country: country.optional(),
  city: place('Only jobs in this city.').optional(),
  lat: queryNumber(-90, 90)
    .optional()
    .openapi({ description: 'Latitude of a place: only jobs near it. Needs `lng`.' }),
  lng: queryNumber(-180, 180).optional().openapi({ description: 'Longitude of the place; needs `lat`.' }),
  radiusKm: queryNumber(0.5, 200)
    .optional()
    .openapi({ description: 'Greatest distance from the place in kilometres; 25 by default.' }),
  employmentType: EmploymentType.optional().openapi({ description: 'Only this kind of employment.' }),
  workMode: WorkMode.optional().openapi({ description: 'Only this mode of work.' }),
  remote: queryBoolean().optional().openapi({ description: 'True: only remote jobs. False: only others.' }),
  minSalaryAmount: queryInteger(1, 1_000_000_000_000).optional().openapi({
    description:
      'Only jobs that pay up to this amount or more, in minor units; other periods are converted. Needs `currency`.',
  }),
  salaryPeriod: SalaryPeriod.optional().openapi({
    description: 'Period of `minSalaryAmount`; a month by default.',
  }),
  currency: Currency.optional().openapi({ description: 'Only salaries in this currency.' }),
  companyId: Id.optional().openapi({ description: 'Only jobs of this company.' }),
}

export const JobSearch = z.object({ ...pageQuery, ...filters })
export const JobFacetFilters = z.object(filters)

export const JobFacets = z
  .object({
    total: z.int().openapi({ example: 48, description: 'Number of matches, at most 500.' }),
    isComplete: z.boolean().openapi({
      example: true,
      description: 'False: there are more matches than were counted; the newest were.',
    }),
    employmentTypes: Counts.openapi({ description: 'Matches by kind of employment.' }),
    workModes: Counts.openapi({ description: 'Matches by mode of work; `remote` is one of them.' }),
    countries: Counts.openapi({ description: 'Matches by country.' }),
    cities: Counts.openapi({ description: 'Matches by city.' }),
    currencies: Counts.openapi({ description: 'Matches by currency of their salary.' }),
    salaryAmounts: z
      .object({
        min: AmountMinor.openapi({
          example: 9_600_000,
          description: 'Lowest salary of a year in minor units.',
        }),
        max: AmountMinor.openapi({
          example: 36_000_000,
          description: 'Highest salary of a year in minor units.',
        }),
      })
      .nullable()
      .openapi({ description: 'Range of salaries for a year, where a currency was asked for.' }),
  })
  .openapi('JobFacets', { description: 'How many jobs have which value.' })

export const toJobFacets = (row: JobFacetsRow): z.infer<typeof JobFacets> => row

const companyFields = {
  id: Id.openapi({ description: 'Company: the account of its profile.' }),
  name: z.string().openapi({ example: 'Nile Fittings', description: 'Name of the company.' }),
  industry: z.string().nullable().openapi({ example: 'Plumbing', description: 'Industry of the company.' }),
  logoMediaId: Id.nullable().openapi({ description: 'Its logo: `GET /v1/media/{mediaId}`.' }),
}

const HiringCompany = z
  .object(companyFields)
  .openapi('HiringCompany', { description: 'The company that posts a job.' })

const times = {
  closesAt: Timestamp.openapi({
    example: '2027-01-15T20:00:00.000Z',
    description: 'Last time at which you can apply.',
  }),
  postedAt: Timestamp.openapi({ description: 'Time at which the job became public.' }),
}

const { description, questions, ...listed } = contentFields

export const FoundJob = z
  .object({
    id: Id,
    company: HiringCompany,
    ...listed,
    summary: z.string().openapi({
      example: 'You lead a team of four in Cairo.',
      description: 'Beginning of the description.',
    }),
    distanceKm: z
      .number()
      .nullable()
      .openapi({ example: 4.2, description: 'Distance from the place in kilometres; null without one.' }),
    ...times,
  })
  .openapi('FoundJob')
export const FoundJobPage = pageOf(FoundJob, 'FoundJobPage')

const typed = (type: string) => z.literal(type).openapi({ example: type, description: 'Type in schema.org.' })
const words = (example: string, of: string) => z.string().openapi({ example, description: of })
const amount = (of: string) => z.number().openapi({ example: 15_000, description: of })

const StructuredData = z
  .object({
    '@context': typed('https://schema.org'),
    '@type': typed('JobPosting'),
    identifier: z
      .object({
        '@type': typed('PropertyValue'),
        name: words('Nile Fittings', 'Name of the company.'),
        value: words('019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', 'Id of the posting.'),
      })
      .openapi({ description: 'Identifier of the posting.' }),
    title: words('Senior plumber', 'Name of the job.'),
    description: words('You lead a team of four in Cairo.', 'What the job is.'),
    datePosted: words('2026-11-21T08:30:00.000Z', 'Time at which the job became public.'),
    validThrough: words('2027-01-15T20:00:00.000Z', 'Last time at which you can apply.'),
    employmentType: words('FULL_TIME', '`FULL_TIME`, `PART_TIME` or `CONTRACTOR`.'),
    hiringOrganization: z
      .object({
        '@type': typed('Organization'),
        name: words('Nile Fittings', 'Name of the company.'),
        sameAs: words('https://nile.example', 'Website of the company.').optional(),
      })
      .openapi({ description: 'The company.' }),
    jobLocation: z
      .object({
        '@type': typed('Place'),
        address: z
          .object({
            '@type': typed('PostalAddress'),
            addressLocality: words('Cairo', 'City.'),
            addressCountry: words('EG', 'Country code.'),
            streetAddress: words('Maadi, Street 9', 'Where in the city.').optional(),
          })
          .openapi({ description: 'The address.' }),
      })
      .optional()
      .openapi({ description: 'Place of the work.' }),
    jobLocationType: typed('TELECOMMUTE').optional(),
    applicantLocationRequirements: z
      .object({ '@type': typed('Country'), name: words('EG', 'Country code.') })
      .optional()
      .openapi({ description: 'Of a remote job: the country in which applicants live.' }),
    baseSalary: z
      .object({
        '@type': typed('MonetaryAmount'),
        currency: words('EGP', 'Currency code.'),
        value: z
          .object({
            '@type': typed('QuantitativeValue'),
            value: amount('The amount, in units of the currency.').optional(),
            minValue: amount('The least, in units of the currency.').optional(),
            maxValue: amount('The most, in units of the currency.').optional(),
            unitText: words('MONTH', 'Period of the amount.'),
          })
          .openapi({ description: 'The amounts.' }),
      })
      .optional()
      .openapi({ description: 'Salary.' }),
    directApply: z.literal(true).openapi({ description: 'Applications are made here.' }),
  })
  .openapi('JobStructuredData', {
    description: 'schema.org `JobPosting` (JSON-LD): put it into the page of the job as it is.',
  })

export const OpenJob = z
  .object({ id: Id, company: HiringCompany, ...contentFields, ...times, structuredData: StructuredData })
  .openapi('OpenJob')

export const CompanySearch = z.object({
  ...pageQuery,
  q: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .optional()
    .openapi({ example: 'Nile', description: 'Only companies whose name begins so.' }),
  city: place('Only companies in this city.').optional(),
  country: country.optional(),
  hiring: queryBoolean()
    .optional()
    .openapi({ description: 'True: only companies with open jobs. False: only others.' }),
})

export const ListedCompany = z
  .object({
    ...companyFields,
    city: z.string().nullable().openapi({ example: 'Cairo', description: 'City of the company.' }),
    country: z.string().nullable().openapi({ example: 'EG', description: 'Country of the company.' }),
    jobCount: z.int().openapi({ example: 3, description: 'Number of its open jobs.' }),
  })
  .openapi('ListedCompany')
export const ListedCompanyPage = pageOf(ListedCompany, 'ListedCompanyPage')

export const toFoundJob = ({ postedKey: _key, ...row }: FoundJobRow): z.infer<typeof FoundJob> => row

export const toOpenJob = (row: OpenJobRow): z.infer<typeof OpenJob> => {
  const { updatedAt: _updated, company, ...rest } = row
  const { websiteUrl: _website, ...shown } = company
  return { ...rest, company: shown, structuredData: structuredDataOf(row) as z.infer<typeof StructuredData> }
}

export const toListedCompany = ({ sortKey: _key, ...row }: HiringCompanyRow): z.infer<typeof ListedCompany> =>
  row
