import { benchCities } from '../directory/scene.ts'
import type { Shape } from '../questions.ts'

const goal = 20

type Parameters = Record<string, string | number>

/** Questions that people ask who look for work. */
export function jobShapesOf(calls: number): Shape[] {
  const asked = (what: string, path: string, parameters: (index: number) => Parameters): Shape => ({
    what,
    goal,
    calls: Array.from({ length: calls }, (_, index) => ({
      method: 'GET',
      path: `${path}?${new URLSearchParams(Object.entries(parameters(index)).map(([name, value]) => [name, String(value)]))}`,
    })),
  })
  const search = (like: string, parameters: (index: number) => Parameters): Shape =>
    asked(`jobPostings.search: ${like}`, '/v1/job-postings', parameters)
  const facets = (like: string, parameters: (index: number) => Parameters): Shape =>
    asked(`jobPostings.getFacets: ${like}`, '/v1/job-posting-facets', parameters)
  return [
    search('the newest of all', () => ({})),
    search('a city', cityAt),
    search('near a place', placeAt),
    search('near a place, few match', (index) => ({
      ...placeAt(index),
      radiusKm: 1,
      employmentType: 'contract',
    })),
    search('a type and a mode', () => ({ employmentType: 'part_time', workMode: 'hybrid' })),
    search('remote', () => ({ remote: 'true' })),
    search('a salary', () => ({ currency: 'EGP', minSalaryAmount: 5_000_000 })),
    search('a salary that few pay', () => ({ currency: 'EGP', minSalaryAmount: 8_980_000 })),
    search('a word', () => ({ q: 'plumber' })),
    search('a word that all have', () => ({ q: 'training' })),
    search('a rare word', (index) => ({ q: `"team ${1 + index * 37}"` })),
    search('a word in a city', (index) => ({ q: 'welder', ...cityAt(index) })),
    search('a word near a place', (index) => ({ q: 'welder', ...placeAt(index) })),
    facets('all', () => ({})),
    facets('a city', cityAt),
    facets('near a place', placeAt),
    facets('a word', () => ({ q: 'plumber' })),
  ]
}

const at = (index: number) => benchCities[index % benchCities.length]

const cityAt = (index: number): Parameters => ({ city: at(index)?.city ?? '' })

const placeAt = (index: number): Parameters => ({
  lat: ((at(index)?.lat ?? 0) + ((index % 7) - 3) * 0.02).toFixed(4),
  lng: ((at(index)?.lng ?? 0) + ((index % 11) - 5) * 0.02).toFixed(4),
})
