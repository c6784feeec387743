import { userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import {
  AddJobNote,
  ApplicationFilters,
  ApplyForJob,
  ChooseInterview,
  JobApplication,
  JobApplicationPage,
  JobNote,
  JobNotePage,
  NoteQuery,
  ProposeInterview,
  RejectJobApplication,
  toJobApplication,
} from './application-schemas.ts'
import {
  addNote,
  applyForJob,
  chooseInterview,
  getApplication,
  listNotes,
  listOfPosting,
  listOwn,
  moveApplication,
  proposeInterview,
  rejectApplication,
  withdrawApplication,
} from './applications.ts'
import { jobApplicationMachine } from './machine.ts'

export const applicationRoutes = newRoutes()

const tag = 'Job postings' as const
const params = idParams('jobApplicationId')
const ofPosting = idParams('jobPostingId')
const application = { 200: { description: 'The application.', schema: JobApplication } } as const
const users = ['client', 'tasker'] as const
const accountProblems = ['account_suspended', 'account_closed'] as const
const companyProblems = [...accountProblems, 'company_not_open'] as const
const parties = { applicant: 'owner' } as const

const apply = defineOperation({
  operationId: 'jobApplications.apply',
  method: 'post',
  path: '/v1/job-postings/{jobPostingId}/applications',
  tag,
  summary: 'Apply for a job',
  description:
    'Once for each job, with a candidate profile. While the application is open, and once you are hired, the owners and managers of the company read your candidate profile and your résumé.',
  policy: { roles: users, scope: 'jobs:write' },
  params: ofPosting,
  body: ApplyForJob,
  responses: { 201: { description: 'The application.', schema: JobApplication } },
  problems: [
    ...accountProblems,
    'already_applied',
    'candidate_profile_missing',
    'contacts_refused',
    'job_answer_missing',
    'job_closed',
    'job_question_unknown',
    'not_found',
    'own_job',
  ],
})

applicationRoutes.openapi(apply, async (c) => {
  const row = await applyForJob(userCtxOf(c), c.req.valid('param').jobPostingId, c.req.valid('json'))
  return c.json(tagged(c, toJobApplication(row)), 201)
})

const list = defineOperation({
  operationId: 'jobApplications.listOfPosting',
  method: 'get',
  path: '/v1/job-postings/{jobPostingId}/applications',
  tag,
  summary: 'List the applications for a job',
  description: 'Newest first, for owners and managers of the company.',
  policy: { roles: users, relation: { who: ['manager'] }, scope: 'jobs:read' },
  params: ofPosting,
  query: ApplicationFilters,
  responses: { 200: { description: 'A page of applications.', schema: JobApplicationPage } },
})

applicationRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const { jobPostingId } = c.req.valid('param')
  const rows = await listOfPosting(userCtxOf(c), jobPostingId, c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toJobApplication), 200)
})

const listMine = defineOperation({
  operationId: 'me.listJobApplications',
  method: 'get',
  path: '/v1/me/job-applications',
  tag,
  summary: 'List your job applications',
  description: 'Newest first.',
  policy: { roles: users, scope: 'jobs:read' },
  query: ApplicationFilters,
  responses: { 200: { description: 'A page of applications.', schema: JobApplicationPage } },
})

applicationRoutes.openapi(listMine, async (c) => {
  const page = readPage(c)
  const rows = await listOwn(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toJobApplication), 200)
})

const get = defineOperation({
  operationId: 'jobApplications.get',
  method: 'get',
  path: '/v1/job-applications/{jobApplicationId}',
  tag,
  summary: 'Get a job application',
  description: 'For the applicant, and for owners and managers of the company.',
  policy: { roles: users, relation: { who: ['owner', 'manager'] }, scope: 'jobs:read' },
  params,
  etag: true,
  responses: application,
})

applicationRoutes.openapi(get, async (c) => {
  const row = await getApplication(userCtxOf(c), c.req.valid('param').jobApplicationId)
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const shortlist = transition(jobApplicationMachine, 'shortlist', {
  operationId: 'jobApplications.shortlist',
  path: '/v1/job-applications/{jobApplicationId}/shortlist',
  tag,
  summary: 'Shortlist an applicant',
  description: 'The applicant is notified.',
  scope: 'jobs:write',
  parties,
  params,
  responses: application,
  problems: companyProblems,
})

applicationRoutes.openapi(shortlist, async (c) => {
  const row = await moveApplication(userCtxOf(c), c.req.valid('param').jobApplicationId, 'shortlisted')
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const interview = transition(jobApplicationMachine, 'interview', {
  operationId: 'jobApplications.interview',
  path: '/v1/job-applications/{jobApplicationId}/interview',
  tag,
  summary: 'Invite an applicant to an interview',
  description: 'Proposes times, of which the applicant chooses one.',
  scope: 'jobs:write',
  parties,
  params,
  body: ProposeInterview,
  responses: application,
  problems: [...companyProblems, 'interview_over'],
})

applicationRoutes.openapi(interview, async (c) => {
  const { jobApplicationId } = c.req.valid('param')
  const row = await proposeInterview(userCtxOf(c), jobApplicationId, c.req.valid('json'), true)
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const propose = defineOperation({
  operationId: 'jobApplications.putInterviewSlots',
  method: 'put',
  path: '/v1/job-applications/{jobApplicationId}/interview-slots',
  tag,
  summary: 'Propose other times for an interview',
  description: 'They take the place of those before; a time that was chosen is free again.',
  policy: { roles: users, relation: { who: ['manager'] }, scope: 'jobs:write' },
  params,
  body: ProposeInterview,
  responses: application,
  problems: [...companyProblems, 'interview_over', 'invalid_transition'],
})

applicationRoutes.openapi(propose, async (c) => {
  const { jobApplicationId } = c.req.valid('param')
  const row = await proposeInterview(userCtxOf(c), jobApplicationId, c.req.valid('json'), false)
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const choose = defineOperation({
  operationId: 'jobApplications.chooseInterview',
  method: 'post',
  path: '/v1/job-applications/{jobApplicationId}/choose-interview',
  tag,
  summary: 'Choose the time of an interview',
  description:
    'One of the proposed times; another one can be chosen later. In the calendar of a tasker it takes up the time.',
  policy: { roles: users, relation: { who: ['owner'] }, scope: 'jobs:write' },
  params,
  body: ChooseInterview,
  responses: application,
  problems: [...accountProblems, 'interview_not_proposed', 'invalid_transition', 'tasker_busy'],
})

applicationRoutes.openapi(choose, async (c) => {
  const { startsAt } = c.req.valid('json')
  const row = await chooseInterview(userCtxOf(c), c.req.valid('param').jobApplicationId, startsAt)
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const offer = transition(jobApplicationMachine, 'offer', {
  operationId: 'jobApplications.offer',
  path: '/v1/job-applications/{jobApplicationId}/offer',
  tag,
  summary: 'Offer the job to an applicant',
  description: 'The applicant is notified.',
  scope: 'jobs:write',
  parties,
  params,
  responses: application,
  problems: companyProblems,
})

applicationRoutes.openapi(offer, async (c) => {
  const row = await moveApplication(userCtxOf(c), c.req.valid('param').jobApplicationId, 'offered')
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const hire = transition(jobApplicationMachine, 'hire', {
  operationId: 'jobApplications.hire',
  path: '/v1/job-applications/{jobApplicationId}/hire',
  tag,
  summary: 'Mark an applicant as hired',
  description: 'The posting stays open for others until it is closed.',
  scope: 'jobs:write',
  parties,
  params,
  responses: application,
  problems: companyProblems,
})

applicationRoutes.openapi(hire, async (c) => {
  const row = await moveApplication(userCtxOf(c), c.req.valid('param').jobApplicationId, 'hired')
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const reject = transition(jobApplicationMachine, 'reject', {
  operationId: 'jobApplications.reject',
  path: '/v1/job-applications/{jobApplicationId}/reject',
  tag,
  summary: 'Reject an applicant',
  description: 'The applicant is notified, with the reason. The company no longer reads their profile.',
  scope: 'jobs:write',
  parties,
  params,
  body: RejectJobApplication,
  responses: application,
  problems: companyProblems,
})

applicationRoutes.openapi(reject, async (c) => {
  const { reason } = c.req.valid('json')
  const row = await rejectApplication(userCtxOf(c), c.req.valid('param').jobApplicationId, reason ?? null)
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const withdraw = transition(jobApplicationMachine, 'withdraw', {
  operationId: 'jobApplications.withdraw',
  path: '/v1/job-applications/{jobApplicationId}/withdraw',
  tag,
  summary: 'Withdraw a job application',
  description:
    'The company no longer reads your profile, your résumé and what you have written. You cannot apply for this job again.',
  scope: 'jobs:write',
  parties,
  params,
  responses: application,
  problems: accountProblems,
})

applicationRoutes.openapi(withdraw, async (c) => {
  const row = await withdrawApplication(userCtxOf(c), c.req.valid('param').jobApplicationId)
  return c.json(tagged(c, toJobApplication(row)), 200)
})

const company = { roles: users, relation: { who: ['manager'] } } as const

const notes = defineOperation({
  operationId: 'jobApplications.listNotes',
  method: 'get',
  path: '/v1/job-applications/{jobApplicationId}/notes',
  tag,
  summary: 'List the notes about an applicant',
  description: 'Notes of the company, newest first; the applicant never reads them here.',
  policy: { ...company, scope: 'jobs:read' },
  params,
  query: NoteQuery,
  responses: { 200: { description: 'A page of notes.', schema: JobNotePage } },
})

applicationRoutes.openapi(notes, async (c) => {
  const page = readPage(c)
  const rows = await listNotes(userCtxOf(c), c.req.valid('param').jobApplicationId, page)
  return c.json(
    toPage(c, page, rows, (row) => row),
    200,
  )
})

const add = defineOperation({
  operationId: 'jobApplications.addNote',
  method: 'post',
  path: '/v1/job-applications/{jobApplicationId}/notes',
  tag,
  summary: 'Add a note about an applicant',
  description: 'For owners and managers of the company.',
  policy: { ...company, scope: 'jobs:write' },
  params,
  body: AddJobNote,
  responses: { 201: { description: 'The note.', schema: JobNote } },
  problems: companyProblems,
})

applicationRoutes.openapi(add, async (c) => {
  const { text } = c.req.valid('json')
  return c.json(await addNote(userCtxOf(c), c.req.valid('param').jobApplicationId, text), 201)
})
