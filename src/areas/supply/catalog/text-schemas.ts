import { z } from '@hono/zod-openapi'

/** Schemas that categories and add-ons share. */

const nameText = z.string().trim().min(1).max(80)
const descriptionText = z.string().trim().min(1).max(1_000)

const inLanguage = <T extends z.ZodType>(text: T) => ({
  ru: text.optional().openapi({ description: 'In Russian.' }),
  ky: text.optional().openapi({ description: 'In Kyrgyz.' }),
  hi: text.optional().openapi({ description: 'In Hindi.' }),
})

export const Names = z
  .strictObject({
    en: nameText.openapi({ description: 'In English.' }),
    ar: nameText.openapi({ description: 'In Arabic.' }),
    ...inLanguage(nameText),
  })
  .openapi('CatalogNames', {
    example: { en: 'Leak repair', ar: 'إصلاح تسريب المياه', ru: 'Устранение протечек' },
    description: 'Name by language. In a language that is absent, the English name is shown.',
  })

export const Descriptions = z
  .strictObject({
    en: descriptionText.optional().openapi({ description: 'In English.' }),
    ar: descriptionText.optional().openapi({ description: 'In Arabic.' }),
    ...inLanguage(descriptionText),
  })
  .openapi('CatalogDescriptions', {
    example: { en: 'Pipes, taps and tanks that lose water.' },
    description:
      'Description by language; `{}`: none. In a language that is absent, the English one is shown, else the Arabic one.',
  })

export const Name = z.string().openapi({
  description:
    'Name in the language of the answer (`Accept-Language`: ar, en, ru, ky or hi), else in the default language, else in English.',
})

export const Description = z.string().nullable().openapi({
  example: 'Pipes, taps and tanks that lose water.',
  description:
    'Description in the language of the answer, else in the default language, English or Arabic; null: none.',
})

export const SortOrder = z
  .int()
  .min(0)
  .max(1_000_000)
  .openapi({ example: 1, description: 'Position among its siblings, ascending.' })

export const IconUrl = z.url().nullable().openapi({
  example: 'https://api.khidma.example/v1/category-icons/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  description: 'Address of the icon, open to everyone and cacheable for ever; null: none.',
})

export const iconUrlOf = (mediaId: string | null, apiOrigin: string): string | null =>
  mediaId && `${apiOrigin}/v1/category-icons/${mediaId}`
