import type { DemoLocale } from './names.ts'
import type { DemoCityName } from './places.ts'

/** The people the README, `npm start` and `npm run demo` name by phone. */

export interface FixedUser {
  phone: string
  fullName: string
  role: 'admin' | 'ops' | 'client'
  locale: DemoLocale
  city: DemoCityName
  district: string
  lat: number
  lng: number
}

export interface FixedTasker {
  phone: string
  fullName: string
  locale: DemoLocale
  city: DemoCityName
  district: string
  lat: number
  lng: number
  /** After `plumbing`, which is always the first. */
  otherCategories: readonly string[]
  skills: readonly string[]
  sinceYear: number
  radiusKm: number
  ratingAvg: number
  ratingCount: number
  acceptanceRate: number
  completionRate: number
  hourlyRateMinor: number
}

export const fixedUsers: readonly FixedUser[] = [
  {
    phone: '+201000000001',
    fullName: 'ليلى الشناوي',
    role: 'admin',
    locale: 'ar-EG',
    city: 'Cairo',
    district: 'Heliopolis',
    lat: 30.0911,
    lng: 31.3236,
  },
  {
    phone: '+201000000002',
    fullName: 'Omar Seif',
    role: 'ops',
    locale: 'en',
    city: 'Cairo',
    district: 'Maadi',
    lat: 29.9613,
    lng: 31.2571,
  },
  {
    phone: '+201000000010',
    fullName: 'منى عبد الحميد',
    role: 'client',
    locale: 'ar-EG',
    city: 'Cairo',
    district: 'Downtown',
    lat: 30.0459,
    lng: 31.2384,
  },
]

type Where = readonly [city: DemoCityName, district: string, lat: number, lng: number]
type Record4 = readonly [ratingAvg: number, ratingCount: number, acceptance: number, completion: number]

function fixedTasker(
  lastTwoDigits: number,
  [fullName, locale]: readonly [string, DemoLocale],
  [city, district, lat, lng]: Where,
  [ratingAvg, ratingCount, acceptanceRate, completionRate]: Record4,
  rest: Pick<FixedTasker, 'otherCategories' | 'skills' | 'sinceYear' | 'radiusKm' | 'hourlyRateMinor'>,
): FixedTasker {
  return {
    phone: `+2010000000${lastTwoDigits}`,
    fullName,
    locale,
    city,
    district,
    lat,
    lng,
    ratingAvg,
    ratingCount,
    acceptanceRate,
    completionRate,
    ...rest,
  }
}

const leaks = 'plumbing-leak-repair'
const drains = 'plumbing-drain-unblocking'
const heaters = 'plumbing-water-heater'
const fixtures = 'plumbing-bathroom-fixtures'

/** Active and verified plumbers within 3 km of Tahrir Square, different enough that a ranking shows. */
export const fixedTaskers: readonly FixedTasker[] = [
  fixedTasker(
    20,
    ['محمود السباعي', 'ar-EG'],
    ['Cairo', 'Downtown', 30.0472, 31.2389],
    [4.92, 214, 0.94, 0.985],
    {
      otherCategories: [leaks, drains],
      skills: ['leak detection', 'drain unblocking', 'pipe fitting'],
      sinceYear: 2008,
      radiusKm: 12,
      hourlyRateMinor: 28_000,
    },
  ),
  fixedTasker(
    21,
    ['كريم عبد الله', 'ar-EG'],
    ['Cairo', 'Garden City', 30.0368, 31.2316],
    [4.81, 136, 0.9, 0.97],
    {
      otherCategories: [leaks, fixtures],
      skills: ['leak detection', 'mixer taps'],
      sinceYear: 2013,
      radiusKm: 10,
      hourlyRateMinor: 25_000,
    },
  ),
  fixedTasker(22, ['Hassan Refaat', 'en'], ['Cairo', 'Zamalek', 30.0601, 31.2215], [4.96, 178, 0.83, 0.99], {
    otherCategories: [heaters, fixtures],
    skills: ['water heaters', 'mixer taps', 'water pumps'],
    sinceYear: 2005,
    radiusKm: 9,
    hourlyRateMinor: 36_000,
  }),
  fixedTasker(23, ['سامح جرجس', 'ar-EG'], ['Cairo', 'Abdeen', 30.0431, 31.2462], [4.68, 97, 0.95, 0.955], {
    otherCategories: [leaks, drains, fixtures],
    skills: ['drain unblocking', 'pipe fitting'],
    sinceYear: 2016,
    radiusKm: 10,
    hourlyRateMinor: 21_000,
  }),
  fixedTasker(
    24,
    ['عماد رمضان', 'ar-EG'],
    ['Cairo', 'Sayeda Zeinab', 30.0309, 31.2402],
    [4.55, 63, 0.97, 0.94],
    {
      otherCategories: [drains],
      skills: ['drain unblocking', 'leak detection'],
      sinceYear: 2018,
      radiusKm: 8,
      hourlyRateMinor: 18_000,
    },
  ),
  fixedTasker(25, ['ياسر الجمال', 'ar-EG'], ['Cairo', 'Bulaq', 30.0573, 31.2326], [4.74, 121, 0.88, 0.965], {
    otherCategories: [leaks, 'electrical', 'electrical-lighting'],
    skills: ['pipe fitting', 'water pumps', 'lighting'],
    sinceYear: 2011,
    radiusKm: 12,
    hourlyRateMinor: 24_000,
  }),
  fixedTasker(
    26,
    ['شريف النوبي', 'ar-EG'],
    ['Cairo', 'El Manial', 30.0221, 31.2268],
    [4.87, 152, 0.86, 0.98],
    {
      otherCategories: [heaters, leaks],
      skills: ['water heaters', 'leak detection'],
      sinceYear: 2010,
      radiusKm: 10,
      hourlyRateMinor: 27_500,
    },
  ),
  fixedTasker(27, ['Tarek Lotfy', 'en'], ['Giza', 'Dokki', 30.0391, 31.2131], [4.79, 109, 0.91, 0.972], {
    otherCategories: [leaks, heaters, fixtures],
    skills: ['mixer taps', 'water heaters'],
    sinceYear: 2014,
    radiusKm: 15,
    hourlyRateMinor: 26_000,
  }),
  fixedTasker(28, ['إسلام بدوي', 'ar-EG'], ['Giza', 'Agouza', 30.0531, 31.2128], [4.62, 48, 0.98, 0.95], {
    otherCategories: [drains, fixtures],
    skills: ['drain unblocking', 'mixer taps'],
    sinceYear: 2019,
    radiusKm: 9,
    hourlyRateMinor: 19_000,
  }),
  fixedTasker(
    29,
    ['وليد عبد الستار', 'ar-EG'],
    ['Giza', 'Dokki', 30.0357, 31.2155],
    [4.41, 31, 0.92, 0.925],
    {
      otherCategories: [leaks, 'appliance-repair', 'appliance-repair-washing-machines'],
      skills: ['pipe fitting', 'washing machines'],
      sinceYear: 2020,
      radiusKm: 8,
      hourlyRateMinor: 16_500,
    },
  ),
]
