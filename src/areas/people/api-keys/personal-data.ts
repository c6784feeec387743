import { exported, hidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { apiKeys } from '../../../db/schema/people/api-keys.ts'

export const personalData: PersonalTable[] = [
  personalTable(apiKeys, {
    of: ownedBy(apiKeys.userId),
    erasure: 'delete',
    columns: {
      name: exported,
      prefix: exported,
      keyHash: hidden,
      secretId: hidden,
      scopes: exported,
      previousHash: hidden,
    },
  }),
]
