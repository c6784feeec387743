import { z } from '@hono/zod-openapi'
import type { Locale } from '../../../core/context.ts'
import { pickName } from '../../../core/i18n.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryBoolean, Timestamp } from '../../../http/schemas.ts'
import type { CategoryRow } from './categories.ts'

const Slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, valueTexts.slug)
  .openapi({ example: 'leak-repair', description: 'The stable name that tasks and taskers refer to.' })

const CategoryName = z.string().trim().min(1).max(80)

const IconUrl = z
  .url({ protocol: /^https$/, error: valueTexts.httpsUrl })
  .max(500)
  .openapi({ example: 'https://cdn.khidma.example/icons/leak.svg' })

const SortOrder = z
  .int()
  .min(0)
  .max(1_000_000)
  .openapi({ example: 1, description: 'Among its siblings, ascending.' })

export const Category = z
  .object({
    id: Id,
    slug: Slug,
    name: z
      .string()
      .openapi({ example: 'Leak repair', description: 'In the language asked for, else in English.' }),
    nameEn: z.string().openapi({ example: 'Leak repair' }),
    nameAr: z.string().nullable().openapi({ example: 'إصلاح تسريب المياه' }),
    parentId: Id.nullable().openapi({ description: 'Null at the top of the tree.' }),
    iconUrl: IconUrl.nullable(),
    active: z
      .boolean()
      .openapi({ example: true, description: 'Whether it can be asked for; others are hidden.' }),
    sortOrder: SortOrder,
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Category')

export const CategoryPage = pageOf(Category, 'CategoryPage')

export const CategoryFilters = z.object({
  ...pageQuery,
  parentId: Id.optional().openapi({ description: 'Only the children of this category.' }),
  topLevel: queryBoolean()
    .optional()
    .openapi({ description: 'True: only categories without a parent.', example: true }),
})

export const CreateCategory = z
  .strictObject({
    slug: Slug,
    nameEn: CategoryName,
    nameAr: CategoryName.nullable().optional(),
    parentId: Id.nullable().optional(),
    iconUrl: IconUrl.nullable().optional(),
    active: z.boolean().optional(),
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
