import { negotiate } from './i18n.ts'

/** Languages of names and descriptions that staff write. Our own texts are in `locales` only. */
export const contentLocales = ['ar', 'en', 'ru', 'ky', 'hi'] as const
export type ContentLocale = (typeof contentLocales)[number]

export type Translations = { [L in ContentLocale]?: string | undefined }
/** Every name exists in the two languages that others fall back to. */
export type Names = Translations & { en: string; ar: string }

export const negotiateContentLocale = (acceptLanguage: string | null | undefined): ContentLocale =>
  negotiate(acceptLanguage, contentLocales, 'en')

export const nameIn = (locale: ContentLocale, names: Names): string => names[locale] ?? names.en

/** The text in the reader's language, else in English, else in Arabic. */
export const textIn = (locale: ContentLocale, texts: Translations): string | null =>
  texts[locale] ?? texts.en ?? texts.ar ?? null
