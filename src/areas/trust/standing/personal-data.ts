import { exported, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { taskerStandings } from '../../../db/schema/trust/standing.ts'

export const personalData: PersonalTable[] = [
  personalTable(taskerStandings, {
    of: ownedBy(taskerStandings.taskerId),
    erasure: 'delete',
    columns: { brokenRules: exported },
  }),
]
