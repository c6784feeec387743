import { kept, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { categoryInputs, serviceAddons, taskCategories } from '../../../db/schema/supply/catalog.ts'

export const personalData: PersonalTable[] = [
  personalTable(taskCategories, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      slug: kept,
      names: kept,
      descriptions: kept,
      color: kept,
    },
  }),
  personalTable(serviceAddons, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      names: kept,
      descriptions: kept,
      currency: kept,
    },
  }),
  personalTable(categoryInputs, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      questions: kept,
    },
  }),
]
