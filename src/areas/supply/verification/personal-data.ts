import { exported, hidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { userVerifications } from '../../../db/schema/supply/verification.ts'

export const personalData: PersonalTable[] = [
  personalTable(userVerifications, {
    of: ownedBy(userVerifications.userId),
    erasure: 'delete',
    columns: {
      nationalIdHash: hidden,
      nationalIdLast4: exported,
      documentType: exported,
      documentCountry: exported,
      reviewedBy: hidden,
      rejectionReason: exported,
    },
  }),
]
