import { z } from '@hono/zod-openapi'
import type { ContentLocale } from '../../../core/translations.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { AmountMinor, Currency } from '../../../http/schemas.ts'

/**
 * A profession as data: its labels, its attributes and how they are filtered. Everything that knows professions (schemas of the
 * API, `professions.list`, search tags of versions, filters of the directory) is computed from it.
 */

export type Labels = Readonly<Record<ContentLocale, string>>

/** How the directory filters by an attribute; `none`: it is shown only. */
export type FilterKind = 'any_of' | 'yes_no' | 'range' | 'none'

export interface Attribute {
  kind: 'words' | 'flag' | 'choice' | 'number' | 'text' | 'price'
  filter: FilterKind
  labels: Labels
  /** Unit of a number. */
  unit?: string
  /** Values of a choice, with their labels. */
  values?: Readonly<Record<string, Labels>>
  schema: z.ZodType
}

/** Names what a price is for. */
export const priceUnits = ['job', 'hour', 'session', 'head'] as const
export type PriceUnit = (typeof priceUnits)[number]

export interface Profession {
  key: string
  labels: Labels
  attributes: Readonly<Record<string, Attribute>>
  /** The attribute that holds the price by which the directory filters and sorts. */
  price: { attribute: string; unit: PriceUnit }
}

/** Makes labels, in the order in which translations are read best. */
export const labels = (en: string, ar: string, ru: string, ky: string, hi: string): Labels => ({
  en,
  ar,
  ru,
  ky,
  hi,
})

const described = <T extends z.ZodType>(schema: T, { en }: Labels, more = ''): T =>
  schema.openapi({ description: `${en}${more}.` }) as T

const noRepeats = (values: string[]): boolean =>
  new Set(values.map((value) => value.toLowerCase())).size === values.length

export const words = (its: Labels, example: string[]): Attribute => ({
  kind: 'words',
  filter: 'any_of',
  labels: its,
  schema: described(
    z
      .array(z.string().trim().min(1).max(60))
      .max(30)
      .refine(noRepeats, valueTexts.eachOnce)
      .openapi({ example }),
    its,
    ', as free text',
  ),
})

export const flag = (its: Labels): Attribute => ({
  kind: 'flag',
  filter: 'yes_no',
  labels: its,
  schema: described(z.boolean().openapi({ example: true }), its),
})

export const choice = (its: Labels, values: Record<string, Labels>): Attribute => ({
  kind: 'choice',
  filter: 'any_of',
  labels: its,
  values,
  schema: described(
    z.enum(Object.keys(values) as [string, ...string[]]).openapi({ example: Object.keys(values)[0] }),
    its,
  ),
})

export const wholeNumber = (its: Labels, unit: string, most: number, example: number): Attribute => ({
  kind: 'number',
  filter: 'range',
  labels: its,
  unit,
  schema: described(z.int().min(0).max(most).openapi({ example }), its, `, in ${unit}`),
})

export const line = (its: Labels, example: string): Attribute => ({
  kind: 'text',
  filter: 'none',
  labels: its,
  schema: described(z.string().trim().min(1).max(500).openapi({ example }), its),
})

export const Price = z
  .strictObject({ amount: AmountMinor.min(1).max(100_000_000_000), currency: Currency })
  .openapi('ProfessionPrice', {
    example: { amount: 250_000, currency: 'EGP' },
    description: 'A price in minor units of its currency.',
  })

export const price = (its: Labels): Attribute => ({
  kind: 'price',
  filter: 'range',
  labels: its,
  schema: Price,
})

/** Refuses a price that names no attribute of its own when the module loads, so that no deployment can carry it. */
export function defineProfession(profession: Profession): Profession {
  const { key, attributes } = profession
  if (attributes[profession.price.attribute]?.kind !== 'price')
    throw new Error(`${key} names no price attribute`)
  return profession
}

const pascal = (key: string): string =>
  key.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The schema of a profession's attributes: every one may be absent, and any other is refused. */
export const attributesSchemaOf = ({ key, attributes }: Profession) =>
  z
    .strictObject({
      profession: z.literal(key).openapi({ description: 'Key of the profession.', example: key }),
      ...Object.fromEntries(
        Object.entries(attributes).map(([name, { schema }]) => [name, schema.optional()]),
      ),
    })
    .openapi(`${pascal(key)}Attributes`)
