import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { isStaff } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { leadRefundReasons } from '../../../db/schema/work/leads.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { leadRefundMachine } from './machine.ts'
import type { LeadRefundRow } from './refunds.ts'

const RefundReason = z.enum(leadRefundReasons).openapi('LeadRefundReason', {
  example: 'unreachable',
  description:
    '`unreachable`: the client never answers. `duplicate`: the same task again. `fake`: no such work. `wrong_category`: other work than described. `changed`: the task is not needed any more. `other`: see the note.',
})
const RefundStatus = z.enum(leadRefundMachine.states).openapi('LeadRefundStatus', {
  example: 'pending',
  description: 'Status of a refund of credits.',
})

export const AskLeadRefund = z
  .strictObject({
    reason: RefundReason,
    note: z.string().trim().min(1).max(2_000).optional().openapi({
      example: 'I have written three times.',
      description: 'What happened, for staff.',
    }),
  })
  .openapi('AskLeadRefund', { example: { reason: 'unreachable', note: 'I have written three times.' } })

export const RejectLeadRefund = z
  .strictObject({ reason: Reason.openapi({ description: 'Shown to the tasker.' }) })
  .openapi('RejectLeadRefund', { example: { reason: 'The client has answered you.' } })

export const LeadRefund = z
  .object({
    id: Id,
    requestId: Id.openapi({ description: 'Request whose credits they are.' }),
    taskerId: Id.openapi({ description: 'User id of the tasker.' }),
    status: RefundStatus,
    reason: RefundReason,
    note: z.string().nullable().openapi({ example: null, description: 'Words of the tasker.' }),
    credits: z.int().openapi({ example: 8, description: 'Credits that are asked for.' }),
    returned: z.int().nullable().openapi({
      example: null,
      description:
        'Credits that came back: fewer where the order that they were bought with was refunded since.',
    }),
    decisionNote: z.string().nullable().openapi({ example: null, description: 'Why staff rejected it.' }),
    decidedAt: Timestamp.nullable().openapi({ description: 'When it was decided.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('LeadRefund')
export const LeadRefundPage = pageOf(LeadRefund, 'LeadRefundPage')
export const LeadRefundFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: RefundStatus.optional().openapi({ description: 'Only refunds with this status.' }),
  requestId: relatedId('Only the refund of this request for a lead.'),
  taskerId: relatedId('Only refunds of this tasker.'),
})

export const toLeadRefund = (row: LeadRefundRow, actor: Actor): z.infer<typeof LeadRefund> => ({
  ...row,
  allowedActions: allowedActions(leadRefundMachine, row.status, isStaff(actor) ? 'ops' : 'tasker'),
})
