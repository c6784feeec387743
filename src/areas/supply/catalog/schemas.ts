import { z } from '@hono/zod-openapi'
import { nameIn, type TextLocales, textIn } from '../../../core/translations.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import type { CategoryRow } from './categories.ts'
import { Description, Descriptions, IconUrl, iconUrlOf, Name, Names, SortOrder } from './text-schemas.ts'

export const Slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'leak-repair', description: 'Stable name that tasks and taskers refer to.' })

export const Color = z
  .string()
  .regex(/^#[0-9A-Fa-f]{6}$/, valueTexts.color)
  .openapi({ example: '#1d7874', description: 'Colour of the category in apps.' })

const IconMediaId = Id.nullable().openapi({
  example: null,
  description:
    'Icon: an image that you have uploaded and use nowhere else. It becomes public, and belongs to the category from then on.',
})

const Active = z.boolean().openapi({
  example: true,
  description: 'Whether tasks can be posted in the category. Inactive categories are visible to staff only.',
})

const Parent = Id.nullable().openapi({ description: 'Parent category; null at the top level.' })

export const Category = z
  .object({
    id: Id,
    slug: Slug,
    name: Name.openapi({ example: 'Leak repair' }),
    description: Description,
    names: Names,
    descriptions: Descriptions,
    parentId: Parent,
    color: Color.nullable(),
    iconMediaId: Id.nullable().openapi({ example: null, description: 'File of the icon.' }),
    iconUrl: IconUrl,
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
  .openapi('Category', { description: 'A category of work.' })

export const CategoryPage = pageOf(Category, 'CategoryPage')

export const CategoryFilters = z.object({
  ...pageQuery,
  parentId: Id.optional().openapi({ description: 'Only children of this category.' }),
  topLevel: queryBoolean()
    .optional()
    .openapi({ description: 'If true, only top-level categories.', example: true }),
  name: z.string().trim().min(1).max(80).optional().openapi({
    example: 'leak',
    description: 'Only categories whose name contains this text, in any language and any case.',
  }),
})

export const CreateCategory = z
  .strictObject({
    slug: Slug,
    names: Names,
    descriptions: Descriptions.optional(),
    parentId: Parent.optional(),
    color: Color.nullable().optional(),
    iconMediaId: IconMediaId.optional(),
    active: Active.optional(),
    sortOrder: SortOrder.optional(),
  })
  .openapi('CreateCategory', {
    example: {
      slug: 'leak-repair',
      names: { en: 'Leak repair', ar: 'إصلاح تسريب المياه', ru: 'Устранение протечек' },
      descriptions: { en: 'Pipes, taps and tanks that lose water.' },
      color: '#1d7874',
      sortOrder: 1,
    },
  })

export const UpdateCategory = CreateCategory.partial()
  .strict()
  .openapi('UpdateCategory', {
    example: { names: { en: 'Leaks and pipes', ar: 'التسريبات والمواسير' }, sortOrder: 2 },
  })

export function toCategory(
  row: CategoryRow,
  locales: TextLocales,
  apiOrigin: string,
): z.infer<typeof Category> {
  const { deletedAt: _deletedAt, defaultLanguage: _defaultLanguage, ...category } = row
  return {
    ...category,
    name: nameIn(locales, row.names),
    description: textIn(locales, row.descriptions),
    iconUrl: iconUrlOf(row.iconMediaId, apiOrigin),
  }
}
