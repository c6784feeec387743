import {
  exported,
  keptHidden,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import {
  requirementSubmissions,
  requirements,
  requirementWaivers,
} from '../../../db/schema/supply/requirements.ts'

export const personalData: PersonalTable[] = [
  personalTable(requirements, {
    isExported: false,
    erasure: 'keep',
    why: 'it says what is asked of everybody',
    columns: {
      kind: keptHidden,
      roleKey: keptHidden,
      country: keptHidden,
      documentType: keptHidden,
      names: keptHidden,
      descriptions: keptHidden,
    },
  }),
  personalTable(requirementSubmissions, {
    of: ownedBy(requirementSubmissions.userId),
    erasure: 'delete',
    columns: { subjectKind: exported },
  }),
  personalTable(requirementWaivers, {
    of: ownedBy(requirementWaivers.subjectId),
    erasure: 'delete',
    columns: { reason: exported, subjectKind: exported },
  }),
]
