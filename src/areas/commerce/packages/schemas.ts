import { z } from '@hono/zod-openapi'
import { servedCountries } from '../../../core/countries.ts'
import { nameIn, type TextLocales, textIn } from '../../../core/translations.ts'
import { entitlementKinds, packageKinds } from '../../../db/schema/commerce/packages.ts'
import { changedQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import { BookCurrency, CountryCode } from '../../people/profiles/schemas.ts'
import { Description, Descriptions, Name, Names, SortOrder } from '../../supply/catalog/text-schemas.ts'
import type { EntitlementRow } from './entitlements.ts'
import type { NewPackage, PackageFields, PackageRow, SoldCountry as SoldCountryCode } from './packages.ts'

const Kind = z.enum(packageKinds).openapi('PackageKind', {
  example: 'job_posting',
  description: 'What the package is bought for. It may give the other things beside that.',
})

const priceMinor = AmountMinor.min(1)
  .max(1_000_000_000)
  .openapi({ example: 250_000, description: 'Price in minor units, before discounts and taxes.' })

const gives = {
  postings: z.int().min(0).max(10_000).openapi({ example: 5, description: 'Job postings that it gives.' }),
  contactViews: z
    .int()
    .min(0)
    .max(10_000)
    .openapi({ example: 0, description: 'Views of candidates that it gives.' }),
  credits: z.int().min(0).max(10_000_000).openapi({ example: 0, description: 'Credits that it gives.' }),
}

const ValidityDays = z
  .int()
  .min(1)
  .max(3_650)
  .nullable()
  .openapi({ example: 90, description: 'Days for which what it gives can be used; null: for good.' })

const PostingDays = z.int().min(1).max(365).nullable().openapi({
  example: 30,
  description: 'Days for which each of its postings is public; null: those of `job_postings.price`.',
})

const Active = z.boolean().openapi({
  example: true,
  description: 'Whether it can be bought. Inactive packages are visible to staff only.',
})

/** Countries in which we sell. */
export const SoldCountry = z
  .enum(Object.keys(servedCountries) as [SoldCountryCode, ...SoldCountryCode[]])
  .openapi({ example: 'EG', description: 'Country code (ISO 3166-1 alpha-2) of a served country.' })

const Country = SoldCountry.openapi({ description: 'Served country in which it is sold.' })

export const Package = z
  .object({
    id: Id,
    kind: Kind,
    name: Name.openapi({ example: 'Five job postings' }),
    description: Description.openapi({ example: 'Five postings, each visible for a month.' }),
    names: Names,
    descriptions: Descriptions,
    country: CountryCode.openapi({ description: 'Served country in which it is sold.' }),
    priceMinor,
    currency: Currency,
    ...gives,
    validityDays: ValidityDays,
    postingDays: PostingDays,
    active: Active,
    sortOrder: SortOrder,
    retiredAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When its sale ended for good; null: it has not.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Package', { description: 'Something that the platform sells.' })

export const PackagePage = pageOf(Package, 'PackagePage')

export const PackageFilters = z.object({
  ...pageQuery,
  kind: Kind.optional().openapi({ description: 'Only packages of this kind.' }),
  country: SoldCountry.optional().openapi({ description: 'Only packages that are sold in this country.' }),
})

const texts = { names: Names, descriptions: Descriptions.optional() }
const optional = {
  postings: gives.postings.optional(),
  contactViews: gives.contactViews.optional(),
  credits: gives.credits.optional(),
  validityDays: ValidityDays.optional(),
  postingDays: PostingDays.optional(),
  active: Active.optional(),
  sortOrder: SortOrder.optional(),
}

export const CreatePackage = z
  .strictObject({ kind: Kind, ...texts, country: Country, priceMinor, currency: BookCurrency, ...optional })
  .openapi('CreatePackage', {
    example: {
      kind: 'job_posting',
      names: { en: 'Five job postings', ar: 'خمسة إعلانات وظائف' },
      descriptions: { en: 'Five postings, each visible for a month.' },
      country: 'EG',
      priceMinor: 250_000,
      currency: 'EGP',
      postings: 5,
      validityDays: 90,
      postingDays: 30,
    },
  })

export const UpdatePackage = z
  .strictObject({ ...texts, priceMinor, ...optional })
  .partial()
  .openapi('UpdatePackage', { example: { priceMinor: 230_000, validityDays: 120 } })

export function toPackage(row: PackageRow, locales: TextLocales): z.infer<typeof Package> {
  const { price, defaultLanguage: _defaultLanguage, ...shown } = row
  return {
    ...shown,
    priceMinor: price,
    name: nameIn(locales, row.names),
    description: textIn(locales, row.descriptions),
  }
}

export function newPackageOf({ priceMinor, ...fields }: z.infer<typeof CreatePackage>): NewPackage {
  return { ...fields, price: priceMinor }
}

export function packagePatchOf({ priceMinor, ...fields }: z.infer<typeof UpdatePackage>): PackageFields {
  return { ...fields, price: priceMinor }
}

const EntitlementKindSchema = z.enum(entitlementKinds).openapi('EntitlementKind', {
  example: 'job_posting',
  description: 'What one use of an entitlement permits.',
})

export const Entitlement = z
  .object({
    id: Id,
    kind: EntitlementKindSchema,
    quantity: z.int().openapi({ example: 5, description: 'Uses that were given.' }),
    left: z.int().openapi({
      example: 4,
      description: 'Uses that are left now; 0 once it has ended or was taken back.',
    }),
    takenBack: z.int().openapi({
      example: 0,
      description: 'Uses that went back with a refund of its order.',
    }),
    documentType: z.string().openapi({ example: 'order', description: 'Kind of the object that gave it.' }),
    documentId: Id.openapi({ description: 'The object that gave it.' }),
    postingDays: PostingDays.openapi({
      description:
        'Days for which a posting that uses it is public; null: those of `job_postings.price`, or it is of another kind.',
    }),
    validFrom: Timestamp.openapi({ description: 'When it can be used first.' }),
    validUntil: Timestamp.nullable().openapi({ description: 'When it ends; null: never.' }),
    revokedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When all of it was taken back, as its order was refunded; null: it was not.',
    }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Entitlement', {
    description: 'A right to do something so many times. Of several, the one that ends first is used first.',
  })

export const EntitlementPage = pageOf(Entitlement, 'EntitlementPage')

export const EntitlementFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  kind: EntitlementKindSchema.optional().openapi({ description: 'Only those of this kind.' }),
  usable: queryBoolean().optional().openapi({
    example: true,
    description: 'If true, only those with a use left; if false, only the others.',
  }),
})

export function toEntitlement(row: EntitlementRow): z.infer<typeof Entitlement> {
  const { ownerId: _ownerId, part: _part, version: _version, ...shown } = row
  return shown
}
