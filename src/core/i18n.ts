import { type Locale, locales } from './context.ts'
import { lazy } from './lazy.ts'
import { type ProblemCode, problems } from './problems.ts'

const messageFormat = lazy(() => import('intl-messageformat'))

const defaultLocale: Locale = 'en'

/** A tag of `Accept-Language`: `*` where anything will do, and the country if it names one. */
export interface AcceptedLanguage {
  language: string
  /** ISO 3166-1 alpha-2, or what looks like it. */
  region: string | null
}

/** Parses the languages that the caller reads, best first (RFC 9110). */
export function acceptedLanguages(header: string | null | undefined): AcceptedLanguage[] {
  const tags = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
      const [language = '', ...subtags] = range.trim().split('-')
      const region = subtags.find((subtag) => /^[a-z]{2}$/.test(subtag))?.toUpperCase() ?? null
      return { language, region, quality: qualityOf(parameters) }
    })
  return tags
    .filter(({ language, quality }) => language !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ language, region }) => ({ language, region }))
}

export const speaks = (language: string): language is Locale => locales.some((one) => one === language)

/** The acceptable language of highest quality among those that are offered, `ar-EG` counting as `ar`. */
export function negotiate<L extends string>(
  acceptLanguage: string | null | undefined,
  offered: readonly L[],
  otherwise: L,
): L {
  for (const { language } of acceptedLanguages(acceptLanguage)) {
    if (language === '*') return otherwise
    const known = offered.find((one) => one === language)
    if (known) return known
  }
  return otherwise
}

export const negotiateLocale = (acceptLanguage: string | null | undefined): Locale =>
  negotiate(acceptLanguage, locales, defaultLocale)

function qualityOf(parameters: string[]): number {
  const parameter = parameters.map((text) => text.trim()).find((text) => text.startsWith('q='))
  if (!parameter) return 1
  const quality = Number(parameter.slice(2))
  return quality >= 0 && quality <= 1 ? quality : 0
}

export type MessageValues = Record<string, string | number | boolean | undefined>

/** ICU MessageFormat. The formatter is loaded when the first text with a placeholder is asked for. */
export async function formatMessage(
  text: string,
  locale: Locale,
  values: MessageValues = {},
): Promise<string> {
  if (!text.includes('{')) return text
  const { IntlMessageFormat } = await messageFormat()
  try {
    return String(new IntlMessageFormat(text, locale).format(values))
  } catch {
    // A refusal must not become a 500 because a value of its sentence is missing.
    return text
  }
}

/** An instant as a person reads it, in their language and zone. */
export function formatTime(at: string, locale: Locale, timezone: string): string {
  const language = locale === 'ar' ? 'ar-EG' : 'en-GB'
  const format = { dateStyle: 'long', timeStyle: 'long', timeZone: timezone } as const
  return new Intl.DateTimeFormat(language, format).format(new Date(at))
}

export async function problemText(
  code: ProblemCode,
  locale: Locale,
  values: MessageValues = {},
): Promise<{ title: string; detail: string }> {
  const { title, detail } = problems[code]
  return { title: title[locale], detail: await formatMessage(detail[locale], locale, values) }
}
