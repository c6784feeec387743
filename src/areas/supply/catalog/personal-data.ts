import { kept, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { taskCategories } from '../../../db/schema/supply/catalog.ts'

export const personalData: PersonalTable[] = [
  personalTable(taskCategories, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      slug: kept,
      nameEn: kept,
      nameAr: kept,
      iconUrl: kept,
    },
  }),
]
