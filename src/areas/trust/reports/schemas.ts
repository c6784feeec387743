import { z } from '@hono/zod-openapi'
import { type Actor, isStaff } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Timestamp, Version } from '../../../http/schemas.ts'
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

export const CreateReport = z
  .strictObject({
    reportedUserId: Id.optional().openapi({ description: 'User to report.' }),
    bookingId: Id.optional().openapi({ description: 'One of your own bookings.' }),
    kind: ReportKind,
    description: z.string().trim().min(1).max(4_000).openapi({ description: 'What happened, as free text.' }),
  })
  .refine(({ reportedUserId, bookingId }) => reportedUserId !== undefined || bookingId !== undefined, {
    message: valueTexts.userOrBooking,
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
    bookingId: Id.nullable().openapi({ description: 'Booking that was reported.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Report', { description: 'A report about a user or a booking.' })

export const ReportPage = pageOf(Report, 'ReportPage')

export const ReportFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: ReportStatus.optional().openapi({ description: 'Only reports with this status.' }),
  bookingId: relatedId('Only reports about this booking.'),
  reporterId: relatedId('Only reports by this user.'),
  reportedUserId: relatedId('Only reports about this user.'),
})

export const toReport = (row: ReportRow, actor: Actor): z.infer<typeof Report> => ({
  id: row.id,
  status: row.status,
  kind: row.kind,
  description: row.description,
  reporterId: row.reporterId,
  reportedUserId: row.reportedUserId,
  bookingId: row.bookingId,
  allowedActions: allowedActions(reportMachine, row.status, isStaff(actor) ? 'ops' : 'reporter'),
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})
