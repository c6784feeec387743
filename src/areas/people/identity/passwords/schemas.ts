import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../../core/value-texts.ts'
import { Id, Timestamp } from '../../../../http/schemas.ts'
import { FullName } from '../accounts/schemas.ts'
import type { EmailCodeRequested } from '../codes/codes.ts'
import { RequestOtp, VerifyOtp } from '../codes/schemas.ts'
import { passwordPolicy } from '../limits.ts'
import { MfaFactor } from '../mfa/schemas.ts'
import { DeviceAtSignIn } from '../sessions/schemas.ts'
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

export const ChangePhone = z
  .strictObject({ phone: RequestOtp.shape.phone, channel: RequestOtp.shape.channel, ...proofFields })
  .openapi('ChangePhone', { example: { phone: '+2348030000010' } })

export const VerifyPhone = z
  .strictObject({ verificationId: Id, code: VerifyOtp.shape.code })
  .openapi('VerifyPhone', { example: { verificationId: exampleId, code: '493817' } })
