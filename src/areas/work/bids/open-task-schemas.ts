import { z } from '@hono/zod-openapi'
import { ListTime } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AmountMinor,
  Currency,
  Id,
  queryBoolean,
  queryInteger,
  queryNumber,
  Timestamp,
} from '../../../http/schemas.ts'
import { CategorySlug, estimateFields, taskFields } from '../tasks/field-schemas.ts'
import { TaskState } from '../tasks/schemas.ts'
import type { InvitationRow, PublicQuestionRow, QuestionRow } from './asking.ts'
import type { OpenTaskDetail, OpenTaskRow } from './open-tasks.ts'

const openTaskFields = {
  id: Id,
  title: taskFields.title,
  category: taskFields.category,
  subcategory: taskFields.subcategory,
  description: taskFields.description,
  city: taskFields.city,
  district: taskFields.district,
  lat: taskFields.lat.openapi({
    description: 'Latitude in degrees (WGS 84), accurate to about one kilometre.',
  }),
  lng: taskFields.lng.openapi({
    description: 'Longitude in degrees (WGS 84), accurate to about one kilometre.',
  }),
  distanceKm: z.number().nullable().openapi({
    example: 1.5,
    description: 'Distance from the middle of your service area in kilometres, rounded to half a kilometre.',
  }),
  startsAt: Timestamp.openapi({ description: 'Planned start.' }),
  flexibilityMinutes: taskFields.flexibilityMinutes,
  pricingModel: taskFields.pricingModel,
  estMinutes: taskFields.estMinutes.nullable(),
  budgetMinAmount: taskFields.budgetMinAmount,
  budgetMaxAmount: taskFields.budgetMaxAmount,
  ...estimateFields,
  currency: Currency,
  urgencyLevel: taskFields.urgencyLevel,
  locationType: taskFields.locationType,
  isRemote: taskFields.isRemote,
  experienceLevel: taskFields.experienceLevel,
  requirements: taskFields.requirements,
  skills: taskFields.skills,
  postedAt: Timestamp.openapi({ description: 'Time of its posting.' }),
  deadline: Timestamp.openapi({ description: 'Bids are taken until then.' }),
  myBidId: Id.nullable().openapi({ example: null, description: 'Your latest bid on it.' }),
  isInvited: z.boolean().openapi({ example: false, description: 'Whether the client invited you to bid.' }),
}

export const OpenTask = z
  .object(openTaskFields)
  .openapi('OpenTask', { description: 'A task that takes bids, as far as it is disclosed before a booking.' })

export const OpenTaskPage = pageOf(OpenTask, 'OpenTaskPage')

export const OpenTaskInDetail = z
  .object({
    ...openTaskFields,
    otherAmounts: z.array(AmountMinor).nullable().openapi({
      example: null,
      description:
        'Amounts of the other bids in minor units, the lowest first, where bidding is open (`bids.open` of the configuration). Null where it is sealed.',
    }),
  })
  .openapi('OpenTaskDetail', { description: 'A task that takes bids, with what is known of the others.' })

export const OpenTaskFilters = z.object({
  ...pageQuery,
  q: z.string().trim().min(2).max(200).optional().openapi({
    example: 'kitchen tap',
    description:
      'Only tasks with these words in title, description or category, in Arabic, English, Hindi, Russian or as they are; `"…"` for a phrase, `or`, `-` for a word that must not occur.',
  }),
  category: CategorySlug.optional().openapi({ description: 'Only tasks of this category or subcategory.' }),
  city: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .openapi({ example: 'Cairo', description: 'Only tasks in this city.' }),
  currency: Currency.optional().openapi({ description: 'Only tasks in this currency.' }),
  skill: z.string().min(1).max(60).optional().openapi({
    example: 'leak detection',
    description: 'Only tasks that look for this skill, whatever its case.',
  }),
  mySkills: queryBoolean().optional().openapi({
    description: 'True: only tasks that look for a skill of yours.',
  }),
  inMyArea: queryBoolean().optional().openapi({ description: 'True: only tasks in your service area.' }),
  lat: queryNumber(-90, 90)
    .optional()
    .openapi({ description: 'Latitude of a place to be near to; needs `lng`.' }),
  lng: queryNumber(-180, 180)
    .optional()
    .openapi({ description: 'Longitude of a place to be near to; needs `lat`.' }),
  radiusKm: queryNumber(1, 200).optional().openapi({
    description:
      'How near, in kilometres; 10 by default. Places of tasks are accurate to about one kilometre.',
  }),
  minBudgetAmount: queryInteger(0, 900_000_000_000).optional().openapi({
    description:
      'Only tasks whose budget, or else estimate, goes as far, in minor units; send `currency` with it.',
  }),
  isRemote: queryBoolean()
    .optional()
    .openapi({ description: 'Only tasks that need nobody at the place, or only others.' }),
  postedSince: ListTime.optional().openapi({
    description: 'Only tasks that were posted at or after this time.',
  }),
})

type OpenTaskValue = z.infer<typeof OpenTask>
type DetailValue = z.infer<typeof OpenTaskInDetail>

export const toOpenTask = ({ postedKey: _postedKey, ...row }: OpenTaskRow): OpenTaskValue => ({
  ...row,
  pricingModel: row.pricingModel === 'fixed' ? 'fixed' : 'hourly',
})

export const toOpenTaskDetail = ({ otherAmounts, ...row }: OpenTaskDetail): DetailValue => ({
  ...toOpenTask(row),
  otherAmounts,
})

export const InviteTasker = z
  .strictObject({ taskerId: Id.openapi({ description: 'User id of the tasker.' }) })
  .openapi('InviteTasker', {
    description: 'The tasker who is invited.',
    example: { taskerId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' },
  })

export const Invitation = z
  .object({
    id: Id,
    taskId: Id.openapi({ description: 'The task.' }),
    tasker: z
      .object({
        id: Id.openapi({ description: 'User id of the tasker.' }),
        name: z.string().nullable().openapi({ example: 'Hassan Refaat', description: 'Full name.' }),
      })
      .openapi('InvitedTasker', { description: 'The tasker who was invited.' }),
    task: z
      .object({
        title: z
          .string()
          .nullable()
          .openapi({ example: 'Dripping kitchen tap', description: 'Title of the task.' }),
        category: z.string().openapi({ example: 'plumbing', description: 'Slug of the category.' }),
        city: z.string().openapi({ example: 'Cairo', description: 'Name of the city.' }),
        state: TaskState,
      })
      .openapi('InvitationTask', { description: 'The task of an invitation.' }),
    hasBid: z.boolean().openapi({ example: false, description: 'Whether the tasker has bid.' }),
    createdAt: Timestamp,
  })
  .openapi('Invitation', { description: 'An invitation of a tasker to bid on a task.' })

export const InvitationPage = pageOf(Invitation, 'InvitationPage')

export const toInvitation = ({
  taskerId,
  taskerName,
  ...row
}: InvitationRow): z.infer<typeof Invitation> => ({
  ...row,
  tasker: { id: taskerId, name: taskerName },
})

const text = (max: number) => z.string().trim().min(1).max(max)

export const AskQuestion = z
  .strictObject({
    question: text(1_000).openapi({
      example: 'Is the valve made of brass?',
      description: 'Free text. All taskers can read it, without your name.',
    }),
  })
  .openapi('AskQuestion', {
    description: 'A question about a task, before bidding.',
    example: { question: 'Is the valve made of brass?' },
  })

export const AnswerQuestion = z
  .strictObject({
    answer: text(2_000).openapi({
      example: 'Yes, half an inch.',
      description: 'Free text, for all taskers to read.',
    }),
  })
  .openapi('AnswerQuestion', {
    description: 'The answer to a question about a task.',
    example: { answer: 'Yes, half an inch.' },
  })

const questionFields = {
  id: Id,
  question: z.string().openapi({ example: 'Is the valve made of brass?', description: 'The question.' }),
  answer: z
    .string()
    .nullable()
    .openapi({ example: 'Yes, half an inch.', description: 'The answer, if any.' }),
  answeredAt: Timestamp.nullable().openapi({
    example: '2026-11-21T08:40:00.000Z',
    description: 'Time of the answer.',
  }),
  createdAt: Timestamp,
}

export const PublicQuestion = z
  .object({
    ...questionFields,
    isMine: z.boolean().openapi({ example: false, description: 'Whether you asked it.' }),
  })
  .openapi('PublicQuestion', { description: 'A question about a task as all taskers read it.' })

export const PublicQuestionPage = pageOf(PublicQuestion, 'PublicQuestionPage')

export const TaskQuestion = z
  .object({
    ...questionFields,
    taskId: Id.openapi({ description: 'The task.' }),
    tasker: z
      .object({
        id: Id.openapi({ description: 'User id of the tasker.' }),
        name: z.string().nullable().openapi({ example: 'Hassan Refaat', description: 'Full name.' }),
      })
      .openapi('AskingTasker', { description: 'The tasker who asked.' }),
  })
  .openapi('TaskQuestion', { description: 'A question about a task as its client reads it.' })

export const TaskQuestionPage = pageOf(TaskQuestion, 'TaskQuestionPage')

export const toTaskQuestion = (row: QuestionRow): z.infer<typeof TaskQuestion> => ({
  id: row.id,
  taskId: row.taskId,
  question: row.question,
  answer: row.answer,
  answeredAt: row.answeredAt,
  createdAt: row.createdAt,
  tasker: { id: row.taskerId, name: row.taskerName },
})

export const toPublicQuestion = (row: PublicQuestionRow): z.infer<typeof PublicQuestion> => row
