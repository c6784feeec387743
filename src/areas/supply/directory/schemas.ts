import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
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
import { ProfessionAttributes, ProfessionKey } from '../professions/kinds/index.ts'
import { Area, versionContent } from '../professions/schemas.ts'
import { type FacetsRow, type FoundRow, type PublicProfileRow, sorts } from './search.ts'

const CategorySlug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'plumbing', description: 'Slug of a category.' })

const place = (description: string) => z.string().trim().min(1).max(80).openapi({ description })

const filters = {
  q: z.string().trim().min(2).max(200).optional().openapi({
    example: 'wedding',
    description:
      'Only entries with these words in name, introduction, tags or services, in Arabic, English, Hindi, Russian or as they are; `"…"` for a phrase, `or`, `-` for a word that must not occur.',
  }),
  profession: ProfessionKey.optional().openapi({ description: 'Only profiles of this profession.' }),
  category: CategorySlug.optional().openapi({ description: 'Only people who work in this category.' }),
  attributes: z.string().min(3).max(500).optional().openapi({
    description:
      'Only profiles with all these attributes: `name:value`, separated by commas, by the names of `professions.list`; numbers as ranges (`turnaroundDays:..3`). Needs `profession`.',
  }),
  lat: queryNumber(-90, 90).optional().openapi({
    description: 'Latitude of the place of work: only people who work there. Needs `lng`.',
  }),
  lng: queryNumber(-180, 180)
    .optional()
    .openapi({ description: 'Longitude of the place of work; needs `lat`.' }),
  radiusKm: queryNumber(0.5, 200).optional().openapi({
    description: 'How far away they may be based, in kilometres; 10 by default.',
  }),
  city: place('City of a district; needs `district`.').optional(),
  district: place('Only profiles that name this district; needs `city`.').optional(),
  language: z
    .string()
    .min(2)
    .max(35)
    .optional()
    .openapi({ description: 'Only people who work in this language.' }),
  currency: Currency.optional().openapi({ description: 'Only prices in this currency.' }),
  minPriceAmount: queryInteger(0, 900_000_000_000).optional().openapi({
    description: 'Only prices from this amount in minor units; needs `currency`.',
  }),
  maxPriceAmount: queryInteger(0, 900_000_000_000).optional().openapi({
    description: 'Only prices up to this amount in minor units; needs `currency`.',
  }),
  minRating: queryNumber(1, 5)
    .optional()
    .openapi({ description: 'Only people with this average rating or better.' }),
  minExperienceYears: queryInteger(0, 80).optional().openapi({
    description: 'Only profiles with so many years of experience.',
  }),
}

export const DirectorySearch = z.object({
  ...pageQuery,
  ...filters,
  freeNextWeek: queryBoolean().optional().openapi({
    description: 'True: only people with a free hour within seven days. The best 200 matches are asked.',
  }),
  sort: z.enum(sorts).optional().openapi({
    description:
      'Order: nearest first (default with a place; of the nearest 500), best rated first (default without), or lowest price first (needs `currency`).',
  }),
})

export const FacetFilters = z.object(filters)

const entryFields = {
  id: Id.openapi({ description: 'Id of the role profile; of the tasker where `profession` is null.' }),
  taskerId: Id.openapi({ description: 'The tasker.' }),
  profession: ProfessionKey.nullable().openapi({ description: 'Null: a tasker without a role profile.' }),
  displayName: z
    .string()
    .nullable()
    .openapi({ example: 'Mona Adel Photography', description: 'Name to show.' }),
  businessName: versionContent.businessName,
  bio: versionContent.bio,
  avatarUrl: z.url().nullable().openapi({
    example: 'https://api.khidma.example/v1/role-profiles/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40/avatar',
    description: 'Address of the picture, open to everyone.',
  }),
  experienceYears: versionContent.experienceYears,
  attributes: z
    .union([ProfessionAttributes, z.null()])
    .openapi({ description: 'Attributes of the profession.' }),
  categories: z.array(CategorySlug).openapi({ description: 'Categories in which they work.' }),
  languages: z
    .array(z.string().openapi({ example: 'ar', description: 'Language tag (BCP 47).' }))
    .openapi({ description: 'Languages in which they work.' }),
  priceAmount: AmountMinor.nullable().openapi({
    example: 20_000,
    description: 'Price in minor units; what it is for is `priceUnit` of the profession, or an hour.',
  }),
  priceCurrency: Currency.nullable(),
  ratingAvg: z
    .number()
    .nullable()
    .openapi({ example: 4.8, description: 'Average rating; null without reviews.' }),
  ratingCount: z.int().openapi({ example: 36, description: 'Number of reviews.' }),
}

export const DirectoryEntry = z
  .object({
    ...entryFields,
    distanceKm: z.number().nullable().openapi({
      example: 2.4,
      description: 'Distance in kilometres, accurate to about one kilometre; null without a place.',
    }),
  })
  .openapi('DirectoryEntry', { description: 'Somebody who can be booked.' })

export const DirectoryPage = pageOf(DirectoryEntry, 'DirectoryEntryPage')

export const Counts = z.array(
  z
    .object({
      value: z.string().openapi({ example: 'ar', description: 'A value.' }),
      count: z.int().openapi({ example: 12, description: 'Number of matches with the value.' }),
    })
    .openapi('FacetCount', { description: 'A value, and how many matches have it.' }),
)

export const DirectoryFacets = z
  .object({
    total: z.int().openapi({
      example: 48,
      description: 'Number of matches counted, at most 500: near a place, of the nearest.',
    }),
    isComplete: z.boolean().openapi({
      example: true,
      description: 'False: there are more matches than were counted.',
    }),
    professions: Counts.openapi({ description: 'Matches by profession.' }),
    languages: Counts.openapi({ description: 'Matches by language.' }),
    attributes: Counts.openapi({
      description: 'Matches by `name:value`, as the filter `attributes` takes it.',
    }),
    priceAmounts: z
      .object({
        min: AmountMinor.openapi({ example: 15_000, description: 'Lowest price in minor units.' }),
        max: AmountMinor.openapi({ example: 40_000, description: 'Highest price in minor units.' }),
      })
      .nullable()
      .openapi({ description: 'Range of prices, where a currency was asked for.' }),
  })
  .openapi('DirectoryFacets', { description: 'How many matches have which value.' })

export const PublicProfile = z
  .object({
    ...entryFields,
    location: versionContent.location,
    travelRadiusKm: z
      .int()
      .nullable()
      .openapi({ example: 25, description: 'How far they travel, in kilometres.' }),
    areas: z.array(Area).openapi({ description: 'Service areas, accurate to about one kilometre.' }),
    bookingsCompleted: z.int().openapi({ example: 41, description: 'Number of completed bookings.' }),
    memberSince: Timestamp.openapi({ description: 'Time at which they became a tasker.' }),
  })
  .openapi('PublicProfile', { description: 'The approved version of a role profile, as everybody sees it.' })

function shown<R extends { id: string; hasAvatar: boolean }>({ hasAvatar, ...row }: R, apiOrigin: string) {
  return { ...row, avatarUrl: hasAvatar ? `${apiOrigin}/v1/role-profiles/${row.id}/avatar` : null }
}

export const toEntry =
  (apiOrigin: string) =>
  ({ key: _key, ...row }: FoundRow): z.infer<typeof DirectoryEntry> =>
    shown(row, apiOrigin)

export const toPublicProfile = (row: PublicProfileRow, apiOrigin: string): z.infer<typeof PublicProfile> =>
  shown(row, apiOrigin)

export const toFacets = ({ tags, ...row }: FacetsRow): z.infer<typeof DirectoryFacets> => ({
  ...row,
  attributes: tags,
})
