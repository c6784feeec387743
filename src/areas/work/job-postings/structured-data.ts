import type { EmploymentType, SalaryPeriod } from '../../../db/schema/work/job-postings.ts'
import type { OpenJobRow } from './search.ts'

/** A posting as schema.org `JobPosting`, in the form that search engines read (https://schema.org/JobPosting). */

const employmentTypes: Record<EmploymentType, string> = {
  full_time: 'FULL_TIME',
  part_time: 'PART_TIME',
  contract: 'CONTRACTOR',
}
const units: Record<SalaryPeriod, string> = {
  hour: 'HOUR',
  day: 'DAY',
  week: 'WEEK',
  month: 'MONTH',
  year: 'YEAR',
}

/** Minor units are hundredths in every currency of the platform. */
const major = (minor: number | null): number | undefined => (minor === null ? undefined : minor / 100)

const amountsOf = (min: number | null, max: number | null) =>
  min !== null && max !== null && min !== max
    ? { minValue: major(min), maxValue: major(max) }
    : { value: major(max ?? min) }

export function structuredDataOf(row: OpenJobRow) {
  const { company, location, salary } = row
  const country = { '@type': 'Country' as const, name: location.country }
  const isRemote = row.workMode === 'remote'
  return {
    '@context': 'https://schema.org' as const,
    '@type': 'JobPosting' as const,
    identifier: { '@type': 'PropertyValue' as const, name: company.name, value: row.id },
    title: row.title,
    description: row.description,
    datePosted: row.postedAt,
    validThrough: row.closesAt,
    employmentType: employmentTypes[row.employmentType],
    hiringOrganization: {
      '@type': 'Organization' as const,
      name: company.name,
      ...(company.websiteUrl !== null && { sameAs: company.websiteUrl }),
    },
    ...(location.city !== null && {
      jobLocation: {
        '@type': 'Place' as const,
        address: {
          '@type': 'PostalAddress' as const,
          addressLocality: location.city,
          addressCountry: location.country,
          ...(location.place !== null && { streetAddress: location.place }),
        },
      },
    }),
    ...(isRemote && { jobLocationType: 'TELECOMMUTE' as const, applicantLocationRequirements: country }),
    ...(salary !== null && {
      baseSalary: {
        '@type': 'MonetaryAmount' as const,
        currency: salary.currency,
        value: {
          '@type': 'QuantitativeValue' as const,
          ...amountsOf(salary.min, salary.max),
          unitText: units[salary.period],
        },
      },
    }),
    directApply: true as const,
  }
}
