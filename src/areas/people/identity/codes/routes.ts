import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { tagged } from '../../../../http/etag.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../../http/pages.ts'
import { staff } from '../../../../http/policy.ts'
import { idParams, queryBoolean } from '../../../../http/schemas.ts'
import { availableOtpChannels } from '../../../../providers/otp.ts'
import { SignIn, toSignIn } from '../sessions/schemas.ts'
import { listOtpBreakers, requestOtp, resetOtpBreaker, verifyOtp } from './codes.ts'
import { enqueue } from './deliver.ts'
import {
  Channel,
  OtpBreaker,
  OtpRequested,
  RequestOtp,
  ResetOtpBreaker,
  toOtpBreaker,
  VerifyOtp,
} from './schemas.ts'

export const codeRoutes = newRoutes()

const request = defineOperation({
  operationId: 'auth.requestOtp',
  method: 'post',
  path: '/v1/auth/otp/request',
  tag: 'Authentication',
  summary: 'Request a sign-in code',
  description:
    'Sends a six-digit code, valid for five minutes, by SMS or the requested channel. If a channel fails, the next one is used. The response is the same whether or not the number has an account. Only mobile numbers of a country are accepted, no satellite, premium or other non-geographic numbers. The code is valid only with the `verificationId` of the response, so requests by others do not affect it. You can request another code after 30, then 60, then 120 seconds; these pauses apply to your network and device. Hourly and daily limits apply per number, number range and network. Send the `deviceToken` of the last sign-in if you have one: a known device has limits of its own, which strangers cannot use up.',
  policy: 'public',
  body: RequestOtp,
  responses: { 202: { description: 'The code is being sent.', schema: OtpRequested } },
  problems: ['invalid_phone', 'otp_too_soon', 'otp_paused', 'rate_limited'],
})

codeRoutes.openapi(request, async (c) => {
  const input = { ...c.req.valid('json'), channels: availableOtpChannels(c.env) }
  const { message, ...requested } = await requestOtp(ctxOf(c), input)
  await enqueue(c.env, message)
  return c.json(requested, 202)
})

const verify = defineOperation({
  operationId: 'auth.verifyOtp',
  method: 'post',
  path: '/v1/auth/otp/verify',
  tag: 'Authentication',
  summary: 'Sign in with a code',
  description:
    'Uses one of the five checks of the code with this `verificationId`; the network may have changed since the request. Wrong codes for a number are also limited per day (`rate_limited`). The correct code signs in once. A new number gets a client account: its country, and with it currency, time zone and locale, follow from the number; its language follows `Accept-Language` if it is spoken in that country or here. An existing account is not changed. If the account has a second factor, the response is `mfa_required` with a challenge. Send an Idempotency-Key, so that a lost response can be retrieved.',
  policy: 'public',
  body: VerifyOtp,
  responses: { 200: { description: 'Signed in.', schema: SignIn } },
  problems: [
    'invalid_phone',
    'otp_invalid',
    'otp_exhausted',
    'rate_limited',
    'mfa_required',
    'account_suspended',
    'account_closed',
  ],
})

codeRoutes.openapi(verify, async (c) => {
  const acceptLanguage = c.req.header('accept-language') ?? null
  return c.json(toSignIn(await verifyOtp(ctxOf(c), { ...c.req.valid('json'), acceptLanguage })), 200)
})

const list = defineOperation({
  operationId: 'otpBreakers.list',
  method: 'get',
  path: '/v1/otp-breakers',
  tag: 'Platform',
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

codeRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listOtpBreakers(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toOtpBreaker), 200)
})

const reset = defineOperation({
  operationId: 'otpBreakers.reset',
  method: 'post',
  path: '/v1/otp-breakers/{otpBreakerId}/reset',
  tag: 'Platform',
  summary: 'End a pause early',
  description:
    'Resumes sending and restarts the count. If the breaker opens again within a day, the pause is twice as long. The reason is recorded in the audit log.',
  policy: { roles: staff, permission: 'otp_breakers.reset', stepUp: true },
  params: idParams('otpBreakerId'),
  body: ResetOtpBreaker,
  responses: { 200: { description: 'The ended pause.', schema: OtpBreaker } },
  problems: ['otp_breaker_not_paused'],
})

codeRoutes.openapi(reset, async (c) => {
  const row = await resetOtpBreaker(
    userCtxOf(c),
    c.req.valid('param').otpBreakerId,
    c.req.valid('json').reason,
  )
  return c.json(tagged(c, toOtpBreaker(row)), 200)
})
