import { z } from '@hono/zod-openapi'
import { isReordered } from '../../../db/listing.ts'
import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { verificationMachine } from './machine.ts'
import {
  approveVerification,
  decideDocument,
  getVerification,
  listLogs,
  listVerifications,
  rejectVerification,
  requestDocument,
  setInternalNotes,
} from './reviews.ts'
import {
  ApproveVerification,
  DecideDocument,
  RejectVerification,
  RequestDocument,
  ReviewedVerification,
  SetInternalNotes,
  toLog,
  toReviewed,
  VerificationFilters,
  VerificationLogPage,
  VerificationPage,
} from './schemas.ts'

const permission = 'verifications.review'
const review = { roles: staff, permission } as const
const params = idParams('verificationId')
const tag = 'Trust' as const
const responses = { 200: { description: 'The updated request.', schema: ReviewedVerification } } as const
/** Decisions are of the version that was reviewed, and by somebody who has just shown their second factor. */
const decision = { tag, permission, stepUp: true, params, ifMatch: 'required', responses } as const
const problems = ['approval_not_permitted'] as const

export const reviewRoutes = newRoutes()

const list = defineOperation({
  operationId: 'verifications.list',
  method: 'get',
  path: '/v1/verifications',
  tag,
  summary: 'List verification requests',
  description: 'All submissions, longest waiting first.',
  policy: review,
  query: VerificationFilters,
  responses: { 200: { description: 'A page of requests.', schema: VerificationPage } },
})

reviewRoutes.openapi(list, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  const rows = await listVerifications(ctx, c.req.valid('query'), page)
  const body = toPage(
    c,
    page,
    rows,
    (row) => toReviewed(row, ctx.actor),
    isReordered(page) ? undefined : (row) => [row.submittedAt, row.id],
  )
  return c.json(body, 200)
})

const get = defineOperation({
  operationId: 'verifications.get',
  method: 'get',
  path: '/v1/verifications/{verificationId}',
  tag,
  summary: 'Get a verification request',
  description:
    'Returns the papers of a user, and the number of other accounts that gave the same document number.',
  policy: review,
  params,
  etag: true,
  responses: { 200: { description: 'The request.', schema: ReviewedVerification } },
})

reviewRoutes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  const row = await getVerification(ctx, c.req.valid('param').verificationId)
  return c.json(tagged(c, toReviewed(row, ctx.actor)), 200)
})

const approve = transition(verificationMachine, 'approve', {
  ...decision,
  operationId: 'verifications.approve',
  path: '/v1/verifications/{verificationId}/approve',
  summary: 'Approve a verification request',
  description:
    'Confirms that the papers are genuine and belong to the user; documents that were not decided alone are approved with it. `If-Match` identifies the version that you have reviewed. Where policy asks for four eyes, the first approval leaves the request pending for somebody else. You cannot approve your own papers.',
  body: ApproveVerification,
  problems: [...problems, 'document_in_use', 'document_rejected', 'papers_expired', 'own_decision'],
})

reviewRoutes.openapi(approve, async (c) => {
  const ctx = userCtxOf(c)
  const { expiresAt } = c.req.valid('json')
  const row = await approveVerification(
    ctx,
    c.req.valid('param').verificationId,
    expiresAt,
    expectedVersionOf(c),
  )
  return c.json(tagged(c, toReviewed(row, ctx.actor)), 200)
})

const reject = transition(verificationMachine, 'reject', {
  ...decision,
  operationId: 'verifications.reject',
  path: '/v1/verifications/{verificationId}/reject',
  summary: 'Reject a verification request',
  description: 'The user is notified of the reason and can submit other papers.',
  body: RejectVerification,
  problems,
})

reviewRoutes.openapi(reject, async (c) => {
  const ctx = userCtxOf(c)
  const { verificationId } = c.req.valid('param')
  const row = await rejectVerification(ctx, verificationId, c.req.valid('json').reason, expectedVersionOf(c))
  return c.json(tagged(c, toReviewed(row, ctx.actor)), 200)
})

const askForMore = transition(verificationMachine, 'request-document', {
  ...decision,
  operationId: 'verifications.requestDocument',
  path: '/v1/verifications/{verificationId}/request-document',
  summary: 'Ask for another document',
  description: 'The user is told what is missing; the request waits for them, and is no case meanwhile.',
  body: RequestDocument,
  problems,
})

reviewRoutes.openapi(askForMore, async (c) => {
  const ctx = userCtxOf(c)
  const { verificationId } = c.req.valid('param')
  const row = await requestDocument(ctx, verificationId, c.req.valid('json').remarks, expectedVersionOf(c))
  return c.json(tagged(c, toReviewed(row, ctx.actor)), 200)
})

const revoke = transition(verificationMachine, 'revoke', {
  ...decision,
  operationId: 'verifications.revoke',
  path: '/v1/verifications/{verificationId}/revoke',
  summary: 'Revoke a verification',
  description:
    'Takes an approval back that should not have been given. What depended on it ends, and it counts as overturned for its reviewer.',
  body: RejectVerification,
  problems,
})

reviewRoutes.openapi(revoke, async (c) => {
  const ctx = userCtxOf(c)
  const { verificationId } = c.req.valid('param')
  const row = await rejectVerification(ctx, verificationId, c.req.valid('json').reason, expectedVersionOf(c))
  return c.json(tagged(c, toReviewed(row, ctx.actor)), 200)
})

const decide = defineOperation({
  operationId: 'verifications.decideDocument',
  method: 'put',
  path: '/v1/verifications/{verificationId}/documents/{documentId}/decision',
  tag,
  summary: 'Decide on one document',
  description:
    'While the request is pending. A rejected document keeps the request from approval until another of its type is there.',
  policy: { ...review, stepUp: true },
  params: idParams('verificationId', 'documentId'),
  body: DecideDocument,
  responses,
  problems: [...problems, 'invalid_transition'],
})

reviewRoutes.openapi(decide, async (c) => {
  const ctx = userCtxOf(c)
  const { verificationId, documentId } = c.req.valid('param')
  const row = await decideDocument(ctx, verificationId, documentId, c.req.valid('json'))
  return c.json(tagged(c, toReviewed(row, ctx.actor)), 200)
})

const notes = defineOperation({
  operationId: 'verifications.setInternalNotes',
  method: 'put',
  path: '/v1/verifications/{verificationId}/internal-notes',
  tag,
  summary: 'Set the internal notes',
  description: 'For colleagues: the user never sees them.',
  policy: review,
  params,
  body: SetInternalNotes,
  ifMatch: 'optional',
  responses,
})

reviewRoutes.openapi(notes, async (c) => {
  const ctx = userCtxOf(c)
  const { verificationId } = c.req.valid('param')
  const { internalNotes } = c.req.valid('json')
  const row = await setInternalNotes(ctx, verificationId, internalNotes, expectedVersionOf(c))
  return c.json(tagged(c, toReviewed(row, ctx.actor)), 200)
})

const logs = defineOperation({
  operationId: 'verifications.listLogs',
  method: 'get',
  path: '/v1/verifications/{verificationId}/logs',
  tag,
  summary: 'List the history of a verification request',
  description: 'Every submission and decision, the oldest first.',
  policy: review,
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of steps.', schema: VerificationLogPage } },
})

reviewRoutes.openapi(logs, async (c) => {
  const page = readPage(c)
  const rows = await listLogs(userCtxOf(c), c.req.valid('param').verificationId, page)
  return c.json(toPage(c, page, rows, toLog), 200)
})
