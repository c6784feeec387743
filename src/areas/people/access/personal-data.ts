import {
  exported,
  hidden,
  kept,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import { permissions, rolePermissions, roles, userRoles } from '../../../db/schema/people/access.ts'

export const personalData: PersonalTable[] = [
  personalTable(userRoles, {
    of: ownedBy(userRoles.userId),
    erasure: 'delete',
    columns: {
      reason: exported,
      assignedBy: hidden,
      decidedBy: hidden,
      decisionReason: exported,
      endedBy: hidden,
      endReason: exported,
    },
  }),
  personalTable(roles, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      name: kept,
      displayName: kept,
      description: kept,
    },
  }),
  personalTable(permissions, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      name: kept,
      resource: kept,
      action: kept,
      description: kept,
    },
  }),
  personalTable(rolePermissions, {
    erasure: 'keep',
    why: 'ours',
  }),
]
