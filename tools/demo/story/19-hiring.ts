import type { z } from '@hono/zod-openapi'
import type { Candidate } from '../../../src/areas/people/profiles/business-schemas.ts'
import type { JobApplication } from '../../../src/areas/work/job-postings/application-schemas.ts'
import type { FoundJob, OpenJob } from '../../../src/areas/work/job-postings/public-schemas.ts'
import type { JobPosting } from '../../../src/areas/work/job-postings/schemas.ts'
import { inHours } from '../../../test/support/scenes.ts'
import { check, checkEqual, found } from '../failure.ts'
import { newPerson, type Person } from '../people.ts'
import type { Cast, Stage } from '../stage.ts'

type Posting = z.infer<typeof JobPosting>
type Application = z.infer<typeof JobApplication>

const city = 'Bahariya Oasis'

export async function hire(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('19. A company hires: a job, two applicants, one interview')
  const company = await openCompany(stage, cast)
  const posting = await postJob(stage, cast, company)
  const [salma, tarek] = [
    await apply(stage, posting, 'Salma', 'Six years of pipes.'),
    await apply(stage, posting, 'Tarek', 'I learn fast.'),
  ]
  await interviewAndHire(stage, company, salma)
  await close(stage, company, posting, tarek)
}

interface Applicant {
  person: Person
  application: Application
}

const put = ({ api }: Stage, as: Person, path: string, json: object) =>
  api.call(path, { as, method: 'PUT', json })

async function openCompany(stage: Stage, { ops }: Cast): Promise<Person> {
  const { api, narrator } = stage
  const company = await newPerson(api, 'Nile Fittings')
  await api.call('/v1/me', { as: company, method: 'PATCH', json: { accountType: 'company' } })
  await put(stage, company, '/v1/me/company-profile', {
    companyName: 'Nile Fittings',
    registrationNumber: `CR-${company.phone.slice(-8)}`,
    city,
    country: 'EG',
  })
  await api.refused(409, 'company_not_open', `/v1/companies/${company.id}/job-postings`, {
    as: company,
    json: job(),
  })
  await api.call(`/v1/company-profiles/${company.id}/approve`, { as: ops, method: 'POST', ifMatch: '*' })
  narrator.tell('Nile Fittings cannot post a job before staff have approved the company (409)')
  return company
}

const job = () => ({
  title: 'Plumber at the hot spring',
  description: 'You keep the pipes of twelve guest houses in order.',
  employmentType: 'full_time',
  workMode: 'onsite',
  location: { city, country: 'EG' },
  salary: { min: 1_200_000, max: 1_600_000, currency: 'EGP', period: 'month' },
  questions: [{ key: 'years', text: 'For how many years have you done this?', isRequired: true }],
  closesAt: inHours(24 * 20),
})

/** The approved text is public; what the company changes later waits beside it. */
async function postJob(stage: Stage, { ops, client }: Cast, company: Person): Promise<Posting> {
  const { api, narrator } = stage
  const draft = await api.act<Posting>(`/v1/companies/${company.id}/job-postings`, company, job())
  const path = `/v1/job-postings/${draft.id}`
  await api.refused(404, 'not_found', path)
  await api.act(`${path}/submit`, company)
  await api.call(`${path}/approve`, { as: ops, method: 'POST', ifMatch: '*' })
  const { data } = await api.call<{ data: z.infer<typeof FoundJob>[] }>(
    `/v1/job-postings?q=hot%20spring&city=${encodeURIComponent(city)}&companyId=${company.id}`,
  )
  checkEqual(
    'the jobs that everybody finds',
    data.map(({ id }) => id),
    [draft.id],
  )
  const changed = await api.call<Posting>(path, {
    as: company,
    method: 'PATCH',
    json: { title: 'Head plumber at the hot spring' },
  })
  check('a change that waits', changed.pendingChanges !== null, changed)
  const shown = await api.call<z.infer<typeof OpenJob>>(path)
  checkEqual('the public title', shown.structuredData.title, 'Plumber at the hot spring')
  await api.refused(404, 'not_found', `${path}/details`, { as: client })
  narrator.tell(
    'Staff approve the job, and everybody finds it without an account, with schema.org data for search engines. A new title waits: the approved one stays public',
  )
  return draft
}

async function apply(stage: Stage, { id }: Posting, name: string, coverNote: string): Promise<Applicant> {
  const { api } = stage
  const person = await newPerson(api, name)
  const path = `/v1/job-postings/${id}/applications`
  const json = { coverNote, answers: [{ key: 'years', answer: '6' }] }
  await put(stage, person, '/v1/me/candidate-profile', { displayName: name, visibility: 'private' })
  await api.refused(422, 'job_answer_missing', path, { as: person, json: { coverNote } })
  return { person, application: await api.act<Application>(path, person, json) }
}

async function interviewAndHire(
  { api, narrator }: Stage,
  company: Person,
  { person, application }: Applicant,
): Promise<void> {
  const path = `/v1/job-applications/${application.id}`
  const profile = await api.call<z.infer<typeof Candidate>>(`/v1/candidates/${person.id}`, { as: company })
  checkEqual('the private profile that the company reads', profile.displayName, person.name)
  await api.act(`${path}/shortlist`, company)
  const slots = [inHours(48), inHours(72)]
  const invited = await api.act<Application>(`${path}/interview`, company, { slots, minutes: 45 })
  const startsAt = found('a time', invited.interview?.slots[1])
  await api.act(`${path}/choose-interview`, person, { startsAt })
  await api.refused(403, 'forbidden', `${path}/offer`, { as: person, method: 'POST' })
  await api.act(`${path}/offer`, company)
  const hired = await api.act<Application>(`${path}/hire`, company)
  checkEqual('the application', [hired.status, hired.interview?.startsAt], ['hired', startsAt])
  narrator.tell(
    `${person.name}'s profile is private: only the company that she has applied to reads it. She chooses one of two times, is offered the job and hired`,
  )
}

async function close(
  { api, narrator }: Stage,
  company: Person,
  { id }: Posting,
  { person, application }: Applicant,
): Promise<void> {
  await api.act(`/v1/job-postings/${id}/close`, company, { endApplications: true })
  const ended = await api.call<Application>(`/v1/job-applications/${application.id}`, { as: person })
  checkEqual(`the application of ${person.name}`, ended.status, 'rejected')
  await api.refused(404, 'not_found', `/v1/candidates/${person.id}`, { as: company })
  narrator.tell(
    `The company closes the job: ${person.name} is told at once, and his profile is closed to it (404)`,
  )
}
