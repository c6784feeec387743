import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { reviewMachine } from './machine.ts'
import { answerReview, appealReview, flagReview } from './moderation.ts'
import { moderationRoutes } from './moderation-routes.ts'
import { reputationRoutes } from './reputation-routes.ts'
import { createReview, getReview, listOwnReviews, updateReview } from './reviews.ts'
import {
  AnswerReview,
  AppealReview,
  CreateReview,
  FlagReview,
  OwnReviewFilters,
  Review,
  ReviewFlag,
  ReviewPage,
  toReview,
  toReviewFields,
  toReviewFlag,
  toScores,
  UpdateReview,
} from './schemas.ts'

export const routes = newRoutes()
routes.route('/', moderationRoutes)
routes.route('/', reputationRoutes)

const tag = 'Reviews'
const params = idParams('reviewId')
const updated = { 200: { description: 'The updated review.', schema: Review } } as const
const textProblems = ['review_text_refused', 'criteria_not_asked', 'media_refused'] as const

const create = defineOperation({
  operationId: 'reviews.create',
  method: 'post',
  path: '/v1/bookings/{bookingId}/review',
  tag,
  summary: 'Review the other party',
  description:
    'Each party can review the other once, within the days after completion that `reviews.window_days` says. Neither side reads the review of the other before both have written theirs, or the time is over (`publishesAt`). The task becomes `reviewed` once it is settled and both have.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['client', 'tasker'] }, scope: 'reviews:write' },
  params: idParams('bookingId'),
  body: CreateReview,
  responses: { 201: { description: 'The review.', schema: Review } },
  problems: ['not_reviewable', 'already_reviewed', 'review_window_over', ...textProblems],
})

routes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const row = await createReview(ctx, c.req.valid('param').bookingId, toReviewFields(c.req.valid('json')))
  return c.json(tagged(c, toReview(row, ctx.actor)), 201)
})

const listOwn = defineOperation({
  operationId: 'me.listReviews',
  method: 'get',
  path: '/v1/me/reviews',
  tag,
  summary: 'List your reviews',
  description: 'Reviews that you wrote, or those about you as far as they are published, newest first.',
  policy: { roles: ['client', 'tasker'], scope: 'reviews:read' },
  query: OwnReviewFilters,
  responses: { 200: { description: 'A page of reviews.', schema: ReviewPage } },
})

routes.openapi(listOwn, async (c) => {
  const ctx = userCtxOf(c)
  const page = readPage(c)
  const rows = await listOwnReviews(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toReview(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'reviews.get',
  method: 'get',
  path: '/v1/reviews/{reviewId}',
  tag,
  summary: 'Get a review',
  description: 'For its author, for the reviewed once it is published, and for staff.',
  policy: {
    roles: anyUser,
    relation: { who: ['reviewer', 'reviewee'], orStaff: true },
    scope: 'reviews:read',
    permission: 'reviews.read',
  },
  params,
  etag: true,
  responses: { 200: { description: 'The review.', schema: Review } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(tagged(c, toReview(await getReview(ctx, c.req.valid('param').reviewId), ctx.actor)), 200)
})

const update = defineOperation({
  operationId: 'reviews.update',
  method: 'patch',
  path: '/v1/reviews/{reviewId}',
  tag,
  summary: 'Update a review',
  description:
    'Changes the fields that are sent. Everything can be changed until the review can be read; text, tags and photos until `editUntil` after that.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['reviewer'] }, scope: 'reviews:write' },
  params,
  body: UpdateReview,
  ifMatch: 'required',
  responses: updated,
  problems: ['review_not_editable', 'review_scores_sealed', ...textProblems],
})

routes.openapi(update, async (c) => {
  const ctx = userCtxOf(c)
  const { criteria, ...fields } = c.req.valid('json')
  const patch = { ...fields, ...(criteria && { criteria: toScores(criteria) }) }
  const row = await updateReview(ctx, c.req.valid('param').reviewId, patch, expectedVersionOf(c))
  return c.json(tagged(c, toReview(row, ctx.actor)), 200)
})

const answer = defineOperation({
  operationId: 'reviews.answer',
  method: 'post',
  path: '/v1/reviews/{reviewId}/answer',
  tag,
  summary: 'Answer a review',
  description:
    'The reviewed answers a published review, once. Everyone who reads the review reads the answer.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['reviewee'] }, scope: 'reviews:write' },
  params,
  body: AnswerReview,
  responses: updated,
  problems: ['review_answered', 'review_text_refused'],
})

routes.openapi(answer, async (c) => {
  const ctx = userCtxOf(c)
  const row = await answerReview(ctx, c.req.valid('param').reviewId, c.req.valid('json').text)
  return c.json(tagged(c, toReview(row, ctx.actor)), 200)
})

const flag = defineOperation({
  operationId: 'reviews.flag',
  method: 'post',
  path: '/v1/reviews/{reviewId}/flags',
  tag,
  summary: 'Flag a review',
  description:
    'Says that a review that you can read should not be there, once. Enough flags send it to staff, who decide. Not for your own reviews.',
  policy: { roles: ['client', 'tasker'], scope: 'reviews:write' },
  params,
  body: FlagReview,
  responses: { 201: { description: 'Your flag.', schema: ReviewFlag } },
  problems: ['not_found', 'forbidden', 'already_flagged'],
})

routes.openapi(flag, async (c) => {
  const { reason, note = null } = c.req.valid('json')
  const row = await flagReview(userCtxOf(c), c.req.valid('param').reviewId, { reason, note })
  return c.json(toReviewFlag(row), 201)
})

const appeal = transition(reviewMachine, 'appeal', {
  operationId: 'reviews.appeal',
  path: '/v1/reviews/{reviewId}/appeal',
  tag,
  summary: 'Appeal against hiding a review',
  description: 'Its author asks staff to look at the hidden review again, once.',
  scope: 'reviews:write',
  params,
  body: AppealReview,
  responses: updated,
  problems: ['already_appealed', 'review_text_refused'],
})

routes.openapi(appeal, async (c) => {
  const ctx = userCtxOf(c)
  const row = await appealReview(ctx, c.req.valid('param').reviewId, c.req.valid('json').reason)
  return c.json(tagged(c, toReview(row, ctx.actor)), 200)
})
