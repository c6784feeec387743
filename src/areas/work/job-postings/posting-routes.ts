import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import type { JobFields, JobPatch } from './fields.ts'
import { jobPostingMachine } from './machine.ts'
import {
  closePosting,
  createPosting,
  decideChanges,
  decidePosting,
  extendPosting,
  getDetails,
  getHiringBalance,
  listPostings,
  repostJob,
  submitPosting,
  updatePosting,
  withdrawPosting,
} from './postings.ts'
import {
  CloseJobPosting,
  CreateJobPosting,
  DecideJobChanges,
  ExtendJobPosting,
  HiringBalance,
  JobPosting,
  JobPostingPage,
  PostingFilters,
  RejectJobPosting,
  RepostJob,
  SubmitJobPosting,
  toJobPosting,
  UpdateJobPosting,
} from './schemas.ts'

/** Postings for the people of their company, and for staff who decide about them. */
export const postingRoutes = newRoutes()

const tag = 'Job postings' as const
const company = idParams('companyId')
const params = idParams('jobPostingId')
const posting = { 200: { description: 'The posting.', schema: JobPosting } } as const
const people = { roles: ['client', 'tasker'], relation: { who: ['manager'] } } as const
const accountProblems = ['account_suspended', 'account_closed'] as const
const paymentProblems = ['job_posting_unpaid', 'entitlement_used_up', 'insufficient_credits'] as const
const contentProblems = ['contacts_refused', 'job_deadline_refused', 'job_place_missing'] as const

const list = defineOperation({
  operationId: 'jobPostings.listOfCompany',
  method: 'get',
  path: '/v1/companies/{companyId}/job-postings',
  tag,
  summary: 'List the job postings of a company',
  description: 'In every state, newest first, for owners and managers of the company.',
  policy: { ...people, scope: 'jobs:read' },
  params: company,
  query: PostingFilters,
  responses: { 200: { description: 'A page of postings.', schema: JobPostingPage } },
})

postingRoutes.openapi(list, async (c) => {
  const [page, ctx] = [readPage(c), userCtxOf(c)]
  const rows = await listPostings(ctx, c.req.valid('param').companyId, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toJobPosting(row, ctx.actor)),
    200,
  )
})

const create = defineOperation({
  operationId: 'jobPostings.create',
  method: 'post',
  path: '/v1/companies/{companyId}/job-postings',
  tag,
  summary: 'Draft a job posting',
  description:
    'For owners and managers of an approved company. Nobody else sees the draft; submit it to have it approved. Links and contact details are refused in its text.',
  policy: { ...people, scope: 'jobs:write' },
  params: company,
  body: CreateJobPosting,
  responses: { 201: { description: 'The draft.', schema: JobPosting } },
  problems: [...accountProblems, ...contentProblems, 'company_not_open'],
})

postingRoutes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const row = await createPosting(ctx, c.req.valid('param').companyId, c.req.valid('json') as JobFields)
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 201)
})

const details = defineOperation({
  operationId: 'jobPostings.getDetails',
  method: 'get',
  path: '/v1/job-postings/{jobPostingId}/details',
  tag,
  summary: 'Get a job posting in every state',
  description:
    'With its decisions and the changes that wait; for owners and managers of the company, and staff.',
  policy: {
    roles: anyUser,
    relation: { who: ['manager'], orStaff: true },
    scope: 'jobs:read',
    permission: 'job_postings.read',
  },
  params,
  etag: true,
  responses: posting,
})

postingRoutes.openapi(details, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(
    tagged(c, toJobPosting(await getDetails(ctx, c.req.valid('param').jobPostingId), ctx.actor)),
    200,
  )
})

const update = defineOperation({
  operationId: 'jobPostings.update',
  method: 'patch',
  path: '/v1/job-postings/{jobPostingId}',
  tag,
  summary: 'Change a job posting',
  description:
    'Changes the fields that are sent; `location`, `salary` and `questions` are replaced as a whole. A draft changes at once. Of a live posting `closesAt` changes at once, and all else waits in `pendingChanges` until it is approved: the approved text stays public.',
  policy: { ...people, scope: 'jobs:write' },
  params,
  body: UpdateJobPosting,
  ifMatch: 'optional',
  responses: posting,
  problems: [...accountProblems, ...contentProblems, 'job_posting_fixed', 'job_posting_paid_until'],
})

postingRoutes.openapi(update, async (c) => {
  const ctx = userCtxOf(c)
  const patch = c.req.valid('json') as JobPatch
  const row = await updatePosting(ctx, c.req.valid('param').jobPostingId, patch, expectedVersionOf(c))
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 200)
})

const submit = transition(jobPostingMachine, 'submit', {
  operationId: 'jobPostings.submit',
  path: '/v1/job-postings/{jobPostingId}/submit',
  tag,
  summary: 'Submit a job posting',
  description:
    'The draft waits for approval, and is public from then on until `closesAt`, at most for the days that are paid. What it costs is reserved now, used when it goes live, and returned if it is rejected, withdrawn or closed before; `payment` says what pays.',
  scope: 'jobs:write',
  params,
  body: SubmitJobPosting,
  responses: posting,
  problems: [...accountProblems, ...paymentProblems, 'company_not_open', 'job_posting_over'],
})

postingRoutes.openapi(submit, async (c) => {
  const ctx = userCtxOf(c)
  const { payWith = null } = c.req.valid('json')
  const row = await submitPosting(ctx, c.req.valid('param').jobPostingId, payWith)
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 200)
})

const withdraw = transition(jobPostingMachine, 'withdraw', {
  operationId: 'jobPostings.withdraw',
  path: '/v1/job-postings/{jobPostingId}/withdraw',
  tag,
  summary: 'Take a job posting back',
  description: 'A posting that waits for approval is a draft again; what was reserved for it is returned.',
  scope: 'jobs:write',
  params,
  responses: posting,
  problems: accountProblems,
})

postingRoutes.openapi(withdraw, async (c) => {
  const ctx = userCtxOf(c)
  const row = await withdrawPosting(ctx, c.req.valid('param').jobPostingId)
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 200)
})

const close = transition(jobPostingMachine, 'close', {
  operationId: 'jobPostings.close',
  path: '/v1/job-postings/{jobPostingId}/close',
  tag,
  summary: 'Close a job posting',
  description:
    'Nobody can find it or apply any more. The company answers those who have applied until `answerBy`, or ends their applications at once. Staff close a posting that breaks the rules.',
  scope: 'jobs:write',
  permission: 'job_postings.review',
  params,
  body: CloseJobPosting,
  responses: posting,
  problems: accountProblems,
})

postingRoutes.openapi(close, async (c) => {
  const ctx = userCtxOf(c)
  const row = await closePosting(ctx, c.req.valid('param').jobPostingId, c.req.valid('json'))
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 200)
})

const extend = defineOperation({
  operationId: 'jobPostings.extend',
  method: 'post',
  path: '/v1/job-postings/{jobPostingId}/extend',
  tag,
  summary: 'Pay for more days of a job posting',
  description:
    'Costs as much as a posting. `paidUntil` of a live posting moves by the days that are paid, and `closesAt` as far as `job_postings.most_days` allows.',
  policy: { ...people, scope: 'jobs:write' },
  params,
  body: ExtendJobPosting,
  idempotency: 'required',
  responses: posting,
  problems: [...accountProblems, ...paymentProblems, 'company_not_open', 'job_closed', 'job_posting_paid'],
})

postingRoutes.openapi(extend, async (c) => {
  const ctx = userCtxOf(c)
  const { payWith = null } = c.req.valid('json')
  const row = await extendPosting(ctx, c.req.valid('param').jobPostingId, payWith)
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 200)
})

const repost = defineOperation({
  operationId: 'jobPostings.repost',
  method: 'post',
  path: '/v1/job-postings/{jobPostingId}/repost',
  tag,
  summary: 'Draft a closed job posting anew',
  description:
    'Copies the text of a closed posting into a new draft. It is submitted, approved and paid as any other.',
  policy: { ...people, scope: 'jobs:write' },
  params,
  body: RepostJob,
  responses: { 201: { description: 'The new draft.', schema: JobPosting } },
  problems: [...accountProblems, 'company_not_open', 'job_deadline_refused', 'job_posting_not_closed'],
})

postingRoutes.openapi(repost, async (c) => {
  const ctx = userCtxOf(c)
  const row = await repostJob(ctx, c.req.valid('param').jobPostingId, c.req.valid('json').closesAt)
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 201)
})

const balance = defineOperation({
  operationId: 'companies.getHiringBalance',
  method: 'get',
  path: '/v1/companies/{companyId}/hiring-balance',
  tag,
  summary: 'Get what a company can use to hire',
  description:
    'Postings and contact views of packages, and credits, that the account of the company can use now; for its owners and managers.',
  policy: { ...people, scope: 'jobs:read' },
  params: company,
  etag: true,
  responses: { 200: { description: 'The balance.', schema: HiringBalance } },
})

postingRoutes.openapi(balance, async (c) =>
  c.json(await getHiringBalance(userCtxOf(c), c.req.valid('param').companyId), 200),
)

const approve = transition(jobPostingMachine, 'approve', {
  operationId: 'jobPostings.approve',
  path: '/v1/job-postings/{jobPostingId}/approve',
  tag,
  summary: 'Approve a job posting',
  description: 'Makes it public. `If-Match` names the version that you have read.',
  permission: 'job_postings.review',
  params,
  ifMatch: 'required',
  responses: posting,
  problems: ['approval_not_permitted', 'company_not_open', 'job_posting_over'],
})

postingRoutes.openapi(approve, async (c) => {
  const ctx = userCtxOf(c)
  const row = await decidePosting(ctx, c.req.valid('param').jobPostingId, null, expectedVersionOf(c))
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 200)
})

const reject = transition(jobPostingMachine, 'reject', {
  operationId: 'jobPostings.reject',
  path: '/v1/job-postings/{jobPostingId}/reject',
  tag,
  summary: 'Reject a job posting',
  description:
    'It is a draft again, its company is told the reason, and what was reserved for it is returned.',
  permission: 'job_postings.review',
  params,
  body: RejectJobPosting,
  ifMatch: 'required',
  responses: posting,
})

postingRoutes.openapi(reject, async (c) => {
  const ctx = userCtxOf(c)
  const { reason } = c.req.valid('json')
  const row = await decidePosting(ctx, c.req.valid('param').jobPostingId, reason, expectedVersionOf(c))
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 200)
})

const decide = defineOperation({
  operationId: 'jobPostings.decideChanges',
  method: 'post',
  path: '/v1/job-postings/{jobPostingId}/decide-changes',
  tag,
  summary: 'Decide about changes of a live job posting',
  description:
    'Approved changes are public at once; of rejected ones the company is told the reason, and the posting stays as it is. `If-Match` names the version that you have read.',
  policy: { roles: staff, permission: 'job_postings.review' },
  params,
  body: DecideJobChanges,
  ifMatch: 'required',
  responses: posting,
  problems: ['approval_not_permitted', 'no_job_changes'],
})

postingRoutes.openapi(decide, async (c) => {
  const ctx = userCtxOf(c)
  const { approve: isApproved, reason } = c.req.valid('json')
  const id = c.req.valid('param').jobPostingId
  const row = await decideChanges(ctx, id, isApproved ? null : (reason ?? ''), expectedVersionOf(c))
  return c.json(tagged(c, toJobPosting(row, ctx.actor)), 200)
})
