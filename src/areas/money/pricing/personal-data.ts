import { kept, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { pricingBands } from '../../../db/schema/money/pricing.ts'

export const personalData: PersonalTable[] = [
  personalTable(pricingBands, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      city: kept,
      currency: kept,
      validDuring: kept,
    },
  }),
]
