import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { getReputation } from './reputation.ts'
import { listReviewsOf } from './reviews.ts'
import { PublicReviewPage, PublicReviewQuery, Reputation, toPublicReview, toReputation } from './schemas.ts'

/** Reviews and figures of taskers and companies, which are everybody's to read, and of clients, which are not. */
export const reputationRoutes = newRoutes()

const tag = 'Reviews'
const page200 = { 200: { description: 'A page of reviews.', schema: PublicReviewPage } } as const
const figures200 = { 200: { description: 'The figures.', schema: Reputation } } as const
const ofClients = {
  roles: anyUser,
  relation: { who: ['tasker', 'owner'], orStaff: true },
  scope: 'reviews:read',
  permission: 'reviews.read',
} as const
const withWhom =
  'For the client, for taskers who have a booking, an open offer, a bid or an invitation of theirs, and for staff.'

const ofTasker = defineOperation({
  operationId: 'taskers.listReviews',
  method: 'get',
  path: '/v1/taskers/{taskerId}/reviews',
  tag,
  summary: 'List reviews of a tasker',
  description: 'Published reviews by clients, newest first.',
  policy: 'public',
  params: idParams('taskerId'),
  query: PublicReviewQuery,
  responses: page200,
})

reputationRoutes.openapi(ofTasker, async (c) => {
  const page = readPage(c)
  const rows = await listReviewsOf(ctxOf(c), 'professional', c.req.valid('param').taskerId, page)
  return c.json(toPage(c, page, rows, toPublicReview), 200)
})

const ofCompany = defineOperation({
  operationId: 'companies.listReviews',
  method: 'get',
  path: '/v1/companies/{companyId}/reviews',
  tag,
  summary: 'List reviews of a company',
  description: 'Published reviews by taskers who have worked for it, newest first.',
  policy: 'public',
  params: idParams('companyId'),
  query: PublicReviewQuery,
  responses: page200,
})

reputationRoutes.openapi(ofCompany, async (c) => {
  const page = readPage(c)
  const rows = await listReviewsOf(ctxOf(c), 'company', c.req.valid('param').companyId, page)
  return c.json(toPage(c, page, rows, toPublicReview), 200)
})

const ofClient = defineOperation({
  operationId: 'clients.listReviews',
  method: 'get',
  path: '/v1/clients/{clientId}/reviews',
  tag,
  summary: 'List reviews of a client',
  description: `Published reviews by taskers, newest first. ${withWhom}`,
  policy: ofClients,
  params: idParams('clientId'),
  query: PublicReviewQuery,
  responses: page200,
})

reputationRoutes.openapi(ofClient, async (c) => {
  const page = readPage(c)
  const rows = await listReviewsOf(ctxOf(c), 'client', c.req.valid('param').clientId, page)
  return c.json(toPage(c, page, rows, toPublicReview), 200)
})

const taskerFigures = defineOperation({
  operationId: 'taskers.getReputation',
  method: 'get',
  path: '/v1/taskers/{taskerId}/reputation',
  tag,
  summary: 'Get the reputation of a tasker',
  description: 'Count, average, distribution, averages by criterion, and rank.',
  policy: 'public',
  params: idParams('taskerId'),
  etag: true,
  responses: figures200,
})

reputationRoutes.openapi(taskerFigures, async (c) =>
  c.json(toReputation(await getReputation(ctxOf(c), 'professional', c.req.valid('param').taskerId)), 200),
)

const companyFigures = defineOperation({
  operationId: 'companies.getReputation',
  method: 'get',
  path: '/v1/companies/{companyId}/reputation',
  tag,
  summary: 'Get the reputation of a company',
  description: 'Count, average, distribution, averages by criterion, and rank.',
  policy: 'public',
  params: idParams('companyId'),
  etag: true,
  responses: figures200,
})

reputationRoutes.openapi(companyFigures, async (c) =>
  c.json(toReputation(await getReputation(ctxOf(c), 'company', c.req.valid('param').companyId)), 200),
)

const clientFigures = defineOperation({
  operationId: 'clients.getReputation',
  method: 'get',
  path: '/v1/clients/{clientId}/reputation',
  tag,
  summary: 'Get the reputation of a client',
  description: `Count, average, distribution, averages by criterion, and rank. ${withWhom}`,
  policy: ofClients,
  params: idParams('clientId'),
  etag: true,
  responses: figures200,
})

reputationRoutes.openapi(clientFigures, async (c) =>
  c.json(toReputation(await getReputation(ctxOf(c), 'client', c.req.valid('param').clientId)), 200),
)
