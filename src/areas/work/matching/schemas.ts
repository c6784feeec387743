import { z } from '@hono/zod-openapi'
import { changedQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { estimateFields } from '../tasks/field-schemas.ts'
import { offerMachine } from './machine.ts'

export const OfferStatus = z.enum(offerMachine.states).openapi('OfferStatus', {
  description: 'Status of an offer.',
  example: 'pending',
})

const OfferedTask = z
  .object({
    id: Id,
    category: z.string().openapi({ example: 'plumbing', description: 'Slug of the category.' }),
    subcategory: z.string().nullable().openapi({ example: null, description: 'Slug of the subcategory.' }),
    description: z
      .string()
      .openapi({ example: 'The kitchen tap drips.', description: 'What is to be done, as free text.' }),
    city: z.string().openapi({ example: 'Cairo', description: 'Name of the city.' }),
    district: z.string().nullable().openapi({ example: 'Downtown', description: 'District of the city.' }),
    lat: z.number().openapi({
      example: 30.04,
      description: 'Latitude in degrees (WGS 84), accurate to about one kilometre.',
    }),
    lng: z.number().openapi({
      example: 31.24,
      description: 'Longitude in degrees (WGS 84), accurate to about one kilometre.',
    }),
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    flexibilityMinutes: z.int().openapi({
      example: 30,
      description: 'How much later than `startsAt` the work may start, in minutes.',
    }),
    pricingModel: z.enum(['hourly', 'fixed']).openapi({
      example: 'hourly',
      description: '`hourly`: billed by time. `fixed`: one price for the whole task.',
    }),
    estMinutes: z.int().nullable().openapi({ example: 90, description: 'Expected duration in minutes.' }),
    ...estimateFields,
    currency: Currency,
  })
  .openapi('OfferedTask', { description: 'The task, as far as it is disclosed before acceptance.' })

export const Offer = z
  .object({
    id: Id,
    status: OfferStatus,
    round: z.int().openapi({
      example: 1,
      description: 'Counts the searches for a tasker of the task: one that is posted again begins another.',
    }),
    wave: z.int().openapi({ example: 1, description: 'Matching sends offers in waves, starting with 1.' }),
    isFirstInLine: z.boolean().openapi({
      example: false,
      description:
        'True where the tasker of the task has canceled. Until you answer, you are asked about no other task.',
    }),
    task: OfferedTask,
    distanceKm: z
      .number()
      .nullable()
      .openapi({ example: 1.5, description: 'Distance in kilometres, rounded to half a kilometre.' }),
    deliveredAt: Timestamp.nullable().openapi({
      description:
        'Time at which your device confirmed delivery. An undelivered offer does not affect your acceptance rate.',
    }),
    expiresAt: Timestamp.openapi({ description: 'The offer can be answered until this time.' }),
    answeredAt: Timestamp.nullable().openapi({ description: 'Time of the answer.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Offer', { description: 'An offer of a task to one tasker.' })

export const OfferPage = pageOf(Offer, 'OfferPage')

export const OfferFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: OfferStatus.optional().openapi({ description: 'Only offers with this status.' }),
})
