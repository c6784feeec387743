import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { createReview, listTaskerReviews } from './reviews.ts'
import {
  CreateReview,
  PublicReviewPage,
  PublicReviewQuery,
  Review,
  toPublicReview,
  toReview,
} from './schemas.ts'

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'reviews.create',
  method: 'post',
  path: '/v1/bookings/{bookingId}/review',
  tag: 'Reviews',
  summary: 'Review the other party',
  description:
    'After completion, each party can review the other once. The task becomes `reviewed` once it is settled and both have.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['client', 'tasker'] }, scope: 'reviews:write' },
  params: idParams('bookingId'),
  body: CreateReview,
  responses: { 201: { description: 'The review.', schema: Review } },
  problems: ['not_reviewable', 'already_reviewed'],
})

routes.openapi(create, async (c) => {
  const { rating, tags = [], comment = null } = c.req.valid('json')
  const row = await createReview(userCtxOf(c), c.req.valid('param').bookingId, { rating, tags, comment })
  return c.json(toReview(row), 201)
})

const list = defineOperation({
  operationId: 'taskers.listReviews',
  method: 'get',
  path: '/v1/taskers/{taskerId}/reviews',
  tag: 'Reviews',
  summary: 'List reviews of a tasker',
  description: 'Reviews by clients, newest first.',
  policy: 'public',
  params: idParams('taskerId'),
  query: PublicReviewQuery,
  responses: { 200: { description: 'A page of reviews.', schema: PublicReviewPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listTaskerReviews(ctxOf(c), c.req.valid('param').taskerId, page)
  return c.json(toPage(c, page, rows, toPublicReview), 200)
})
