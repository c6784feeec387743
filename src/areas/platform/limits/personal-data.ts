import { exported, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { claims } from '../../../db/schema/platform/limits.ts'

export const personalData: PersonalTable[] = [
  personalTable(claims, {
    of: ownedBy(claims.subject),
    erasure: 'delete',
    columns: { limitId: exported },
  }),
]
