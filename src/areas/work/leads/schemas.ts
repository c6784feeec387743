import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import type { LeadPrice as Price } from '../../../db/schema/work/leads.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { CategorySlug, taskFields } from '../tasks/field-schemas.ts'
import { TaskState } from '../tasks/schemas.ts'
import type { LeadRow, OpenLeadRow } from './leads.ts'
import { leadMachine, leadRequestMachine } from './machine.ts'
import { type LeadRequestRow, partyOf } from './requests.ts'

const text = (max: number) => z.string().trim().min(1).max(max)
const whole = (example: number, description: string) => z.int().openapi({ example, description })

const LeadPrice = z
  .object({
    credits: whole(8, 'What a request costs, in credits.'),
    base: whole(5, 'Credits for any lead of the category.'),
    valueAmount: AmountMinor.nullable().openapi({
      example: 60_000,
      description: 'Budget of the task, or else its estimate, in minor units; null where neither is known.',
    }),
    currency: Currency,
    valueCredits: whole(5, 'Credits for that value.'),
    ageHours: whole(30, 'Age of the lead in hours.'),
    freshnessPercent: whole(-20, 'Change of the sum for its age, in percent.'),
    requests: whole(0, 'Open requests of others at that moment.'),
    competitionPercent: whole(0, 'Change of the sum for them, in percent.'),
  })
  .openapi('LeadPrice', {
    description:
      'The price of a lead in credits, and how it comes about. A request keeps the price of its moment.',
  })

const openLeadFields = {
  id: Id,
  taskId: Id.openapi({ description: 'The task that it is.' }),
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
  startsAt: Timestamp.openapi({ description: 'Planned start.' }),
  flexibilityMinutes: taskFields.flexibilityMinutes,
  pricingModel: taskFields.pricingModel,
  estMinutes: taskFields.estMinutes.nullable(),
  budgetMinAmount: taskFields.budgetMinAmount,
  budgetMaxAmount: taskFields.budgetMaxAmount,
  currency: Currency,
  isRemote: taskFields.isRemote,
  skills: taskFields.skills,
  openedAt: Timestamp.openapi({ description: 'When it was approved.' }),
  deadline: Timestamp.openapi({ description: 'It can be asked for until then.' }),
  price: LeadPrice,
  seats: whole(5, 'How many can ask for it at a time.'),
  seatsTaken: whole(1, 'How many have.'),
  myRequestId: Id.nullable().openapi({ example: null, description: 'Your latest request for it.' }),
}

export const OpenLead = z.object(openLeadFields).openapi('OpenLead')
export const OpenLeadPage = pageOf(OpenLead, 'OpenLeadPage')

export const OpenLeadFilters = z.object({
  ...pageQuery,
  category: CategorySlug.optional().openapi({ description: 'Only leads of this category or subcategory.' }),
  city: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .openapi({ example: 'Cairo', description: 'Only leads in this city.' }),
})

const LeadStatus = z.enum(leadMachine.states).openapi('LeadStatus', {
  example: 'open',
  description: 'Status of a lead: `pending` until staff have decided.',
})

export const Lead = z
  .object({
    id: Id,
    taskId: Id.openapi({ description: 'The task that it is.' }),
    status: LeadStatus,
    round: whole(1, 'The search of the task that it is, from 1.'),
    seats: whole(5, 'How many can ask for it at a time.'),
    requests: whole(0, 'How many have asked for it, those that have ended included.'),
    approvedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:35:00.000Z',
      description: 'When it was approved.',
    }),
    openedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:35:00.000Z',
      description: 'When taskers could first ask for it.',
    }),
    closedAt: Timestamp.nullable().openapi({ description: 'When it was rejected or closed.' }),
    rejectReason: z.string().nullable().openapi({ example: null, description: 'Why staff rejected it.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Lead')

export const RejectLead = z
  .strictObject({ reason: Reason.openapi({ description: 'Shown to the client.' }) })
  .openapi('RejectLead', { example: { reason: 'This is employment, not a task.' } })

export const LeadRequestStatus = z.enum(leadRequestMachine.states).openapi('LeadRequestStatus', {
  example: 'pending',
  description: 'Status of a request for a lead.',
})

const amountMinor = AmountMinor.min(1).max(100_000_000_000).openapi({
  example: 22_000,
  description:
    'Your price in minor units of the currency of the task: for an hour or for the whole, as it is priced.',
})

export const RequestLead = z
  .strictObject({
    message: text(2_000).openapi({
      example: 'I have done many of these, and can come on that day.',
      description: 'Why the client should choose you. Without phone numbers, links or addresses.',
    }),
    amountMinor,
    minutes: z.int().min(15).max(10_080).optional().openapi({
      example: 120,
      description: 'Expected duration in minutes; without it, that of the task.',
    }),
    credits: z.int().min(1).max(1_000_000).openapi({
      example: 8,
      description: 'Price of the lead as you have seen it. A higher one is refused.',
    }),
  })
  .openapi('RequestLead', {
    example: {
      message: 'I have done many of these, and can come on that day.',
      amountMinor: 22_000,
      credits: 8,
    },
  })

export const ReplyToRequest = z
  .strictObject({
    text: text(2_000).openapi({
      example: 'Can you come at ten?',
      description: 'Words to the tasker. Without phone numbers, links or addresses.',
    }),
  })
  .openapi('ReplyToRequest', { example: { text: 'Can you come at ten?' } })

export const DeclineRequest = z
  .strictObject({ reason: Reason.openapi({ description: 'Shown to the tasker.' }) })
  .openapi('DeclineRequest', { example: { reason: 'More than I can spend.' } })

const LeadTask = z
  .object({
    id: Id,
    title: z.string().nullable().openapi({ example: 'Paint two rooms', description: 'Title of the task.' }),
    category: z.string().openapi({ example: 'painting', description: 'Slug of the category.' }),
    city: z.string().openapi({ example: 'Cairo', description: 'Name of the city.' }),
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    pricingModel: z.enum(['hourly', 'fixed']).openapi({
      example: 'fixed',
      description: '`hourly`: billed by time. `fixed`: one price for the whole task.',
    }),
    state: TaskState,
  })
  .openapi('LeadTask')

export const LeadRequest = z
  .object({
    id: Id,
    leadId: Id.openapi({ description: 'Lead that is asked for.' }),
    taskerId: Id.openapi({ description: 'User id of the tasker.' }),
    status: LeadRequestStatus,
    message: z
      .string()
      .openapi({ example: 'I have done many of these.', description: 'Text of the tasker.' }),
    amountMinor: AmountMinor.openapi({ example: 22_000, description: 'Price of the work in minor units.' }),
    currency: Currency,
    minutes: whole(120, 'Expected duration in minutes.'),
    credits: z
      .int()
      .nullable()
      .openapi({ example: 8, description: 'What it costs the tasker; null for the client.' }),
    price: LeadPrice.nullable().openapi({
      description: 'How those credits came about; null for the client.',
    }),
    expiresAt: Timestamp.openapi({
      description: 'A request that is not answered ends then, and costs nothing.',
    }),
    reply: z.string().nullable().openapi({ example: null, description: 'Words of the client.' }),
    repliedAt: Timestamp.nullable().openapi({ description: 'When the client replied.' }),
    acceptedAt: Timestamp.nullable().openapi({ description: 'When the client accepted.' }),
    declineReason: z.string().nullable().openapi({ example: null, description: 'Why the client declined.' }),
    chargedAt: Timestamp.nullable().openapi({ description: 'When the credits were spent; null: never.' }),
    bookingId: Id.nullable().openapi({ example: null, description: 'Booking that it became.' }),
    conversationId: Id.nullable().openapi({
      example: null,
      description: 'Conversation that the reply opened; it becomes that of the booking.',
    }),
    task: LeadTask,
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('LeadRequest')
export const LeadRequestPage = pageOf(LeadRequest, 'LeadRequestPage')

export const LeadRequestFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: LeadRequestStatus.optional().openapi({ description: 'Only requests with this status.' }),
  taskId: relatedId('Only requests for this task.'),
})
export const TaskLeadRequestFilters = z.object({ ...pageQuery })

const pricing = (model: string) => (model === 'fixed' ? ('fixed' as const) : ('hourly' as const))

export const toOpenLead = ({ openedKey: _key, ...row }: OpenLeadRow): z.infer<typeof OpenLead> => ({
  ...row,
  pricingModel: pricing(row.pricingModel),
})

export const toLead = (row: LeadRow): z.infer<typeof Lead> => row

export function toLeadRequest(row: LeadRequestRow, actor: Actor): z.infer<typeof LeadRequest> {
  const {
    amount,
    statusNow,
    clientId,
    taskId: _task,
    declinedAt: _declined,
    credits,
    price,
    task,
    ...rest
  } = row
  const party = partyOf(actor, { clientId, taskerId: row.taskerId })
  const shown: { credits: number | null; price: Price | null } =
    party === 'client' ? { credits: null, price: null } : { credits, price }
  return {
    ...rest,
    ...shown,
    status: statusNow,
    amountMinor: amount,
    task: { ...task, pricingModel: pricing(task.pricingModel) },
    allowedActions: allowedActions(leadRequestMachine, statusNow, party),
  }
}
