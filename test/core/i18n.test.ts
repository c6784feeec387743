import { describe, expect, it } from 'vitest'
import { locales } from '../../src/core/context.ts'
import { formatMessage, negotiateLocale, problemText } from '../../src/core/i18n.ts'
import { type ProblemCode, problems } from '../../src/core/problems.ts'
import { nameIn, negotiateContentLocale, textIn } from '../../src/core/translations.ts'

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
  ['de', 'en'],
  ['*', 'en'],
  [undefined, 'en'],
])('Accept-Language %j shows texts of the catalog in %s', (header, locale) => {
  expect(negotiateContentLocale(header)).toBe(locale)
})

it('a text falls back to English, then to Arabic', () => {
  expect(nameIn('ky', { en: 'Pipes', ar: 'أنابيب', ky: 'Түтүктөр' })).toBe('Түтүктөр')
  expect(nameIn('ky', { en: 'Pipes', ar: 'أنابيب' })).toBe('Pipes')
  expect(textIn('hi', { en: 'Pipes', ar: 'أنابيب' })).toBe('Pipes')
  expect(textIn('hi', { ar: 'أنابيب', ru: 'Трубы' })).toBe('أنابيب')
  expect(textIn('hi', { ru: 'Трубы' })).toBeNull()
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
