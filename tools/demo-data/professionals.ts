import { versionChanges } from '../../src/areas/supply/professions/fields.ts'
import { type Attributes, professionOf } from '../../src/areas/supply/professions/kinds/index.ts'
import type { ContentLocale } from '../../src/core/translations.ts'
import { type DemoTasker, demoFixedTaskers, demoTaskers } from './people.ts'
import { demoPicture } from './pictures.ts'
import type { DemoCityName } from './places.ts'
import { type ProfessionOffer, professionOffers } from './profession-offers.ts'
import { demoUuid, seededRandom } from './random.ts'

/** One professional of each profession in each of five cities, with a service and a portfolio of two pictures. */

const cities: readonly DemoCityName[] = ['Cairo', 'Lagos', 'Bishkek', 'Bengaluru', 'Accra']

export interface DemoPicture {
  mediaId: string
  userId: string
  storageKey: string
  /** The same bytes at each call. */
  bytes(): Uint8Array
}

const picturesOf = (tasker: DemoTasker, profession: string): DemoPicture[] =>
  [1, 2].map((number) => {
    const mediaId = demoUuid(`picture:${tasker.phone}:${number}`)
    return {
      mediaId,
      userId: tasker.id,
      storageKey: `media/${tasker.id}/${mediaId}`,
      bytes: () => demoPicture(`${profession}:${tasker.phone}:${number}`),
    }
  })

/** Rates come in steps that the smallest coin of no city breaks. */
const priced = (tasker: DemoTasker, hours: number) => Math.round((tasker.hourlyRateMinor * hours) / 100) * 100

function professional(offer: ProfessionOffer, tasker: DemoTasker) {
  const { profession } = offer
  const language = tasker.locale.split('-')[0] as ContentLocale
  const kind = professionOf(profession)
  if (!kind) throw new Error(`no profession ${profession}`)
  const attributes: Attributes = {
    profession,
    ...offer.attributes(seededRandom(`profession:${tasker.phone}`)),
    [kind.price.attribute]: { amount: priced(tasker, offer.hours), currency: tasker.currency },
  }
  const id = demoUuid(`role-profile:${tasker.phone}:${profession}`)
  return {
    id,
    userId: tasker.id,
    profession,
    languages: [language],
    area: { lat: tasker.lat, lng: tasker.lng, radiusKm: tasker.radiusKm },
    versionId: demoUuid(`role-profile-version:${tasker.phone}:${profession}`),
    version: versionChanges({
      displayName: tasker.fullName,
      bio: `${kind.labels[language]} · ${offer.service[language]}`,
      location: `${tasker.district}, ${tasker.city}`,
      experienceYears: 2 + Math.floor(seededRandom(`experience:${tasker.phone}`)() * 15),
      attributes,
    }),
    service: {
      id: demoUuid(`service:${tasker.phone}`),
      name: offer.service[language],
      category: offer.category,
      priceType: offer.priceType,
      unitName: offer.unitName ?? null,
      priceMinor: priced(tasker, offer.hours),
      currency: tasker.currency,
      durationMinutes: offer.durationMinutes,
      extra: {
        id: demoUuid(`extra:${tasker.phone}`),
        name: offer.extra.name[language],
        priceMinor: priced(tasker, offer.extra.hours),
        minutes: offer.extra.minutes,
      },
    },
    portfolio: {
      id: demoUuid(`portfolio:${tasker.phone}`),
      title: offer.service[language],
      pictures: picturesOf(tasker, profession),
    },
  }
}

export type DemoProfessional = ReturnType<typeof professional>

const fixed = new Set(demoFixedTaskers.map(({ id }) => id))

export const demoProfessionals: readonly DemoProfessional[] = cities.flatMap((city) => {
  const free = demoTaskers.filter((one) => one.city === city && one.status === 'active' && !fixed.has(one.id))
  return professionOffers.flatMap((offer, index) => {
    const tasker = free[index]
    return tasker ? [professional(offer, tasker)] : []
  })
})

export const demoPictures: readonly DemoPicture[] = demoProfessionals.flatMap(
  ({ portfolio }) => portfolio.pictures,
)
