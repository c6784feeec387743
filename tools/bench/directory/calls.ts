import type { Shape } from '../questions.ts'
import { benchCities } from './scene.ts'

const goal = 20

type Parameters = Record<string, string | number>

/** Questions that people ask a directory. Places lie all over their cities. */
export function shapesOf(calls: number): Shape[] {
  const asked = (what: string, path: string, parameters: (index: number) => Parameters): Shape => ({
    what,
    goal,
    calls: Array.from({ length: calls }, (_, index) => ({
      method: 'GET',
      path: `${path}?${new URLSearchParams(Object.entries(parameters(index)).map(([name, value]) => [name, String(value)]))}`,
    })),
  })
  const search = (like: string, parameters: (index: number) => Parameters) =>
    asked(`directory.search: ${like}`, '/v1/directory/profiles', parameters)
  const facets = (like: string, parameters: (index: number) => Parameters) =>
    asked(`directory.getFacets: ${like}`, '/v1/directory/facets', parameters)
  return [
    search('the best of all', () => ({})),
    search('a profession', (index) => ({ profession: professionAt(index) })),
    search('a profession, a speciality, a language', () => ({
      profession: 'photographer',
      attributes: 'specialties:weddings,studioAvailable:true',
      language: 'ar',
    })),
    search('a profession near a place', (index) => ({ profession: professionAt(index), ...placeAt(index) })),
    search('near a place', placeAt),
    search('near a place, the best first', (index) => ({
      profession: professionAt(index),
      ...placeAt(index),
      sort: 'rating',
    })),
    search('near a place, few match', (index) => ({
      profession: 'developer',
      ...placeAt(index),
      radiusKm: 30,
      minRating: 4.9,
      minExperienceYears: 19,
    })),
    search('a price, the cheapest first', (index) => ({
      profession: professionAt(index),
      currency: benchCities[index % benchCities.length]?.currency ?? '',
      minPriceAmount: 20_000,
      maxPriceAmount: 60_000,
      sort: 'price',
    })),
    search('two words', () => ({ q: 'family portraits' })),
    search('a name', (index) => ({ q: `Portraits by ${(index + 1) * 37}` })),
    search('a word near a place', (index) => ({ q: 'portraits', ...placeAt(index) })),
    facets('a profession', (index) => ({ profession: professionAt(index) })),
    facets('near a place', (index) => ({ profession: professionAt(index), ...placeAt(index) })),
  ]
}

const professions = ['photographer', 'tutor', 'developer', 'fitness_trainer', 'catering_service']
const professionAt = (index: number): string => professions[index % professions.length] ?? ''

/** In each of the cities in turn, within a few kilometres of the middle. */
function placeAt(index: number): Parameters {
  const { lat, lng } = benchCities[index % benchCities.length] ?? { lat: 0, lng: 0 }
  const step = (by: number) => ((index * by) % 17) / 200
  return { lat: (lat + step(5)).toFixed(4), lng: (lng + step(11)).toFixed(4) }
}
