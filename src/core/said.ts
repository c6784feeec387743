import type { Locale } from './context.ts'

/** Texts about single values, in every language: found by their English text, which is what a schema carries. */
const known = new Map<string, Record<Locale, string>>()

/** For a schema or a refusal: `z.string().regex(…, said({ en: 'must be …', ar: '…' }))`. */
export function said(texts: Record<Locale, string>): string {
  known.set(texts.en, texts)
  return texts.en
}

/** The same in another language; as it is, where nobody has said it in that one. */
export const inLanguage = (english: string, locale: Locale): string => known.get(english)?.[locale] ?? english

export const isSaid = (english: string): boolean => known.has(english)
