import { z } from '@hono/zod-openapi'
import { userCtxOf } from '../../../../http/context.ts'
import { tagged } from '../../../../http/etag.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../../http/pages.ts'
import { staff } from '../../../../http/policy.ts'
import { Id, idParams, queryBoolean, Reason, Timestamp, Version } from '../../../../http/schemas.ts'
import { otpChannels } from '../limits.ts'
import { listOtpBreakers, type OtpBreakerRow, resetOtpBreaker } from './breakers.ts'

const Channel = z.enum(otpChannels).openapi({ example: 'sms', description: 'Delivery channel of the codes.' })

const OtpBreaker = z
  .object({
    id: Id,
    prefix: z.string().openapi({
      example: '+2010',
      description: 'Country calling code or operator range: the beginning of a phone number.',
    }),
    channel: Channel,
    active: z.boolean().openapi({ description: 'Whether sending is paused now.' }),
    sent: z.int().openapi({ example: 60, description: 'Codes sent in the hour that caused the pause.' }),
    verified: z.int().openapi({ example: 2, description: 'Codes of that hour that were entered.' }),
    trips: z.int().openapi({
      example: 1,
      description: 'Number of pauses in a row, each within a day of the one before and twice as long.',
    }),
    trippedAt: Timestamp.openapi({ description: 'Start of the pause.' }),
    pausedUntil: Timestamp.openapi({ description: 'End of the pause.' }),
    resetAt: Timestamp.nullable().openapi({ description: 'Time at which staff last ended a pause.' }),
    version: Version,
  })
  .openapi('OtpBreaker', { description: 'A pause of one channel for one number prefix.' })

const ResetOtpBreaker = z
  .strictObject({
    reason: Reason.openapi({
      example: 'A campaign of ours',
      description: 'Reason, recorded in the audit log.',
    }),
  })
  .openapi('ResetOtpBreaker', { example: { reason: 'A campaign of ours' } })

const toOtpBreaker = ({ updatedAt: _updatedAt, ...row }: OtpBreakerRow): z.infer<typeof OtpBreaker> => row

const tag = 'Platform'

export const otpBreakerRoutes = newRoutes()

const list = defineOperation({
  operationId: 'otpBreakers.list',
  method: 'get',
  path: '/v1/otp-breakers',
  tag,
  summary: 'List pauses of sign-in codes',
  description:
    'A channel is paused for a number prefix if too many codes sent there are not used. Lists the latest pause of each prefix and channel, sorted by the first occurrence, newest first.',
  policy: { roles: staff, permission: 'otp_breakers.read' },
  query: z.object({
    ...pageQuery,
    channel: Channel.optional().openapi({ description: 'Only pauses of this channel.' }),
    active: queryBoolean()
      .optional()
      .openapi({ description: 'If true, only pauses in effect now.', example: true }),
  }),
  responses: {
    200: { description: 'A page of pauses.', schema: pageOf(OtpBreaker, 'OtpBreakerPage') },
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
    'Resumes sending and restarts the count. If the breaker opens again within a day, the pause is twice as long. The reason is recorded in the audit log.',
  policy: { roles: staff, permission: 'otp_breakers.reset', stepUp: true },
  params: idParams('otpBreakerId'),
  body: ResetOtpBreaker,
  responses: { 200: { description: 'The ended pause.', schema: OtpBreaker } },
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
