import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import {
  checkStatuses,
  documentParts,
  documentStatuses,
  identityStandings,
  logActions,
  subjectTypes,
} from '../../../db/schema/supply/verification.ts'
import { changedOrderOf, changedTimes, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, PlannedTime, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { CountryCode } from '../../people/profiles/schemas.ts'
import type { CheckRow } from './checks.ts'
import {
  type DocumentType as AnyDocumentType,
  allDocumentTypes,
  documentTypes,
  isNumberOf,
  normalNumber,
} from './documents.ts'
import { verificationMachine } from './machine.ts'
import type { LogRow, ReviewedRow } from './reviews.ts'
import type { DocumentRow, RequestRow, StandingRow } from './verifications.ts'

const Status = z.enum(verificationMachine.states).openapi('VerificationStatus', {
  description: 'Status of a verification request.',
  example: 'pending',
})

const VerificationType = z
  .enum(['identity', 'business', 'document'])
  .openapi('VerificationType', { description: 'What is to be verified.', example: 'identity' })

export const DocumentType = z
  .enum(allDocumentTypes as [AnyDocumentType, ...AnyDocumentType[]])
  .openapi('DocumentType', { description: 'Kind of papers.', example: 'national_id' })

const DocumentPart = z
  .enum(documentParts)
  .openapi('DocumentPart', { description: 'Part of the papers that a file shows.', example: 'front' })

const DocumentStatus = z
  .enum(documentStatuses)
  .openapi('DocumentStatus', { description: 'Decision on one document.', example: 'pending' })

const IssuingCountry = CountryCode.openapi({ description: 'Issuing country (ISO 3166-1 alpha-2).' })

export const Verification = z
  .object({
    id: Id.openapi({ description: 'Id of the user.' }),
    status: z.enum(identityStandings).openapi({
      example: 'verified',
      description: 'What follows from all your identity requests.',
    }),
    phoneVerified: z
      .boolean()
      .openapi({ example: true, description: 'Whether the phone number was verified with a code.' }),
    documentLast4: z.string().nullable().openapi({
      example: '4567',
      description: 'Last four characters of the document number; the rest is not stored.',
    }),
    verifiedAt: Timestamp.nullable().openapi({ description: 'Time of the approval.' }),
    expiresAt: Timestamp.nullable().openapi({ description: 'Time at which the papers end.' }),
    version: z
      .int()
      .openapi({ example: 2, description: '0 until there is anything; then incremented by every change.' }),
    updatedAt: Timestamp,
  })
  .openapi('Verification', { description: 'Whether the caller is a verified person, and until when.' })

const VerificationDocument = z
  .object({
    id: Id,
    documentType: DocumentPart,
    mediaId: Id.nullable().openapi({
      description: 'The file; null once it was destroyed. Its content is shown to the reviewer alone.',
    }),
    status: DocumentStatus,
    remarks: z.string().nullable().openapi({ example: null, description: 'Remarks on the decision.' }),
    reviewedAt: Timestamp.nullable().openapi({ description: 'Time of the decision.' }),
    uploadedAt: Timestamp.openapi({ description: 'Time at which it was submitted.' }),
  })
  .openapi('VerificationDocument', { description: 'One file of a request, decided alone.' })

const requestFields = {
  id: Id,
  userId: Id.openapi({ description: 'User who submitted it.' }),
  subjectType: z.enum(subjectTypes).openapi({ example: 'user', description: 'Type of what is verified.' }),
  subjectId: Id.openapi({ description: 'Id of what is verified.' }),
  verificationType: VerificationType,
  documentType: DocumentType,
  documentCountry: IssuingCountry.nullable(),
  documentLast4: z.string().nullable().openapi({
    example: '4567',
    description: 'Last four characters of the document number; the rest is not stored.',
  }),
  status: Status,
  documents: z.array(VerificationDocument).openapi({ description: 'Its files, the oldest first.' }),
  remarks: z
    .string()
    .nullable()
    .openapi({ example: null, description: 'Reason for a rejection, or which document is missing.' }),
  expiresAt: Timestamp.nullable().openapi({ description: 'Time at which the papers end.' }),
  answerUntil: Timestamp.nullable().openapi({
    description: 'While a document is asked for: the request ends where none is sent until then.',
  }),
  submittedAt: Timestamp.openapi({ description: 'Time of the last submission.' }),
  reviewedAt: Timestamp.nullable().openapi({ description: 'Time of the last decision.' }),
  allowedActions: AllowedActions,
  version: Version,
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

export const VerificationRequest = z.object(requestFields).openapi('VerificationRequest', {
  description: 'Papers that were submitted, and what was decided on them.',
})

export const VerificationRequestPage = pageOf(VerificationRequest, 'VerificationRequestPage')

export const ReviewedVerification = z
  .object({
    ...requestFields,
    fullName: z
      .string()
      .nullable()
      .openapi({ example: 'Mona Abdel Hamid', description: 'Full name, as entered by the user.' }),
    firstApprovedBy: Id.nullable().openapi({
      description: 'Member of staff who approved first, where policy asks for two.',
    }),
    reviewedBy: Id.nullable().openapi({ description: 'Member of staff who made the last decision.' }),
    internalNotes: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Notes of staff, never shown to the user.' }),
    otherAccounts: z.int().openapi({
      example: 0,
      description:
        'Number of other accounts that submitted the same document number. A reason to look twice.',
    }),
    caseId: Id.nullable().openapi({ description: 'The last case about it.' }),
  })
  .openapi('ReviewedVerification', { description: 'A verification request, as staff see it.' })

export const VerificationPage = pageOf(ReviewedVerification, 'VerificationPage')

export const VerificationFilters = z.object({
  ...pageQuery,
  ...changedTimes,
  order: changedOrderOf('By creation. Without it, the longest waiting first'),
  status: Status.optional().openapi({ description: 'Only requests with this status.' }),
  type: VerificationType.optional().openapi({ description: 'Only requests of this type.' }),
  userId: relatedId('Only requests of this user.'),
})

const Papers = z
  .array(
    z
      .strictObject({
        type: DocumentPart,
        mediaId: Id.openapi({ description: 'A file that you have uploaded.' }),
      })
      .openapi('SubmittedDocument', { description: 'A file, and the part of the papers that it shows.' }),
  )
  .min(1)
  .max(10)

const exampleId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'

export const SubmitVerification = z
  .strictObject({
    type: VerificationType,
    subject: z
      .enum(['user', 'company'])
      .optional()
      .openapi({ example: 'user', description: 'Yourself, or your company. Yourself by default.' }),
    documentType: DocumentType,
    country: IssuingCountry,
    number: z.string().trim().max(40).transform(normalNumber).optional().openapi({
      type: 'string',
      maxLength: 40,
      example: '29004230104567',
      description:
        'Document number; required of an identity. Only a keyed hash and the last four characters are stored.',
    }),
    expiresAt: PlannedTime.optional().openapi({ description: 'Time at which the papers end.' }),
    documents: Papers.openapi({ description: 'Files that show the papers.' }),
  })
  .superRefine(({ type, documentType, country, number }, context) => {
    if (!(documentTypes[type] as readonly string[]).includes(documentType)) {
      context.addIssue({ code: 'custom', path: ['documentType'], message: valueTexts.documentOfType })
    }
    const isRight = number === undefined ? type !== 'identity' : isNumberOf(documentType, country, number)
    if (!isRight) context.addIssue({ code: 'custom', path: ['number'], message: valueTexts.documentNumber })
  })
  .openapi('SubmitVerification', {
    example: {
      type: 'identity',
      documentType: 'national_id',
      country: 'EG',
      number: '29004230104567',
      documents: [{ type: 'front', mediaId: exampleId }],
    },
  })

export const ResubmitVerification = z
  .strictObject({ documents: Papers.openapi({ description: 'The files that were asked for.' }) })
  .openapi('ResubmitVerification', {
    description: 'Further files of a request.',
    example: { documents: [{ type: 'back', mediaId: exampleId }] },
  })

export const ApproveVerification = z
  .strictObject({
    expiresAt: PlannedTime.optional().openapi({
      description: 'Time at which the papers end, where it is another than was submitted.',
    }),
  })
  .openapi('ApproveVerification', {
    description: 'What the papers say beside that they are genuine.',
    example: { expiresAt: '2031-04-22T22:00:00.000Z' },
  })

export const RejectVerification = z
  .strictObject({
    reason: Reason.openapi({ description: 'Reason, sent to the user.' }),
  })
  .openapi('RejectVerification', { example: { reason: 'The photo is blurred.' } })

export const RequestDocument = z
  .strictObject({
    remarks: Reason.openapi({ description: 'The document that is missing, told to the user.' }),
  })
  .openapi('RequestDocument', {
    description: 'What is missing.',
    example: { remarks: 'Please send the back of your card.' },
  })

export const DecideDocument = z
  .strictObject({
    status: z
      .enum(['approved', 'rejected'])
      .openapi({ example: 'rejected', description: 'Decision on the document.' }),
    remarks: Reason.optional().openapi({ description: 'Remarks, told to the user.' }),
  })
  .openapi('DecideDocument', {
    description: 'The decision on one document.',
    example: { status: 'rejected', remarks: 'The photo is blurred.' },
  })

export const SetInternalNotes = z
  .strictObject({
    internalNotes: z
      .string()
      .trim()
      .min(1)
      .max(4_000)
      .nullable()
      .openapi({ description: 'Notes for colleagues; null removes them.' }),
  })
  .openapi('SetInternalNotes', {
    description: 'Notes of staff on a request.',
    example: { internalNotes: 'Same address as another applicant.' },
  })

export const VerificationCheck = z
  .object({
    id: Id,
    status: z.enum(checkStatuses).openapi({
      example: 'passed',
      description:
        '`expired`: no answer came in time, so that a person decides. `superseded`: the request was decided otherwise.',
    }),
    inputs: z
      .array(
        z
          .object({
            documentId: Id.openapi({ description: 'The document.' }),
            sha256: z.string().nullable().openapi({
              example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
              description: 'SHA-256 of its bytes as they were submitted, in hexadecimal.',
            }),
          })
          .openapi('VerificationCheckInput', { description: 'A document that was checked.' }),
      )
      .openapi({ description: 'The documents that it is about.' }),
    reference: z.string().nullable().openapi({
      example: 'chk_7d3a9f',
      description: 'Id of the check at the provider; null before it was sent.',
    }),
    reason: z.string().nullable().openapi({
      example: null,
      description: 'Code of the provider, such as `photo_blurred`.',
    }),
    sentAt: Timestamp.nullable().openapi({ description: 'Time at which the provider took it.' }),
    deadlineAt: Timestamp.openapi({ description: 'Time from which a person decides without an answer.' }),
    answeredAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:31:00.000Z',
      description: 'Time of the answer.',
    }),
    createdAt: Timestamp,
  })
  .openapi('VerificationCheck', { description: 'An attempt of the provider to check papers.' })

export const VerificationCheckPage = pageOf(VerificationCheck, 'VerificationCheckPage')

export const toCheck = ({
  requestId: _,
  attempts: _attempts,
  nextAt: _nextAt,
  ...row
}: CheckRow): z.infer<typeof VerificationCheck> => row

export const DocumentLink = z
  .object({
    id: Id,
    documentId: Id.openapi({ description: 'The document that it opens.' }),
    url: z.string().openapi({
      example:
        'https://api.khidma.example/v1/document-links/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40?signature=fJr…',
      description: 'GET the document here, once. A secret: whoever has it sees the papers.',
    }),
    expiresAt: Timestamp.openapi({ description: 'Time at which the link ends, used or not.' }),
  })
  .openapi('DocumentLink', { description: 'A link that opens a document once.' })

export const VerificationLog = z
  .object({
    id: Id,
    action: z.enum(logActions).openapi({ example: 'submitted', description: 'What happened.' }),
    oldStatus: z.string().nullable().openapi({ example: null, description: 'Status before it.' }),
    newStatus: z.string().openapi({ example: 'pending', description: 'Status after it.' }),
    actedBy: Id.nullable().openapi({ description: 'User who did it; null where it follows from a rule.' }),
    remarks: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Remarks that were told to the user.' }),
    createdAt: Timestamp,
  })
  .openapi('VerificationLog', { description: 'A step in the history of a verification request.' })

export const VerificationLogPage = pageOf(VerificationLog, 'VerificationLogPage')

export const toVerification = (row: StandingRow): z.infer<typeof Verification> => row

const toDocument = (row: DocumentRow): z.infer<typeof VerificationDocument> => ({
  id: row.id,
  documentType: row.documentType,
  mediaId: row.mediaId,
  status: row.status,
  remarks: row.remarks,
  reviewedAt: row.reviewedAt,
  uploadedAt: row.createdAt,
})

const partyOf = (actor: Actor, userId: string): 'owner' | 'ops' | null => {
  if (isStaff(actor)) return 'ops'
  return userIdOf(actor) === userId ? 'owner' : null
}

export const toRequest = (row: RequestRow, actor: Actor): z.infer<typeof VerificationRequest> => ({
  id: row.id,
  userId: row.userId,
  subjectType: row.subjectType,
  subjectId: row.subjectId,
  verificationType: row.verificationType,
  documentType: row.documentType as AnyDocumentType,
  documentCountry: row.documentCountry,
  documentLast4: row.numberLast4,
  status: row.status,
  documents: row.documents.map(toDocument),
  remarks: row.remarks,
  expiresAt: row.expiresAt,
  answerUntil: row.answerUntil,
  submittedAt: row.submittedAt,
  reviewedAt: row.reviewedAt,
  allowedActions: allowedActions(verificationMachine, row.status, partyOf(actor, row.userId)),
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

export const toReviewed = (row: ReviewedRow, actor: Actor): z.infer<typeof ReviewedVerification> => ({
  ...toRequest(row, actor),
  fullName: row.fullName,
  firstApprovedBy: row.firstApprovedBy,
  reviewedBy: row.reviewedBy,
  internalNotes: row.internalNotes,
  otherAccounts: row.otherAccounts,
  caseId: row.caseId,
})

export const toLog = ({ requestId: _, ...row }: LogRow): z.infer<typeof VerificationLog> => row
