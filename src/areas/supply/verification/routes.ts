import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { verificationMachine } from './machine.ts'
import {
  RejectVerification,
  ReviewedVerification,
  SubmitVerification,
  toReviewedVerification,
  toVerification,
  Verification,
  VerificationFilters,
  VerificationPage,
} from './schemas.ts'
import {
  approveVerification,
  getOwnVerification,
  getVerification,
  listVerifications,
  rejectVerification,
  submitVerification,
} from './verifications.ts'

const review = { roles: staff, permission: 'verifications.review' } as const
const params = idParams('verificationId')

export const routes = newRoutes()

const getOwn = defineOperation({
  operationId: 'me.getVerification',
  method: 'get',
  path: '/v1/me/verification',
  tag: 'Me',
  summary: 'Get your verification',
  description: 'Returns the status of your identity verification and, if it was rejected, the reason.',
  policy: { roles: anyUser },
  etag: true,
  responses: { 200: { description: 'Your verification.', schema: Verification } },
})

routes.openapi(getOwn, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toVerification(await getOwnVerification(ctx), ctx.actor)), 200)
})

const submit = defineOperation({
  operationId: 'me.submitVerification',
  method: 'put',
  path: '/v1/me/verification',
  tag: 'Me',
  summary: 'Submit an identity document',
  description:
    'One document, with photos of it, for review by operations staff. Submitting the same document again while it is pending has no effect. Only a keyed hash and the last four characters of the number are stored.',
  policy: { roles: ['client', 'tasker'] },
  body: SubmitVerification,
  ifMatch: 'optional',
  responses: { 200: { description: 'Your updated verification.', schema: Verification } },
  problems: ['account_suspended', 'account_closed', 'invalid_transition', 'media_refused'],
})

routes.openapi(submit, async (c) => {
  const ctx = userCtxOf(c)
  const row = await submitVerification(ctx, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toVerification(row, ctx.actor)), 200)
})

const list = defineOperation({
  operationId: 'verifications.list',
  method: 'get',
  path: '/v1/verifications',
  tag: 'Trust',
  summary: 'List verifications',
  description: 'All submissions, longest waiting first.',
  policy: review,
  query: VerificationFilters,
  responses: { 200: { description: 'A page of verifications.', schema: VerificationPage } },
})

routes.openapi(list, async (c) => {
  const ctx = userCtxOf(c)
  const page = readPage(c)
  const rows = await listVerifications(ctx, c.req.valid('query'), page)
  const body = toPage(
    c,
    page,
    rows,
    (row) => toReviewedVerification(row, ctx.actor),
    (row) => [row.submittedAt ?? '', row.id],
  )
  return c.json(body, 200)
})

const get = defineOperation({
  operationId: 'verifications.get',
  method: 'get',
  path: '/v1/verifications/{verificationId}',
  tag: 'Trust',
  summary: 'Get a verification',
  description:
    'Returns the documents of a user, and the number of other accounts that gave the same document number.',
  policy: review,
  params,
  etag: true,
  responses: { 200: { description: 'The verification.', schema: ReviewedVerification } },
})

routes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  const row = await getVerification(ctx, c.req.valid('param').verificationId)
  return c.json(tagged(c, toReviewedVerification(row, ctx.actor)), 200)
})

const approve = transition(verificationMachine, 'approve', {
  operationId: 'verifications.approve',
  path: '/v1/verifications/{verificationId}/approve',
  tag: 'Trust',
  summary: 'Approve a verification',
  description:
    'Confirms that the document belongs to the user. `If-Match` identifies the version that you have reviewed. A document number verifies one account only. You cannot approve your own verification.',
  permission: 'verifications.review',
  stepUp: true,
  params,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated verification.', schema: ReviewedVerification } },
  problems: ['document_in_use'],
})

routes.openapi(approve, async (c) => {
  const ctx = userCtxOf(c)
  const row = await approveVerification(ctx, c.req.valid('param').verificationId, expectedVersionOf(c))
  return c.json(tagged(c, toReviewedVerification(row, ctx.actor)), 200)
})

const reject = transition(verificationMachine, 'reject', {
  operationId: 'verifications.reject',
  path: '/v1/verifications/{verificationId}/reject',
  tag: 'Trust',
  summary: 'Reject a verification',
  description: 'The user is notified of the reason and can submit another document.',
  permission: 'verifications.review',
  stepUp: true,
  params,
  body: RejectVerification,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated verification.', schema: ReviewedVerification } },
})

routes.openapi(reject, async (c) => {
  const ctx = userCtxOf(c)
  const { verificationId } = c.req.valid('param')
  const row = await rejectVerification(ctx, verificationId, c.req.valid('json').reason, expectedVersionOf(c))
  return c.json(tagged(c, toReviewedVerification(row, ctx.actor)), 200)
})
