import { exported, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { debtNotices } from '../../../db/schema/money/wallet.ts'

export const personalData: PersonalTable[] = [
  personalTable(debtNotices, {
    of: ownedBy(debtNotices.userId),
    erasure: 'delete',
    columns: { currency: exported },
  }),
]
