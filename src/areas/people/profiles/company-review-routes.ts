import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import {
  CompanyFilters,
  RejectCompany,
  ReviewedCompany,
  ReviewedCompanyPage,
  toReviewedCompany,
} from './business-schemas.ts'
import { decideCompany, getReviewedCompany, listCompanies } from './company-reviews.ts'
import { companyMachine } from './machine.ts'

const review = { roles: staff, permission: 'companies.review' } as const
const params = idParams('companyId')
const tag = 'Companies' as const
const answer = { 200: { description: 'The updated company.', schema: ReviewedCompany } } as const

export const companyReviewRoutes = newRoutes()

const list = defineOperation({
  operationId: 'companyProfiles.list',
  method: 'get',
  path: '/v1/company-profiles',
  tag,
  summary: 'List companies for review',
  description: 'Full profiles, oldest first.',
  policy: review,
  query: CompanyFilters,
  responses: { 200: { description: 'A page of companies.', schema: ReviewedCompanyPage } },
})

companyReviewRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listCompanies(userCtxOf(c), c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, toReviewedCompany, (row) => [row.since, row.id]),
    200,
  )
})

const get = defineOperation({
  operationId: 'companyProfiles.get',
  method: 'get',
  path: '/v1/company-profiles/{companyId}',
  tag,
  summary: 'Get a company for review',
  description: 'Returns the full profile.',
  policy: review,
  params,
  etag: true,
  responses: answer,
})

companyReviewRoutes.openapi(get, async (c) => {
  const row = await getReviewedCompany(userCtxOf(c), c.req.valid('param').companyId)
  return c.json(tagged(c, toReviewedCompany(row)), 200)
})

const approve = transition(companyMachine, 'approve', {
  operationId: 'companyProfiles.approve',
  path: '/v1/company-profiles/{companyId}/approve',
  tag,
  summary: 'Approve a company',
  description:
    'Confirms that the company is genuine. `If-Match` identifies the version that you have reviewed. A new name or registration number requires approval again. You cannot approve your own company, nor one that lacks what is required of it.',
  permission: 'companies.review',
  stepUp: true,
  params,
  ifMatch: 'required',
  responses: answer,
  wrongState: 'not_pending',
  problems: ['requirements_not_met', 'approval_not_permitted'],
})

companyReviewRoutes.openapi(approve, async (c) => {
  const { companyId } = c.req.valid('param')
  const row = await decideCompany(userCtxOf(c), companyId, null, expectedVersionOf(c))
  return c.json(tagged(c, toReviewedCompany(row)), 200)
})

const reject = transition(companyMachine, 'reject', {
  operationId: 'companyProfiles.reject',
  path: '/v1/company-profiles/{companyId}/reject',
  tag,
  summary: 'Reject a company',
  description:
    'The owner is notified of the reason. The company is hidden from others until it is approved, even under a new name.',
  permission: 'companies.review',
  stepUp: true,
  params,
  body: RejectCompany,
  ifMatch: 'required',
  responses: answer,
  wrongState: 'not_pending',
  problems: ['approval_not_permitted'],
})

companyReviewRoutes.openapi(reject, async (c) => {
  const { companyId } = c.req.valid('param')
  const row = await decideCompany(userCtxOf(c), companyId, c.req.valid('json').reason, expectedVersionOf(c))
  return c.json(tagged(c, toReviewedCompany(row)), 200)
})
