import { sql } from 'drizzle-orm'
import { newId } from '../../src/core/ids.ts'
import { rowsOf, uuid } from '../../src/db/rows.ts'
import { api, type Caller, database, signedIn } from './api.ts'
import { anOpenCompany } from './companies.ts'
import { anOps, ok, withKey } from './story.ts'

/** Job postings, by the API. */

const any = { 'if-match': '*' }
const dayMs = 86_400_000

export const aJob = (fields: object = {}) => ({
  title: 'Senior plumber',
  description: 'You lead a team of four in Cairo.',
  employmentType: 'full_time',
  workMode: 'onsite',
  location: { place: 'Maadi, Street 9', city: 'Cairo', country: 'EG', lat: 29.9602, lng: 31.2569 },
  salary: { min: 1_500_000, max: 2_200_000, currency: 'EGP', period: 'month' },
  questions: [{ key: 'licence', text: 'Do you have a driving licence?', isRequired: true }],
  closesAt: new Date(Date.now() + 30 * dayMs).toISOString(),
  ...fields,
})

export const draft = (as: Caller, companyId: string, fields: object = {}) =>
  api(`/v1/companies/${companyId}/job-postings`, { as, body: aJob(fields) })

export const posting = (as: Caller, id: string, action: string, body?: object) =>
  api(`/v1/job-postings/${id}/${action}`, { as, method: 'POST', headers: any, ...(body && { body }) })

export const changePosting = (as: Caller, id: string, body: object) =>
  api(`/v1/job-postings/${id}`, { as, method: 'PATCH', body, headers: any })

export const details = (as: Caller, id: string) => api(`/v1/job-postings/${id}/details`, { as })

export interface Posted {
  company: Caller
  jobPostingId: string
}

/** As if the company had bought a package: so many uses of a kind. */
export const entitled = (
  { userId }: Caller,
  kind: 'job_posting' | 'contact_view',
  quantity = 1,
  until: string | null = null,
  postingDays: number | null = null,
) =>
  database().write([
    sql`select khidma.grant_entitlement(${userId}::uuid, ${kind}, ${quantity}::int, 'order', ${newId()}::uuid, ${until}::timestamptz,
          1, ${postingDays}::int)`,
  ])

/** Its company has a posting of a package for it. */
export async function aDraft(fields: object = {}, of?: Caller): Promise<Posted> {
  const company = of ?? (await anOpenCompany())
  const { id } = (await ok(draft(company, company.userId, fields))).body
  await entitled(company, 'job_posting')
  return { company, jobPostingId: id }
}

export async function aWaitingJob(fields: object = {}, of?: Caller): Promise<Posted> {
  const made = await aDraft(fields, of)
  await ok(posting(made.company, made.jobPostingId, 'submit'))
  return made
}

/** Approved by staff. */
export async function aLiveJob(fields: object = {}, of?: Caller): Promise<Posted> {
  const made = await aWaitingJob(fields, of)
  await ok(posting(await anOps(), made.jobPostingId, 'approve'))
  return made
}

/** Somebody with a candidate profile. */
export async function aCandidate(fields: object = {}): Promise<Caller> {
  const candidate = await signedIn('client')
  const body = { displayName: 'Nour Hassan', skills: ['welding'], ...fields }
  await ok(api('/v1/me/candidate-profile', { as: candidate, method: 'PUT', body }))
  return candidate
}

/** Somebody who looks for work, with a name and contact details of their own. */
export const aSeeker = (fields: object = {}): Promise<Caller> =>
  aCandidate({
    status: 'active',
    lookingForWork: true,
    contact: { email: 'nour@mail.example', phone: '+201001112233' },
    ...fields,
  })

/** Id by which companies find a candidate. */
export async function listingOf({ userId }: Caller): Promise<string> {
  const listed = rowsOf({ id: uuid })`select l.id from candidate_listings l where l.user_id = ${userId}`
  return (await database().read(listed))[0]?.id ?? ''
}

export const candidatesOf = (as: Caller, companyId: string, query = '') =>
  api(`/v1/companies/${companyId}/job-candidates?${query}`, { as })

export const viewCandidate = (as: Caller, jobCandidateId: string, companyId = as.userId) =>
  api(`/v1/companies/${companyId}/job-candidates/${jobCandidateId}/view`, {
    as,
    method: 'POST',
    headers: withKey(),
  })

export const applyTo = (as: Caller, jobPostingId: string, fields: object = {}) =>
  api(`/v1/job-postings/${jobPostingId}/applications`, {
    as,
    body: { coverNote: 'I have led a team.', answers: [{ key: 'licence', answer: 'Yes.' }], ...fields },
  })

export const application = (as: Caller, id: string, action: string, body?: object) =>
  api(`/v1/job-applications/${id}/${action}`, { as, method: 'POST', ...(body && { body }) })

export interface Applied extends Posted {
  applicant: Caller
  jobApplicationId: string
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

export const interviewAt = (hours: number) => ({ slots: [inHours(hours), inHours(hours + 2)], minutes: 45 })

/** Ways to the states of an application. */
const steps: Record<string, [action: string, by: 'company' | 'applicant', body?: () => object][]> = {
  applied: [],
  shortlisted: [['shortlist', 'company']],
  interview: [['interview', 'company', () => interviewAt(24)]],
  offered: [
    ['shortlist', 'company'],
    ['offer', 'company'],
  ],
  hired: [
    ['shortlist', 'company'],
    ['offer', 'company'],
    ['hire', 'company'],
  ],
  rejected: [['reject', 'company', () => ({})]],
  withdrawn: [['withdraw', 'applicant']],
}
export const applicationStates = Object.keys(steps)

export async function anApplication(state = 'applied', of?: Posted, by?: Caller): Promise<Applied> {
  const posted = of ?? (await aLiveJob())
  const applicant = by ?? (await aCandidate())
  const { id } = (await ok(applyTo(applicant, posted.jobPostingId))).body
  const story = { ...posted, applicant, jobApplicationId: id }
  for (const [action, who, body] of steps[state] ?? [])
    await ok(application(story[who], id, action, body?.()))
  return story
}
