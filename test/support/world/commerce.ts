import { aDiscount, aPackage, aTax } from '../commerce.ts'
import type { World } from './object.ts'
import { anAccount } from './people.ts'

/** Packages, and rules of their prices. */
export const commerce: World = {
  discountRuleId: async () => ({ params: { discountRuleId: (await aDiscount()).id }, parties: [] }),
  taxRuleId: async () => ({ params: { taxRuleId: (await aTax()).id }, parties: [] }),
  'taxProfiles.setStatus': async () => anAccount(),
  packageId: async () => ({ params: { packageId: (await aPackage()).id }, parties: [] }),
}
