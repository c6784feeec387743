import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../../core/value-texts.ts'
import { Id, Reason, Timestamp } from '../../../../http/schemas.ts'
import type { TotpConfirmed as Confirmed } from './mfa.ts'

const MfaCode = z.string().trim().min(6).max(16).openapi({
  example: '493817',
  description: 'The six-digit code from the authenticator app, or a backup code.',
})

const Challenge = z.string().min(1).max(4_000).openapi({
  example: 'eyJpZCI6IjAxOWEyZjRlIn0.c2lnbmF0dXJl',
  description: '`token` of the challenge, unchanged.',
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

export const MfaFactor = z
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

export const toTotpConfirmed = (confirmed: Confirmed): z.infer<typeof TotpConfirmed> => confirmed

export const ResetMfa = z
  .strictObject({
    reason: Reason.openapi({
      example: 'Lost phone; seen with their papers',
      description: 'Reason, recorded in the audit log.',
    }),
  })
  .openapi('ResetMfa', { example: { reason: 'Lost phone; seen with their papers' } })
