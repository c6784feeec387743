import type { z } from '@hono/zod-openapi'
import type { Order } from '../../../src/areas/commerce/orders/schemas.ts'
import type { Package } from '../../../src/areas/commerce/packages/schemas.ts'
import type { Payment } from '../../../src/areas/money/payments/schemas.ts'
import type { Candidate } from '../../../src/areas/people/profiles/business-schemas.ts'
import type { JobApplication } from '../../../src/areas/work/job-postings/application-schemas.ts'
import type {
  CandidateView,
  FoundCandidate,
  OwnCandidateView,
} from '../../../src/areas/work/job-postings/candidate-schemas.ts'
import type { FoundJob, OpenJob } from '../../../src/areas/work/job-postings/public-schemas.ts'
import type { HiringBalance, JobPosting } from '../../../src/areas/work/job-postings/schemas.ts'
import { inHours } from '../../../test/support/scenes.ts'
import { check, checkEqual, found } from '../failure.ts'
import { Gateway, learnt } from '../gateway.ts'
import { money } from '../narrator.ts'
import { newPerson, type Person } from '../people.ts'
import type { Cast, Stage } from '../stage.ts'

type Posting = z.infer<typeof JobPosting>
type Application = z.infer<typeof JobApplication>

const city = 'Bahariya Oasis'
const packagePriceMinor = 90_000

export async function hire(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('19. A company hires: a job, two applicants, one interview')
  const company = await openCompany(stage, cast)
  const draft = await draftJob(stage, company)
  await buyPackage(stage, cast, company)
  const posting = await postJob(stage, cast, company, draft)
  const [salma, tarek] = [
    await apply(stage, posting, 'Salma', 'Six years of pipes.'),
    await apply(stage, posting, 'Tarek', 'I learn fast.'),
  ]
  await findCandidate(stage, company)
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

/** A draft costs nothing; without a package or credits it stays one. */
async function draftJob({ api, narrator }: Stage, company: Person): Promise<Posting> {
  const draft = await api.act<Posting>(`/v1/companies/${company.id}/job-postings`, company, job())
  const path = `/v1/job-postings/${draft.id}`
  await api.refused(404, 'not_found', path)
  await api.refused(409, 'job_posting_unpaid', `${path}/submit`, { as: company, method: 'POST' })
  narrator.tell(
    'The company drafts a job. To submit it costs a posting of a package, or credits, and it has neither (409)',
  )
  return draft
}

async function buyPackage(stage: Stage, { admin }: Cast, company: Person): Promise<void> {
  const { api, narrator } = stage
  const offer = await api.act<z.infer<typeof Package>>('/v1/packages', admin, {
    kind: 'job_posting',
    names: { en: 'One job and three candidates', ar: 'وظيفة وثلاثة مرشحين' },
    country: 'EG',
    currency: 'EGP',
    priceMinor: packagePriceMinor,
    postings: 1,
    contactViews: 3,
    postingDays: 14,
    validityDays: 90,
  })
  const items = [{ packageId: offer.id, quantity: 1 }]
  const quote = await api.act<{ id: string }>('/v1/quotes', company, { country: 'EG', items })
  const order = await api.act<z.infer<typeof Order>>('/v1/orders', company, { quoteId: quote.id })
  const begun = await api.act<z.infer<typeof Payment>>(`/v1/orders/${order.id}/payments`, company, {
    method: 'card',
  })
  const gateway = await Gateway.of(stage)
  const token = begun.nextAction?.type === 'sdk' ? begun.nextAction.clientToken : ''
  await gateway.pay(await gateway.referenceOf(token), 'approve')
  const balance = await learnt('what the package gives', async () => {
    const now = await balanceOf(stage, company)
    return now.jobPostings > 0 ? now : undefined
  })
  checkEqual('what the package gives', balance, { jobPostings: 1, contactViews: 3, credits: 0 })
  narrator.tell(
    `It buys a package for ${money(packagePriceMinor, 'EGP')} by card: one posting, public for 14 days, and three views of candidates`,
  )
}

const balanceOf = ({ api }: Stage, company: Person) =>
  api.call<z.infer<typeof HiringBalance>>(`/v1/companies/${company.id}/hiring-balance`, { as: company })

/** The approved text is public; what the company changes later waits beside it. */
async function postJob(
  stage: Stage,
  { ops, client }: Cast,
  company: Person,
  draft: Posting,
): Promise<Posting> {
  const { api, narrator } = stage
  const path = `/v1/job-postings/${draft.id}`
  const submitted = await api.act<Posting>(`${path}/submit`, company)
  checkEqual('what pays', [submitted.payment?.method, submitted.payment?.status], ['entitlement', 'reserved'])
  const live = await api.call<Posting>(`${path}/approve`, { as: ops, method: 'POST', ifMatch: '*' })
  checkEqual('what has paid', [live.payment?.status, live.closesAt], ['used', live.paidUntil])
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
    'The posting of the package is reserved while the job waits, and used as staff approve it. Everybody finds the job without an account, with schema.org data for search engines. A new title waits: the approved one stays public',
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

/** Somebody who has not applied: found by her skill, reached by a view that she hears of. */
async function findCandidate(stage: Stage, company: Person): Promise<void> {
  const { api, narrator } = stage
  const dina = await newPerson(api, 'Dina')
  const email = `dina.${dina.phone.slice(-8)}@mail.example`
  await put(stage, dina, '/v1/me/candidate-profile', {
    displayName: dina.name,
    city,
    skills: ['hot spring pumps'],
    status: 'active',
    lookingForWork: true,
    contact: { email },
  })
  const path = `/v1/companies/${company.id}/job-candidates`
  const search = `${path}?skill=hot%20spring%20pumps&city=${encodeURIComponent(city)}`
  const [shown] = await api.list<z.infer<typeof FoundCandidate>>(search, company)
  const candidate = found('a candidate', shown)
  check('a candidate without a name', !JSON.stringify(candidate).includes(dina.name), candidate)
  const view = await api.act<z.infer<typeof CandidateView>>(`${path}/${candidate.id}/view`, company)
  checkEqual('how to reach her', view.candidate?.contact, { email, phone: null })
  const again = await api.act<z.infer<typeof CandidateView>>(`${path}/${candidate.id}/view`, company)
  checkEqual('the view, asked for again', again.id, view.id)
  checkEqual('what is left', (await balanceOf(stage, company)).contactViews, 2)
  const [seen] = await api.list<z.infer<typeof OwnCandidateView>>('/v1/me/candidate-views', dina)
  checkEqual('the company that has viewed her', seen?.companyName, 'Nile Fittings')
  narrator.tell(
    `It also finds somebody who has not applied, without her name. A contact view shows that it is ${dina.name} and how to reach her; to view her again costs nothing, and she sees which company it was`,
  )
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
