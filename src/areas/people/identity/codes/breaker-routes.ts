import { z } from '@hono/zod-openapi'
import { newArea } from '../../../../http/area.ts'
import { userCtxOf } from '../../../../http/context.ts'
import { tagged } from '../../../../http/etag.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../../http/pages.ts'
import { staff } from '../../../../http/policy.ts'
import { Id, idParams, queryBoolean, Timestamp } from '../../../../http/schemas.ts'
import { otpChannels } from '../limits.ts'
import { listOtpBreakers, type OtpBreakerRow, resetOtpBreaker } from './breakers.ts'

const Channel = z.enum(otpChannels).openapi({ example: 'sms' })

const OtpBreaker = z
  .object({
    id: Id,
    prefix: z.string().openapi({
      example: '+2010',
      description: "A country's calling code, or an operator's range: a number without its last digits.",
    }),
    channel: Channel,
    active: z.boolean().openapi({ description: 'Nothing is sent there for now.' }),
    sent: z.int().openapi({ example: 60, description: 'Codes in the hour that tripped it.' }),
    verified: z.int().openapi({ example: 2, description: 'Those of them that were typed in.' }),
    trips: z.int().openapi({
      example: 1,
      description: 'Within a day of each other. Each pause is twice as long as the one before.',
    }),
    trippedAt: Timestamp,
    pausedUntil: Timestamp,
    resetAt: Timestamp.nullable().openapi({ description: 'When staff last ended a pause of it.' }),
    version: z.int().openapi({ example: 1 }),
  })
  .openapi('OtpBreaker')

const ResetOtpBreaker = z
  .strictObject({ reason: z.string().trim().min(1).max(500).openapi({ example: 'A campaign of ours' }) })
  .openapi('ResetOtpBreaker', { example: { reason: 'A campaign of ours' } })

const toOtpBreaker = ({ updatedAt: _updatedAt, ...row }: OtpBreakerRow): z.infer<typeof OtpBreaker> => row

const tag = 'Platform'

export const otpBreakerRoutes = newArea()

const list = defineOperation({
  operationId: 'otpBreakers.list',
  method: 'get',
  path: '/v1/otp-breakers',
  tag,
  summary: 'List where codes by phone are paused',
  description:
    'A channel rests for a prefix whose codes are sent and not typed in. By when it first happened, the newest first; of ' +
    'each prefix and channel the last pause.',
  policy: { roles: staff, permission: 'otp_breakers.read' },
  query: z.object({
    ...pageQuery,
    channel: Channel.optional(),
    active: queryBoolean()
      .optional()
      .openapi({ description: 'True: those that are paused now.', example: true }),
  }),
  responses: {
    200: { description: 'A page of breakers.', schema: pageOf(OtpBreaker, 'OtpBreakerPage') },
  },
})

otpBreakerRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listOtpBreakers(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toOtpBreaker), 200)
})

const reset = defineOperation({
  operationId: 'otpBreakers.reset',
  method: 'post',
  path: '/v1/otp-breakers/{otpBreakerId}/reset',
  tag,
  summary: 'End a pause early',
  description:
    'Codes go there again, and the count starts anew. Should it trip again within a day, it rests for twice as long. The ' +
    'reason stands in the audit log.',
  policy: { roles: staff, permission: 'otp_breakers.reset', stepUp: true },
  params: idParams('otpBreakerId'),
  body: ResetOtpBreaker,
  responses: { 200: { description: 'The breaker, with no pause.', schema: OtpBreaker } },
  problems: ['otp_breaker_not_paused'],
})

otpBreakerRoutes.openapi(reset, async (c) => {
  const row = await resetOtpBreaker(
    userCtxOf(c),
    c.req.valid('param').otpBreakerId,
    c.req.valid('json').reason,
  )
  return c.json(tagged(c, toOtpBreaker(row)), 200)
})
