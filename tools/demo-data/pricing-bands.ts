import { TOP_CATEGORY_SLUGS, type TopCategorySlug } from './categories.ts'
import { type DemoCityName, type DemoCurrency, demoCities } from './places.ts'
import { type ProfessionCategorySlug, professionBranches } from './profession-categories.ts'

export interface DemoPricingBand {
  category: TopCategorySlug | ProfessionCategorySlug
  city: DemoCityName
  currency: DemoCurrency
  /** Per hour, minor units of `currency`. */
  minAmountMinor: number
  maxAmountMinor: number
}

const MINOR_PER_MAJOR = 100

type Range = readonly [min: number, max: number]

/** Per hour in whole pounds, naira, som, rupees, cedis: what a household pays one skilled person. */
const hourlyMajor: Record<DemoCityName, Record<TopCategorySlug, Range>> = {
  Cairo: {
    plumbing: [150, 400],
    electrical: [150, 400],
    cleaning: [80, 200],
    carpentry: [150, 400],
    painting: [120, 300],
    'ac-repair': [200, 500],
    'appliance-repair': [150, 450],
    moving: [200, 600],
    gardening: [100, 250],
    'pest-control': [250, 600],
    tutoring: [150, 600],
    beauty: [150, 600],
  },
  Giza: {
    plumbing: [140, 380],
    electrical: [140, 380],
    cleaning: [75, 190],
    carpentry: [140, 380],
    painting: [110, 280],
    'ac-repair': [190, 480],
    'appliance-repair': [140, 420],
    moving: [190, 560],
    gardening: [100, 260],
    'pest-control': [230, 560],
    tutoring: [140, 560],
    beauty: [140, 550],
  },
  Lagos: {
    plumbing: [3_000, 8_000],
    electrical: [3_000, 8_000],
    cleaning: [2_000, 5_000],
    carpentry: [3_000, 8_000],
    painting: [2_500, 6_500],
    'ac-repair': [4_000, 10_000],
    'appliance-repair': [3_500, 9_000],
    moving: [5_000, 15_000],
    gardening: [2_000, 5_000],
    'pest-control': [5_000, 14_000],
    tutoring: [3_000, 12_000],
    beauty: [4_000, 15_000],
  },
  Bishkek: {
    plumbing: [500, 1_500],
    electrical: [500, 1_500],
    cleaning: [250, 600],
    carpentry: [500, 1_400],
    painting: [400, 1_000],
    'ac-repair': [700, 1_800],
    'appliance-repair': [500, 1_500],
    moving: [500, 1_400],
    gardening: [300, 700],
    'pest-control': [800, 2_000],
    tutoring: [400, 1_500],
    beauty: [500, 1_800],
  },
  Bengaluru: {
    plumbing: [250, 600],
    electrical: [250, 600],
    cleaning: [150, 350],
    carpentry: [250, 650],
    painting: [200, 450],
    'ac-repair': [350, 800],
    'appliance-repair': [300, 700],
    moving: [400, 1_000],
    gardening: [150, 350],
    'pest-control': [450, 1_100],
    tutoring: [300, 1_200],
    beauty: [350, 1_200],
  },
  Accra: {
    plumbing: [60, 180],
    electrical: [60, 180],
    cleaning: [35, 90],
    carpentry: [60, 170],
    painting: [50, 140],
    'ac-repair': [80, 220],
    'appliance-repair': [70, 200],
    moving: [90, 260],
    gardening: [40, 100],
    'pest-control': [100, 260],
    tutoring: [60, 220],
    beauty: [70, 250],
  },
}

const bandOf = (
  category: DemoPricingBand['category'],
  { city, currency }: { city: DemoCityName; currency: DemoCurrency },
  [min, max]: Range,
): DemoPricingBand => ({
  category,
  city,
  currency,
  minAmountMinor: min * MINOR_PER_MAJOR,
  maxAmountMinor: max * MINOR_PER_MAJOR,
})

/** One band for every top-level category in every city. An hour of a profession costs as much as one of a tutor. */
export const demoPricingBands: readonly DemoPricingBand[] = demoCities.flatMap((place) => [
  ...TOP_CATEGORY_SLUGS.map((category) => bandOf(category, place, hourlyMajor[place.city][category])),
  ...professionBranches.map(([category]) => bandOf(category, place, hourlyMajor[place.city].tutoring)),
])

export function demoPricingBand(category: TopCategorySlug, city: DemoCityName): DemoPricingBand {
  const band = demoPricingBands.find((row) => row.category === category && row.city === city)
  if (!band) throw new Error(`no demo pricing band for ${category} in ${city}`)
  return band
}
