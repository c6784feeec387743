import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import { type LanguageRow, proficiencies, type SpokenLanguageRow } from './languages.ts'

const LanguageCode = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/, valueTexts.languageTag)
  .openapi({ example: 'ar', description: 'Language tag (BCP 47).' })

const name = z.string().trim().min(1).max(80).openapi({ example: 'Arabic', description: 'English name.' })
const nativeName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .openapi({ example: 'العربية', description: 'Name in the language itself.' })

const isActive = z.boolean().openapi({
  example: true,
  description: 'Whether users can list the language as spoken. Those who did already keep it.',
})
const sortOrder = z
  .int()
  .min(0)
  .max(1_000_000)
  .openapi({ example: 1, description: 'Position in the list, ascending.' })

export const LanguageParams = z.object({ languageCode: LanguageCode.openapi({ example: 'wo' }) })

export const Language = z
  .object({
    code: LanguageCode,
    name,
    nativeName,
    isActive,
    isDefault: z.boolean().openapi({
      example: false,
      description:
        'Whether names and descriptions of the catalog are shown in this language where they lack that of the reader, or the reader names none.',
    }),
    sortOrder,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Language', { description: 'A language that users can list as spoken.' })

export const LanguagePage = pageOf(Language, 'LanguagePage')

export const LanguageFilters = z.object({
  ...pageQuery,
  active: queryBoolean().optional().openapi({
    example: true,
    description: 'Active languages, or, if false, the inactive ones. Default: true.',
  }),
})

const changes = {
  name,
  nativeName,
  isActive: isActive.optional(),
  isDefault: z.literal(true).optional().openapi({
    example: true,
    description:
      'Takes the place of the default language, in which the catalog is shown where it lacks the language of the reader. There is always one: it ends when another takes its place.',
  }),
  sortOrder: sortOrder.optional(),
}

export const CreateLanguage = z.strictObject({ code: LanguageCode, ...changes }).openapi('CreateLanguage', {
  example: { code: 'wo', name: 'Wolof', nativeName: 'Wolof', sortOrder: 50 },
})

export const UpdateLanguage = z
  .strictObject(changes)
  .partial()
  .openapi('UpdateLanguage', { example: { nativeName: 'Wolof làkk', sortOrder: 51 } })

const Proficiency = z.enum(proficiencies).openapi({ example: 'native', description: 'Level of proficiency.' })

export const SpokenLanguage = z
  .object({ code: LanguageCode, proficiency: Proficiency, name, nativeName })
  .openapi('SpokenLanguage', { description: 'A language that the user speaks.' })

export const SpokenLanguagePage = pageOf(SpokenLanguage, 'SpokenLanguagePage')

export const SetLanguages = z
  .strictObject({
    languages: z
      .array(z.strictObject({ code: LanguageCode, proficiency: Proficiency }).openapi('LanguageSpoken'))
      .max(20)
      .refine((list) => new Set(list.map(({ code }) => code)).size === list.length, valueTexts.eachOnce)
      .openapi({ description: 'Replaces the current list.' }),
  })
  .openapi('SetLanguages', {
    example: {
      languages: [
        { code: 'ar', proficiency: 'native' },
        { code: 'en', proficiency: 'fluent' },
      ],
    },
  })

export const SpokenLanguages = z.object({ data: z.array(SpokenLanguage) }).openapi('SpokenLanguages')

export const toLanguage = (row: LanguageRow): z.infer<typeof Language> => row

export const toSpokenLanguage = (row: SpokenLanguageRow): z.infer<typeof SpokenLanguage> => row
