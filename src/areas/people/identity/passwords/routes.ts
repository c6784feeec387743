import { newArea } from '../../../../http/area.ts'
import { ctxOf, originOf } from '../../../../http/context.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { enqueueCode } from '../codes/deliver-otp.ts'
import {
  ConfirmRegistration,
  Login,
  PasswordResetAllowed,
  PasswordResetRequested,
  Register,
  RegistrationRequested,
  RequestPasswordReset,
  ResetPassword,
  toPasswordResetRequested,
  toRegistrationRequested,
  VerifyPasswordReset,
} from '../credentials/schemas.ts'
import { SignIn, toSignIn } from '../schemas.ts'
import { confirmRegistration, register } from './registration.ts'
import { requestPasswordReset, resetPassword, verifyPasswordReset } from './reset.ts'
import { login } from './sign-in.ts'

export const passwordRoutes = newArea()

const registration = defineOperation({
  operationId: 'auth.register',
  method: 'post',
  path: '/v1/auth/register',
  tag: 'Authentication',
  summary: 'Register with an e-mail address',
  description:
    'Sends an eight-digit code to the address, good for half an hour: the account begins when it comes back. The answer is ' +
    'the same whether or not the address has an account; its owner is told that somebody tried. Locale, time zone and currency ' +
    'begin as usual in the country that the call comes from, else that of `Accept-Language`, whose language comes first.',
  policy: 'public',
  body: Register,
  responses: { 202: { description: 'The code is on its way.', schema: RegistrationRequested } },
  problems: ['password_refused', 'username_taken', 'otp_too_soon', 'rate_limited'],
})

passwordRoutes.openapi(registration, async (c) => {
  const requested = await register(ctxOf(c), { ...c.req.valid('json'), origin: originOf(c) })
  await enqueueCode(c.env, requested.message)
  return c.json(toRegistrationRequested(requested), 202)
})

const confirmation = defineOperation({
  operationId: 'auth.confirmRegistration',
  method: 'post',
  path: '/v1/auth/register/confirm',
  tag: 'Authentication',
  summary: 'Confirm a registration',
  description:
    'The code of the e-mail, with the id that the registration was answered with, makes the account and signs in. Five ' +
    'checks in all. Send an Idempotency-Key, so that an answer that was lost can be had again.',
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
    'By a proven e-mail address or a username. Who has a second factor is answered `mfa_required` with a challenge. After ' +
    'five wrong passwords for a name from one network that network waits, longer each time; where its owner has signed in ' +
    'before, the failures of others do not stop them. Nothing tells a wrong name from a wrong password.',
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
  summary: 'Ask to reset a password',
  description:
    'Sends an eight-digit code to the address where it is a proven one. The answer is the same where it is not.',
  policy: 'public',
  body: RequestPasswordReset,
  responses: {
    202: { description: 'If there is an account, a code is on its way.', schema: PasswordResetRequested },
  },
  problems: ['otp_too_soon', 'rate_limited'],
})

passwordRoutes.openapi(requestReset, async (c) => {
  const requested = await requestPasswordReset(ctxOf(c), c.req.valid('json'))
  await enqueueCode(c.env, requested.message)
  return c.json(toPasswordResetRequested(requested), 202)
})

const verifyReset = defineOperation({
  operationId: 'auth.verifyPasswordReset',
  method: 'post',
  path: '/v1/auth/password-reset/verify',
  tag: 'Authentication',
  summary: 'Show the code of a reset',
  description:
    'Five checks in all. The right code is answered with a token for one new password within 15 minutes.',
  policy: 'public',
  body: VerifyPasswordReset,
  responses: { 200: { description: 'A new password may be set.', schema: PasswordResetAllowed } },
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
    'Every session of the account ends, and what was counted against its names is forgotten. Signing in still asks for the ' +
    'second factor of who has one.',
  policy: 'public',
  body: ResetPassword,
  responses: { 204: { description: 'The new password stands.' } },
  problems: ['code_invalid', 'password_refused', 'sign_in_names_differ'],
})

passwordRoutes.openapi(reset, async (c) => {
  await resetPassword(ctxOf(c), c.req.valid('json'))
  return c.body(null, 204)
})
