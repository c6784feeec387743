import { newArea } from '../../../../http/area.ts'
import { ctxOf, userCtxOf } from '../../../../http/context.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { anyUser, staff } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
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
} from '../credentials/schemas.ts'
import { SignIn, toSignIn } from '../schemas.ts'
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

export const mfaRoutes = newArea()

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
    'Answers the challenge of `mfa_required` with the code of the app or a backup code, each of which works once. Five ' +
    'answers a challenge; wrong ones count over all challenges of a person.',
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
  summary: 'Ask for a challenge',
  description: 'For a session that is to do something sensitive: the next call answers it.',
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
  summary: 'Show the second factor again',
  description: 'Gives an access token that sensitive operations take for ten minutes.',
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
  summary: 'Begin with an authenticator app',
  description: 'Makes a secret for the app to scan. It counts from the confirmation on, within 15 minutes.',
  policy,
  body: EnrolTotp,
  responses: { 200: { description: 'What the app scans.', schema: TotpEnrolment } },
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
    'The code that the app shows makes it a second factor, asked for from the next sign-in on. With the first one come ten ' +
    'backup codes. Who has one already must have shown it within the last ten minutes.',
  policy,
  body: ConfirmTotp,
  responses: { 201: { description: 'It counts.', schema: TotpConfirmed } },
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
  summary: 'Make new backup codes',
  description: 'Ten of them; the old ones are worth nothing from then on.',
  policy: { roles: anyUser, stepUp: true },
  responses: { 200: { description: 'The codes, shown this once.', schema: BackupCodes } },
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
  description: 'Staff keep at least one. With the last one go the backup codes.',
  policy: { roles: anyUser, relation: 'its user', stepUp: true },
  params: FactorParams,
  responses: { 204: { description: 'It is gone.' } },
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
  summary: 'Take the second factors off an account',
  description:
    'For an owner who has lost their app, or whose app can no longer be checked, and who has no backup code left: find out ' +
    'that it is them. Their sessions end, and they are written to. Never one’s own, and of staff only by who holds all that ' +
    'the account carries.',
  policy: { roles: staff, permission: 'users.reset_mfa', stepUp: true },
  params: idParams('userId'),
  body: ResetMfa,
  responses: { 204: { description: 'There is none any more.' } },
  problems: ['no_second_factor', 'not_held', 'own_account'],
})

mfaRoutes.openapi(reset, async (c) => {
  await resetMfa(userCtxOf(c), c.req.valid('param').userId, c.req.valid('json').reason)
  return c.body(null, 204)
})
