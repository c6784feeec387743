import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Timestamp } from '../../../http/schemas.ts'
import { CountryCode } from '../../people/profiles/schemas.ts'
import { verificationMachine } from './machine.ts'
import {
  documentTypes,
  normalNumber,
  type ReviewedVerificationRow,
  type VerificationRow,
  verificationPartyOf,
} from './verifications.ts'

const Status = z.enum(verificationMachine.states).openapi('VerificationStatus', { example: 'pending' })

const DocumentType = z.enum(documentTypes).openapi({ example: 'national_id' })

const documentMedia = (what: string) =>
  Id.nullable().openapi({ description: `${what}: a file of yours, uploaded before.` })

const documentFields = {
  frontMediaId: documentMedia('The front'),
  backMediaId: documentMedia('The back'),
  selfieMediaId: documentMedia('You, holding it'),
}

const verificationFields = {
  id: Id.openapi({ description: 'The id of the user.' }),
  status: Status,
  phoneVerified: z.boolean().openapi({ example: true }),
  documentType: DocumentType.nullable(),
  documentCountry: CountryCode.nullable(),
  documentLast4: z
    .string()
    .nullable()
    .openapi({ example: '4567', description: 'The end of the number. The rest is kept nowhere.' }),
  documents: z.object(documentFields).openapi('VerificationDocuments'),
  submittedAt: Timestamp.nullable().openapi({
    example: '2026-11-21T08:45:00.000Z',
    description: 'Null until papers were sent.',
  }),
  reviewedAt: Timestamp.nullable(),
  verifiedAt: Timestamp.nullable(),
  rejectionReason: z.string().nullable().openapi({ example: null }),
  allowedActions: AllowedActions,
  version: z.int().openapi({ example: 2, description: '0 until something is submitted.' }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

export const Verification = z.object(verificationFields).openapi('Verification')

export const ReviewedVerification = z
  .object({
    ...verificationFields,
    fullName: z.string().nullable().openapi({ example: 'Mona Abdel Hamid' }),
    reviewedBy: Id.nullable(),
    otherAccounts: z.int().openapi({
      example: 0,
      description: 'How many other accounts have claimed or proved the same number: look twice.',
    }),
  })
  .openapi('ReviewedVerification')

export const VerificationPage = pageOf(ReviewedVerification, 'VerificationPage')

export const VerificationFilters = z.object({ ...pageQuery, status: Status.optional() })

/** What a national number looks like where we work; of other papers and countries only its length is known. */
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
    country: CountryCode.openapi({ description: 'Who issued it, ISO 3166-1 alpha-2.' }),
    number: z.string().trim().max(40).transform(normalNumber).openapi({
      type: 'string',
      example: '29004230104567',
      description: 'Kept as a keyed hash and its last four characters only.',
    }),
    frontMediaId: Id.openapi({ description: 'The front: a file of yours, uploaded before.' }),
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
  .strictObject({ reason: z.string().trim().min(1).max(500) })
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
