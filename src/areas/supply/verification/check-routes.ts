import { z } from '@hono/zod-openapi'
import { readRawBody } from '../../../http/body.ts'
import { userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { checkProvider } from '../../../providers/checks.ts'
import { systemContext } from '../../../system-context.ts'
import { listChecks, receiveAnswer } from './checks.ts'
import { toCheck, VerificationCheckPage } from './schemas.ts'

const tag = 'Trust' as const

export const checkRoutes = newRoutes()

const list = defineOperation({
  operationId: 'verifications.listChecks',
  method: 'get',
  path: '/v1/verifications/{verificationId}/checks',
  tag,
  summary: 'List the automated checks of a verification request',
  description: 'Every attempt with what it was about and what came of it, the oldest first.',
  policy: { roles: staff, permission: 'verifications.review' },
  params: idParams('verificationId'),
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of checks.', schema: VerificationCheckPage } },
})

checkRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listChecks(userCtxOf(c), c.req.valid('param').verificationId, page)
  return c.json(toPage(c, page, rows, toCheck), 200)
})

const receive = defineOperation({
  operationId: 'verificationChecks.receiveEvent',
  method: 'post',
  path: '/v1/verification-checks/events',
  tag,
  summary: 'Receive an answer of the check provider',
  description:
    'For the provider itself. The signature (Standard Webhooks, `v1`) is checked over the raw body; an answer is stored once, and one for an attempt that is over changes nothing.',
  policy: 'public',
  idempotency: 'none',
  responses: { 200: { description: 'It is stored.' } },
  problems: ['check_signature_invalid'],
})

checkRoutes.openapi(receive, async (c) => {
  const raw = await readRawBody(c)
  await receiveAnswer(systemContext(c.env, 'checks'), checkProvider(c.env), raw, c.req.raw.headers)
  return c.body(null, 200)
})
