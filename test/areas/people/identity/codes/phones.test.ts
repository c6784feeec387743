import fc from 'fast-check'
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, it } from 'vitest'
import { networkOf, toMobileNumber } from '../../../../../src/areas/people/identity/codes/counted.ts'

const digits = (count: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count })
    .map((list) => list.join(''))

/** Mobile ranges of the five countries. */
const mobile = fc
  .oneof(
    fc.tuple(fc.constantFrom('+2010', '+2011', '+2012', '+2015'), digits(8)),
    fc.tuple(fc.constantFrom('+234803', '+234806', '+234903'), digits(7)),
    fc.tuple(fc.constantFrom('+996555', '+996700', '+996770'), digits(6)),
    fc.tuple(fc.constantFrom('+9198450', '+9199000'), digits(5)),
    fc.tuple(fc.constantFrom('+23324', '+23320', '+23354'), digits(7)),
  )
  .map((parts) => parts.join(''))

describe('a mobile number', () => {
  it('is unchanged in E.164, and normalized from any spacing', async () => {
    const spacing = fc.array(fc.constantFrom('', ' ', '-', '.', ' (', ') '), { minLength: 16, maxLength: 16 })
    await fc.assert(
      fc.asyncProperty(mobile, spacing, async (phone, separators) => {
        expect(await toMobileNumber(phone)).toBe(phone)
        const spaced = [...phone]
          .map((character, at) => character + (at < 3 ? '' : separators[at]))
          .join('')
          .trim()
        expect(await toMobileNumber(spaced)).toBe(phone)
      }),
    )
  })

  it('is normalized to E.164, and unchanged when normalized again', async () => {
    const near = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom('+', '00', ''), fc.nat()).map((parts) => parts.join('')),
      mobile,
    )
    await fc.assert(
      fc.asyncProperty(near, async (text) => {
        const phone = await toMobileNumber(text).catch((error: { code: string }) => {
          expect(error.code).toBe('invalid_phone')
          return null
        })
        if (phone === null) return
        expect(phone).toMatch(/^\+[1-9][0-9]{6,14}$/)
        expect(await toMobileNumber(phone)).toBe(phone)
      }),
      { numRuns: 500 },
    )
  })
})

describe('codes are sent to mobile numbers of countries only', () => {
  const outcomeOf = (text: string) => toMobileNumber(text).catch((error: { code: string }) => error.code)

  it.each([
    ['free, of no country', '+80012345678'],
    ['shared cost, of no country', '+80812345678'],
    ['Inmarsat', '+870773111632'],
    ['personal, of no country', '+878101234567890'],
    ['Iridium', '+881612345678'],
    ['Thuraya', '+882161234567'],
    ['an international network', '+883510012345678'],
    ['disaster relief', '+88812345678901'],
    ['international premium', '+979123456789'],
    ['Ascension', '+24740123'],
    ['Tristan da Cunha', '+2908123'],
    ['a landline', '+20225735555'],
    ['premium rate', '+19005550123'],
    ['free', '+18005550123'],
    ['a personal number', '+447012345678'],
    ['a pager', '+4916412345'],
  ])('not to %s: %s', async (_, phone) => {
    expect(await outcomeOf(phone)).toBe('invalid_phone')
  })

  it.each([
    '+4915123456789',
    '+12025550123',
    '+971501234567',
    '+966501234567',
    '+447400123456',
    '+38344123456',
  ])('to %s, where people of ours live', async (phone) => {
    expect(await outcomeOf(phone)).toBe(phone)
  })

  it('agrees with libphonenumber’s full metadata', async () => {
    const callingCodes = getCountries().map((country) => getCountryCallingCode(country))
    const nonGeographic = ['800', '808', '870', '878', '881', '882', '883', '888', '979']
    const anyNumber = fc
      .tuple(
        fc.constantFrom(...new Set([...callingCodes, ...nonGeographic])),
        fc.integer({ min: 6, max: 11 }).chain(digits),
      )
      .map((parts) => `+${parts.join('')}`)
    const seen = { passed: 0 }
    await fc.assert(
      fc.asyncProperty(anyNumber, async (text) => {
        if ((await outcomeOf(text)) !== text) return
        seen.passed += 1
        const judged = parsePhoneNumberFromString(text)
        expect([text, judged?.getType()]).toEqual([
          text,
          expect.stringMatching(/^(MOBILE|FIXED_LINE_OR_MOBILE)$/),
        ])
        expect([text, judged?.country]).toEqual([text, expect.any(String)])
      }),
      { numRuns: 5_000 },
    )
    expect(seen.passed).toBeGreaterThan(30)
  })
})

describe('a network', () => {
  it('is an IPv4 address, also where it is written as IPv6', () => {
    expect(networkOf('203.0.113.9')).toBe('203.0.113.9')
    expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(networkOf(null)).toBe('unknown')
  })

  it('is the /64 of an IPv6 address, in whatever spelling', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
    const groups = fc.array(fc.oneof(fc.constant('0'), group), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(groups, groups, (address, other) => {
        const network = `${address.slice(0, 4).join(':')}::/64`
        const neighbour = [...address.slice(0, 4), ...other.slice(4)]
        for (const each of [address, neighbour]) {
          for (const spelling of spellingsOf(each))
            expect([spelling, networkOf(spelling)]).toEqual([spelling, network])
        }
      }),
    )
  })
})

/** In full, padded, in upper case, and with each run of zeros left out once. */
function spellingsOf(groups: string[]): string[] {
  const spellings = [
    groups.join(':'),
    groups.map((group) => group.padStart(4, '0')).join(':'),
    groups.join(':').toUpperCase(),
  ]
  for (let from = 0; from < 8; from += 1) {
    for (let to = from + 1; to <= 8 && groups[to - 1] === '0'; to += 1) {
      spellings.push(`${groups.slice(0, from).join(':')}::${groups.slice(to).join(':')}`)
    }
  }
  return spellings
}
