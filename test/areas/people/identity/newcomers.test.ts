import { exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { countryOf } from '../../../../src/areas/people/identity/codes/counted.ts'
import { randomDigits } from '../../../../src/core/crypto.ts'
import { api, database, signedIn } from '../../../support/api.ts'
import { codeOf as outcome } from '../../../support/work.ts'
import { anAddress, aPhone, fromAddress, passes, requestCode, verify } from './sign-in.ts'
import { anEmail, call, codeOf, goodPassword, type Signed } from './sign-in-methods.ts'

const numberOf = (prefix: string, digits: number) => `${prefix}${randomDigits(digits)}`

async function signUp(phone: string, language?: string) {
  const { code } = await requestCode(phone)
  const answer = await verify(phone, code, {}, language === undefined ? {} : { 'accept-language': language })
  expect([answer.status, answer.headers.get('server-timing')]).toEqual([
    200,
    expect.stringContaining('round-trips=1'),
  ])
  return answer.body
}

const home = { label: 'Home', address: '4 Marina Road', city: 'Lagos' }
const addAddress = (as: Signed, more: object = {}) => call(as, '/v1/me/addresses', { ...home, ...more })

describe('a phone sign-up', () => {
  it.each([
    ['Cairo', '+2012', 8, undefined, 'ar-EG', 'Africa/Cairo', 'EGP', 'EG'],
    ['Cairo', '+2012', 8, 'en', 'en-EG', 'Africa/Cairo', 'EGP', 'EG'],
    ['Lagos', '+234803', 7, 'en', 'en-NG', 'Africa/Lagos', 'NGN', 'NG'],
    ['Lagos', '+234803', 7, 'ar-EG,ar;q=0.9', 'ar-NG', 'Africa/Lagos', 'NGN', 'NG'],
    ['Bishkek', '+996555', 6, 'en-US,en', 'en-KG', 'Asia/Bishkek', 'KGS', 'KG'],
    ['Bishkek', '+996555', 6, 'ru', 'ru-KG', 'Asia/Bishkek', 'KGS', 'KG'],
    ['Bishkek', '+996700', 6, undefined, 'ky-KG', 'Asia/Bishkek', 'KGS', 'KG'],
    ['Bengaluru', '+9198450', 5, 'kn-IN,en;q=0.8', 'kn-IN', 'Asia/Kolkata', 'INR', 'IN'],
    ['Bengaluru', '+9198450', 5, undefined, 'en-IN', 'Asia/Kolkata', 'INR', 'IN'],
    ['Accra', '+23324', 7, 'fr', 'en-GH', 'Africa/Accra', 'GHS', 'GH'],
    ['Riyadh', '+96650', 7, undefined, 'ar-SA', 'Asia/Riyadh', 'EGP', 'SA'],
    ['London', '+447400', 6, undefined, 'en-GB', 'Europe/London', 'EGP', 'GB'],
    ['Toronto', '+1416555', 4, 'en', 'en-CA', 'America/Toronto', 'EGP', 'CA'],
    ['New York', '+1212555', 4, 'en', 'en-US', 'America/New_York', 'EGP', 'US'],
    ['Almaty', '+7701', 7, 'en', 'en-KZ', 'Asia/Almaty', 'EGP', 'KZ'],
    ['Moscow', '+7916', 7, undefined, 'en-RU', 'Europe/Moscow', 'EGP', 'RU'],
  ])(
    'in %s (%s…, %i digits) reading %s begins as %s, %s, %s',
    async (_city, prefix, digits, language, ...begins) => {
      const [locale, timezone, currency, country] = begins
      const { user, accessToken } = await signUp(numberOf(prefix, digits), language)
      expect(user).toMatchObject({ locale, timezone, currency, country })
      const address = await addAddress({ accessToken })
      expect([address.status, address.body.country]).toEqual([201, country])
    },
  )

  it('is not changed by a later sign-in in another language', async () => {
    const phone = numberOf('+234806', 7)
    const first = await signUp(phone, 'en')
    await call(first, '/v1/me', { locale: 'yo-NG', timezone: 'Europe/London', country: 'GB' }, 'PATCH')
    await passes(phone, 700)
    const { user } = await signUp(phone, 'ar')
    expect(user).toMatchObject({ locale: 'yo-NG', timezone: 'Europe/London', currency: 'NGN', country: 'GB' })
  })

  it('has UTC where the database does not know the zone', async () => {
    const [row] = await database().read<{ known: string; unknown: string }>(
      sql`select khidma.zone_or_utc('Africa/Lagos') as known, khidma.zone_or_utc('Africa/Nowhere') as unknown`,
    )
    expect(row).toEqual({ known: 'Africa/Lagos', unknown: 'UTC' })
  })

  it('without a country of the number has no country', async () => {
    expect(await countryOf('+883510000000')).toBeNull()
    expect(await countryOf('+12684641234')).toBe('AG')
  })
})

describe('an e-mail registration', () => {
  const worker = (exports as unknown as { default: Fetcher }).default

  async function registeredFrom(cf: object, language?: string) {
    const headers = {
      'content-type': 'application/json',
      ...fromAddress(anAddress()),
      ...(language !== undefined && { 'accept-language': language }),
    }
    const post = async (path: string, body: object) => {
      const init = { method: 'POST', headers, body: JSON.stringify(body), cf } as RequestInit
      const answer = await worker.fetch(`https://api.test${path}`, init)
      expect(answer.headers.get('server-timing')).toContain('round-trips=1')
      // biome-ignore lint/suspicious/noExplicitAny: as in `api`
      return (await answer.json()) as any
    }
    const { registrationId } = await post('/v1/auth/register', { email: anEmail(), password: goodPassword })
    return post('/v1/auth/register/confirm', { registrationId, code: await codeOf(registrationId) })
  }

  it.each([
    [{ country: 'NG' }, 'en', 'en-NG', 'Africa/Lagos', 'NGN', 'NG'],
    [{ country: 'KG' }, 'en-US', 'en-KG', 'Asia/Bishkek', 'KGS', 'KG'],
    [{ country: 'GH' }, undefined, 'en-GH', 'Africa/Accra', 'GHS', 'GH'],
    [{ country: 'EG' }, undefined, 'ar-EG', 'Africa/Cairo', 'EGP', 'EG'],
    [{ country: 'DE' }, 'de-DE', 'en-DE', 'Europe/Berlin', 'EGP', 'DE'],
    // Tor and what the edge cannot place.
    [{ country: 'T1' }, 'en-IN,en', 'en-IN', 'Asia/Kolkata', 'INR', 'IN'],
    [{ country: 'XX' }, 'ar', 'ar', 'UTC', 'EGP', null],
    [{}, 'ky-KG', 'ky-KG', 'Asia/Bishkek', 'KGS', 'KG'],
    [{}, undefined, 'en', 'UTC', 'EGP', null],
  ])('from %j reading %s begins as %s, %s, %s', async (cf, language, locale, timezone, currency, country) => {
    const { user } = await registeredFrom(cf, language)
    expect(user).toMatchObject({ locale, timezone, currency, country })
  })

  it('without a known country requires one with an address', async () => {
    const person = await registeredFrom({})
    expect(await outcome(addAddress(person))).toBe('422 country_required')
    expect((await addAddress(person, { country: 'GH' })).body.country).toBe('GH')
    await call(person, '/v1/me', { country: 'NG' }, 'PATCH')
    expect((await addAddress(person)).body.country).toBe('NG')
    expect((await addAddress(person, { country: 'KG' })).body.country).toBe('KG')
  })
})

describe('the country of an account', () => {
  it('follows from the locale for old accounts', async () => {
    const as = await signedIn()
    expect((await api('/v1/me', { as })).body).toMatchObject({ locale: 'ar-EG', country: null })
    expect((await addAddress(as)).body.country).toBe('EG')
    await call(as, '/v1/me', { locale: 'en' }, 'PATCH')
    expect(await outcome(addAddress(as))).toBe('422 country_required')
  })

  it.each([
    [{ locale: 'xx-YY' }, '400 invalid_request'],
    [{ locale: 'en-ZZ' }, '400 invalid_request'],
    [{ country: 'XX' }, '400 invalid_request'],
    [{ country: null }, '400 invalid_request'],
    [{ timezone: 'Africa/Kairo' }, '422 unknown_timezone'],
    [{ timezone: 'Africa/Kairo2' }, '400 invalid_request'],
    [{ timezone: 'Mars/1' }, '400 invalid_request'],
    [{ locale: 'gaa-GH', timezone: 'Africa/Accra', country: 'GH' }, '200 ok'],
  ])('takes %j as %s', async (body, expected) => {
    const as = await signedIn()
    const answer = await api('/v1/me', { as, method: 'PATCH', body })
    expect(`${answer.status} ${answer.body.code ?? 'ok'}`).toBe(expected)
  })

  it('is checked by the database as well', async () => {
    const { userId } = await signedIn()
    for (const change of [sql`locale = 'english'`, sql`country = 'Egypt'`, sql`timezone = 'Mars/1'`]) {
      await expect(database().write([sql`update users set ${change} where id = ${userId}`])).rejects.toThrow()
    }
  })
})

it('matches the numbers of the five cities', async () => {
  for (const [prefix, digits, country] of [
    ['+2010', 8, 'EG'],
    ['+234903', 7, 'NG'],
    ['+996770', 6, 'KG'],
    ['+9199000', 5, 'IN'],
    ['+23354', 7, 'GH'],
  ] as const) {
    expect(await countryOf(numberOf(prefix, digits))).toBe(country)
  }
  expect(await countryOf(aPhone())).toBe('EG')
})
