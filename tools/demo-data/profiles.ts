import { servedCountries } from '../../src/core/countries.ts'
import type { DemoLocale } from './names.ts'
import { type DemoPerson, demoClients, demoFixedTaskers, demoPeople } from './people.ts'
import { demoCity } from './places.ts'
import { DEMO_EPOCH_MS, demoUuid, seededRandom } from './random.ts'

/** Data that the demo people have given about themselves beside their trade. */

/** Account settings of every person, by id. */
export const demoAccounts = demoPeople.map(({ id, country, city }) => ({
  id,
  timezone: servedCountries[country].timezone,
  currency: demoCity(city).currency,
}))

/** Their own language, and for half of them the English that they get by with. */
export const demoSpokenLanguages = demoPeople.flatMap(({ id, phone, locale }) => {
  const native = languageOf(locale)
  const speaksEnglish = native !== 'en' && seededRandom(`languages:${phone}`)() < 0.5
  return [
    { userId: id, code: native, proficiency: 'native' },
    ...(speaksEnglish ? [{ userId: id, code: 'en', proficiency: 'conversational' }] : []),
  ]
})

function languageOf(locale: DemoLocale): string {
  const [language = 'en'] = locale.split('-')
  return language
}

const streets = ['Market Street', 'Garden Street', 'Station Road', 'School Lane', 'Mosque Street'] as const

/** Every client is at home somewhere. */
export const demoAddresses = demoClients.map((client: DemoPerson) => {
  const random = seededRandom(`address:${client.phone}`)
  const street = streets[Math.floor(random() * streets.length)]
  return {
    id: demoUuid(`address:${client.phone}`, DEMO_EPOCH_MS),
    userId: client.id,
    label: 'Home',
    address: `${1 + Math.floor(random() * 90)} ${street}`,
    city: client.city,
    district: client.district,
    country: client.country,
    lat: client.lat,
    lng: client.lng,
  }
})

/** The fixed client would have the first two of the fixed taskers again. */
export const demoFavourites = demoFixedTaskers.slice(0, 2).map((tasker) => ({
  id: demoUuid(`favourite:${tasker.phone}`, DEMO_EPOCH_MS),
  clientId: demoClients[0]?.id,
  taskerId: tasker.id,
}))
