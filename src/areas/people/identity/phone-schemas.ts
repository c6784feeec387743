import { z } from '@hono/zod-openapi'
import { Id } from '../../../http/schemas.ts'
import { proofFields } from './credential-schemas.ts'
import type { PhoneChangeRequested as Requested } from './phone-changes.ts'
import { OtpRequested, RequestOtp, VerifyOtp } from './schemas.ts'

const exampleId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'
const requestedExample = {
  expiresAt: '2026-11-21T08:35:00.000Z',
  resendAfter: '2026-11-21T08:30:30.000Z',
  channel: 'sms' as const,
}

export const ChangePhone = z
  .strictObject({ ...RequestOtp.shape, ...proofFields })
  .openapi('ChangePhone', { example: { phone: '+2348030000010' } })

export const PhoneChangeRequested = z
  .object({ verificationId: Id, ...OtpRequested.shape })
  .openapi('PhoneChangeRequested', { example: { verificationId: exampleId, ...requestedExample } })

export const VerifyPhone = z
  .strictObject({ verificationId: Id, code: VerifyOtp.shape.code })
  .openapi('VerifyPhone', { example: { verificationId: exampleId, code: '493817' } })

export const toPhoneChangeRequested = ({ id, expiresAt, resendAfter, channel }: Requested) => ({
  verificationId: id,
  expiresAt,
  resendAfter,
  channel,
})
