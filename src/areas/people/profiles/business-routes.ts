import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  getCandidate,
  getCandidateProfile,
  getCompany,
  getCompanyProfile,
  getOwnCompany,
  putCandidateProfile,
  putCompanyProfile,
  updateCompany,
} from './business-profiles.ts'
import {
  Candidate,
  CandidateProfile,
  Company,
  CompanyProfile,
  PutCandidateProfile,
  PutCompanyProfile,
  toCandidate,
  toCandidateProfile,
  toCompany,
  toCompanyProfile,
  UpdateCompany,
} from './business-schemas.ts'

const read = { roles: anyUser, scope: 'profile:read' } as const
const write = { roles: anyUser, scope: 'profile:write' } as const
const putProblems = ['account_suspended', 'account_closed', 'media_refused'] as const

export const businessRoutes = newRoutes()

const company = defineOperation({
  operationId: 'me.getCompanyProfile',
  method: 'get',
  path: '/v1/me/company-profile',
  tag: 'Me',
  summary: 'Get your company profile',
  description: 'The full profile, visible to you and staff only. 404 if you have none.',
  policy: read,
  etag: true,
  responses: { 200: { description: 'Your company profile.', schema: CompanyProfile } },
  problems: ['not_found'],
})

businessRoutes.openapi(company, async (c) =>
  c.json(tagged(c, toCompanyProfile(await getCompanyProfile(userCtxOf(c)))), 200),
)

const putCompany = defineOperation({
  operationId: 'me.putCompanyProfile',
  method: 'put',
  path: '/v1/me/company-profile',
  tag: 'Me',
  summary: 'Create or replace your company profile',
  description:
    'Replaces the whole profile: omitted fields are cleared. It is public while your `accountType` is `company`, the profile is active and it has not been rejected.',
  policy: write,
  body: PutCompanyProfile,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated profile.', schema: CompanyProfile } },
  problems: [...putProblems, 'already_member'],
})

businessRoutes.openapi(putCompany, async (c) => {
  const row = await putCompanyProfile(userCtxOf(c), c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toCompanyProfile(row)), 200)
})

const whole = defineOperation({
  operationId: 'companies.getProfile',
  method: 'get',
  path: '/v1/companies/{companyId}/profile',
  tag: 'Companies',
  summary: 'Get the full profile of a company',
  description: 'For owners and managers of the company.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['manager'] }, scope: 'companies:read' },
  params: idParams('companyId'),
  etag: true,
  responses: { 200: { description: 'The full profile.', schema: CompanyProfile } },
})

businessRoutes.openapi(whole, async (c) => {
  const row = await getOwnCompany(userCtxOf(c), c.req.valid('param').companyId)
  return c.json(tagged(c, toCompanyProfile(row)), 200)
})

const update = defineOperation({
  operationId: 'companies.update',
  method: 'patch',
  path: '/v1/companies/{companyId}',
  tag: 'Companies',
  summary: 'Change the profile of a company',
  description:
    'For owners and managers of the company. Changes the fields that are sent; a new name or registration number requires approval again.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['manager'] }, scope: 'companies:write' },
  params: idParams('companyId'),
  body: UpdateCompany,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated profile.', schema: CompanyProfile } },
})

businessRoutes.openapi(update, async (c) => {
  const { companyId } = c.req.valid('param')
  const row = await updateCompany(userCtxOf(c), companyId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toCompanyProfile(row)), 200)
})

const candidate = defineOperation({
  operationId: 'me.getCandidateProfile',
  method: 'get',
  path: '/v1/me/candidate-profile',
  tag: 'Me',
  summary: 'Get your candidate profile',
  description: 'What companies can read when you apply for a job. 404 if you have none.',
  policy: read,
  etag: true,
  responses: { 200: { description: 'Your candidate profile.', schema: CandidateProfile } },
  problems: ['not_found'],
})

businessRoutes.openapi(candidate, async (c) =>
  c.json(tagged(c, toCandidateProfile(await getCandidateProfile(userCtxOf(c)))), 200),
)

const putCandidate = defineOperation({
  operationId: 'me.putCandidateProfile',
  method: 'put',
  path: '/v1/me/candidate-profile',
  tag: 'Me',
  summary: 'Create or replace your candidate profile',
  description: 'Replaces the whole profile: omitted fields are cleared.',
  policy: write,
  body: PutCandidateProfile,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated profile.', schema: CandidateProfile } },
  problems: putProblems,
})

businessRoutes.openapi(putCandidate, async (c) => {
  const row = await putCandidateProfile(userCtxOf(c), c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toCandidateProfile(row)), 200)
})

const shownCandidate = defineOperation({
  operationId: 'candidates.get',
  method: 'get',
  path: '/v1/candidates/{candidateId}',
  tag: 'Companies',
  summary: 'Get a candidate',
  description:
    'Returns an active candidate profile to those whom its `visibility` admits, without salary, résumé and contact details. A company to which the candidate has applied, or that has viewed them, reads every profile, with the résumé.',
  policy: 'public',
  params: idParams('candidateId'),
  etag: true,
  responses: { 200: { description: 'The candidate.', schema: Candidate } },
})

businessRoutes.openapi(shownCandidate, async (c) =>
  c.json(toCandidate(await getCandidate(ctxOf(c), c.req.valid('param').candidateId)), 200),
)

const publicCompany = defineOperation({
  operationId: 'companies.get',
  method: 'get',
  path: '/v1/companies/{companyId}',
  tag: 'Companies',
  summary: 'Get a company',
  description: 'Returns the public profile of a company, without contact details.',
  policy: 'public',
  params: idParams('companyId'),
  etag: true,
  responses: { 200: { description: 'The company.', schema: Company } },
})

businessRoutes.openapi(publicCompany, async (c) =>
  c.json(toCompany(await getCompany(ctxOf(c), c.req.valid('param').companyId)), 200),
)
