import { newArea } from '../../../../http/area.ts'
import { closeSockets } from '../../../../http/close-sockets.ts'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { anyUser } from '../../../../http/policy.ts'
import { availableOtpChannels } from '../../../../providers/otp.ts'
import {
  OtpRequested,
  RefreshTokens,
  RequestOtp,
  SignIn,
  Tokens,
  toSignIn,
  toTokens,
  VerifyOtp,
} from '../schemas.ts'
import { logout, refreshSession } from '../sessions/sessions.ts'
import { enqueueCode } from './deliver-otp.ts'
import { requestOtp, verifyOtp } from './one-time-codes.ts'

export const authRoutes = newArea()

const request = defineOperation({
  operationId: 'auth.requestOtp',
  method: 'post',
  path: '/v1/auth/otp/request',
  tag: 'Authentication',
  summary: 'Ask for a code',
  description:
    'Sends a six-digit code, good for five minutes, by SMS or the channel you name; where one fails, the next stands in. The answer is the same whether or not the number has a user. ' +
    'Another code can be asked for after 30, then 60, then 120 seconds; only the newest counts. Numbers, blocks of ' +
    'numbers and networks have limits by the hour and by the day.',
  policy: 'public',
  body: RequestOtp,
  responses: { 202: { description: 'The code is on its way.', schema: OtpRequested } },
  problems: ['invalid_phone', 'otp_too_soon', 'otp_paused', 'rate_limited'],
})

authRoutes.openapi(request, async (c) => {
  const input = { ...c.req.valid('json'), channels: availableOtpChannels(c.env) }
  const { message, ...requested } = await requestOtp(ctxOf(c), input)
  await enqueueCode(c.env, message)
  return c.json(requested, 202)
})

const verify = defineOperation({
  operationId: 'auth.verifyOtp',
  method: 'post',
  path: '/v1/auth/otp/verify',
  tag: 'Authentication',
  summary: 'Sign in with a code',
  description:
    'Takes one of the five checks of the newest code. The right code signs in, once; a number seen for the first time ' +
    'becomes a client, at home where the number is: currency, time zone and locale are those of its country, in the language ' +
    'of `Accept-Language` where it is spoken here or there. Who signs in again is not changed. Who has a second factor is answered `mfa_required` with a challenge. Send an Idempotency-Key, so that an answer that was lost can be had again.',
  policy: 'public',
  body: VerifyOtp,
  responses: { 200: { description: 'Signed in.', schema: SignIn } },
  problems: [
    'invalid_phone',
    'otp_invalid',
    'otp_exhausted',
    'mfa_required',
    'account_suspended',
    'account_closed',
  ],
})

authRoutes.openapi(verify, async (c) => {
  const acceptLanguage = c.req.header('accept-language') ?? null
  return c.json(toSignIn(await verifyOtp(ctxOf(c), { ...c.req.valid('json'), acceptLanguage })), 200)
})

const refresh = defineOperation({
  operationId: 'auth.refresh',
  method: 'post',
  path: '/v1/auth/refresh',
  tag: 'Authentication',
  summary: 'Exchange a refresh token',
  description:
    'Gives a new access token and a new refresh token; the old one is spent. A spent token that comes again, even at ' +
    'the same moment, ends the session. Send an Idempotency-Key, so that an answer that was lost can be had again.',
  policy: 'public',
  body: RefreshTokens,
  responses: { 200: { description: 'The new tokens.', schema: Tokens } },
  problems: ['invalid_refresh_token', 'refresh_token_reused'],
})

authRoutes.openapi(refresh, async (c) => {
  const tokens = await refreshSession(ctxOf(c), c.req.valid('json'), ({ userId, sessionId }) =>
    closeSockets(c, userId, [sessionId]),
  )
  return c.json(toTokens(tokens), 200)
})

const end = defineOperation({
  operationId: 'auth.logout',
  method: 'post',
  path: '/v1/auth/logout',
  tag: 'Authentication',
  summary: 'Sign out',
  description:
    'Ends the session of the access token: its refresh token is worth nothing, its device is sent no more push messages, ' +
    'its sockets close. Access tokens already given out write nothing any more, and read for 15 minutes at most.',
  policy: { roles: anyUser, mayHaveEnded: true },
  responses: { 204: { description: 'Signed out; also where that had happened before.' } },
})

authRoutes.openapi(end, async (c) => {
  const ctx = userCtxOf(c)
  await logout(ctx)
  closeSockets(c, ctx.actor.userId, [ctx.actor.sessionId])
  return c.body(null, 204)
})
