import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import parseMin from 'libphonenumber-js'
import { parsePhoneNumberFromString as parseMax } from 'libphonenumber-js/max'
import {
  type DemoCityName,
  type DemoPerson,
  demoCategories,
  demoCities,
  demoCity,
  demoClients,
  demoFixedTaskers,
  demoFixedUsers,
  demoPeople,
  demoPricingBand,
  demoPricingBands,
  demoTaskers,
  TAHRIR_SQUARE,
  TOP_CATEGORY_SLUGS,
} from './index.ts'

/** Changes with any datum: two runs that print the same hold the same data. Nothing depends on its value. */
const fingerprint = createHash('sha256')
  .update(JSON.stringify([demoCities, demoCategories, demoPricingBands, demoPeople]))
  .digest('hex')
  .slice(0, 16)

const boxes: Record<DemoCityName, readonly [south: number, north: number, west: number, east: number]> = {
  Cairo: [29.8, 30.2, 31.2, 31.67],
  Giza: [29.9, 30.13, 30.9, 31.23],
  Lagos: [6.38, 6.7, 3.2, 3.65],
  Bishkek: [42.78, 42.96, 74.48, 74.7],
  Bengaluru: [12.8, 13.15, 77.5, 77.8],
  Accra: [5.52, 5.7, -0.3, -0.05],
}

type Point = { lat: number; lng: number }

function kmBetween(a: Point, b: Point): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const h =
    Math.sin(rad(b.lat - a.lat) / 2) ** 2 +
    Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lng - a.lng) / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(h))
}

function assertUnique(what: string, values: readonly string[]) {
  const seen = new Set<string>()
  for (const value of values) {
    assert(!seen.has(value), `${what} twice: ${value}`)
    seen.add(value)
  }
}

function assertInCity(city: DemoCityName, { lat, lng }: Point, who: string) {
  const [south, north, west, east] = boxes[city]
  assert(lat > south && lat < north && lng > west && lng < east, `${who} is outside ${city}: ${lat}, ${lng}`)
}

function checkPlaces() {
  assertUnique(
    'district',
    demoCities.flatMap(({ city, districts }) => districts.map(({ name }) => `${city}/${name}`)),
  )
  for (const { city, country, districts } of demoCities) {
    for (const district of districts) {
      assertInCity(city, district, district.name)
      if (country === 'EG') assert(district.nameAr, `${district.name} has no Arabic name`)
    }
    assert(districts.length >= 8, `${city} has too few districts`)
  }
  const egyptian = demoCity('Cairo').districts.length + demoCity('Giza').districts.length
  assert(egyptian >= 30)
  return demoCities.map(({ city, districts }) => `${city} ${districts.length}`).join(', ')
}

function checkCategories() {
  const slugs = demoCategories.map(({ slug }) => slug)
  assertUnique('slug', slugs)
  for (const { slug, parent, nameAr } of demoCategories) {
    assert.match(slug, /^[a-z0-9]+(-[a-z0-9]+)*$/)
    assert.match(nameAr, /^[\p{Script=Arabic} ]+$/u, `${slug}: ${nameAr}`)
    if (parent) assert(slugs.indexOf(parent) < slugs.indexOf(slug), `${slug} comes before its parent`)
  }
  for (const top of TOP_CATEGORY_SLUGS) {
    const children = demoCategories.filter(({ parent }) => parent === top).length
    assert(children >= 2 && children <= 4, `${top} has ${children} subcategories`)
  }
  return `${TOP_CATEGORY_SLUGS.length} top-level, ${slugs.length - TOP_CATEGORY_SLUGS.length} below`
}

function checkPricingBands() {
  assertUnique(
    'band',
    demoPricingBands.map(({ category, city }) => `${category}/${city}`),
  )
  for (const { category, city, currency, minAmountMinor, maxAmountMinor } of demoPricingBands) {
    assert(Number.isSafeInteger(minAmountMinor) && Number.isSafeInteger(maxAmountMinor))
    assert(minAmountMinor > 0 && minAmountMinor < maxAmountMinor, `${category} in ${city}`)
    assert.equal(currency, demoCity(city).currency)
  }
  assert.equal(demoPricingBands.length, TOP_CATEGORY_SLUGS.length * demoCities.length)
  return `${demoPricingBands.length}`
}

function checkPerson(person: DemoPerson) {
  for (const parse of [parseMin, parseMax]) {
    const phone = parse(person.phone)
    assert(phone, `${person.phone} does not parse`)
    assert(phone.isValid(), `${person.phone} is not valid`)
    assert.equal(phone.number, person.phone)
    assert.equal(phone.country, person.country)
  }
  assert.equal(parseMax(person.phone)?.getType(), 'MOBILE')
  assert.match(person.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assertInCity(person.city, person, person.fullName)
  const { country, districts } = demoCity(person.city)
  assert.equal(person.country, country)
  const district = districts.find(({ name }) => name === person.district)
  assert(district && kmBetween(district, person) < 1, `${person.fullName} is not in ${person.district}`)
}

function checkTaskers() {
  const slugs = new Set(demoCategories.map(({ slug }) => slug))
  for (const tasker of demoTaskers) {
    assertUnique(`category of ${tasker.phone}`, tasker.categories)
    for (const slug of tasker.categories) assert(slugs.has(slug), `no category ${slug}`)
    assert(tasker.skills.length >= 2 && tasker.bio.length > 20 && tasker.radiusKm > 0)
    const band = demoPricingBand(tasker.categories[0], tasker.city)
    assert.equal(tasker.currency, band.currency)
    assert(Number.isSafeInteger(tasker.hourlyRateMinor))
    assert(tasker.hourlyRateMinor >= band.minAmountMinor && tasker.hourlyRateMinor <= band.maxAmountMinor)
    assert(tasker.ratingAvg >= 0 && tasker.ratingAvg <= 5 && Number.isInteger(tasker.ratingCount))
    for (const rate of [tasker.acceptanceRate, tasker.completionRate]) assert(rate >= 0 && rate <= 1)
  }
  assert.equal(demoTaskers.length, 200)
  const perCity = Object.entries(Object.groupBy(demoTaskers, ({ city }) => city))
  const perStatus = Object.entries(Object.groupBy(demoTaskers, ({ status }) => status))
  return [...perCity, ...perStatus].map(([key, group]) => `${key} ${group?.length}`).join(', ')
}

function checkFixedPeople() {
  assert.deepEqual(
    demoFixedUsers.map(({ role, phone }) => `${role} ${phone}`),
    ['admin +201000000001', 'ops +201000000002', 'client +201000000010'],
  )
  let farthestKm = 0
  for (const [index, tasker] of demoFixedTaskers.entries()) {
    assert.equal(tasker.phone, `+2010000000${20 + index}`)
    assert(tasker.status === 'active' && tasker.isVerified && tasker.radiusKm >= 8)
    assert.equal(tasker.categories[0], 'plumbing')
    farthestKm = Math.max(farthestKm, kmBetween(tasker, TAHRIR_SQUARE))
  }
  assert.equal(demoFixedTaskers.length, 10)
  assert(farthestKm < 3, `a fixed tasker is ${farthestKm} km from Tahrir Square`)
  return `3 users, 10 taskers, farthest ${farthestKm.toFixed(2)} km from Tahrir Square`
}

function checkPeople() {
  for (const person of demoPeople) checkPerson(person)
  assertUnique(
    'phone',
    demoPeople.map(({ phone }) => phone),
  )
  assertUnique(
    'id',
    demoPeople.map(({ id }) => id),
  )
  assert.equal(demoClients.length, 30)
  assert.equal(demoPeople.length, 2 + demoClients.length + demoTaskers.length)
  return `${demoPeople.length} (${demoClients.length} clients)`
}

console.log(`districts      ${checkPlaces()}`)
console.log(`categories     ${checkCategories()}`)
console.log(`pricing bands  ${checkPricingBands()}`)
console.log(`people         ${checkPeople()}`)
console.log(`taskers        ${checkTaskers()}`)
console.log(`fixed people   ${checkFixedPeople()}`)
console.log(`fingerprint    ${fingerprint}`)
