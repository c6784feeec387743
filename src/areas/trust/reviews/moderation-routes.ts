import { userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { reviewMachine } from './machine.ts'
import { dismissSignals, hideReview, listFlags, listReviews, publishReview } from './moderation.ts'
import {
  FlagsQuery,
  HideReview,
  ModeratedReview,
  ModeratedReviewPage,
  ReviewFilters,
  StaffReviewFlagPage,
  toModeratedReview,
  toStaffReviewFlag,
} from './schemas.ts'

const tag = 'Reviews'
const params = idParams('reviewId')
const updated = { 200: { description: 'The updated review.', schema: ModeratedReview } } as const
const readers = { roles: staff, permission: 'reviews.read', scope: 'reviews:read' } as const

export const moderationRoutes = newRoutes()

const list = defineOperation({
  operationId: 'reviews.list',
  method: 'get',
  path: '/v1/reviews',
  tag,
  summary: 'List reviews',
  description: 'All reviews, newest first, for staff. With `status=flagged` it is the queue of moderation.',
  policy: readers,
  query: ReviewFilters,
  responses: { 200: { description: 'A page of reviews.', schema: ModeratedReviewPage } },
})

moderationRoutes.openapi(list, async (c) => {
  const ctx = userCtxOf(c)
  const page = readPage(c)
  const rows = await listReviews(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toModeratedReview(row, ctx.actor)),
    200,
  )
})

const flags = defineOperation({
  operationId: 'reviews.listFlags',
  method: 'get',
  path: '/v1/reviews/{reviewId}/flags',
  tag,
  summary: 'List flags on a review',
  description: 'Flags of readers, newest first, for staff.',
  policy: readers,
  params,
  query: FlagsQuery,
  responses: { 200: { description: 'A page of flags.', schema: StaffReviewFlagPage } },
})

moderationRoutes.openapi(flags, async (c) => {
  const page = readPage(c)
  const rows = await listFlags(userCtxOf(c), c.req.valid('param').reviewId, page)
  return c.json(toPage(c, page, rows, toStaffReviewFlag), 200)
})

const publish = transition(reviewMachine, 'publish', {
  operationId: 'reviews.publish',
  path: '/v1/reviews/{reviewId}/publish',
  tag,
  summary: 'Publish a review',
  description: 'Staff publish a review that waits for them, or that was hidden. Flags move it no more.',
  permission: 'reviews.moderate',
  params,
  responses: updated,
})

moderationRoutes.openapi(publish, async (c) => {
  const ctx = userCtxOf(c)
  const row = await publishReview(ctx, c.req.valid('param').reviewId)
  return c.json(tagged(c, toModeratedReview(row, ctx.actor)), 200)
})

const hide = transition(reviewMachine, 'hide', {
  operationId: 'reviews.hide',
  path: '/v1/reviews/{reviewId}/hide',
  tag,
  summary: 'Hide a review',
  description: 'Staff hide a review. Its author is told why, and can appeal once. It counts in no rating.',
  permission: 'reviews.moderate',
  params,
  body: HideReview,
  responses: updated,
})

moderationRoutes.openapi(hide, async (c) => {
  const ctx = userCtxOf(c)
  const row = await hideReview(ctx, c.req.valid('param').reviewId, c.req.valid('json').reason)
  return c.json(tagged(c, toModeratedReview(row, ctx.actor)), 200)
})

const dismiss = defineOperation({
  operationId: 'reviews.dismissSignals',
  method: 'post',
  path: '/v1/reviews/{reviewId}/dismiss-signals',
  tag,
  summary: 'Dismiss the signals of a review',
  description:
    'The signs mean nothing: the review stays as it is, and its case closes unless it is flagged otherwise.',
  policy: { roles: staff, permission: 'reviews.moderate' },
  params,
  responses: updated,
  problems: ['no_open_signals'],
})

moderationRoutes.openapi(dismiss, async (c) => {
  const ctx = userCtxOf(c)
  const row = await dismissSignals(ctx, c.req.valid('param').reviewId)
  return c.json(tagged(c, toModeratedReview(row, ctx.actor)), 200)
})
