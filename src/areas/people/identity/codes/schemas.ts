import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../../core/value-texts.ts'
import { Id, Reason, Timestamp, Version } from '../../../../http/schemas.ts'
import { otpChannels } from '../limits.ts'
import { DeviceAtSignIn, DeviceId, DeviceToken } from '../sessions/schemas.ts'
import type { OtpBreakerRow } from './codes.ts'

const Phone = z.string().trim().min(8).max(32).openapi({
  example: '+201000000010',
  description: 'Mobile number in international format. Spaces and punctuation are ignored.',
})

export const Channel = z
  .enum(otpChannels)
  .openapi({ example: 'sms', description: 'Delivery channel of the code.' })

const exampleId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'

export const RequestOtp = z
  .strictObject({
    phone: Phone,
    channel: Channel.optional().openapi({
      description: 'Preferred channel. If it fails or is paused, another one is used.',
    }),
    deviceId: DeviceId.optional().openapi({
      description: 'The same as at sign-in. Separates the pauses of people who share a network.',
    }),
    deviceToken: DeviceToken.max(200).optional().openapi({
      description:
        'From the last sign-in on this device, also after signing out. A known device has limits of its own, which strangers cannot use up.',
    }),
  })
  .openapi('RequestOtp', { example: { phone: '+201000000010', deviceId: 'b8f0c7d2-pixel-8' } })

export const OtpRequested = z
  .object({
    verificationId: Id.openapi({
      description: 'Send it back with the code, which is valid only together with it. Keep it secret.',
    }),
    expiresAt: Timestamp.openapi({ description: 'The code is valid until this time.' }),
    resendAfter: Timestamp.openapi({ description: 'Another code can be requested after this time.' }),
    channel: Channel,
  })
  .openapi('OtpRequested', {
    example: {
      verificationId: exampleId,
      expiresAt: '2026-11-21T08:35:00.000Z',
      resendAfter: '2026-11-21T08:30:30.000Z',
      channel: 'sms',
    },
  })

export const VerifyOtp = z
  .strictObject({
    phone: Phone,
    verificationId: Id.openapi({ description: 'From the response of `auth.requestOtp`.' }),
    code: z
      .string()
      .regex(/^[0-9]{6}$/, valueTexts.sixDigits)
      .openapi({ example: '493817', description: 'The six-digit code from the message.' }),
    device: DeviceAtSignIn.optional(),
  })
  .openapi('VerifyOtp', {
    example: {
      phone: '+201000000010',
      verificationId: exampleId,
      code: '493817',
      device: { deviceId: 'b8f0c7d2-pixel-8', platform: 'android' },
    },
  })

export const OtpBreaker = z
  .object({
    id: Id,
    prefix: z.string().openapi({
      example: '+2010',
      description: 'Country calling code or operator range: the beginning of a phone number.',
    }),
    channel: Channel,
    active: z.boolean().openapi({ description: 'Whether sending is paused now.' }),
    sent: z.int().openapi({ example: 60, description: 'Codes sent in the hour that caused the pause.' }),
    verified: z.int().openapi({ example: 2, description: 'Codes of that hour that were entered.' }),
    trips: z.int().openapi({
      example: 1,
      description: 'Number of pauses in a row, each within a day of the one before and twice as long.',
    }),
    trippedAt: Timestamp.openapi({ description: 'Start of the pause.' }),
    pausedUntil: Timestamp.openapi({ description: 'End of the pause.' }),
    resetAt: Timestamp.nullable().openapi({ description: 'Time at which staff last ended a pause.' }),
    version: Version,
  })
  .openapi('OtpBreaker', { description: 'A pause of one channel for one number prefix.' })

export const ResetOtpBreaker = z
  .strictObject({
    reason: Reason.openapi({
      example: 'A campaign of ours',
      description: 'Reason, recorded in the audit log.',
    }),
  })
  .openapi('ResetOtpBreaker', { example: { reason: 'A campaign of ours' } })

export const toOtpBreaker = ({ updatedAt: _updatedAt, ...row }: OtpBreakerRow): z.infer<typeof OtpBreaker> =>
  row
