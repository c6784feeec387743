import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { atMostEntries, valueTexts } from '../../../core/value-texts.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  Latitude,
  Longitude,
  PlannedTime,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { acceptFeeMinor } from '../bookings/price-schemas.ts'
import { offerMachine } from '../matching/machine.ts'
import { taskMachine } from './machine.ts'
import type { CandidateRow, TaskEventRow } from './task-history.ts'
import { type StructuredInputs as Inputs, type TaskRow, taskPartyOf } from './tasks.ts'

export const TaskState = z.enum(taskMachine.states).openapi('TaskState', {
  description: 'State of a task.',
  example: 'posted',
})

export const CategorySlug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'plumbing', description: 'Slug of an active category.' })

const text = (max: number) => z.string().trim().min(1).max(max)

const inputsLimit = 30

/** Answers to what a category asks: flat, so that every client can show them. */
export const StructuredInputs = z
  .record(
    z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, valueTexts.inputName),
    z.union([z.string().trim().max(500), z.number(), z.boolean(), z.array(text(100)).max(20)]),
  )
  .refine((inputs) => Object.keys(inputs).length <= inputsLimit, atMostEntries(inputsLimit))
  .openapi('StructuredInputs', {
    example: { floor: 3, hasElevator: true, fixtures: ['kitchen tap'] },
    description: 'Answers to the questions of the category: text, numbers, booleans or lists of text.',
  })

const fields = {
  category: CategorySlug,
  subcategory: CategorySlug.nullable().openapi({
    example: null,
    description: 'Slug of a category below `category`.',
  }),
  description: text(4_000).openapi({
    example: 'The kitchen tap drips, and the valve below it is stuck.',
    description: 'What is to be done, as free text.',
  }),
  address: text(300).openapi({
    example: '12 Talaat Harb St, 3rd floor',
    description: 'Street, building and floor. Disclosed to the tasker who takes the task.',
  }),
  city: text(80).openapi({ example: 'Cairo', description: 'Name of the city.' }),
  district: text(80).nullable().openapi({ example: 'Downtown', description: 'District of the city.' }),
  lat: Latitude,
  lng: Longitude,
  startsAt: PlannedTime.openapi({ description: 'Planned start, in any offset; returned in UTC.' }),
  flexibilityMinutes: z
    .int()
    .min(0)
    .max(10_080)
    .openapi({ example: 30, description: 'How much later than `startsAt` the work may start, in minutes.' }),
  pricingModel: z.enum(['hourly', 'fixed']).openapi({
    example: 'hourly',
    description: '`hourly`: billed by time. `fixed`: one price for the whole task.',
  }),
  estMinutes: z
    .int()
    .min(15)
    .max(10_080)
    .openapi({ example: 90, description: 'Expected duration in minutes.' }),
  structuredInputs: StructuredInputs,
}

export const CreateTask = z
  .strictObject({
    sourcing: z
      .enum(['match'])
      .optional()
      .openapi({ example: 'match', description: 'How a tasker is found; `match` by default.' }),
    ...fields,
    subcategory: fields.subcategory.optional(),
    district: fields.district.optional(),
    flexibilityMinutes: fields.flexibilityMinutes.optional(),
    pricingModel: fields.pricingModel.optional(),
    estMinutes: fields.estMinutes.optional(),
    structuredInputs: fields.structuredInputs.optional(),
  })
  .openapi('CreateTask', {
    example: {
      category: 'plumbing',
      description: 'The kitchen tap drips, and the valve below it is stuck.',
      address: '12 Talaat Harb St, 3rd floor',
      city: 'Cairo',
      district: 'Downtown',
      lat: 30.0444,
      lng: 31.2357,
      startsAt: '2027-06-01T08:00:00.000Z',
      estMinutes: 90,
      structuredInputs: { floor: 3, hasElevator: true },
    },
  })

export const UpdateTask = z
  .strictObject(fields)
  .partial()
  .openapi('UpdateTask', { example: { description: 'The kitchen tap drips.', estMinutes: 60 } })

export const CancelTask = z
  .strictObject({
    reason: Reason.openapi({ description: 'Free text, recorded in the history.' }),
    acceptFeeMinor,
  })
  .openapi('CancelTask', { example: { reason: 'The leak stopped by itself.' } })

export const Task = z
  .object({
    id: Id,
    clientId: Id.openapi({ description: 'User who posted the task.' }),
    sourcing: z
      .enum(['match', 'bid', 'lead', 'assign'])
      .openapi({ example: 'match', description: 'How a tasker is found.' }),
    ...fields,
    address: fields.address.nullable().openapi({
      description:
        'Street, building and floor. Null for a tasker with an open offer, for whom `lat` and `lng` are approximate.',
    }),
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    estMinutes: fields.estMinutes.nullable(),
    estMinAmount: AmountMinor.nullable().openapi({
      description: 'Lower end of the estimate, in minor units.',
    }),
    estMaxAmount: AmountMinor.nullable().openapi({
      description: 'Upper end of the estimate, in minor units. Hourly work never costs more.',
    }),
    currency: Currency,
    state: TaskState,
    bookingId: Id.nullable().openapi({
      example: null,
      description: 'The booking; null until a tasker has accepted.',
    }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Task', { description: 'A task.' })

export const TaskPage = pageOf(Task, 'TaskPage')

export const TaskFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  state: TaskState.optional().openapi({ description: 'Only tasks in this state.' }),
  role: z
    .enum(['client', 'tasker'])
    .optional()
    .openapi({ description: 'Only tasks in which you have this role.', example: 'client' }),
  clientId: relatedId('Only tasks of this client.'),
  taskerId: relatedId('Only tasks that this tasker is booked for.'),
})

export const TaskEvent = z
  .object({
    id: Id,
    from: TaskState.nullable().openapi({
      example: 'draft',
      description: 'Previous state; null at creation.',
    }),
    to: TaskState,
    action: z.string().openapi({ example: 'post', description: 'Action that caused the change.' }),
    party: z.string().openapi({ example: 'client', description: 'Role in which the actor acted.' }),
    actorUserId: Id.nullable().openapi({ description: 'User who acted; null for the system.' }),
    reason: z.string().nullable().openapi({ example: null, description: 'Reason given for the change.' }),
    createdAt: Timestamp,
  })
  .openapi('TaskEvent', { description: 'A change of state of a task.' })

export const TaskEventPage = pageOf(TaskEvent, 'TaskEventPage')

const part = z.number().min(0).max(1).openapi({ description: 'Part of the score, from 0 to 1.' })

export const Candidate = z
  .object({
    taskerId: Id,
    taskerName: z
      .string()
      .nullable()
      .openapi({ example: 'Hassan Refaat', description: 'Name of the tasker.' }),
    rank: z.int().openapi({ example: 1, description: 'Rank, starting with 1.' }),
    score: z.number().openapi({ example: 0.8421, description: 'Total score.' }),
    explanation: z
      .object({
        distanceM: z.number().openapi({ example: 1_250, description: 'Distance in metres.' }),
        nearness: part,
        rating: part,
        acceptance: part,
        completion: part,
        newcomer: part,
      })
      .openapi('CandidateExplanation', {
        description: 'Parts of the score, each from 0 to 1.',
        example: {
          distanceM: 1_250,
          nearness: 0.875,
          rating: 0.94,
          acceptance: 0.9,
          completion: 0.97,
          newcomer: 0.1,
        },
      }),
    offer: z
      .object({
        id: Id,
        wave: z
          .int()
          .openapi({ example: 1, description: 'Matching sends offers in waves, starting with 1.' }),
        status: z
          .enum(offerMachine.states)
          .openapi({ example: 'declined', description: 'Status of the offer.' }),
      })
      .openapi('CandidateOffer')
      .nullable()
      .openapi({ description: 'The offer made to the tasker; null if there was none.' }),
    createdAt: Timestamp,
  })
  .openapi('Candidate', { description: 'A tasker found by matching.' })

export const CandidatePage = pageOf(Candidate, 'CandidatePage')

export function toTask(row: TaskRow, actor: Actor): z.infer<typeof Task> {
  const { taskerId: _taskerId, ...task } = row
  return {
    ...task,
    pricingModel: row.pricingModel === 'fixed' ? 'fixed' : 'hourly',
    structuredInputs: row.structuredInputs as Inputs,
    allowedActions: allowedActions(taskMachine, row.state, taskPartyOf(actor, row)),
  }
}

export function toTaskEvent(row: TaskEventRow): z.infer<typeof TaskEvent> {
  const { action, party } = row.meta as { action: string; party: string }
  return {
    id: row.id,
    from: row.fromState,
    to: row.toState,
    action,
    party,
    actorUserId: row.actorUserId,
    reason: row.reason,
    createdAt: row.createdAt,
  }
}

export const toCandidate = (row: CandidateRow): z.infer<typeof Candidate> => ({
  ...row,
  explanation: row.explanation as z.infer<typeof Candidate>['explanation'],
})
