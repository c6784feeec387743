import { type ContentLocale, negotiateContentLocale } from '../core/translations.ts'
import type { Call } from './app-env.ts'

/** Returns the language in which the answer shows texts of the catalog; the answer and its ETag name it. */
export function contentLocaleOf(c: Call): ContentLocale {
  const locale = negotiateContentLocale(c.req.header('accept-language'))
  c.set('contentLocale', locale)
  return locale
}

export const answerLocaleOf = (c: Call): string => c.get('contentLocale') ?? c.get('locale')
