import { describe, expect, it } from 'vitest'
import { beginningsIn, isCountry, servedCountries } from '../../src/core/countries.ts'
import { isLocale, isTimezone } from '../../src/core/locales.ts'

const begins = (country: string | null, acceptLanguage: string | null = null) => {
  const { locale, timezone, currency } = beginningsIn({ country, acceptLanguage })
  return [locale, timezone, currency]
}

describe('how an account begins', () => {
  it.each([
    ['EG', 'ar-EG', 'Africa/Cairo', 'EGP'],
    ['NG', 'en-NG', 'Africa/Lagos', 'NGN'],
    ['KG', 'ky-KG', 'Asia/Bishkek', 'KGS'],
    ['IN', 'en-IN', 'Asia/Kolkata', 'INR'],
    ['GH', 'en-GH', 'Africa/Accra', 'GHS'],
    // Not served: their zone, their language where we speak it, the neutral currency.
    ['SA', 'ar-SA', 'Asia/Riyadh', 'EGP'],
    ['FR', 'en-FR', 'Europe/Paris', 'EGP'],
    ['US', 'en-US', 'America/New_York', 'EGP'],
    ['RU', 'en-RU', 'Europe/Moscow', 'EGP'],
    ['NP', 'en-NP', 'Asia/Kathmandu', 'EGP'],
    ['BV', 'en-BV', 'UTC', 'EGP'],
    // None of the codes that are assigned.
    ['XX', 'en', 'UTC', 'EGP'],
    ['T1', 'en', 'UTC', 'EGP'],
    [null, 'en', 'UTC', 'EGP'],
  ])('in %s with %s', (country, ...expected) => {
    expect(begins(country)).toEqual(expected)
  })

  it.each([
    ['EG', 'en', 'en-EG'],
    ['NG', 'ar-EG, en;q=0.5', 'ar-NG'],
    ['NG', 'de, fr;q=0.9', 'en-NG'],
    ['KG', 'ru-RU, ru;q=0.9, en;q=0.5', 'ru-KG'],
    ['KG', 'hi', 'ky-KG'],
    ['GH', 'gaa', 'gaa-GH'],
    ['EG', '*', 'ar-EG'],
    ['EG', 'en;q=0, ar', 'ar-EG'],
    [null, 'ar', 'ar'],
    ['EG', ';;,,=', 'ar-EG'],
  ])('in %s for who reads %j in %s', (country, header, locale) => {
    expect(begins(country, header)[0]).toBe(locale)
  })

  it('has values that an update would accept, for every country', () => {
    const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at))
    const all = letters.flatMap((a) => letters.map((b) => a + b)).filter(isCountry)
    expect(all.length).toBe(249)
    for (const country of all) {
      const { locale, timezone, country: home } = beginningsIn({ country, acceptLanguage: null })
      expect([isLocale(locale), isTimezone(timezone), home]).toEqual([true, true, country])
    }
    for (const { languages } of Object.values(servedCountries)) {
      for (const language of languages) expect(isLocale(language)).toBe(true)
    }
  })
})

it.each([
  ['ar-EG', true],
  ['ky', true],
  ['pcm-NG', true],
  ['gaa', true],
  ['zh-Hant-TW', true],
  ['es-419', true],
  ['xx-YY', false],
  ['xx', false],
  ['en-YY', false],
  ['en-ZZ', false],
  ['qqq', false],
  ['en-Abcd', false],
  ['en-999', false],
  ['EN', false],
  ['en-us', false],
  ['en_US', false],
  ['', false],
])('%j is a locale: %s', (tag, is) => {
  expect(isLocale(tag)).toBe(is)
})
