import { kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { entitlements, packages } from '../../../db/schema/commerce/packages.ts'

export const personalData: PersonalTable[] = [
  personalTable(packages, {
    erasure: 'keep',
    why: 'ours',
    columns: { names: kept, descriptions: kept, country: kept, currency: kept },
  }),
  personalTable(entitlements, {
    of: ownedBy(entitlements.ownerId),
    erasure: 'keep',
    why: 'books',
    columns: { documentType: kept },
  }),
]
