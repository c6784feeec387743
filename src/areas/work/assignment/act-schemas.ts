import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { AmountMinor, Id, largestAmount, Reason } from '../../../http/schemas.ts'
import { Priority, taskId } from './schemas.ts'

const taskerId = Id.openapi({ description: 'User id of the tasker.' })
const staffReason = Reason.openapi({
  example: 'Nearest of those who know gas boilers.',
  description: 'Free text for staff, recorded in the history of assignments.',
})

export const AssignTask = z
  .strictObject({ taskerId, reason: staffReason.optional() })
  .openapi('AssignTask', { example: { taskerId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' } })

export const ReassignTask = z.strictObject({ taskerId, reason: staffReason }).openapi('ReassignTask', {
  example: { taskerId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', reason: 'The first one is ill.' },
})

export const UnassignTask = z
  .strictObject({ reason: staffReason })
  .openapi('UnassignTask', { example: { reason: 'The client asks for another day.' } })

export const UndoAssignment = z
  .strictObject({ reason: staffReason })
  .openapi('UndoAssignment', { example: { reason: 'I clicked on the wrong name.' } })

const publicReason = Reason.openapi({
  example: 'The part has to be ordered.',
  description: 'Free text, shown to client and tasker and recorded in the history.',
})

export const HoldTask = z
  .strictObject({ reason: publicReason })
  .openapi('HoldTask', { example: { reason: 'The part has to be ordered.' } })

export const DeclineBooking = z
  .strictObject({
    reason: Reason.openapi({
      example: 'I am on another job that day.',
      description: 'Free text, shown to staff and to the client.',
    }),
  })
  .openapi('DeclineBooking', { example: { reason: 'I am on another job that day.' } })

const amount = AmountMinor.min(1).max(largestAmount)

export const TriageTask = z
  .strictObject({
    priority: Priority,
    internalNotes: z.string().trim().min(1).max(4_000).nullable().openapi({
      example: 'Call before you send anybody.',
      description: 'Notes of staff, which nobody else can read; null removes them.',
    }),
    estimate: z
      .strictObject({
        leastAmountMinor: amount.openapi({ example: 20_000, description: 'Lower end, in minor units.' }),
        mostAmountMinor: amount.openapi({
          example: 60_000,
          description: 'Upper end, in minor units: the most that work by the hour will cost.',
        }),
      })
      .refine(({ leastAmountMinor: least, mostAmountMinor: most }) => least <= most, {
        path: ['mostAmountMinor'],
        error: valueTexts.notBelowMinimum,
      })
      .openapi('SetEstimate', {
        description:
          'Estimate of a task that has no booking. The client is notified; where it is above what they posted, they confirm the booking.',
        example: { leastAmountMinor: 20_000, mostAmountMinor: 60_000 },
      }),
    finalCostAmountMinor: amount.nullable().openapi({
      example: 45_000,
      description:
        'Price of the work in minor units, at most what the client has agreed to; null: the terms of the booking decide again. Both parties are notified.',
    }),
  })
  .partial()
  .openapi('TriageTask', { example: { priority: 'high', internalNotes: 'Call before you send anybody.' } })

const bulkLimit = 100
export const AssignMany = z
  .strictObject({
    items: z
      .array(
        z.strictObject({ taskId, taskerId }).openapi('AssignManyItem', {
          description: 'A task and the tasker to whom it goes.',
        }),
      )
      .min(1)
      .max(bulkLimit)
      .openapi({ description: 'What to assign to whom; each is assigned or refused for itself.' }),
    reason: staffReason.optional(),
  })
  .openapi('AssignMany', {
    example: {
      items: [
        {
          taskId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
          taskerId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
        },
      ],
    },
  })

export const SetPriorities = z
  .strictObject({
    items: z
      .array(
        z.strictObject({ taskId, priority: Priority }).openapi('SetPrioritiesItem', {
          description: 'A task and its new priority.',
        }),
      )
      .min(1)
      .max(bulkLimit)
      .openapi({ description: 'Which task gets which priority; each is changed or refused for itself.' }),
  })
  .openapi('SetPriorities', {
    example: { items: [{ taskId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', priority: 'urgent' }] },
  })

export const BulkResult = z
  .object({
    results: z
      .array(
        z
          .object({
            taskId,
            outcome: z.enum(['done', 'refused']).openapi({
              example: 'refused',
              description: 'Whether it was done. What was refused has changed nothing.',
            }),
            code: z.string().nullable().openapi({
              example: 'assignment_conflict',
              description:
                'Code of the problem, as the operation for a single task would answer; null where it is done.',
            }),
            detail: z.string().nullable().openapi({
              example:
                'Another booking takes the time from 2027-06-01T08:00:00.000Z until 2027-06-01T09:30:00.000Z.',
              description: 'The problem in words, in your language; null where it is done.',
            }),
          })
          .openapi('BulkItemResult', { description: 'Outcome of one item of a call for many.' }),
      )
      .openapi({ description: 'One outcome for each item, in their order.' }),
  })
  .openapi('BulkResult', { description: 'Outcomes of a call for many tasks.' })
