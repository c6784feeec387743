import { z } from '@hono/zod-openapi'
import { type Actor, isStaff } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { dismissedOutcomes, reportSubjects, resolvedOutcomes } from '../../../db/schema/trust/reports.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { reportMachine } from './machine.ts'
import type { ReportRow } from './reports.ts'

const ReportStatus = z.enum(reportMachine.states).openapi('ReportStatus', {
  description: 'Status of a report.',
  example: 'open',
})

const ReportKind = z
  .enum(['harassment', 'fraud', 'safety', 'property_damage', 'no_show', 'other'])
  .openapi('ReportKind', {
    description: 'Subject of a report.',
    example: 'safety',
  })

interface Named {
  reportedUserId?: string | undefined
  bookingId?: string | undefined
  reviewId?: string | undefined
  messageId?: string | undefined
  taskId?: string | undefined
}
const thingsIn = ({ bookingId, reviewId, messageId, taskId }: Named): number =>
  [bookingId, reviewId, messageId, taskId].filter((id) => id !== undefined).length
/** A user can be named by themselves, or beside a booking. */
const onlyUser = ({ reportedUserId, bookingId }: Named): boolean =>
  reportedUserId !== undefined && bookingId === undefined

export const CreateReport = z
  .strictObject({
    reportedUserId: Id.optional().openapi({ description: 'User to report.' }),
    bookingId: Id.optional().openapi({ description: 'One of your own bookings.' }),
    reviewId: Id.optional().openapi({ description: 'A review that you can read.' }),
    messageId: Id.optional().openapi({
      description: 'A message of a conversation of yours; one of the last seconds may not be found yet.',
    }),
    taskId: Id.optional().openapi({ description: 'A task that you can see.' }),
    kind: ReportKind,
    description: z.string().trim().min(1).max(4_000).openapi({ description: 'What happened, as free text.' }),
    mediaIds: z.array(Id).max(10).optional().openapi({
      description: 'Uploaded images and documents of yours that show it; staff alone read them.',
    }),
  })
  .refine(({ reportedUserId, ...named }) => reportedUserId !== undefined || thingsIn(named) > 0, {
    message: valueTexts.userOrBooking,
    path: ['reportedUserId'],
  })
  .refine((named) => thingsIn(named) + (onlyUser(named) ? 1 : 0) <= 1, {
    message: valueTexts.oneThing,
    path: ['reportedUserId'],
  })
  .openapi('CreateReport', {
    example: {
      bookingId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      kind: 'property_damage',
      description: 'The washbasin was cracked.',
    },
  })

export const Report = z
  .object({
    id: Id,
    status: ReportStatus,
    kind: z.string().openapi({ example: 'safety', description: 'Subject of the report.' }),
    description: z
      .string()
      .nullable()
      .openapi({ example: 'The washbasin was cracked.', description: 'What happened, as free text.' }),
    reporterId: Id.openapi({ description: 'User who made the report.' }),
    reportedUserId: Id.nullable().openapi({ description: 'User who was reported.' }),
    bookingId: Id.nullable().openapi({
      description: 'Booking that was reported, or that the subject belongs to.',
    }),
    subjectType: z
      .enum(reportSubjects)
      .openapi({ example: 'review', description: 'Type of what was reported.' }),
    subjectId: Id.openapi({ description: 'Id of what was reported.' }),
    snapshot: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({
        example: { rating: 1, text: 'Call me on another number.' },
        description: 'The subject as it was when it was reported; for staff.',
      }),
    mediaIds: z.array(Id).openapi({ description: 'Files of the reporter, for staff.' }),
    caseId: Id.nullable().openapi({
      description: 'Case about the subject, with its internal notes; for staff.',
    }),
    assigneeId: Id.nullable().openapi({
      example: null,
      description: 'Member of staff who works on the case; for staff.',
    }),
    outcome: z
      .enum([...resolvedOutcomes, ...dismissedOutcomes])
      .nullable()
      .openapi({
        example: null,
        description:
          'Outcome of the decision. `suspended` is shown to staff only: reporters read `action_taken`.',
      }),
    outcomeText: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'What staff answered the reporter.' }),
    decidedAt: Timestamp.nullable().openapi({ description: 'Time of the decision.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Report', { description: 'A report about a user or a booking.' })

const Answer = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .openapi({ example: 'We have spoken to him.', description: 'Answer to the reporter.' })

export const ResolveReport = z
  .strictObject({
    outcome: z
      .enum(resolvedOutcomes)
      .exclude(['suspended'])
      .optional()
      .openapi({ example: 'warned', description: 'Action that was taken; `action_taken` without it.' }),
    message: Answer.optional(),
  })
  .openapi('ResolveReport', { example: { outcome: 'warned', message: 'We have spoken to him.' } })

export const DismissReport = z
  .strictObject({
    outcome: z
      .enum(dismissedOutcomes)
      .optional()
      .openapi({ example: 'not_enough_evidence', description: 'Why; `no_violation` without it.' }),
    message: Answer.optional(),
  })
  .openapi('DismissReport', {
    example: { outcome: 'not_enough_evidence', message: 'Please call us when it happens again.' },
  })

export const ResolveBySuspension = z
  .strictObject({ reason: Reason, message: Answer.optional() })
  .openapi('ResolveBySuspension', {
    example: { reason: 'Threatened a client.', message: 'You will not meet him here again.' },
  })

export const AddReportEvidence = z
  .strictObject({ mediaId: Id.openapi({ description: 'An uploaded image or document of yours.' }) })
  .openapi('AddReportEvidence', { example: { mediaId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' } })

export const ReportPage = pageOf(Report, 'ReportPage')

export const ReportFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: ReportStatus.optional().openapi({ description: 'Only reports with this status.' }),
  bookingId: relatedId('Only reports about this booking.'),
  reporterId: relatedId('Only reports by this user.'),
  reportedUserId: relatedId('Only reports about this user.'),
  subjectId: relatedId('Only reports about this object.'),
})

export const toReport = (row: ReportRow, actor: Actor): z.infer<typeof Report> => ({
  id: row.id,
  status: row.status,
  kind: row.kind,
  description: row.description,
  reporterId: row.reporterId,
  reportedUserId: row.reportedUserId,
  bookingId: row.bookingId,
  subjectType: row.subjectType,
  subjectId: row.subjectId,
  snapshot: isStaff(actor) ? row.snapshot : null,
  mediaIds: row.mediaIds,
  caseId: row.caseId,
  assigneeId: row.assigneeId,
  outcome: row.outcome === 'suspended' && !isStaff(actor) ? 'action_taken' : row.outcome,
  outcomeText: row.outcomeText,
  decidedAt: row.decidedAt,
  allowedActions: allowedActions(reportMachine, row.status, isStaff(actor) ? 'ops' : 'reporter'),
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})
