import { negotiateTextLocales, type TextLocales } from '../core/translations.ts'
import type { Call } from './app-env.ts'

/** Returns the languages in which the answer shows texts of the catalog; the answer and its ETag name them. */
export function textLocalesOf(c: Call, defaultLanguage: string): TextLocales {
  const locales = negotiateTextLocales(c.req.header('accept-language'), defaultLanguage)
  c.set('textLocales', locales)
  return locales
}

export const answerLocaleOf = (c: Call): string => c.get('textLocales')?.locale ?? c.get('locale')

/** All that decides in which language the texts of the answer are: the fallback too, where it is another. */
export function representationOf(c: Call): string {
  const locales = c.get('textLocales')
  if (!locales) return c.get('locale')
  const { locale, fallback } = locales
  return locale === fallback ? locale : `${locale}-${fallback}`
}
