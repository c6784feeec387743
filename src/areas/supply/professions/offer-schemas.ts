import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { priceTypes } from '../../../db/schema/supply/professions.ts'
import { AmountMinor, Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import type { PortfolioItemRow } from './portfolio.ts'
import type { ServiceRow } from './services.ts'

/** Schemas of services and portfolios. */

const ServiceName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .openapi({ example: 'Wedding day', description: 'Name of the service.' })
const ServiceDescription = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .openapi({ example: 'Eight hours, 400 edited pictures.', description: 'What is included.' })
const Category = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'cleaning', description: 'Slug of the category or subcategory that it belongs to.' })
const PriceTypeSchema = z.enum(priceTypes).openapi('ServicePriceType', {
  example: 'fixed',
  description:
    'What `priceAmount` is: an hour, the whole service, one unit (`unitName`), or the least that it costs.',
})
const ServicePrice = AmountMinor.min(1).max(100_000_000_000).openapi({
  example: 800_000,
  description: 'Price in minor units.',
})
const UnitName = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .openapi({ example: null, description: 'What a price per unit is for; with `per_unit` only.' })
const Duration = z
  .int()
  .min(15)
  .max(10_080)
  .openapi({ example: 480, description: 'Duration in minutes, without extras.' })
const IsActive = z.boolean().openapi({ example: true, description: 'Whether it can be booked now.' })
const Order = z.int().min(0).max(10_000).openapi({ example: 1, description: 'Position, ascending.' })

const extraFields = {
  name: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .openapi({ example: 'Second photographer', description: 'Name of the extra.' }),
  priceAmount: AmountMinor.min(0).max(100_000_000_000).openapi({
    example: 200_000,
    description: 'Price in minor units, in the currency of the service.',
  }),
  minutes: z.int().min(0).max(1_440).openapi({
    example: 0,
    description: 'How much longer it makes the work, in minutes.',
  }),
}

const ExtraBody = z.strictObject(extraFields).openapi('ServiceExtraBody', {
  example: { name: 'Second photographer', priceAmount: 200_000, minutes: 0 },
})

const serviceFields = {
  name: ServiceName,
  description: ServiceDescription.nullable().optional(),
  category: Category,
  priceType: PriceTypeSchema,
  priceAmount: ServicePrice,
  currency: Currency,
  unitName: UnitName.nullable().optional(),
  durationMinutes: Duration,
  isActive: IsActive.optional(),
  displayOrder: Order.optional(),
  extras: z
    .array(ExtraBody)
    .max(20)
    .optional()
    .openapi({ description: 'Extras, in order; replaced as a whole.' }),
}

const serviceExample = {
  name: 'Wedding day',
  description: 'Eight hours, 400 edited pictures.',
  category: 'cleaning',
  priceType: 'fixed' as const,
  priceAmount: 800_000,
  currency: 'EGP',
  durationMinutes: 480,
  extras: [{ name: 'Second photographer', priceAmount: 200_000, minutes: 0 }],
}

export const CreateService = z
  .strictObject(serviceFields)
  .openapi('CreateService', { example: serviceExample })

export const UpdateService = z
  .strictObject(serviceFields)
  .partial()
  .strict()
  .openapi('UpdateService', { example: { priceAmount: 900_000, isActive: true } })

export const Service = z
  .object({
    id: Id,
    roleProfileId: Id.openapi({ description: 'Profile that offers it.' }),
    name: ServiceName,
    description: ServiceDescription.nullable(),
    category: Category,
    priceType: PriceTypeSchema,
    priceAmount: ServicePrice,
    currency: Currency,
    unitName: UnitName.nullable(),
    durationMinutes: Duration,
    isActive: IsActive,
    displayOrder: Order,
    extras: z
      .array(
        z
          .object({ id: Id, ...extraFields })
          .openapi('ServiceExtra', { description: 'An extra that is booked with a service.' }),
      )
      .openapi({ description: 'Extras, in order.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Service', { description: 'Something that a person offers in a profession, at a price.' })

export const ServiceList = z
  .object({ data: z.array(Service).openapi({ description: 'The services, in order.' }) })
  .openapi('ServiceList')

export const toService = ({
  profileId,
  deletedAt: _deletedAt,
  ...row
}: ServiceRow): z.infer<typeof Service> => ({
  roleProfileId: profileId,
  ...row,
})

const Title = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .openapi({ example: 'A wedding by the Nile', description: 'Title of the work.' })
const ItemDescription = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .openapi({ example: 'Two hundred guests, one rainy day.', description: 'About the work, without links.' })
const Tags = z
  .array(z.string().trim().min(1).max(40).openapi({ example: 'wedding', description: 'A tag.' }))
  .max(20)
  .refine((tags) => new Set(tags).size === tags.length, valueTexts.eachOnce)
  .openapi({ description: 'Tags, as free text.' })
const ImageMediaIds = z
  .array(Id.openapi({ description: 'An uploaded image of your own.' }))
  .max(20)
  .refine((ids) => new Set(ids).size === ids.length, valueTexts.eachOnce)
  .openapi({ description: 'Images in order; replaced as a whole.' })

export const AddPortfolioItem = z
  .strictObject({
    title: Title,
    description: ItemDescription.nullable().optional(),
    tags: Tags.optional(),
    imageMediaIds: ImageMediaIds.optional(),
  })
  .openapi('AddPortfolioItem', {
    example: { title: 'A wedding by the Nile', tags: ['wedding'], imageMediaIds: [] },
  })

export const UpdatePortfolioItem = AddPortfolioItem.partial()
  .strict()
  .openapi('UpdatePortfolioItem', { example: { title: 'A rainy wedding by the Nile' } })

export const OrderPortfolio = z
  .strictObject({
    itemIds: z
      .array(Id)
      .max(100)
      .refine((ids) => new Set(ids).size === ids.length, valueTexts.eachOnce)
      .openapi({ description: 'All items of the profile, each once, in their new order.' }),
  })
  .openapi('OrderPortfolio', { example: { itemIds: ['019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'] } })

const ImageUrl = z.url().openapi({
  example: 'https://api.khidma.example/v1/portfolio-images/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  description: 'Address of the image: open to everyone while the profile is listed.',
})

export const PortfolioItem = z
  .object({
    id: Id,
    roleProfileId: Id.openapi({ description: 'Profile that shows it.' }),
    title: Title,
    description: ItemDescription.nullable(),
    tags: Tags,
    images: z
      .array(
        z
          .object({ id: Id, mediaId: Id.openapi({ description: 'The file.' }), url: ImageUrl })
          .openapi('PortfolioImage', { description: 'An image of a portfolio item.' }),
      )
      .openapi({ description: 'Images, in order.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('PortfolioItem', { description: 'A work that a person shows.' })

export const PortfolioList = z
  .object({ data: z.array(PortfolioItem).openapi({ description: 'The items, in order.' }) })
  .openapi('PortfolioList')

export const toPortfolioItem =
  (apiOrigin: string) =>
  (row: PortfolioItemRow): z.infer<typeof PortfolioItem> => ({
    id: row.id,
    roleProfileId: row.profileId,
    title: row.title,
    description: row.description,
    tags: row.tags,
    images: row.images.map((image) => ({ ...image, url: `${apiOrigin}/v1/portfolio-images/${image.id}` })),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  })
