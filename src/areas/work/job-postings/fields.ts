import { moderate } from '../../../core/moderation.ts'
import { Problem } from '../../../core/problems.ts'
import type {
  EmploymentType,
  JobQuestion,
  SalaryPeriod,
  WorkMode,
} from '../../../db/schema/work/job-postings.ts'

export interface JobLocation {
  place: string | null
  city: string | null
  country: string
  lat: number | null
  lng: number | null
}

export interface Salary {
  min: number | null
  max: number | null
  currency: string
  period: SalaryPeriod
}

/** Text of a posting: what everybody reads before they apply. */
export interface JobContent {
  title: string
  description: string
  employmentType: EmploymentType
  workMode: WorkMode
  location: JobLocation
  salary: Salary | null
  questions: JobQuestion[]
}

export interface JobFields extends JobContent {
  closesAt: string
}

export type JobPatch = { [K in keyof JobFields]?: JobFields[K] | undefined }

/**
 * Policy of each field of a live posting: a change with `approval` waits, while the approved text stays public; `free` applies at once.
 */
export const fieldPolicy = {
  title: 'approval',
  description: 'approval',
  employmentType: 'approval',
  workMode: 'approval',
  location: 'approval',
  salary: 'approval',
  questions: 'approval',
  closesAt: 'free',
} as const satisfies Record<keyof JobContent, 'approval'> & { closesAt: 'free' }

/** The columns of each field, as Postgres names them. */
const columns: { [K in keyof JobContent]: (value: JobContent[K]) => Record<string, unknown> } = {
  title: (title) => ({ title }),
  description: (description) => ({ description }),
  employmentType: (type) => ({ employment_type: type }),
  workMode: (mode) => ({ work_mode: mode }),
  location: ({ place, ...rest }) => ({ place_name: place, ...rest }),
  salary: (salary) => ({
    salary_min: salary?.min ?? null,
    salary_max: salary?.max ?? null,
    salary_currency: salary?.currency ?? null,
    salary_period: salary?.period ?? null,
  }),
  questions: (questions) => ({ questions }),
}

const contentNames = (Object.keys(columns) as (keyof JobContent)[]).filter(
  (name) => fieldPolicy[name] === 'approval',
)

/** The changes of a patch by the names of columns; null where it has none. */
export function contentChanges(patch: JobPatch): Record<string, unknown> | null {
  const changes: Record<string, unknown> = {}
  for (const name of contentNames) {
    const value = patch[name]
    if (value !== undefined) Object.assign(changes, (columns[name] as (value: unknown) => object)(value))
  }
  return Object.keys(changes).length > 0 ? changes : null
}

/** Changes that wait, from the names of columns back to the fields of the API. */
export function changesShown(changes: Record<string, unknown>): Partial<JobContent> {
  const { title, description, employment_type, work_mode, questions, ...rest } = changes
  const shown = {
    title,
    description,
    employmentType: employment_type,
    workMode: work_mode,
    questions,
    location: 'country' in rest ? placeShown(rest) : undefined,
    salary: 'salary_currency' in rest ? salaryShown(rest) : undefined,
  }
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined))
}

const placeShown = ({ place_name, city, country, lat, lng }: Record<string, unknown>) => ({
  place: place_name,
  city,
  country,
  lat,
  lng,
})

const salaryShown = (row: Record<string, unknown>) =>
  row.salary_currency === null
    ? null
    : { min: row.salary_min, max: row.salary_max, currency: row.salary_currency, period: row.salary_period }

/** Refuses links, addresses, phone numbers and insults, by the same judgement as chat: everybody reads the text before they apply. */
export function refuseContacts({ title, description, location, questions }: JobPatch): void {
  const texts: [field: string, text: string | null | undefined][] = [
    ['title', title],
    ['description', description],
    ['location', location?.place],
    ...(questions ?? []).map(({ text }): [string, string] => ['questions', text]),
  ]
  const refused = texts.filter(
    ([, text]) => typeof text === 'string' && moderate(text, { mayExchangeContacts: false }) === 'reject',
  )
  const fields = [...new Set(refused.map(([field]) => field))]
  if (fields.length > 0) throw new Problem('contacts_refused', { fields })
}
