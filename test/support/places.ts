import { randomDigits } from '../../src/core/crypto.ts'
import type { Point } from './scenes.ts'

export const tahrir: Point = { lat: 30.0444, lng: 31.2357 }
/** So many kilometres north. */
export const north = (km: number, from = tahrir): Point => ({ lat: from.lat + km / 111.2, lng: from.lng })

/**
 * Returns a place in the South Pacific, far from those of other tests. Matching ranks only the nearest taskers of a category: a
 * test that says who is ranked puts its tasker and its task where no other test has any.
 */
export function aPlace(): Point {
  const fraction = () => Number(randomDigits(6)) / 1_000_000
  return { lat: -50 + 30 * fraction(), lng: -160 + 60 * fraction() }
}
