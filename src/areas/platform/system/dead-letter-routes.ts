import { z } from '@hono/zod-openapi'
import {
  enqueueDeliveries,
  enqueueEvents,
  enqueueInvitations,
  enqueueNotifications,
} from '../../../core/enqueue.ts'
import type { Env } from '../../../env.ts'
import { ctxOf } from '../../../http/context.ts'
import { createdQuery } from '../../../http/list-query.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { Id, idParams, queryBoolean, Timestamp } from '../../../http/schemas.ts'
import { type DeadLetterRow, listDeadLetters, retryDeadLetter } from './dead-letters.ts'

const DeadLetter = z
  .object({
    id: Id,
    queue: z.string().openapi({ example: 'event', description: 'Kind of message.' }),
    messageId: z.string().openapi({ example: '3f1c9f0f2f7b4a0a', description: 'Id given by the queue.' }),
    body: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({
        example: { kind: 'event', eventId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' },
        description: 'Content of the message.',
      }),
    attempts: z.int().openapi({ example: 9, description: 'Number of attempts.' }),
    createdAt: Timestamp,
    resolvedAt: Timestamp.nullable().openapi({
      description: 'Time at which the message was sent again, or what it asks for was found to be done.',
    }),
  })
  .openapi('DeadLetter', { description: 'A queue message that could not be processed.' })

const toDeadLetter = (row: DeadLetterRow): z.infer<typeof DeadLetter> => ({ ...row, body: { ...row.body } })

/** False: not worth sending any more (a code, an unknown kind), or sent by a job as long as it is due. */
function sendAgain(env: Env, { body }: DeadLetterRow): Promise<void> | false {
  switch (body?.kind) {
    case 'event':
      return enqueueEvents(env, [body.eventId])
    case 'notification':
      return enqueueNotifications(env, [body.notificationId])
    case 'invitation':
      return enqueueInvitations(env, [body.memberId])
    case 'webhook':
      return enqueueDeliveries(env, [body.deliveryId])
    default:
      body?.kind satisfies 'otp' | 'email_code' | 'erasure' | 'export' | undefined
      return false
  }
}

export const deadLetterRoutes = newRoutes()

const list = defineOperation({
  operationId: 'deadLetters.list',
  method: 'get',
  path: '/v1/dead-letters',
  tag: 'Platform',
  summary: 'List dead letters',
  description: 'Queue messages that could not be processed, newest first.',
  policy: { roles: staff, permission: 'platform.operate' },
  query: z.object({
    ...pageQuery,
    ...createdQuery,
    resolved: queryBoolean().optional().openapi({
      description:
        'If true, only messages that were sent again or whose work was done since; if false, only the others.',
      example: false,
    }),
  }),
  responses: {
    200: { description: 'A page of dead letters.', schema: pageOf(DeadLetter, 'DeadLetterPage') },
  },
})

deadLetterRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listDeadLetters(ctxOf(c), c.req.valid('query').resolved, page)
  return c.json(toPage(c, page, rows, toDeadLetter), 200)
})

const retry = defineOperation({
  operationId: 'deadLetters.retry',
  method: 'post',
  path: '/v1/dead-letters/{deadLetterId}/retry',
  tag: 'Platform',
  summary: 'Retry a dead letter',
  description: 'Sends the message to its queue again. Consumers are idempotent: nothing is done twice.',
  policy: { roles: staff, permission: 'platform.operate' },
  params: idParams('deadLetterId'),
  responses: { 200: { description: 'The resolved dead letter.', schema: DeadLetter } },
  problems: ['conflict'],
})

deadLetterRoutes.openapi(retry, async (c) => {
  const row = await retryDeadLetter(ctxOf(c), c.req.valid('param').deadLetterId)
  const sent = sendAgain(c.env, row)
  if (sent) c.executionCtx.waitUntil(sent)
  return c.json(toDeadLetter(row), 200)
})
