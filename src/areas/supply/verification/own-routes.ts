import { z } from '@hono/zod-openapi'
import { userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { verificationMachine } from './machine.ts'
import {
  ResubmitVerification,
  SubmitVerification,
  toRequest,
  toVerification,
  Verification,
  VerificationRequest,
  VerificationRequestPage,
} from './schemas.ts'
import { withSealedFiles } from './sealing.ts'
import {
  getOwnRequest,
  getStanding,
  listOwnRequests,
  type Paper,
  resubmitRequest,
  submitRequest,
  withdrawRequest,
} from './verifications.ts'

const params = idParams('verificationRequestId')
const tag = 'Me' as const

const filesOf = (papers: Paper[]): string[] => papers.map(({ mediaId }) => mediaId)

export const ownRoutes = newRoutes()

const standing = defineOperation({
  operationId: 'me.getVerification',
  method: 'get',
  path: '/v1/me/verification',
  tag,
  summary: 'Get your verification',
  description: 'Returns whether you are verified, and until when.',
  policy: { roles: anyUser },
  etag: true,
  responses: { 200: { description: 'Your verification.', schema: Verification } },
})

ownRoutes.openapi(standing, async (c) =>
  c.json(tagged(c, toVerification(await getStanding(userCtxOf(c)))), 200),
)

const list = defineOperation({
  operationId: 'me.listVerificationRequests',
  method: 'get',
  path: '/v1/me/verification-requests',
  tag,
  summary: 'List your verification requests',
  description:
    'All papers that you have submitted, the newest first, with what was decided on each document.',
  policy: { roles: anyUser },
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of requests.', schema: VerificationRequestPage } },
})

ownRoutes.openapi(list, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  const rows = await listOwnRequests(ctx, page)
  return c.json(
    toPage(c, page, rows, (row) => toRequest(row, ctx.actor)),
    200,
  )
})

const submit = defineOperation({
  operationId: 'me.submitVerification',
  method: 'post',
  path: '/v1/me/verification-requests',
  tag,
  summary: 'Submit papers for verification',
  description:
    'Papers of yourself or your company, with files that show them, for review by operations staff. Of the same papers one request waits at a time. The files are sealed with it: from then on only the reviewer of the request can open them, not you. Only a keyed hash and the last four characters of a number are stored.',
  policy: { roles: ['client', 'tasker'] },
  body: SubmitVerification,
  responses: { 201: { description: 'Your request.', schema: VerificationRequest } },
  problems: ['account_suspended', 'account_closed', 'verification_waits', 'media_refused', 'not_found'],
})

ownRoutes.openapi(submit, async (c) => {
  const ctx = userCtxOf(c)
  const submission = c.req.valid('json')
  const row = await withSealedFiles(ctx, c.env.MEDIA, filesOf(submission.documents), (sealed) =>
    submitRequest(ctx, submission, sealed),
  )
  return c.json(tagged(c, toRequest(row, ctx.actor)), 201)
})

const get = defineOperation({
  operationId: 'me.getVerificationRequest',
  method: 'get',
  path: '/v1/me/verification-requests/{verificationRequestId}',
  tag,
  summary: 'Get a verification request of yours',
  description: 'Returns what you have submitted, and what was decided on it.',
  policy: { roles: anyUser, relation: { who: ['owner'] } },
  params,
  etag: true,
  responses: { 200: { description: 'Your request.', schema: VerificationRequest } },
})

ownRoutes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  const row = await getOwnRequest(ctx, c.req.valid('param').verificationRequestId)
  return c.json(tagged(c, toRequest(row, ctx.actor)), 200)
})

const resubmit = transition(verificationMachine, 'resubmit', {
  operationId: 'me.resubmitVerification',
  path: '/v1/me/verification-requests/{verificationRequestId}/resubmit',
  tag,
  summary: 'Send the documents that were asked for',
  description: 'Adds files to a request that needs another document. It waits for review again.',
  params,
  body: ResubmitVerification,
  responses: { 200: { description: 'Your request.', schema: VerificationRequest } },
  problems: ['account_suspended', 'account_closed', 'media_refused'],
})

ownRoutes.openapi(resubmit, async (c) => {
  const ctx = userCtxOf(c)
  const { verificationRequestId } = c.req.valid('param')
  const { documents } = c.req.valid('json')
  const row = await withSealedFiles(ctx, c.env.MEDIA, filesOf(documents), (sealed) =>
    resubmitRequest(ctx, verificationRequestId, documents, sealed),
  )
  return c.json(tagged(c, toRequest(row, ctx.actor)), 200)
})

const withdraw = transition(verificationMachine, 'withdraw', {
  operationId: 'me.withdrawVerification',
  path: '/v1/me/verification-requests/{verificationRequestId}/withdraw',
  tag,
  summary: 'Withdraw a verification request',
  description:
    'Ends a request that is not decided. Nobody reviews it any more, and its files are destroyed after the days of `verification.papers_days`.',
  params,
  responses: { 200: { description: 'Your request.', schema: VerificationRequest } },
})

ownRoutes.openapi(withdraw, async (c) => {
  const ctx = userCtxOf(c)
  const row = await withdrawRequest(ctx, c.req.valid('param').verificationRequestId)
  return c.json(tagged(c, toRequest(row, ctx.actor)), 200)
})
