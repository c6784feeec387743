import { userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { anyUser } from '../../../../http/policy.ts'
import { availableOtpChannels } from '../../../../providers/otp.ts'
import { enqueueCode } from '../codes/deliver-otp.ts'
import { OtpRequested } from '../schemas.ts'
import { changeEmail, changePassword, changeUsername, getCredentials, verifyEmail } from './credentials.ts'
import { changePhone, verifyPhone } from './phone-changes.ts'
import {
  ChangeEmail,
  ChangePassword,
  ChangePhone,
  ChangeUsername,
  Credentials,
  EmailChangeRequested,
  toCredentials,
  toEmailChangeRequested,
  VerifyEmail,
  VerifyPhone,
} from './schemas.ts'

export const credentialRoutes = newRoutes()

const policy = { roles: anyUser, stepUp: true } as const
const proofProblems = ['password_wrong', 'password_required', 'sign_in_blocked', 'sign_in_again'] as const

const get = defineOperation({
  operationId: 'me.getCredentials',
  method: 'get',
  path: '/v1/me/credentials',
  tag: 'Me',
  summary: 'Get your credentials',
  description: 'Lists sign-in names, second factors and whether a password is set, but no secrets.',
  policy: { roles: anyUser },
  etag: true,
  responses: { 200: { description: 'Your credentials.', schema: Credentials } },
})

credentialRoutes.openapi(get, async (c) => c.json(toCredentials(await getCredentials(userCtxOf(c))), 200))

const password = defineOperation({
  operationId: 'me.changePassword',
  method: 'put',
  path: '/v1/me/password',
  tag: 'Me',
  summary: 'Set or change your password',
  description:
    'Requires the current password or, if there is none, a sign-in within the last 30 minutes. The password signs in with your verified e-mail address and with your username. Ends all your other sessions.',
  policy,
  body: ChangePassword,
  responses: { 204: { description: 'The password was changed.' } },
  problems: [...proofProblems, 'password_refused'],
})

credentialRoutes.openapi(password, async (c) => {
  await changePassword(userCtxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})

const username = defineOperation({
  operationId: 'me.changeUsername',
  method: 'put',
  path: '/v1/me/username',
  tag: 'Me',
  summary: 'Set or change your username',
  description: 'From then on, the new username signs in with the password, and the old one no longer does.',
  policy,
  body: ChangeUsername,
  responses: { 204: { description: 'The username was changed.' } },
  problems: [...proofProblems, 'username_taken'],
})

credentialRoutes.openapi(username, async (c) => {
  await changeUsername(userCtxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})

const email = defineOperation({
  operationId: 'me.changeEmail',
  method: 'post',
  path: '/v1/me/email',
  tag: 'Me',
  summary: 'Set or change your e-mail address',
  description:
    'Sends an eight-digit code to the new address. The address changes once the code is confirmed. The response is the same whether or not the address belongs to another account.',
  policy,
  body: ChangeEmail,
  responses: { 202: { description: 'The code is being sent.', schema: EmailChangeRequested } },
  problems: [...proofProblems, 'otp_too_soon', 'rate_limited'],
})

credentialRoutes.openapi(email, async (c) => {
  const requested = await changeEmail(userCtxOf(c), c.req.valid('json'))
  await enqueueCode(c.env, requested.message)
  return c.json(toEmailChangeRequested(requested), 202)
})

const verify = defineOperation({
  operationId: 'me.verifyEmail',
  method: 'post',
  path: '/v1/me/email/verify',
  tag: 'Me',
  summary: 'Verify your new e-mail address',
  description:
    'Five checks are allowed. From then on, the address can be used to sign in and to reset the password.',
  policy: { roles: anyUser },
  body: VerifyEmail,
  responses: { 204: { description: 'The address was changed.' } },
  problems: ['code_invalid', 'otp_exhausted', 'already_exists'],
})

credentialRoutes.openapi(verify, async (c) => {
  await verifyEmail(userCtxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})

const phone = defineOperation({
  operationId: 'me.changePhone',
  method: 'post',
  path: '/v1/me/phone',
  tag: 'Me',
  summary: 'Set or change your phone number',
  description:
    'Sends a six-digit code, valid for five minutes, to the new number. The number changes once the code is confirmed. Requires the current password or, if there is none, a sign-in within the last 30 minutes. The response is the same whether or not the number belongs to another account. The limits are those of sign-in codes, counted separately per account and number; only your newest code is valid.',
  policy: { roles: anyUser, stepUp: true },
  body: ChangePhone,
  responses: { 202: { description: 'The code is being sent.', schema: OtpRequested } },
  problems: [
    'invalid_phone',
    'password_wrong',
    'password_required',
    'sign_in_blocked',
    'sign_in_again',
    'otp_too_soon',
    'otp_paused',
    'rate_limited',
  ],
})

credentialRoutes.openapi(phone, async (c) => {
  const input = { ...c.req.valid('json'), channels: availableOtpChannels(c.env) }
  const { message, ...requested } = await changePhone(userCtxOf(c), input)
  await enqueueCode(c.env, message)
  return c.json(requested, 202)
})

const verifyNumber = defineOperation({
  operationId: 'me.verifyPhone',
  method: 'post',
  path: '/v1/me/phone/verify',
  tag: 'Me',
  summary: 'Verify your new phone number',
  description:
    'Uses one of the five checks of the newest code. From then on, the new number signs in and the old one no longer does. Security notifications go to the old number by SMS and to your verified e-mail address. All your other sessions end.',
  policy: { roles: anyUser },
  body: VerifyPhone,
  responses: { 204: { description: 'The number was changed.' } },
  problems: ['code_invalid', 'otp_exhausted', 'rate_limited', 'phone_taken'],
})

credentialRoutes.openapi(verifyNumber, async (c) => {
  await verifyPhone(userCtxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})
