import { ctxOf, originOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
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
  await enqueueCode(c.env, requested.message)
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
