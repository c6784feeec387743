import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Reason, Timestamp } from '../../../http/schemas.ts'
import { CountryCode } from '../../people/profiles/schemas.ts'
import { verificationMachine } from './machine.ts'
import {
  documentTypes,
  normalNumber,
  type ReviewedVerificationRow,
  type VerificationRow,
  verificationPartyOf,
} from './verifications.ts'

const Status = z.enum(verificationMachine.states).openapi('VerificationStatus', {
  description: 'Status of an identity verification.',
  example: 'pending',
})

const DocumentType = z
  .enum(documentTypes)
  .openapi({ example: 'national_id', description: 'Type of the identity document.' })

const documentMedia = (what: string) =>
  Id.nullable().openapi({ description: `${what}: a file that you have uploaded.` })

const documentFields = {
  frontMediaId: documentMedia('Front of the document'),
  backMediaId: documentMedia('Back of the document'),
  selfieMediaId: documentMedia('Photo of yourself holding the document'),
}

const verificationFields = {
  id: Id.openapi({ description: 'Id of the user.' }),
  status: Status,
  phoneVerified: z
    .boolean()
    .openapi({ example: true, description: 'Whether the phone number was verified with a code.' }),
  documentType: DocumentType.nullable(),
  documentCountry: CountryCode.nullable().openapi({ description: 'Issuing country (ISO 3166-1 alpha-2).' }),
  documentLast4: z.string().nullable().openapi({
    example: '4567',
    description: 'Last four characters of the document number; the rest is not stored.',
  }),
  documents: z.object(documentFields).openapi('VerificationDocuments', { description: 'Submitted photos.' }),
  submittedAt: Timestamp.nullable().openapi({
    example: '2026-11-21T08:45:00.000Z',
    description: 'Time of the last submission.',
  }),
  reviewedAt: Timestamp.nullable().openapi({ description: 'Time of the last decision.' }),
  verifiedAt: Timestamp.nullable().openapi({ description: 'Time of the approval.' }),
  rejectionReason: z.string().nullable().openapi({ example: null, description: 'Reason for the rejection.' }),
  allowedActions: AllowedActions,
  version: z
    .int()
    .openapi({ example: 2, description: '0 until the first submission; then incremented by every change.' }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

export const Verification = z.object(verificationFields).openapi('Verification')

export const ReviewedVerification = z
  .object({
    ...verificationFields,
    fullName: z
      .string()
      .nullable()
      .openapi({ example: 'Mona Abdel Hamid', description: 'Full name, as entered by the user.' }),
    reviewedBy: Id.nullable().openapi({ description: 'Member of staff who made the last decision.' }),
    otherAccounts: z.int().openapi({
      example: 0,
      description:
        'Number of other accounts that submitted the same document number. A reason to look twice.',
    }),
  })
  .openapi('ReviewedVerification', { description: 'An identity verification, as staff see it.' })

export const VerificationPage = pageOf(ReviewedVerification, 'VerificationPage')

export const VerificationFilters = z.object({
  ...pageQuery,
  status: Status.optional().openapi({ description: 'Only verifications with this status.' }),
})

/** Formats of national numbers in the countries where we work; for other documents and countries only the length is known. */
const nationalNumbers: Record<string, RegExp> = {
  EG: /^[23]\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{7}$/,
  NG: /^\d{11}$/,
  KG: /^[12]\d{13}$/,
  IN: /^[2-9]\d{11}$/,
  GH: /^GHA\d{10}$/,
}
const anyNumber = /^[0-9A-Z]{6,20}$/

export const SubmitVerification = z
  .strictObject({
    documentType: DocumentType,
    country: CountryCode.openapi({ description: 'Issuing country (ISO 3166-1 alpha-2).' }),
    number: z.string().trim().max(40).transform(normalNumber).openapi({
      type: 'string',
      maxLength: 40,
      example: '29004230104567',
      description: 'Document number. Only a keyed hash and the last four characters are stored.',
    }),
    frontMediaId: Id.openapi({ description: 'Front of the document: a file that you have uploaded.' }),
    backMediaId: documentFields.backMediaId.optional(),
    selfieMediaId: documentFields.selfieMediaId.optional(),
  })
  .superRefine(({ documentType, country, number }, context) => {
    const pattern = documentType === 'national_id' ? (nationalNumbers[country] ?? anyNumber) : anyNumber
    if (!pattern.test(number)) {
      context.addIssue({ code: 'custom', path: ['number'], message: valueTexts.documentNumber })
    }
  })
  .openapi('SubmitVerification', {
    example: {
      documentType: 'national_id',
      country: 'EG',
      number: '29004230104567',
      frontMediaId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
    },
  })

export const RejectVerification = z
  .strictObject({
    reason: Reason.openapi({ description: 'Reason, sent to the user.' }),
  })
  .openapi('RejectVerification', { example: { reason: 'The photo is blurred.' } })

export const toVerification = (row: VerificationRow, actor: Actor): z.infer<typeof Verification> => ({
  ...row,
  allowedActions: allowedActions(verificationMachine, row.status, verificationPartyOf(actor, row.id)),
})

export const toReviewedVerification = (
  row: ReviewedVerificationRow,
  actor: Actor,
): z.infer<typeof ReviewedVerification> => ({
  ...row,
  allowedActions: allowedActions(verificationMachine, row.status, verificationPartyOf(actor, row.id)),
})
