import { kept, keptHidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { reconciliationItems, reconciliations } from '../../../db/schema/money/reconciliation.ts'

export const personalData: PersonalTable[] = [
  personalTable(reconciliations, {
    of: ownedBy(reconciliations.requestedBy),
    isExported: false,
    erasure: 'keep',
    why: 'books',
    columns: { gateway: kept, sums: keptHidden, failure: keptHidden },
  }),
  personalTable(reconciliationItems, {
    of: ownedBy(reconciliationItems.resolvedBy),
    isExported: false,
    erasure: 'keep',
    why: 'books',
    columns: {
      gatewayReference: kept,
      reference: kept,
      currency: kept,
      documentType: kept,
      note: { exported: false, erased: 'null' },
    },
  }),
]
