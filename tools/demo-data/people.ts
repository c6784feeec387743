import { subcategorySlugs, TOP_CATEGORY_SLUGS, type TopCategorySlug } from './categories.ts'
import { type FixedTasker, fixedTaskers, fixedUsers } from './fixed-people.ts'
import { type DemoLocale, demoLocale, demoName, type Gender } from './names.ts'
import {
  type DemoCity,
  type DemoCityName,
  type DemoCountry,
  type DemoCurrency,
  type DemoDistrict,
  demoCity,
} from './places.ts'
import { demoPricingBand } from './pricing-bands.ts'
import { between, DEMO_EPOCH_MS, demoUuid, pick, pickSome, type Random, seededRandom } from './random.ts'
import { demoBio, trades } from './trades.ts'

export type DemoTaskerStatus = 'applied' | 'verified' | 'active' | 'at_risk' | 'suspended'

interface DemoPersonBase {
  /** UUIDv7, the same at every run. */
  id: string
  /** E.164. Valid numbers may be somebody's: nothing may ever be sent to them outside the dev outbox. */
  phone: string
  fullName: string
  locale: DemoLocale
  country: DemoCountry
  city: DemoCityName
  district: string
  lat: number
  lng: number
}

export interface DemoUser extends DemoPersonBase {
  role: 'admin' | 'ops' | 'client'
}

export interface DemoTasker extends DemoPersonBase {
  role: 'tasker'
  status: DemoTaskerStatus
  isVerified: boolean
  /** The main top-level category first, then some of its subcategories, then perhaps a second trade. */
  categories: [TopCategorySlug, ...string[]]
  skills: string[]
  bio: string
  radiusKm: number
  /** 0–5, two decimals; 0 while nobody has rated. */
  ratingAvg: number
  ratingCount: number
  /** 0–1, four decimals at most. */
  acceptanceRate: number
  completionRate: number
  /** Inside the pricing band of the main category in the city. */
  hourlyRateMinor: number
  currency: DemoCurrency
}

export type DemoPerson = DemoUser | DemoTasker

const TASKERS_PER_CITY: Record<DemoCityName, number> = {
  Cairo: 72,
  Giza: 48,
  Lagos: 20,
  Bishkek: 20,
  Bengaluru: 20,
  Accra: 20,
}

const CLIENTS_PER_CITY: Record<DemoCityName, number> = {
  Cairo: 12,
  Giza: 6,
  Lagos: 3,
  Bishkek: 3,
  Bengaluru: 3,
  Accra: 3,
}

const CITY_ORDER = Object.keys(TASKERS_PER_CITY) as DemoCityName[]

/** Rates are quoted in round sums. Every band begins and ends on one, so that rounding stays inside. */
const RATE_STEP_MINOR: Record<DemoCurrency, number> = {
  EGP: 500,
  NGN: 10_000,
  KGS: 1_000,
  INR: 1_000,
  GHS: 500,
}

/** Mobile prefixes and the zeros that bring a four-digit serial to the country's length. */
const PHONE_PREFIXES: Record<DemoCountry, readonly string[]> = {
  EG: ['+20100000', '+20110000', '+20120000', '+20150000'],
  NG: ['+234803000', '+234806000', '+234903000'],
  KG: ['+99655500', '+99670000', '+99677000'],
  IN: ['+91984500', '+91990000'],
  GH: ['+23324000', '+23320000', '+23354000'],
}

// Serials below 1000 belong to the fixed people. A block for each city: one more person in one moves no other.
const FIRST_TASKER_SERIAL = 1_000
const FIRST_CLIENT_SERIAL = 5_000
const SERIALS_PER_CITY = 500

const round = (value: number, digits: number) => Number(value.toFixed(digits))

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('at: empty list')
  return item
}

function personId(phone: string, ordinal: number): string {
  return demoUuid(`user:${phone}`, DEMO_EPOCH_MS + ordinal * 60_000)
}

/** Somewhere within 600 m of the middle, evenly spread over the disc. */
function near(random: Random, { lat, lng }: DemoDistrict): { lat: number; lng: number } {
  const metres = 600 * Math.sqrt(random())
  const angle = 2 * Math.PI * random()
  const metresPerDegree = 111_320
  return {
    lat: round(lat + (metres * Math.sin(angle)) / metresPerDegree, 5),
    lng: round(lng + (metres * Math.cos(angle)) / (metresPerDegree * Math.cos((lat * Math.PI) / 180)), 5),
  }
}

function draftPerson(
  random: Random,
  place: DemoCity,
  district: DemoDistrict,
  serial: number,
  gender: Gender,
  taken: Set<string>,
): DemoPersonBase {
  const { country, city } = place
  const locale = demoLocale(random, country)
  const phone = `${pick(random, PHONE_PREFIXES[country])}${serial}`
  let fullName = demoName(random, country, locale, gender)
  while (taken.has(fullName)) fullName = demoName(random, country, locale, gender)
  taken.add(fullName)
  return {
    id: personId(phone, serial),
    phone,
    fullName,
    locale,
    country,
    city,
    district: district.name,
    ...near(random, district),
  }
}

function statusFrom(chance: number): DemoTaskerStatus {
  if (chance < 0.9) return 'active'
  if (chance < 0.93) return 'at_risk'
  if (chance < 0.96) return 'verified'
  if (chance < 0.985) return 'applied'
  return 'suspended'
}

type Reputation = Pick<DemoTasker, 'ratingAvg' | 'ratingCount' | 'acceptanceRate' | 'completionRate'>

function reputation(random: Random, status: DemoTaskerStatus, experienceYears: number): Reputation {
  if (status === 'applied' || status === 'verified') {
    return { ratingAvg: 0, ratingCount: 0, acceptanceRate: 0, completionRate: 0 }
  }
  const isGood = status === 'active'
  return {
    ratingAvg: round(isGood ? 4 + Math.sqrt(random()) : 2.4 + random(), 2),
    ratingCount: between(random, 4, 20 + experienceYears * 12),
    acceptanceRate: round(isGood ? 0.7 + 0.29 * random() : 0.35 + 0.3 * random(), 4),
    completionRate: round(isGood ? 0.9 + 0.1 * random() : 0.6 + 0.2 * random(), 4),
  }
}

function hourlyRate(
  random: Random,
  trade: TopCategorySlug,
  city: DemoCityName,
  experienceYears: number,
): number {
  const { minAmountMinor, maxAmountMinor, currency } = demoPricingBand(trade, city)
  const share = Math.min(1, (experienceYears / 18) * 0.7 + random() * 0.3)
  const step = RATE_STEP_MINOR[currency]
  return Math.round((minAmountMinor + share * (maxAmountMinor - minAmountMinor)) / step) * step
}

function tasker(place: DemoCity, indexInCity: number, serial: number, taken: Set<string>): DemoTasker {
  const random = seededRandom(`tasker:${serial}`)
  const main = at(TOP_CATEGORY_SLUGS, indexInCity)
  const district = at(place.districts, indexInCity)
  const { femaleShare, related, skills } = trades[main]
  const gender = random() < femaleShare ? 'female' : 'male'
  const person = draftPerson(random, place, district, serial, gender, taken)
  const status = statusFrom(random())
  const experienceYears = between(random, 2, 18)
  const second = related !== undefined && random() < 0.3 ? [related] : []
  return {
    ...person,
    role: 'tasker',
    status,
    isVerified: status !== 'applied',
    categories: [main, ...pickSome(random, subcategorySlugs(main), between(random, 1, 3)), ...second],
    skills: pickSome(random, skills, between(random, 2, 4)),
    bio: demoBio(random, person.locale, main, district, 2025 - experienceYears),
    radiusKm: between(random, 5, 20),
    ...reputation(random, status, experienceYears),
    hourlyRateMinor: hourlyRate(random, main, place.city, experienceYears),
    currency: place.currency,
  }
}

function client(place: DemoCity, indexInCity: number, serial: number, taken: Set<string>): DemoUser {
  const random = seededRandom(`client:${serial}`)
  // A stride keeps the clients of a city from crowding its first districts.
  const district = at(place.districts, indexInCity * 5 + 2)
  const gender = random() < 0.5 ? 'female' : 'male'
  return { ...draftPerson(random, place, district, serial, gender, taken), role: 'client' }
}

function completeFixedTasker(fixed: FixedTasker, index: number): DemoTasker {
  const { otherCategories, sinceYear, skills, ...rest } = fixed
  const { country, currency, districts } = demoCity(fixed.city)
  const district = districts.find(({ name }) => name === fixed.district)
  if (!district) throw new Error(`no demo district ${fixed.district}`)
  return {
    ...rest,
    id: personId(fixed.phone, 20 + index),
    country,
    currency,
    role: 'tasker',
    status: 'active',
    isVerified: true,
    categories: ['plumbing', ...otherCategories],
    skills: [...skills],
    bio: demoBio(seededRandom(fixed.phone), fixed.locale, 'plumbing', district, sinceYear),
  }
}

/** Admin, ops and the first client. */
export const demoFixedUsers: readonly DemoUser[] = fixedUsers.map((user, index) => ({
  ...user,
  id: personId(user.phone, index),
  country: demoCity(user.city).country,
}))

/** +201000000020 … +201000000029, in that order. */
export const demoFixedTaskers: readonly DemoTasker[] = fixedTaskers.map(completeFixedTasker)

/** In each city as many as the table says, the fixed ones among them. */
function spread<T>(
  perCity: Record<DemoCityName, number>,
  fixed: readonly DemoPerson[],
  firstSerial: number,
  make: (place: DemoCity, indexInCity: number, serial: number, taken: Set<string>) => T,
): T[] {
  const taken = new Set(fixed.map(({ fullName }) => fullName))
  return CITY_ORDER.flatMap((name, cityIndex) => {
    const place = demoCity(name)
    const missing = perCity[name] - fixed.filter(({ city }) => city === name).length
    const first = firstSerial + cityIndex * SERIALS_PER_CITY
    return Array.from({ length: missing }, (_, index) => make(place, index, first + index, taken))
  })
}

const fixedClients = demoFixedUsers.filter(({ role }) => role === 'client')

/** 200, the ten fixed ones first. */
export const demoTaskers: readonly DemoTasker[] = [
  ...demoFixedTaskers,
  ...spread(TASKERS_PER_CITY, demoFixedTaskers, FIRST_TASKER_SERIAL, tasker),
]

/** 30, the fixed one first. */
export const demoClients: readonly DemoUser[] = [
  ...fixedClients,
  ...spread(CLIENTS_PER_CITY, fixedClients, FIRST_CLIENT_SERIAL, client),
]

/** Everybody once: admin, ops, clients, taskers. */
export const demoPeople: readonly DemoPerson[] = [
  ...demoFixedUsers.filter(({ role }) => role !== 'client'),
  ...demoClients,
  ...demoTaskers,
]
