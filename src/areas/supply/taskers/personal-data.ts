import { exported, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  taskerAvailabilityBlocks,
  taskerCategories,
  taskerProfiles,
  taskerServiceAreas,
  taskerSkills,
} from '../../../db/schema/supply/taskers.ts'

export const personalData: PersonalTable[] = [
  personalTable(taskerAvailabilityBlocks, {
    of: ownedBy(taskerAvailabilityBlocks.taskerId),
    erasure: 'delete',
    columns: {
      kind: exported,
    },
  }),
  personalTable(taskerCategories, {
    of: ownedBy(taskerCategories.taskerId),
    erasure: 'delete',
    columns: {
      category: exported,
    },
  }),
  personalTable(taskerSkills, {
    of: ownedBy(taskerSkills.taskerId),
    erasure: 'delete',
    columns: {
      skill: exported,
    },
  }),
  personalTable(taskerServiceAreas, {
    of: ownedBy(taskerServiceAreas.taskerId),
    erasure: 'delete',
  }),
  personalTable(taskerProfiles, {
    of: ownedBy(taskerProfiles.userId),
    erasure: 'delete',
    columns: {
      bio: exported,
      ratingAvg: exported,
      ratingRank: exported,
      acceptanceRate: exported,
      completionRate: exported,
      hourlyRateCurrency: exported,
    },
  }),
]
