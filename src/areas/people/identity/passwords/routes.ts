import { ctxOf, originOf, userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { anyUser } from '../../../../http/policy.ts'
import { availableOtpChannels } from '../../../../providers/otp.ts'
import { enqueue } from '../codes/deliver.ts'
import { OtpRequested } from '../codes/schemas.ts'
import { SignIn, toSignIn } from '../sessions/schemas.ts'
import {
  changeEmail,
  changePassword,
  changePhone,
  changeUsername,
  confirmRegistration,
  getCredentials,
  register,
  verifyEmail,
  verifyPhone,
} from './credentials.ts'
import { login, requestPasswordReset, resetPassword, verifyPasswordReset } from './passwords.ts'
import {
  ChangeEmail,
  ChangePassword,
  ChangePhone,
  ChangeUsername,
  ConfirmRegistration,
  Credentials,
  EmailChangeRequested,
  Login,
  PasswordResetAllowed,
  PasswordResetRequested,
  Register,
  RegistrationRequested,
  RequestPasswordReset,
  ResetPassword,
  toCredentials,
  toEmailChangeRequested,
  toPasswordResetRequested,
  toRegistrationRequested,
  VerifyEmail,
  VerifyPasswordReset,
  VerifyPhone,
} from './schemas.ts'

export const passwordRoutes = newRoutes()

const registration = defineOperation({
  operationId: 'auth.register',
  method: 'post',
  path: '/v1/auth/register',
  tag: 'Authentication',
  summary: 'Register with an e-mail address',
  description:
    'Sends an eight-digit code, valid for 30 minutes, to the address. The account is created once the code is confirmed. The response is the same whether or not the address has an account; an existing owner is notified of the attempt. Locale, time zone and currency follow from the country of the call or, failing that, from `Accept-Language`; the language of `Accept-Language` takes precedence.',
  policy: 'public',
  body: Register,
  responses: { 202: { description: 'The code is being sent.', schema: RegistrationRequested } },
  problems: ['password_refused', 'username_taken', 'otp_too_soon', 'rate_limited'],
})

passwordRoutes.openapi(registration, async (c) => {
  const requested = await register(ctxOf(c), { ...c.req.valid('json'), origin: originOf(c) })
  await enqueue(c.env, requested.message)
  return c.json(toRegistrationRequested(requested), 202)
})

const confirmation = defineOperation({
  operationId: 'auth.confirmRegistration',
  method: 'post',
  path: '/v1/auth/register/confirm',
  tag: 'Authentication',
  summary: 'Confirm a registration',
  description:
    'Creates the account and signs in, given the code from the e-mail and the id from the registration. Five checks are allowed. Send an Idempotency-Key, so that a lost response can be retrieved.',
  policy: 'public',
  body: ConfirmRegistration,
  responses: { 200: { description: 'Signed in.', schema: SignIn } },
  problems: ['code_invalid', 'otp_exhausted', 'already_exists', 'username_taken'],
})

passwordRoutes.openapi(confirmation, async (c) =>
  c.json(toSignIn(await confirmRegistration(ctxOf(c), c.req.valid('json'))), 200),
)

const signIn = defineOperation({
  operationId: 'auth.login',
  method: 'post',
  path: '/v1/auth/login',
  tag: 'Authentication',
  summary: 'Sign in with a password',
  description:
    'Takes a verified e-mail address or a username. If the account has a second factor, the response is `mfa_required` with a challenge. After five wrong passwords for a name, the network they came from has to wait, longer each time; failures of others do not affect networks from which the owner has signed in before. The response does not reveal whether the name or the password is wrong.',
  policy: 'public',
  body: Login,
  responses: { 200: { description: 'Signed in.', schema: SignIn } },
  problems: ['invalid_credentials', 'mfa_required', 'sign_in_blocked', 'account_suspended', 'account_closed'],
})

passwordRoutes.openapi(signIn, async (c) => c.json(toSignIn(await login(ctxOf(c), c.req.valid('json'))), 200))

const requestReset = defineOperation({
  operationId: 'auth.requestPasswordReset',
  method: 'post',
  path: '/v1/auth/password-reset/request',
  tag: 'Authentication',
  summary: 'Request a password reset',
  description:
    'Sends an eight-digit code to a verified address. The response is the same if the address is unknown.',
  policy: 'public',
  body: RequestPasswordReset,
  responses: {
    202: {
      description: 'If the address has an account, a code is being sent.',
      schema: PasswordResetRequested,
    },
  },
  problems: ['otp_too_soon', 'rate_limited'],
})

passwordRoutes.openapi(requestReset, async (c) => {
  const requested = await requestPasswordReset(ctxOf(c), c.req.valid('json'))
  await enqueue(c.env, requested.message)
  return c.json(toPasswordResetRequested(requested), 202)
})

const verifyReset = defineOperation({
  operationId: 'auth.verifyPasswordReset',
  method: 'post',
  path: '/v1/auth/password-reset/verify',
  tag: 'Authentication',
  summary: 'Verify a password reset code',
  description:
    'Five checks are allowed. The correct code returns a token, with which a new password can be set within 15 minutes.',
  policy: 'public',
  body: VerifyPasswordReset,
  responses: { 200: { description: 'The reset token.', schema: PasswordResetAllowed } },
  problems: ['code_invalid', 'otp_exhausted'],
})

passwordRoutes.openapi(verifyReset, async (c) =>
  c.json(await verifyPasswordReset(ctxOf(c), c.req.valid('json')), 200),
)

const reset = defineOperation({
  operationId: 'auth.resetPassword',
  method: 'post',
  path: '/v1/auth/password-reset',
  tag: 'Authentication',
  summary: 'Set a new password',
  description:
    'Ends all sessions of the account and clears the failed attempts counted against its names. A second factor is still required to sign in.',
  policy: 'public',
  body: ResetPassword,
  responses: { 204: { description: 'The password was changed.' } },
  problems: ['code_invalid', 'password_refused'],
})

passwordRoutes.openapi(reset, async (c) => {
  await resetPassword(ctxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})

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

passwordRoutes.openapi(get, async (c) => c.json(toCredentials(await getCredentials(userCtxOf(c))), 200))

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

passwordRoutes.openapi(password, async (c) => {
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

passwordRoutes.openapi(username, async (c) => {
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

passwordRoutes.openapi(email, async (c) => {
  const requested = await changeEmail(userCtxOf(c), c.req.valid('json'))
  await enqueue(c.env, requested.message)
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

passwordRoutes.openapi(verify, async (c) => {
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

passwordRoutes.openapi(phone, async (c) => {
  const input = { ...c.req.valid('json'), channels: availableOtpChannels(c.env) }
  const { message, ...requested } = await changePhone(userCtxOf(c), input)
  await enqueue(c.env, message)
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

passwordRoutes.openapi(verifyNumber, async (c) => {
  await verifyPhone(userCtxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})
