import { userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  CandidateSearch,
  CandidateView,
  CandidateViewPage,
  candidateViewQuery,
  FoundCandidatePage,
  OwnCandidateViewPage,
  toCandidateView,
  toFoundCandidate,
  toOwnCandidateView,
} from './candidate-schemas.ts'
import { listOwnViews, listViewsOfCompany, searchCandidates, viewCandidate } from './candidates.ts'

/** Candidates whom companies find and view. */
export const candidateRoutes = newRoutes()

const tag = 'Job postings' as const
const company = idParams('companyId')
const people = { roles: ['client', 'tasker'], relation: { who: ['manager'] } } as const

const search = defineOperation({
  operationId: 'jobCandidates.search',
  method: 'get',
  path: '/v1/companies/{companyId}/job-candidates',
  tag,
  summary: 'Search for candidates',
  description:
    'People who say that they look for work, newest first, for owners and managers of an approved company. Nothing says who it is: `jobCandidates.view` does.',
  policy: { ...people, scope: 'jobs:read' },
  params: company,
  query: CandidateSearch,
  responses: { 200: { description: 'A page of candidates.', schema: FoundCandidatePage } },
  problems: ['company_not_open'],
})

candidateRoutes.openapi(search, async (c) => {
  const page = readPage(c)
  const { companyId } = c.req.valid('param')
  const rows = await searchCandidates(userCtxOf(c), companyId, c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toFoundCandidate), 200)
})

const view = defineOperation({
  operationId: 'jobCandidates.view',
  method: 'post',
  path: '/v1/companies/{companyId}/job-candidates/{jobCandidateId}/view',
  tag,
  summary: 'View how to reach a candidate',
  description:
    'Uses one contact view of a package, and opens the profile, the résumé and the contact details of the candidate for `candidates.view_days`. Viewing again within them costs nothing. The candidate is notified, and sees which company it was.',
  policy: { ...people, scope: 'jobs:write' },
  params: idParams('companyId', 'jobCandidateId'),
  idempotency: 'required',
  responses: { 200: { description: 'The view.', schema: CandidateView } },
  problems: ['account_suspended', 'account_closed', 'company_not_open', 'entitlement_used_up'],
})

candidateRoutes.openapi(view, async (c) => {
  const { companyId, jobCandidateId } = c.req.valid('param')
  return c.json(toCandidateView(await viewCandidate(userCtxOf(c), companyId, jobCandidateId)), 200)
})

const listOfCompany = defineOperation({
  operationId: 'candidateViews.listOfCompany',
  method: 'get',
  path: '/v1/companies/{companyId}/candidate-views',
  tag,
  summary: 'List the candidates that a company has viewed',
  description:
    'Newest first, for owners and managers of the company. A view shows the candidate while it is open.',
  policy: { ...people, scope: 'jobs:read' },
  params: company,
  query: candidateViewQuery,
  responses: { 200: { description: 'A page of views.', schema: CandidateViewPage } },
})

candidateRoutes.openapi(listOfCompany, async (c) => {
  const page = readPage(c)
  const rows = await listViewsOfCompany(userCtxOf(c), c.req.valid('param').companyId, page)
  return c.json(toPage(c, page, rows, toCandidateView), 200)
})

const listOwn = defineOperation({
  operationId: 'me.listCandidateViews',
  method: 'get',
  path: '/v1/me/candidate-views',
  tag: 'Me',
  summary: 'List the companies that have viewed you',
  description: 'Each view of how to reach you, with its company and its time, newest first.',
  policy: { roles: anyUser, scope: 'jobs:read' },
  query: candidateViewQuery,
  responses: { 200: { description: 'A page of views.', schema: OwnCandidateViewPage } },
})

candidateRoutes.openapi(listOwn, async (c) => {
  const page = readPage(c)
  const rows = await listOwnViews(userCtxOf(c), page)
  return c.json(toPage(c, page, rows, toOwnCandidateView), 200)
})
