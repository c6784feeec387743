import { z } from '@hono/zod-openapi'
import type { Locale } from '../../../core/context.ts'
import { pickName } from '../../../core/i18n.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import type { CategoryRow } from './categories.ts'

const Slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'leak-repair', description: 'Stable name that tasks and taskers refer to.' })

const CategoryName = z.string().trim().min(1).max(80)

const IconUrl = z
  .url({ protocol: /^https$/, error: valueTexts.httpsUrl })
  .max(500)
  .openapi({
    example: 'https://cdn.khidma.example/icons/leak.svg',
    description: 'Address of the icon (https).',
  })

const SortOrder = z
  .int()
  .min(0)
  .max(1_000_000)
  .openapi({ example: 1, description: 'Position among its siblings, ascending.' })

export const Category = z
  .object({
    id: Id,
    slug: Slug,
    name: z
      .string()
      .openapi({ example: 'Leak repair', description: 'Name in the requested language, or in English.' }),
    nameEn: z.string().openapi({ example: 'Leak repair', description: 'English name.' }),
    nameAr: z.string().nullable().openapi({
      example: 'إصلاح تسريب المياه',
      description: 'Arabic name. Without one, the English name is shown.',
    }),
    parentId: Id.nullable().openapi({ description: 'Parent category; null at the top level.' }),
    iconUrl: IconUrl.nullable(),
    active: z.boolean().openapi({
      example: true,
      description:
        'Whether tasks can be posted in the category. Inactive categories are visible to staff only.',
    }),
    sortOrder: SortOrder,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Category', { description: 'A category of work.' })

export const CategoryPage = pageOf(Category, 'CategoryPage')

export const CategoryFilters = z.object({
  ...pageQuery,
  parentId: Id.optional().openapi({ description: 'Only children of this category.' }),
  topLevel: queryBoolean()
    .optional()
    .openapi({ description: 'If true, only top-level categories.', example: true }),
})

export const CreateCategory = z
  .strictObject({
    slug: Slug,
    nameEn: CategoryName.openapi({ description: 'English name.' }),
    nameAr: CategoryName.nullable()
      .optional()
      .openapi({ description: 'Arabic name. Without one, the English name is shown.' }),
    parentId: Id.nullable().optional().openapi({ description: 'Parent category; null at the top level.' }),
    iconUrl: IconUrl.nullable().optional(),
    active: z.boolean().optional().openapi({ description: 'Whether tasks can be posted in the category.' }),
    sortOrder: SortOrder.optional(),
  })
  .openapi('CreateCategory', {
    example: { slug: 'leak-repair', nameEn: 'Leak repair', nameAr: 'إصلاح تسريب المياه', sortOrder: 1 },
  })

export const UpdateCategory = CreateCategory.partial()
  .strict()
  .openapi('UpdateCategory', { example: { nameEn: 'Leaks and pipes', sortOrder: 2 } })

export function toCategory(row: CategoryRow, locale: Locale): z.infer<typeof Category> {
  const { deletedAt: _deletedAt, ...category } = row
  return { ...category, name: pickName(locale, { en: row.nameEn, ar: row.nameAr }) }
}
