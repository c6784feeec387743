import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
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

export const authRoutes = newRoutes()

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

authRoutes.openapi(verify, async (c) => {
  const acceptLanguage = c.req.header('accept-language') ?? null
  return c.json(toSignIn(await verifyOtp(ctxOf(c), { ...c.req.valid('json'), acceptLanguage })), 200)
})

const refresh = defineOperation({
  operationId: 'auth.refresh',
  method: 'post',
  path: '/v1/auth/refresh',
  tag: 'Authentication',
  summary: 'Refresh tokens',
  description:
    'Returns a new access token and a new refresh token; the old refresh token is spent. Reusing a spent refresh token, even concurrently, ends the session. Send an Idempotency-Key, so that a lost response can be retrieved.',
  policy: 'public',
  body: RefreshTokens,
  responses: { 200: { description: 'The new tokens.', schema: Tokens } },
  problems: ['invalid_refresh_token', 'refresh_token_reused'],
})

authRoutes.openapi(refresh, async (c) => {
  const tokens = await refreshSession(ctxOf(c), c.req.valid('json'))
  return c.json(toTokens(tokens), 200)
})

const end = defineOperation({
  operationId: 'auth.logout',
  method: 'post',
  path: '/v1/auth/logout',
  tag: 'Authentication',
  summary: 'Sign out',
  description:
    'Ends the session of the access token: its refresh token becomes invalid, its device receives no more push notifications, and its sockets are closed. Access tokens already issued can no longer write, and read for at most 15 minutes.',
  policy: { roles: anyUser, mayHaveEnded: true },
  responses: { 204: { description: 'Signed out, or signed out already.' } },
})

authRoutes.openapi(end, async (c) => {
  const ctx = userCtxOf(c)
  await logout(ctx)
  return c.body(null, 204)
})
