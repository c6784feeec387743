import { describe, expect, it } from 'vitest'
import { locales } from '../../src/core/context.ts'
import { formatMessage, negotiateLocale, problemText } from '../../src/core/i18n.ts'
import { type ProblemCode, problems } from '../../src/core/problems.ts'
import { nameIn, negotiateTextLocales, textIn } from '../../src/core/translations.ts'

it.each([
  [undefined, 'en'],
  ['', 'en'],
  ['ar', 'ar'],
  ['ar-EG', 'ar'],
  ['AR-eg;Q=1', 'ar'],
  ['fr, de', 'en'],
  ['fr, ar;q=0.2', 'ar'],
  ['en;q=0.3, ar;q=0.8', 'ar'],
  ['en, ar', 'en'],
  ['ar;q=0, en;q=0.1', 'en'],
  ['ar;q=0', 'en'],
  ['*', 'en'],
  ['ar;q=0.5, *;q=0.6', 'en'],
  ['ar;q=banana', 'en'],
  [';;,,=', 'en'],
])('Accept-Language %j is read as %s', (header, locale) => {
  expect(negotiateLocale(header)).toBe(locale)
})

it.each([
  ['ky-KG, ru;q=0.8', 'ky'],
  ['de, hi;q=0.3', 'hi'],
  ['ar', 'ar'],
  ['de', 'ru'],
  ['*', 'ru'],
  [undefined, 'ru'],
])('Accept-Language %j shows texts of the catalog in %s, where the default is Russian', (header, locale) => {
  expect(negotiateTextLocales(header, 'ru')).toEqual({ locale, fallback: 'ru' })
})

it('a default language without texts of the catalog leaves English', () => {
  expect(negotiateTextLocales('de', 'pcm')).toEqual({ locale: 'en', fallback: 'en' })
})

it('a text falls back to the default language, then to English, then to Arabic', () => {
  const [kyrgyz, hindi] = [
    { locale: 'ky', fallback: 'ru' },
    { locale: 'hi', fallback: 'en' },
  ] as const
  expect(nameIn(kyrgyz, { en: 'Pipes', ar: 'أنابيب', ky: 'Түтүктөр', ru: 'Трубы' })).toBe('Түтүктөр')
  expect(nameIn(kyrgyz, { en: 'Pipes', ar: 'أنابيب', ru: 'Трубы' })).toBe('Трубы')
  expect(nameIn(kyrgyz, { en: 'Pipes', ar: 'أنابيب' })).toBe('Pipes')
  expect(textIn(kyrgyz, { en: 'Pipes', ru: 'Трубы' })).toBe('Трубы')
  expect(textIn(hindi, { en: 'Pipes', ar: 'أنابيب' })).toBe('Pipes')
  expect(textIn(hindi, { ar: 'أنابيب', ru: 'Трубы' })).toBe('أنابيب')
  expect(textIn(hindi, { ru: 'Трубы' })).toBeNull()
})

describe('the problem catalogue', () => {
  const codes = Object.keys(problems) as ProblemCode[]
  const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\s*[,}]/g)].map(([, name]) => name).sort()

  it.each(codes)('%s is complete in every language', async (code) => {
    const { status, title, detail } = problems[code]
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(Object.keys(title).sort()).toEqual([...locales].sort())
    expect(title.ar).toMatch(/[\u0600-\u06ff]/)
    expect(detail.ar).toMatch(/[\u0600-\u06ff]/)
    expect(placeholders(detail.ar)).toEqual(placeholders(detail.en))
    const values = Object.fromEntries(placeholders(detail.en).map((name) => [name as string, 7]))
    for (const locale of locales) {
      const text = await problemText(code, locale, values)
      expect(text.title).not.toBe('')
      expect(text.detail).not.toMatch(/[{}]/)
    }
  })

  it('renders a text with a missing value', async () => {
    expect(await formatMessage('Wait {seconds} s', 'en')).toBe('Wait {seconds} s')
  })
})
