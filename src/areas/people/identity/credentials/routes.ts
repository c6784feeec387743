import { newArea } from '../../../../http/area.ts'
import { userCtxOf } from '../../../../http/context.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { anyUser } from '../../../../http/policy.ts'
import { availableOtpChannels } from '../../../../providers/otp.ts'
import { enqueueCode } from '../codes/deliver-otp.ts'
import { changeEmail, changePassword, changeUsername, getCredentials, verifyEmail } from './credentials.ts'
import { changePhone, verifyPhone } from './phone-changes.ts'
import {
  ChangeEmail,
  ChangePassword,
  ChangePhone,
  ChangeUsername,
  Credentials,
  EmailChangeRequested,
  PhoneChangeRequested,
  toCredentials,
  toEmailChangeRequested,
  toPhoneChangeRequested,
  VerifyEmail,
  VerifyPhone,
} from './schemas.ts'

export const credentialRoutes = newArea()

const policy = { roles: anyUser, stepUp: true } as const
const proofProblems = ['password_wrong', 'password_required', 'sign_in_blocked', 'sign_in_again'] as const

const get = defineOperation({
  operationId: 'me.getCredentials',
  method: 'get',
  path: '/v1/me/credentials',
  tag: 'Me',
  summary: 'Get your ways in',
  description: 'Names, whether there is a password, second factors: never what they hold.',
  policy: { roles: anyUser },
  etag: true,
  responses: { 200: { description: 'Your ways in.', schema: Credentials } },
})

credentialRoutes.openapi(get, async (c) => c.json(toCredentials(await getCredentials(userCtxOf(c))), 200))

const password = defineOperation({
  operationId: 'me.changePassword',
  method: 'put',
  path: '/v1/me/password',
  tag: 'Me',
  summary: 'Set or change your password',
  description:
    'Who has a password sends it; who has none must have signed in within the last half hour. All your other sessions end.',
  policy,
  body: ChangePassword,
  responses: { 204: { description: 'The new password stands.' } },
  problems: [...proofProblems, 'password_refused', 'sign_in_names_differ'],
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
  description:
    'The password, where there is one, opens the new name from then on, and no longer the old one.',
  policy,
  body: ChangeUsername,
  responses: { 204: { description: 'The name is yours.' } },
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
    'Sends an eight-digit code to the new address, which becomes yours when the code comes back. The answer is the same ' +
    'whether or not the address belongs to another account.',
  policy,
  body: ChangeEmail,
  responses: { 202: { description: 'The code is on its way.', schema: EmailChangeRequested } },
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
  summary: 'Prove your new e-mail address',
  description: 'Five checks in all. From then on it signs in, and can reset the password.',
  policy: { roles: anyUser },
  body: VerifyEmail,
  responses: { 204: { description: 'The address is yours.' } },
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
    'Sends a six-digit code, good for five minutes, to the new number, which becomes yours when the code comes back. Who has a ' +
    'password sends it; who has none must have signed in within the last half hour. The answer is the same whether or not the ' +
    'number belongs to another account. Codes are limited as those that sign in, and only the newest counts.',
  policy: { roles: anyUser, stepUp: true },
  body: ChangePhone,
  responses: { 202: { description: 'The code is on its way.', schema: PhoneChangeRequested } },
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
  const requested = await changePhone(userCtxOf(c), input)
  await enqueueCode(c.env, requested.message)
  return c.json(toPhoneChangeRequested(requested), 202)
})

const verifyNumber = defineOperation({
  operationId: 'me.verifyPhone',
  method: 'post',
  path: '/v1/me/phone/verify',
  tag: 'Me',
  summary: 'Prove your new phone number',
  description:
    'Takes one of the five checks of the newest code. From then on the number signs in, and the old one no longer does: it is ' +
    'told by SMS, your proven e-mail address by letter. All your other sessions end.',
  policy: { roles: anyUser },
  body: VerifyPhone,
  responses: { 204: { description: 'The number is yours.' } },
  problems: ['code_invalid', 'otp_exhausted', 'phone_taken'],
})

credentialRoutes.openapi(verifyNumber, async (c) => {
  await verifyPhone(userCtxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})
