import { kept, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { configEntries } from '../../../db/schema/platform/configuration.ts'

export const personalData: PersonalTable[] = [
  personalTable(configEntries, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      key: kept,
      country: kept,
      city: kept,
      value: kept,
      validDuring: kept,
      reason: kept,
    },
  }),
]
