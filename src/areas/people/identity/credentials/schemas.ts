import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../../core/value-texts.ts'
import { Id, Reason, Timestamp } from '../../../../http/schemas.ts'
import type { EmailCodeRequested } from '../codes/email-codes.ts'
import { passwordPolicy } from '../limits.ts'
import type { TotpConfirmed as Confirmed } from '../mfa/mfa.ts'
import { DeviceAtSignIn, FullName, RequestOtp, VerifyOtp } from '../schemas.ts'
import type { Credentials as CredentialsView } from './credentials.ts'

const Email = z
  .email()
  .max(254)
  .toLowerCase()
  .openapi({ example: 'mona@example.com', description: 'E-mail address.' })

const Username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,48}[a-z0-9]$/, valueTexts.username)
  .openapi({
    example: 'mona.hamid',
    description:
      'Can be used to sign in instead of the e-mail address. 3 to 50 lower-case letters, digits, dots, dashes and underscores.',
  })

const Identifier = z
  .string()
  .trim()
  .min(1)
  .max(254)
  .openapi({ example: 'mona@example.com', description: 'A verified e-mail address or a username.' })

const Password = z.string().min(1).max(512).openapi({
  example: 'correct horse battery staple',
  format: 'password',
  description: 'The current password.',
})

const NewPassword = z.string().min(passwordPolicy.minLength).max(512).openapi({
  example: 'a lantern over the old bridge',
  format: 'password',
  description:
    '8 to 128 characters of any kind. Common passwords and those containing your name are rejected.',
})

const EmailCode = z
  .string()
  .regex(/^[0-9]{8}$/, valueTexts.eightDigits)
  .openapi({ example: '49381726', description: 'The eight-digit code from the e-mail.' })

const MfaCode = z.string().trim().min(6).max(16).openapi({
  example: '493817',
  description: 'The six-digit code from the authenticator app, or a backup code.',
})

const Challenge = z.string().min(1).max(4_000).openapi({
  example: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl',
  description: '`token` of the challenge, unchanged.',
})

export const proofFields = {
  currentPassword: Password.optional().openapi({ description: 'Required if the account has a password.' }),
}

export const Register = z
  .strictObject({
    email: Email,
    password: NewPassword,
    username: Username.optional(),
    fullName: FullName.optional(),
  })
  .openapi('Register', {
    example: { email: 'mona@example.com', password: 'a lantern over the old bridge', username: 'mona.hamid' },
  })

const requestedFields = {
  expiresAt: Timestamp.openapi({ description: 'The code is valid until this time.' }),
  resendAfter: Timestamp.openapi({ description: 'Another code can be requested after this time.' }),
}
const requestedExample = { expiresAt: '2026-11-21T09:00:00.000Z', resendAfter: '2026-11-21T08:30:30.000Z' }
const exampleId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'

export const RegistrationRequested = z
  .object({ registrationId: Id, ...requestedFields })
  .openapi('RegistrationRequested', { example: { registrationId: exampleId, ...requestedExample } })

export const ConfirmRegistration = z
  .strictObject({ registrationId: Id, code: EmailCode, device: DeviceAtSignIn.optional() })
  .openapi('ConfirmRegistration', { example: { registrationId: exampleId, code: '49381726' } })

export const Login = z
  .strictObject({ identifier: Identifier, password: Password, device: DeviceAtSignIn.optional() })
  .openapi('Login', { example: { identifier: 'mona@example.com', password: 'correct horse battery staple' } })

export const RequestPasswordReset = z
  .strictObject({ email: Email })
  .openapi('RequestPasswordReset', { example: { email: 'mona@example.com' } })

export const PasswordResetRequested = z
  .object({ resetId: Id, ...requestedFields })
  .openapi('PasswordResetRequested', { example: { resetId: exampleId, ...requestedExample } })

export const VerifyPasswordReset = z
  .strictObject({ resetId: Id, code: EmailCode })
  .openapi('VerifyPasswordReset', { example: { resetId: exampleId, code: '49381726' } })

export const PasswordResetAllowed = z
  .object({
    resetToken: z
      .string()
      .openapi({ example: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl', description: 'Valid for one reset.' }),
    expiresAt: Timestamp,
  })
  .openapi('PasswordResetAllowed')

export const ResetPassword = z
  .strictObject({
    resetToken: z
      .string()
      .min(1)
      .max(2_000)
      .openapi({ description: '`resetToken` from the verification of the code.' }),
    newPassword: NewPassword,
  })
  .openapi('ResetPassword', {
    example: {
      resetToken: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl',
      newPassword: 'a lantern over the old bridge',
    },
  })

export const MfaAnswer = z.strictObject({ challenge: Challenge, code: MfaCode }).openapi('MfaAnswer', {
  example: { challenge: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl', code: '493817' },
})

export const MfaChallenge = z
  .object({
    token: z.string().openapi({
      example: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl',
      description: 'Opaque; returned unchanged with the answer.',
    }),
    expiresAt: Timestamp,
    methods: z
      .array(z.enum(['totp', 'backup_code']))
      .openapi({ example: ['totp', 'backup_code'], description: 'Accepted kinds of codes.' }),
  })
  .openapi('MfaChallenge', { description: 'A request to prove the second factor.' })

const accessTokenFields = {
  accessToken: z.string().openapi({
    example: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhMmY0ZSJ9.c2lnbmF0dXJl',
    description: 'Replaces the access token of the request; the refresh token stays valid.',
  }),
  expiresIn: z.int().openapi({ example: 900, description: 'Lifetime of the access token, in seconds.' }),
}

export const SteppedUp = z.object(accessTokenFields).openapi('SteppedUp')

const MfaFactor = z
  .object({
    id: Id,
    kind: z
      .enum(['totp'])
      .openapi({ example: 'totp', description: '`totp`: an authenticator app that shows six-digit codes.' }),
    label: z.string().openapi({ example: 'My phone', description: 'Name chosen by the user.' }),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable().openapi({
      description: 'Time of the last use; null if never used since its confirmation.',
    }),
  })
  .openapi('MfaFactor', { description: 'A confirmed second factor.' })

export const Credentials = z
  .object({
    phone: z.string().nullable().openapi({ example: '+201000000010', description: 'Phone number (E.164).' }),
    email: z
      .string()
      .nullable()
      .openapi({ example: 'mona@example.com', description: 'Can be used to sign in once it is verified.' }),
    emailVerifiedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:45:00.000Z',
      description: 'Time of verification. An address that is not verified cannot be used to sign in.',
    }),
    username: z.string().nullable().openapi({
      example: 'mona.hamid',
      description: 'Can be used to sign in instead of the e-mail address.',
    }),
    hasPassword: z.boolean().openapi({ example: true, description: 'Whether a password is set.' }),
    passwordChangedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:45:00.000Z',
      description: 'Time of the last password change.',
    }),
    lastSignInAt: Timestamp.nullable().openapi({ description: 'Time of the last sign-in.' }),
    failedAttempts: z
      .int()
      .openapi({ example: 0, description: 'Failed attempts before the last successful sign-in.' }),
    mfa: z
      .object({
        isRequired: z.boolean().openapi({
          example: false,
          description: 'Whether the role of the account requires a second factor.',
        }),
        factors: z.array(MfaFactor).openapi({ description: 'Confirmed factors.' }),
        backupCodesLeft: z.int().openapi({ example: 10, description: 'Number of unused backup codes.' }),
      })
      .openapi({ description: 'Two-factor authentication.' }),
  })
  .openapi('Credentials')

export const ChangePassword = z
  .strictObject({ ...proofFields, newPassword: NewPassword })
  .openapi('ChangePassword', {
    example: {
      currentPassword: 'correct horse battery staple',
      newPassword: 'a lantern over the old bridge',
    },
  })

export const ChangeUsername = z
  .strictObject({ username: Username, ...proofFields })
  .openapi('ChangeUsername', { example: { username: 'mona.hamid' } })

export const ChangeEmail = z
  .strictObject({ email: Email, ...proofFields })
  .openapi('ChangeEmail', { example: { email: 'mona@example.com' } })

export const EmailChangeRequested = z
  .object({ verificationId: Id, ...requestedFields })
  .openapi('EmailChangeRequested', { example: { verificationId: exampleId, ...requestedExample } })

export const VerifyEmail = z
  .strictObject({ verificationId: Id, code: EmailCode })
  .openapi('VerifyEmail', { example: { verificationId: exampleId, code: '49381726' } })

export const EnrolTotp = z
  .strictObject({
    label: z.string().trim().min(1).max(60).openapi({
      example: 'My phone',
      description: 'Name of the authenticator app or of the phone it is on.',
    }),
  })
  .openapi('EnrolTotp', { example: { label: 'My phone' } })

export const TotpEnrolment = z
  .object({
    enrolment: z.string().openapi({
      example: 'eyJmYWN0b3JJZCI6IjAxOWEifQ.c2lnbmF0dXJl',
      description: 'Opaque; sent back unchanged with the confirmation.',
    }),
    secret: z
      .string()
      .openapi({ example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', description: 'Base32, for manual entry.' }),
    uri: z.string().openapi({
      example:
        'otpauth://totp/Khidma:mona%40example.com?issuer=Khidma&secret=JBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
      description: 'Content of the QR code.',
    }),
    expiresAt: Timestamp,
  })
  .openapi('TotpEnrolment')

export const ConfirmTotp = z
  .strictObject({
    enrolment: z
      .string()
      .min(1)
      .max(2_000)
      .openapi({ description: '`enrolment` of the previous response, unchanged.' }),
    code: z
      .string()
      .regex(/^[0-9]{6}$/, valueTexts.sixDigits)
      .openapi({ example: '493817', description: 'The six-digit code that the app shows now.' }),
  })
  .openapi('ConfirmTotp', {
    example: { enrolment: 'eyJmYWN0b3JJZCI6IjAxOWEifQ.c2lnbmF0dXJl', code: '493817' },
  })

const BackupCodeList = z
  .array(z.string())
  .openapi({ example: ['7Q2MX-4KD9T', 'H0WZB-63RFN'], description: 'Shown only once. Each code works once.' })

export const TotpConfirmed = z
  .object({
    factorId: Id,
    label: z.string().openapi({ example: 'My phone', description: 'Name chosen by the user.' }),
    backupCodes: BackupCodeList.nullable().openapi({
      description: 'Issued with the first factor only; null otherwise.',
    }),
    ...accessTokenFields,
  })
  .openapi('TotpConfirmed')

export const BackupCodes = z.object({ backupCodes: BackupCodeList }).openapi('BackupCodes')

export const FactorParams = z.object({ factorId: Id })

export const toCredentials = ({
  mfaFactors,
  backupCodesLeft,
  isMfaRequired,
  ...rest
}: CredentialsView): z.infer<typeof Credentials> => ({
  ...rest,
  mfa: { isRequired: isMfaRequired, factors: mfaFactors, backupCodesLeft },
})

type Requested = Pick<EmailCodeRequested, 'id' | 'expiresAt' | 'resendAfter'>

export const toRegistrationRequested = ({ id, expiresAt, resendAfter }: Requested) => ({
  registrationId: id,
  expiresAt,
  resendAfter,
})

export const toPasswordResetRequested = ({ id, expiresAt, resendAfter }: Requested) => ({
  resetId: id,
  expiresAt,
  resendAfter,
})

export const toEmailChangeRequested = ({ id, expiresAt, resendAfter }: Requested) => ({
  verificationId: id,
  expiresAt,
  resendAfter,
})

export const toTotpConfirmed = (confirmed: Confirmed): z.infer<typeof TotpConfirmed> => confirmed

export const ResetMfa = z
  .strictObject({
    reason: Reason.openapi({
      example: 'Lost phone; seen with their papers',
      description: 'Reason, recorded in the audit log.',
    }),
  })
  .openapi('ResetMfa', { example: { reason: 'Lost phone; seen with their papers' } })

export const ChangePhone = z
  .strictObject({ phone: RequestOtp.shape.phone, channel: RequestOtp.shape.channel, ...proofFields })
  .openapi('ChangePhone', { example: { phone: '+2348030000010' } })

export const VerifyPhone = z
  .strictObject({ verificationId: Id, code: VerifyOtp.shape.code })
  .openapi('VerifyPhone', { example: { verificationId: exampleId, code: '493817' } })
