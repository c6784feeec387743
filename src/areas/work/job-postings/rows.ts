import { sql } from 'drizzle-orm'
import { fixed } from '../../../db/json.ts'
import { bool, int, list, nullable, number, oneOf, text } from '../../../db/rows.ts'
import { employmentTypes, salaryPeriods, workModes } from '../../../db/schema/work/job-postings.ts'

/** Text of a posting as rows show it; `contentColumns` selects it of posting `j`. */
export const contentRow = {
  title: text,
  description: text,
  employmentType: oneOf(employmentTypes),
  workMode: oneOf(workModes),
  location: {
    place: nullable(text),
    city: nullable(text),
    country: text,
    lat: nullable(number),
    lng: nullable(number),
  },
  salary: nullable({
    min: nullable(int),
    max: nullable(int),
    currency: text,
    period: oneOf(salaryPeriods),
  }),
  questions: list({ key: text, text, isRequired: bool }),
}

export const placeAndSalary = fixed(sql`
  json_build_object('place', j.place_name, 'city', j.city, 'country', j.country, 'lat', j.lat, 'lng', j.lng) as location,
  case when j.salary_currency is not null then
    json_build_object('min', j.salary_min, 'max', j.salary_max, 'currency', j.salary_currency, 'period', j.salary_period) end as salary`)

export const contentColumns = fixed(sql`
  j.title, j.description, j.employment_type as "employmentType", j.work_mode as "workMode", ${placeAndSalary}, j.questions`)
