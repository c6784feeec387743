import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { anyUser, staff } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import { SignIn, toSignIn } from '../sessions/schemas.ts'
import {
  challengeMfa,
  confirmTotp,
  enrolTotp,
  regenerateBackupCodes,
  removeMfaFactor,
  resetMfa,
  stepUp,
  verifyMfa,
} from './mfa.ts'
import {
  BackupCodes,
  ConfirmTotp,
  EnrolTotp,
  FactorParams,
  MfaAnswer,
  MfaChallenge,
  ResetMfa,
  SteppedUp,
  TotpConfirmed,
  TotpEnrolment,
  toTotpConfirmed,
} from './schemas.ts'

export const mfaRoutes = newRoutes()

const policy = { roles: anyUser } as const
const answerProblems = [
  'mfa_code_invalid',
  'mfa_challenge_invalid',
  'mfa_blocked',
  'mfa_factor_unusable',
] as const

const verify = defineOperation({
  operationId: 'auth.verifyMfa',
  method: 'post',
  path: '/v1/auth/mfa/verify',
  tag: 'Authentication',
  summary: 'Sign in with the second factor',
  description:
    'Answers the challenge of `mfa_required` with a code from the authenticator app or a backup code. Each code works once. A challenge accepts five answers; wrong ones are counted across all challenges of the user.',
  policy: 'public',
  body: MfaAnswer,
  responses: { 200: { description: 'Signed in.', schema: SignIn } },
  problems: [...answerProblems, 'account_suspended', 'account_closed'],
})

mfaRoutes.openapi(verify, async (c) => c.json(toSignIn(await verifyMfa(ctxOf(c), c.req.valid('json'))), 200))

const challenge = defineOperation({
  operationId: 'auth.challengeMfa',
  method: 'post',
  path: '/v1/auth/mfa/challenge',
  tag: 'Authentication',
  summary: 'Request a step-up challenge',
  description:
    'For operations that respond with `mfa_required`: returns a challenge, to be answered with `auth.stepUp`.',
  policy,
  responses: { 200: { description: 'The challenge.', schema: MfaChallenge } },
  problems: ['mfa_not_enrolled'],
})

mfaRoutes.openapi(challenge, async (c) => {
  const { token, expiresAt, methods } = await challengeMfa(userCtxOf(c))
  return c.json({ token, expiresAt, methods: [...methods] }, 200)
})

const step = defineOperation({
  operationId: 'auth.stepUp',
  method: 'post',
  path: '/v1/auth/mfa/step-up',
  tag: 'Authentication',
  summary: 'Confirm the second factor again',
  description: 'Returns an access token that is accepted by sensitive operations for ten minutes.',
  policy,
  body: MfaAnswer,
  responses: { 200: { description: 'The new access token.', schema: SteppedUp } },
  problems: [...answerProblems],
})

mfaRoutes.openapi(step, async (c) => c.json(await stepUp(userCtxOf(c), c.req.valid('json')), 200))

const enrol = defineOperation({
  operationId: 'me.enrolTotp',
  method: 'post',
  path: '/v1/me/mfa/totp',
  tag: 'Me',
  summary: 'Set up an authenticator app',
  description: 'Creates a secret for the app to scan. It takes effect once confirmed, within 15 minutes.',
  policy,
  body: EnrolTotp,
  responses: { 200: { description: 'The secret to scan.', schema: TotpEnrolment } },
  problems: ['limit_reached'],
})

mfaRoutes.openapi(enrol, async (c) => c.json(await enrolTotp(userCtxOf(c), c.req.valid('json')), 200))

const confirm = defineOperation({
  operationId: 'me.confirmTotp',
  method: 'post',
  path: '/v1/me/mfa/totp/confirm',
  tag: 'Me',
  summary: 'Confirm an authenticator app',
  description:
    'Given a code from the app, activates it as a second factor, which is required from the next sign-in on. The first factor comes with ten backup codes. If the account already has a factor, it must have been confirmed within the last ten minutes.',
  policy,
  body: ConfirmTotp,
  responses: { 201: { description: 'The factor is active.', schema: TotpConfirmed } },
  problems: ['mfa_code_invalid', 'mfa_challenge_invalid', 'mfa_required', 'limit_reached', 'already_exists'],
})

mfaRoutes.openapi(confirm, async (c) =>
  c.json(toTotpConfirmed(await confirmTotp(userCtxOf(c), c.req.valid('json'))), 201),
)

const regenerate = defineOperation({
  operationId: 'me.regenerateBackupCodes',
  method: 'post',
  path: '/v1/me/mfa/backup-codes',
  tag: 'Me',
  summary: 'Regenerate backup codes',
  description: 'Returns ten new codes. The old ones become invalid.',
  policy: { roles: anyUser, stepUp: true },
  responses: { 200: { description: 'The codes, shown only once.', schema: BackupCodes } },
  problems: ['mfa_not_enrolled'],
})

mfaRoutes.openapi(regenerate, async (c) =>
  c.json({ backupCodes: await regenerateBackupCodes(userCtxOf(c)) }, 200),
)

const remove = defineOperation({
  operationId: 'me.removeMfaFactor',
  method: 'delete',
  path: '/v1/me/mfa/factors/{factorId}',
  tag: 'Me',
  summary: 'Remove a second factor',
  description: 'Staff must keep at least one. Removing the last factor also removes the backup codes.',
  policy: { roles: anyUser, relation: { who: ['owner'] }, stepUp: true },
  params: FactorParams,
  responses: { 204: { description: 'Removed.' } },
  problems: ['mfa_needed'],
})

mfaRoutes.openapi(remove, async (c) => {
  await removeMfaFactor(userCtxOf(c), c.req.valid('param').factorId)
  return c.body(null, 204)
})

const reset = defineOperation({
  operationId: 'users.resetMfa',
  method: 'post',
  path: '/v1/users/{userId}/mfa/reset',
  tag: 'Access',
  summary: 'Reset the second factors of an account',
  description:
    'For owners who have lost their authenticator app, or whose app can no longer be verified, and who have no backup codes left. Verify their identity first. Their sessions end, and they are notified. Not available for your own account; for a member of staff, you must hold all of their permissions.',
  policy: { roles: staff, permission: 'users.reset_mfa', stepUp: true },
  params: idParams('userId'),
  body: ResetMfa,
  responses: { 204: { description: 'All second factors were removed.' } },
  problems: ['no_second_factor', 'not_held', 'own_account'],
})

mfaRoutes.openapi(reset, async (c) => {
  await resetMfa(userCtxOf(c), c.req.valid('param').userId, c.req.valid('json').reason)
  return c.body(null, 204)
})
