import { z } from '@hono/zod-openapi'
import { type Actor, isStaff } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Timestamp } from '../../../http/schemas.ts'
import { reportMachine } from './machine.ts'
import type { ReportRow } from './reports.ts'

const ReportStatus = z.enum(reportMachine.states).openapi('ReportStatus', { example: 'open' })

const ReportKind = z
  .enum(['harassment', 'fraud', 'safety', 'property_damage', 'no_show', 'other'])
  .openapi('ReportKind', { example: 'safety' })

export const CreateReport = z
  .strictObject({
    reportedUserId: Id.optional(),
    bookingId: Id.optional().openapi({ description: 'One of your own.' }),
    kind: ReportKind,
    description: z.string().trim().min(1).max(4_000),
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
    kind: z.string().openapi({ example: 'safety' }),
    description: z.string().nullable().openapi({ example: 'The washbasin was cracked.' }),
    reporterId: Id,
    reportedUserId: Id.nullable(),
    bookingId: Id.nullable(),
    allowedActions: AllowedActions,
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Report')

export const ReportPage = pageOf(Report, 'ReportPage')

export const ReportFilters = z.object({
  ...pageQuery,
  status: ReportStatus.optional(),
  bookingId: Id.optional(),
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
