import { negotiate } from './i18n.ts'

/** Languages of names and descriptions that staff write. Our own texts are in `locales` only. */
export const contentLocales = ['ar', 'en', 'ru', 'ky', 'hi'] as const
export type ContentLocale = (typeof contentLocales)[number]

export type Translations = { [L in ContentLocale]?: string | undefined }
/** Every name exists in these two languages. */
export type Names = Translations & { en: string; ar: string }

/** The language of the reader, and the one in its place where a text lacks it. */
export interface TextLocales {
  locale: ContentLocale
  fallback: ContentLocale
}

/**
 * Returns the languages for a reader. The fallback is the default of the platform (`languages.is_default`), if texts are written in it,
 * else English; readers who name no language of ours get it as well.
 */
export function negotiateTextLocales(
  acceptLanguage: string | null | undefined,
  defaultLanguage: string,
): TextLocales {
  const fallback = contentLocales.find((one) => one === defaultLanguage) ?? 'en'
  return { locale: negotiate(acceptLanguage, contentLocales, fallback), fallback }
}

export const nameIn = ({ locale, fallback }: TextLocales, names: Names): string =>
  names[locale] ?? names[fallback] ?? names.en

/** The text in the reader's language, else in the fallback, else in English, else in Arabic. */
export const textIn = ({ locale, fallback }: TextLocales, texts: Translations): string | null =>
  texts[locale] ?? texts[fallback] ?? texts.en ?? texts.ar ?? null
