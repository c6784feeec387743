import { aPackage } from '../commerce.ts'
import type { World } from './object.ts'

/** Things that the platform sells. */
export const commerce: World = {
  packageId: async () => ({ params: { packageId: (await aPackage()).id }, parties: [] }),
}
