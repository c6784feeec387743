import { z } from '@hono/zod-openapi'
import { nameIn, type TextLocales, textIn } from '../../../core/translations.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { BookCurrency } from '../../people/profiles/schemas.ts'
import type { AddonRow } from './addons.ts'
import { Description, Descriptions, Name, Names, SortOrder } from './text-schemas.ts'

/** One million of the major unit. */
export const priceMinor = AmountMinor.min(0).max(100_000_000).openapi({
  example: 5_000,
  description: 'Price to show, in minor units, whatever the duration of the work.',
})

export const addonMinutes = z
  .int()
  .min(0)
  .max(1_440)
  .openapi({ example: 15, description: 'How much longer one of it makes the work, in minutes.' })

const Active = z.boolean().openapi({
  example: true,
  description: 'Whether the add-on is offered. Inactive add-ons are visible to staff only.',
})

const AddonCategory = Id.openapi({
  description: 'Category that it is shown with; it is not inherited by those below.',
})

export const Addon = z
  .object({
    id: Id,
    categoryId: AddonCategory,
    name: Name.openapi({ example: 'Silicone sealing' }),
    description: Description,
    names: Names,
    descriptions: Descriptions,
    priceMinor,
    currency: Currency,
    minutes: addonMinutes,
    active: Active,
    sortOrder: SortOrder,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    restoredAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When it was last restored after a deletion; null: never.',
    }),
  })
  .openapi('Addon', {
    description:
      'An extra of a category at a price of its own. Tasks of the category choose it by `addons`: its price is part of the estimate and of the fare, its minutes part of the duration.',
  })

export const AddonPage = pageOf(Addon, 'AddonPage')

export const AddonFilters = z.object({
  ...pageQuery,
  categoryId: Id.optional().openapi({ description: 'Only add-ons of this category itself.' }),
  currency: Currency.optional().openapi({ description: 'Only add-ons with prices in this currency.' }),
})

export const CreateAddon = z
  .strictObject({
    categoryId: AddonCategory,
    names: Names,
    descriptions: Descriptions.optional(),
    priceMinor,
    currency: BookCurrency,
    minutes: addonMinutes.optional(),
    active: Active.optional(),
    sortOrder: SortOrder.optional(),
  })
  .openapi('CreateAddon', {
    example: {
      categoryId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      names: { en: 'Silicone sealing', ar: 'عزل بالسيليكون', ru: 'Герметизация силиконом' },
      descriptions: { en: 'New joints around sinks, baths and showers.' },
      priceMinor: 5_000,
      currency: 'EGP',
      sortOrder: 1,
    },
  })

export const UpdateAddon = CreateAddon.omit({ categoryId: true })
  .partial()
  .strict()
  .openapi('UpdateAddon', { example: { priceMinor: 6_000, active: true } })

export function toAddon(row: AddonRow, locales: TextLocales): z.infer<typeof Addon> {
  const { deletedAt: _deletedAt, defaultLanguage: _defaultLanguage, priceAmount, ...addon } = row
  return {
    ...addon,
    priceMinor: priceAmount,
    name: nameIn(locales, row.names),
    description: textIn(locales, row.descriptions),
  }
}
