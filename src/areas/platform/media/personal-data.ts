import { exported, hidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { mediaFiles } from '../../../db/schema/platform/media.ts'

export const personalData: PersonalTable[] = [
  personalTable(mediaFiles, {
    of: ownedBy(mediaFiles.userId),
    erasure: 'delete',
    columns: {
      kind: exported,
      mimeType: exported,
      storageUrl: hidden,
      storageKey: hidden,
      contentHash: exported,
      metadata: exported,
    },
  }),
]
