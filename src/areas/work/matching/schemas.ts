import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, AmountMinor, Currency, Id, Timestamp } from '../../../http/schemas.ts'
import { offerMachine } from './machine.ts'

export const OfferStatus = z.enum(offerMachine.states).openapi('OfferStatus', { example: 'pending' })

const OfferedTask = z
  .object({
    id: Id,
    category: z.string().openapi({ example: 'plumbing' }),
    subcategory: z.string().nullable().openapi({ example: null }),
    description: z.string().openapi({ example: 'The kitchen tap drips.' }),
    city: z.string().openapi({ example: 'Cairo' }),
    district: z.string().nullable().openapi({ example: 'Downtown' }),
    lat: z.number().openapi({ example: 30.04, description: 'To about a kilometre, as is lng.' }),
    lng: z.number().openapi({ example: 31.24 }),
    startsAt: Timestamp,
    flexibilityMinutes: z.int().openapi({ example: 30 }),
    pricingModel: z.enum(['hourly', 'fixed']).openapi({ example: 'hourly' }),
    estMinutes: z.int().nullable().openapi({ example: 90 }),
    estMinAmount: AmountMinor.nullable(),
    estMaxAmount: AmountMinor.nullable(),
    currency: Currency,
  })
  .openapi('OfferedTask')

export const Offer = z
  .object({
    id: Id,
    status: OfferStatus,
    wave: z.int().openapi({ example: 1 }),
    task: OfferedTask,
    distanceKm: z.number().nullable().openapi({ example: 1.5, description: 'To half a kilometre.' }),
    deliveredAt: Timestamp.nullable().openapi({
      description: 'When your device acknowledged it. Null: it does not count against you.',
    }),
    expiresAt: Timestamp.openapi({ description: 'Until when it can be answered.' }),
    answeredAt: Timestamp.nullable(),
    allowedActions: AllowedActions,
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Offer')

export const OfferPage = pageOf(Offer, 'OfferPage')

export const OfferFilters = z.object({ ...pageQuery, status: OfferStatus.optional() })
