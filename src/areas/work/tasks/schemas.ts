import { z } from '@hono/zod-openapi'
import { type Actor, isStaff } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { priceTypes } from '../../../db/schema/supply/professions.ts'
import { type ServiceTerms, taskPriorities } from '../../../db/schema/work/tasks.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  PlannedTime,
  queryBoolean,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { acceptFeeMinor } from '../bookings/price-schemas.ts'
import { offerMachine } from '../matching/machine.ts'
import { CategorySlug, taskChoices, taskFields } from './field-schemas.ts'
import { taskMachine } from './machine.ts'
import type { ArchivedRow } from './task-archive.ts'
import type { CandidateRow, TaskEventRow } from './task-history.ts'
import { type StructuredInputs as Inputs, type TaskRow, taskPartyOf } from './tasks.ts'

export const TaskState = z.enum(taskMachine.states).openapi('TaskState', {
  description: 'State of a task.',
  example: 'posted',
})

interface Wishes {
  budgetMinAmount?: number | null | undefined
  budgetMaxAmount?: number | null | undefined
  preferredDate?: string | null | undefined
  preferredTime?: string | null | undefined
  timezone?: string | null | undefined
}

const isBudgetInOrder = ({ budgetMinAmount: least, budgetMaxAmount: most }: Wishes) =>
  least == null || most == null || least <= most
const budgetInOrder = { path: ['budgetMaxAmount'], error: valueTexts.notBelowMinimum }

const isPreferenceWhole = ({ preferredDate, preferredTime, timezone }: Wishes) =>
  preferredTime == null || (preferredDate !== null && timezone !== null)
const preferenceWhole = { path: ['preferredTime'], error: valueTexts.preferredTime }

const placeKeys = ['address', 'city', 'lat', 'lng'] as const

type Place = { [K in (typeof placeKeys)[number] | 'district' | 'addressId']?: unknown }

/** A saved address takes the place of the words; without one a new task needs all of them. */
export function checkPlace(place: Place, context: z.core.$RefinementCtx, isNew: boolean): void {
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message, input: place })
  const isSaved = place.addressId !== undefined
  const hasWords = [...placeKeys, 'district' as const].some((key) => place[key] !== undefined)
  if (isSaved && hasWords) refuse('addressId', valueTexts.addressOrWords)
  if (!isSaved && isNew)
    for (const key of placeKeys) if (place[key] === undefined) refuse(key, valueTexts.placeMissing)
}

export const CreateTask = z
  .strictObject({
    ...z.strictObject({ ...taskFields, ...taskChoices }).partial().shape,
    sourcing: z.enum(['match', 'bid', 'assign', 'lead']).optional().openapi({
      example: 'match',
      description:
        'How a tasker is found; `match` by default. `match`: offered to the best nearby. `bid`: taskers bid on it. `lead`: taskers of its category pay credits to ask for it, once staff have approved it. `assign`: staff assign it.',
    }),
    category: taskFields.category,
    description: taskFields.description,
    startsAt: taskFields.startsAt,
  })
  .refine(isBudgetInOrder, budgetInOrder)
  .refine(isPreferenceWhole, preferenceWhole)
  .superRefine((task, context) => checkPlace(task, context, true))
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
  .strictObject({ ...taskFields, ...taskChoices })
  .partial()
  .refine(isBudgetInOrder, budgetInOrder)
  .refine(isPreferenceWhole, preferenceWhole)
  .superRefine((task, context) => checkPlace(task, context, false))
  .openapi('UpdateTask', { example: { description: 'The kitchen tap drips.', estMinutes: 60 } })

export const CancelTask = z
  .strictObject({
    reason: Reason.openapi({ description: 'Free text, recorded in the history.' }),
    acceptFeeMinor,
  })
  .openapi('CancelTask', { example: { reason: 'The leak stopped by itself.' } })

/** Nothing, or another start where that of the task has passed. */
export const PostAgain = z
  .strictObject({
    startsAt: taskFields.startsAt.optional().openapi({
      description: 'Another start. Required where the start of the task has passed.',
    }),
    deadline: PlannedTime.optional().openapi({
      description: 'Another deadline for bids. Required where taskers bid and that of the task has passed.',
    }),
  })
  .openapi('PostAgain', {
    description: 'When the work is to start, if that is another time.',
    example: { startsAt: '2027-06-02T08:00:00.000Z' },
  })

export const CopyTask = z.strictObject({ startsAt: taskFields.startsAt }).openapi('CopyTask', {
  description: 'When the work is to start this time.',
  example: { startsAt: '2027-07-01T08:00:00.000Z' },
})

export const TaskPhoto = z
  .object({
    id: Id,
    mediaId: Id.openapi({ description: 'File of the photo: `media.get` opens it.' }),
    caption: z.string().nullable().openapi({ example: 'The valve below the tap', description: 'Caption.' }),
    isPrimary: z.boolean().openapi({ example: true, description: 'Whether apps show it first.' }),
  })
  .openapi('TaskPhoto', { description: 'A photo of what is to be done.' })

const TaskAddon = z
  .object({
    addonId: Id,
    quantity: z.int().openapi({ example: 1, description: 'How many of it.' }),
    priceMinor: AmountMinor.openapi({
      example: 5_000,
      description: 'Price of one when it was chosen, in minor units of `currency`.',
    }),
    minutes: z.int().openapi({ example: 15, description: 'Minutes that one of it takes.' }),
  })
  .openapi('TaskAddon', { description: 'An add-on of a task, as it was chosen.' })

const BookedService = z
  .object({
    name: z.string().openapi({ example: 'Wedding, 6 hours', description: 'Name of the service.' }),
    priceType: z.enum(priceTypes).openapi({ example: 'fixed', description: 'How the service is priced.' }),
    priceAmount: AmountMinor.openapi({ example: 250_000, description: 'Price by its type, in minor units.' }),
    currency: Currency,
    unitName: z.string().nullable().openapi({ example: null, description: 'Unit of a price per unit.' }),
    quantity: z.int().nullable().openapi({ example: null, description: 'Units of a price per unit.' }),
    durationMinutes: z
      .int()
      .openapi({ example: 360, description: 'Minutes that the work takes, without extras.' }),
    extras: z
      .array(
        z
          .object({
            id: Id,
            name: z.string().openapi({ example: 'Drone', description: 'Name of the extra.' }),
            priceAmount: AmountMinor.openapi({
              example: 40_000,
              description: 'Price of the extra, in minor units.',
            }),
            minutes: z.int().openapi({ example: 30, description: 'Minutes that it takes.' }),
          })
          .openapi('BookedExtra', { description: 'An extra as it was booked.' }),
      )
      .openapi({ description: 'Extras that were chosen.' }),
  })
  .openapi('BookedService', { description: 'A service as it was booked: later edits change no task.' })

export const Task = z
  .object({
    id: Id,
    clientId: Id.openapi({ description: 'User who posted the task.' }),
    sourcing: z
      .enum(['match', 'bid', 'lead', 'assign'])
      .openapi({ example: 'match', description: 'How a tasker is found.' }),
    ...taskFields,
    address: taskFields.address.nullable().openapi({
      description:
        'Street, building and floor. Null for a tasker with an open offer, for whom `lat` and `lng` are approximate.',
    }),
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    estMinutes: taskFields.estMinutes.nullable(),
    deadline: Timestamp.nullable().openapi({ description: 'Bids are taken until then.' }),
    priority: z
      .enum(taskPriorities)
      .openapi({ example: 'normal', description: 'Set by staff: which of the assigned tasks come first.' }),
    estMinAmount: AmountMinor.nullable().openapi({
      example: 27_500,
      description: 'Lower end of the estimate with the add-ons, in minor units.',
    }),
    estMaxAmount: AmountMinor.nullable().openapi({
      example: 65_000,
      description:
        'Upper end of the estimate with the add-ons, in minor units. Hourly work never costs more.',
    }),
    currency: Currency,
    addons: z.array(TaskAddon).openapi({ description: 'Add-ons that were chosen.' }),
    addonsAmount: AmountMinor.openapi({
      example: 5_000,
      description: 'Price of the add-ons, in minor units: part of both ends of the estimate.',
    }),
    addonsMinutes: z.int().openapi({
      example: 15,
      description: 'Minutes that the add-ons take, beside `estMinutes`.',
    }),
    photos: z.array(TaskPhoto).openapi({ description: 'Photos in their order, for all who see the task.' }),
    addressId: Id.nullable().openapi({
      example: null,
      description: 'The saved address that was copied; null where there was none, or it was changed since.',
    }),
    round: z.int().openapi({
      example: 1,
      description: 'Counts the searches for a tasker: a task that is posted again begins another.',
    }),
    climbsAt: Timestamp.nullable().openapi({
      example: null,
      description:
        'When the task goes on to the next way of finding its tasker (`sourcing`), where it has not been found; null where there is no other way.',
    }),
    invitedOnly: z.boolean().openapi({
      example: false,
      description: 'Only taskers who are invited can bid, at their own rate or any other.',
    }),
    copiedFrom: Id.nullable().openapi({ example: null, description: 'The task that it is a copy of.' }),
    serviceId: Id.nullable().openapi({
      example: null,
      description: 'The service of a role profile that the task books, while it exists.',
    }),
    service: BookedService.nullable().openapi({
      example: null,
      description: 'The service as it was booked, whatever became of it since.',
    }),
    seriesId: Id.nullable().openapi({
      example: null,
      description: 'The series that it is an occurrence of.',
    }),
    seriesDay: z.iso.date().nullable().openapi({ example: null, description: 'Its day in the series.' }),
    state: TaskState,
    deletedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When its client deleted it; null: it is not deleted.',
    }),
    restoredAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When it was last restored after a deletion; null: never.',
    }),
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
  deleted: queryBoolean().optional().openapi({
    example: false,
    description: 'If true, only tasks that you have deleted (staff: anybody); otherwise none of those.',
  }),
})

export const TaskSearch = z.object({
  ...pageQuery,
  q: z.string().trim().min(2).max(200).openapi({
    example: 'dripping tap',
    description:
      'Words of the title, the description or the category, in Arabic, English, Hindi, Russian or as they are; `"…"` for a phrase, `or`, `-` for a word that must not occur.',
  }),
  state: TaskState.optional().openapi({ description: 'Only tasks in this state.' }),
  category: CategorySlug.optional().openapi({ description: 'Only tasks of this category or subcategory.' }),
  city: z.string().trim().min(1).max(80).optional().openapi({
    example: 'Cairo',
    description: 'Only tasks in this city.',
  }),
})

export const ArchivedTask = z
  .object({
    taskId: Id,
    clientId: Id.openapi({ description: 'User who posted the task.' }),
    title: taskFields.title,
    description: taskFields.description,
    address: taskFields.address,
    district: taskFields.district,
    lat: taskFields.lat,
    lng: taskFields.lng,
    structuredInputs: taskFields.structuredInputs,
    requirements: taskFields.requirements,
    skills: taskFields.skills,
    clientNotes: taskFields.clientNotes,
    internalNotes: z.string().nullable().openapi({
      example: null,
      description: 'Notes of staff. Null for the client.',
    }),
    archivedAt: Timestamp.openapi({ description: 'When the words were moved to the archive.' }),
  })
  .openapi('ArchivedTask', { description: 'The words of a task that was archived.' })

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
    sourcing: z.enum(['match', 'bid', 'lead', 'assign']).nullable().openapi({
      example: 'match',
      description: 'How its tasker was looked for from then on; null in older entries.',
    }),
    createdAt: Timestamp,
  })
  .openapi('TaskEvent', {
    description:
      'A change of state of a task, or of the way in which its tasker is looked for (`climb`, which may leave the state as it was).',
  })

export const TaskEventPage = pageOf(TaskEvent, 'TaskEventPage')

const part = z.number().min(0).max(1).openapi({ description: 'Part of the score, from 0 to 1.' })

export const Candidate = z
  .object({
    taskerId: Id,
    taskerName: z
      .string()
      .nullable()
      .openapi({ example: 'Hassan Refaat', description: 'Name of the tasker.' }),
    round: z.int().openapi({ example: 1, description: 'The search in which they were found.' }),
    rank: z.int().openapi({ example: 1, description: 'Rank in that search, starting with 1.' }),
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
      .openapi('CandidateOffer', { description: 'What came of the offer to a candidate.' })
      .nullable()
      .openapi({ description: 'The offer made to the tasker; null if there was none.' }),
    createdAt: Timestamp,
  })
  .openapi('Candidate', { description: 'A tasker found by matching.' })

export const CandidatePage = pageOf(Candidate, 'CandidatePage')

const toBookedService = ({
  extrasAmount: _extras,
  extrasMinutes: _minutes,
  agreedAmount: _agreed,
  workAmount: _work,
  ...service
}: ServiceTerms): z.infer<typeof BookedService> => service

export function toTask(row: TaskRow, actor: Actor): z.infer<typeof Task> {
  const { taskerId: _taskerId, addons, serviceTerms, ...task } = row
  return {
    ...task,
    addons: addons.map(({ priceAmount: priceMinor, ...addon }) => ({ ...addon, priceMinor })),
    service: serviceTerms && toBookedService(serviceTerms),
    pricingModel: row.pricingModel === 'fixed' ? 'fixed' : 'hourly',
    structuredInputs: row.structuredInputs as Inputs,
    allowedActions: allowedActions(taskMachine, row.state, taskPartyOf(actor, row)),
  }
}

export function toTaskEvent(row: TaskEventRow): z.infer<typeof TaskEvent> {
  const {
    action,
    party,
    sourcing = null,
  } = row.meta as {
    action: string
    party: string
    sourcing?: z.infer<typeof TaskEvent>['sourcing']
  }
  return {
    id: row.id,
    from: row.fromState,
    to: row.toState,
    action,
    party,
    actorUserId: row.actorUserId,
    reason: row.reason,
    sourcing,
    createdAt: row.createdAt,
  }
}

export const toCandidate = (row: CandidateRow): z.infer<typeof Candidate> => ({
  ...row,
  explanation: row.explanation as z.infer<typeof Candidate>['explanation'],
})

export const toArchivedTask = (row: ArchivedRow, actor: Actor): z.infer<typeof ArchivedTask> => ({
  ...row,
  structuredInputs: row.structuredInputs as Inputs,
  internalNotes: isStaff(actor) ? row.internalNotes : null,
})
