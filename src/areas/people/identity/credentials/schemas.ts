import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../../core/value-texts.ts'
import { Id, Timestamp } from '../../../../http/schemas.ts'
import type { EmailCodeRequested } from '../codes/email-codes.ts'
import { passwordPolicy } from '../limits.ts'
import type { TotpConfirmed as Confirmed } from '../mfa/mfa.ts'
import { DeviceAtSignIn, FullName, OtpRequested, RequestOtp, VerifyOtp } from '../schemas.ts'
import type { Credentials as CredentialsView } from './credentials.ts'
import type { PhoneChangeRequested as PhoneRequested } from './phone-changes.ts'

const Email = z.email().max(254).toLowerCase().openapi({ example: 'mona@example.com' })

const Username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,48}[a-z0-9]$/, valueTexts.username)
  .openapi({ example: 'mona.hamid', description: 'Lower case; 3 to 50 letters, digits, dots, dashes.' })

const Identifier = z
  .string()
  .trim()
  .min(1)
  .max(254)
  .openapi({ example: 'mona@example.com', description: 'A proven e-mail address, or a username.' })

const Password = z
  .string()
  .min(1)
  .max(512)
  .openapi({ example: 'correct horse battery staple', format: 'password' })

const NewPassword = z.string().min(passwordPolicy.minLength).max(512).openapi({
  example: 'a lantern over the old bridge',
  format: 'password',
  description:
    '8 to 128 characters, none required; common ones and those with your name in them are refused.',
})

const EmailCode = z
  .string()
  .regex(/^[0-9]{8}$/, valueTexts.eightDigits)
  .openapi({ example: '49381726', description: 'Of the e-mail.' })

const MfaCode = z
  .string()
  .trim()
  .min(6)
  .max(16)
  .openapi({ example: '493817', description: 'Six digits of the app, or a backup code.' })

const Challenge = z.string().min(1).max(4_000).openapi({
  example: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl',
  description: '`token` of the challenge, unchanged.',
})

export const proofFields = {
  signInName: Identifier.optional().openapi({
    example: 'mona@example.com',
    description: 'Any name that the password opens.',
  }),
  currentPassword: Password.optional().openapi({ description: 'Required where there is one.' }),
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
  expiresAt: Timestamp.openapi({ description: 'Until then the code is good.' }),
  resendAfter: Timestamp.openapi({ description: 'From then on another can be asked for.' }),
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
      .openapi({ example: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl', description: 'Good for one reset.' }),
    expiresAt: Timestamp,
    signInNames: z.array(z.string()).openapi({ example: ['mona@example.com', 'mona.hamid'] }),
  })
  .openapi('PasswordResetAllowed')

export const ResetPassword = z
  .strictObject({ resetToken: z.string().min(1).max(2_000), newPassword: NewPassword })
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
    token: z.string().openapi({ example: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl', description: 'Opaque.' }),
    expiresAt: Timestamp,
    methods: z.array(z.enum(['totp', 'backup_code'])).openapi({ example: ['totp', 'backup_code'] }),
  })
  .openapi('MfaChallenge')

const accessTokenFields = {
  accessToken: z.string().openapi({
    example: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhMmY0ZSJ9.c2lnbmF0dXJl',
    description: 'In place of the one you sent; the refresh token stays.',
  }),
  expiresIn: z.int().openapi({ example: 900 }),
}

export const SteppedUp = z.object(accessTokenFields).openapi('SteppedUp')

const MfaFactor = z
  .object({
    id: Id,
    kind: z.enum(['totp']).openapi({ example: 'totp' }),
    label: z.string().openapi({ example: 'My phone' }),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
  })
  .openapi('MfaFactor')

export const Credentials = z
  .object({
    phone: z.string().nullable().openapi({ example: '+201000000010' }),
    email: z.string().nullable().openapi({ example: 'mona@example.com' }),
    emailVerifiedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:45:00.000Z',
      description: 'Null: nobody has proven that it is theirs, and it opens nothing.',
    }),
    username: z.string().nullable().openapi({ example: 'mona.hamid' }),
    signInNames: z
      .array(z.string())
      .openapi({ example: ['mona@example.com', 'mona.hamid'], description: 'What the password opens.' }),
    hasPassword: z.boolean().openapi({ example: true }),
    passwordChangedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:45:00.000Z',
      description: 'Null where there is none.',
    }),
    lastSignInAt: Timestamp.nullable(),
    failedAttempts: z
      .int()
      .openapi({ example: 0, description: 'Wrong passwords before the last right one.' }),
    mfa: z.object({
      isRequired: z.boolean().openapi({ example: false, description: 'By your role.' }),
      factors: z.array(MfaFactor),
      backupCodesLeft: z.int().openapi({ example: 10 }),
    }),
  })
  .openapi('Credentials')

export const ChangePassword = z
  .strictObject({
    signInNames: z
      .array(Identifier)
      .min(1)
      .max(2)
      .openapi({
        description: 'All of them, as your credentials list them: the password is kept under each.',
        example: ['mona@example.com', 'mona.hamid'],
      }),
    currentPassword: Password.optional().openapi({ description: 'Required where there is one.' }),
    newPassword: NewPassword,
  })
  .openapi('ChangePassword', {
    example: {
      signInNames: ['mona@example.com', 'mona.hamid'],
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
  .strictObject({ label: z.string().trim().min(1).max(60).openapi({ example: 'My phone' }) })
  .openapi('EnrolTotp', { example: { label: 'My phone' } })

export const TotpEnrolment = z
  .object({
    enrolment: z.string().openapi({
      example: 'eyJmYWN0b3JJZCI6IjAxOWEifQ.c2lnbmF0dXJl',
      description: 'Opaque; the confirmation brings it back.',
    }),
    secret: z
      .string()
      .openapi({ example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', description: 'Base32, for who cannot scan.' }),
    uri: z.string().openapi({
      example:
        'otpauth://totp/Khidma:mona%40example.com?issuer=Khidma&secret=JBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
      description: 'What the QR code shows.',
    }),
    expiresAt: Timestamp,
  })
  .openapi('TotpEnrolment')

export const ConfirmTotp = z
  .strictObject({
    enrolment: z.string().min(1).max(2_000),
    code: z
      .string()
      .regex(/^[0-9]{6}$/, valueTexts.sixDigits)
      .openapi({ example: '493817' }),
  })
  .openapi('ConfirmTotp', {
    example: { enrolment: 'eyJmYWN0b3JJZCI6IjAxOWEifQ.c2lnbmF0dXJl', code: '493817' },
  })

const BackupCodeList = z
  .array(z.string())
  .openapi({ example: ['7Q2MX-4KD9T', 'H0WZB-63RFN'], description: 'Shown once. Each works once.' })

export const TotpConfirmed = z
  .object({
    factorId: Id,
    label: z.string().openapi({ example: 'My phone' }),
    backupCodes: BackupCodeList.nullable().openapi({ description: 'With the first factor; else null.' }),
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
    reason: z.string().trim().min(1).max(500).openapi({ example: 'Lost phone; seen with their papers' }),
  })
  .openapi('ResetMfa', { example: { reason: 'Lost phone; seen with their papers' } })

export const ChangePhone = z
  .strictObject({ ...RequestOtp.shape, ...proofFields })
  .openapi('ChangePhone', { example: { phone: '+2348030000010' } })

export const PhoneChangeRequested = z
  .object({ verificationId: Id, ...OtpRequested.shape })
  .openapi('PhoneChangeRequested', {
    example: {
      verificationId: exampleId,
      ...requestedExample,
      expiresAt: '2026-11-21T08:35:00.000Z',
      channel: 'sms',
    },
  })

export const VerifyPhone = z
  .strictObject({ verificationId: Id, code: VerifyOtp.shape.code })
  .openapi('VerifyPhone', { example: { verificationId: exampleId, code: '493817' } })

export const toPhoneChangeRequested = ({ id, expiresAt, resendAfter, channel }: PhoneRequested) => ({
  verificationId: id,
  expiresAt,
  resendAfter,
  channel,
})
