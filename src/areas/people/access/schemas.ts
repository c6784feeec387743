import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { isPermission } from '../../../core/permissions.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, PlannedTime, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { grantActions, ownGrantActions } from './grant-actions.ts'
import type { RoleRow, UserRoleRow } from './rows.ts'

const PermissionName = z
  .string()
  .openapi({ example: 'tasks.read', description: 'Name of the permission: `resource.action`.' })
const KnownPermissions = z
  .array(z.string().max(100).refine(isPermission, valueTexts.knownPermission))
  .max(100)
  .openapi({
    description: 'Replaces the current permissions. Only permissions that you hold yourself can be included.',
    example: ['tasks.read'],
  })

export const PermissionItem = z
  .object({
    name: PermissionName,
    resource: z
      .string()
      .openapi({ example: 'tasks', description: 'Resource that the permission applies to.' }),
    action: z.string().openapi({ example: 'read', description: 'Permitted action.' }),
    description: z
      .string()
      .openapi({ example: 'See all tasks and their candidates', description: 'What the permission allows.' }),
  })
  .openapi('Permission', { description: 'A permission that roles can include.' })
export const PermissionPage = pageOf(PermissionItem, 'PermissionPage')

const audience = z.enum(['internal', 'external']).openapi({
  description: '`internal`: makes its holders staff. `external`: for other users.',
})
const canApproveRequests = z.boolean().openapi({
  description:
    'Whether its holders decide on requests, with the permission to. A designation can say so too.',
})
const canManageSystemSettings = z.boolean().openapi({
  description:
    'Whether its holders change settings (configuration, payment gateways, languages), with the permission to.',
})

const roleFields = {
  displayName: z.string().trim().min(1).max(100).openapi({ description: 'Name for display.' }),
  description: z.string().trim().max(500).nullable().openapi({ description: 'Free text.' }),
  audience,
  departmentId: Id.nullable().openapi({ description: 'Department that the role belongs to. Informational.' }),
  canApproveRequests,
  canManageSystemSettings,
  isActive: z.boolean().openapi({ description: 'An inactive role grants nothing.' }),
}

export const Role = z
  .object({
    id: Id,
    name: z
      .string()
      .openapi({ example: 'dispatcher', description: 'Permanent name, used in role requests.' }),
    displayName: z.string().openapi({ example: 'Dispatcher', description: 'Name for display.' }),
    description: z
      .string()
      .nullable()
      .openapi({ example: 'Assigns tasks and answers the queue.', description: 'Free text.' }),
    audience,
    departmentId: z
      .uuid()
      .nullable()
      .openapi({ description: 'Department that the role belongs to. Informational.' }),
    canApproveRequests,
    canManageSystemSettings,
    isSystemRole: z.boolean().openapi({ example: false, description: 'System roles cannot be changed.' }),
    isActive: z.boolean().openapi({ description: 'An inactive role grants nothing.' }),
    permissions: z
      .array(PermissionName)
      .openapi({ description: 'Names of the permissions that the role includes.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Role', { description: 'A named set of permissions.' })
export const RolePage = pageOf(Role, 'RolePage')
export const toRole = (row: RoleRow): z.infer<typeof Role> => row

export const CreateRole = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z_]{1,49}$/, valueTexts.roleName)
      .openapi({ description: 'Unique, permanent name, used in role requests.' }),
    ...roleFields,
    permissions: KnownPermissions,
  })
  .partial()
  .required({ name: true, displayName: true, permissions: true })
  .openapi('CreateRole', {
    example: { name: 'dispatcher', displayName: 'Dispatcher', permissions: ['tasks.read', 'taskers.read'] },
  })

export const UpdateRole = z
  .strictObject({ ...roleFields, permissions: KnownPermissions })
  .partial()
  .openapi('UpdateRole', { example: { displayName: 'Night dispatcher', permissions: ['tasks.read'] } })

const status = z
  .enum(['pending', 'approved', 'rejected', 'revoked', 'expired'])
  .openapi({ description: '`pending`: requested and not decided yet. `expired`: ended at `expiresAt`.' })

const grantFields = {
  id: Id,
  userId: z.uuid().openapi({ description: 'User who holds or requests the role.' }),
  roleId: z.uuid().openapi({ description: 'Id of the role.' }),
  role: z.string().openapi({ example: 'support', description: 'Name of the role.' }),
  status,
  reason: z.string().nullable().openapi({ description: 'Reason for the request or the grant.' }),
  assignedAt: Timestamp.nullable().openapi({ description: 'Time from which the user held the role.' }),
  decidedAt: Timestamp.nullable().openapi({
    description: 'Time of the decision on the request; null if undecided or granted without a request.',
  }),
  decisionReason: z.string().nullable().openapi({
    example: 'As agreed with the department',
    description: 'Reason for the decision on the request.',
  }),
  endedAt: Timestamp.nullable().openapi({ description: 'Time at which the grant or request ended.' }),
  endReason: z.string().nullable().openapi({ description: 'Reason for the revocation.' }),
  expiresAt: Timestamp.nullable().openapi({
    description: 'Time at which the grant ends automatically; null if it does not expire.',
  }),
  allowedActions: AllowedActions,
  version: Version,
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

export const UserRole = z
  .object({
    ...grantFields,
    assignedBy: z
      .uuid()
      .nullable()
      .openapi({ description: 'User who granted or approved the role; null if the system did.' }),
    decidedBy: z.uuid().nullable().openapi({ description: 'User who decided on the request.' }),
    endedBy: z
      .uuid()
      .nullable()
      .openapi({ description: 'User who revoked or gave back the role; null if it expired.' }),
  })
  .openapi('UserRole', { description: 'A role granted to a user, or requested by one.' })
export const UserRolePage = pageOf(UserRole, 'UserRolePage')

/** As its owner sees it: who among the staff decided stays with staff. */
export const OwnRole = z
  .object(grantFields)
  .openapi('OwnRole', { description: 'A role of the caller, or a request for one.' })
export const OwnRolePage = pageOf(OwnRole, 'OwnRolePage')

const toGrant = (row: UserRoleRow) => ({
  id: row.id,
  userId: row.userId,
  roleId: row.roleId,
  role: row.role,
  status: row.status,
  reason: row.reason,
  assignedAt: row.assignedAt,
  decidedAt: row.decidedAt,
  decisionReason: row.decisionReason,
  endedAt: row.endedAt,
  endReason: row.endReason,
  expiresAt: row.expiresAt,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

export const toUserRole =
  (actor: Actor) =>
  (row: UserRoleRow): z.infer<typeof UserRole> => ({
    ...toGrant(row),
    assignedBy: row.assignedBy,
    decidedBy: row.decidedBy,
    endedBy: row.endedBy,
    allowedActions: grantActions(row, actor),
  })

export const toOwnRole = (row: UserRoleRow): z.infer<typeof OwnRole> => ({
  ...toGrant(row),
  allowedActions: ownGrantActions(row, 'owner'),
})

export const UserRoleFilters = z.object({
  ...pageQuery,
  userId: Id.optional().openapi({ description: 'Only grants and requests of this user.' }),
  roleId: Id.optional().openapi({ description: 'Only grants and requests of this role.' }),
  status: status.optional().openapi({ description: 'Only grants and requests with this status.' }),
})

const RoleReason = Reason.openapi({ example: 'Joins the night shift' })

export const GrantRole = z
  .strictObject({
    userId: Id.openapi({ description: 'User who receives the role.' }),
    roleId: Id.openapi({ description: 'Role to grant.' }),
    expiresAt: PlannedTime.optional().openapi({
      description:
        'Time at which the grant ends, no later than your own grants of its permissions. If omitted, it does not expire.',
    }),
    reason: RoleReason.optional().openapi({ description: 'Recorded with the grant.' }),
  })
  .openapi('GrantRole', {
    example: {
      userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      roleId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
      reason: 'Joins the night shift',
    },
  })

export const RequestRole = z
  .strictObject({
    role: z
      .string()
      .regex(/^[a-z][a-z_]{1,49}$/, valueTexts.roleName)
      .openapi({ description: 'Name of the role, as listed by `GET /v1/roles`.' }),
    reason: RoleReason.openapi({ description: 'Recorded with the request.' }),
  })
  .openapi('RequestRole', { example: { role: 'support', reason: 'I join the night shift' } })

export const DecideRole = z
  .strictObject({
    reason: RoleReason.optional().openapi({ description: 'Recorded with the decision.' }),
    expiresAt: PlannedTime.optional().openapi({
      description: 'Time at which the grant ends. If omitted, it does not expire.',
    }),
  })
  .openapi('DecideRole', { example: { reason: 'As agreed with the department' } })

export const EndRole = z
  .strictObject({ reason: RoleReason.openapi({ description: 'Recorded with the revocation.' }) })
  .openapi('EndRole', { example: { reason: 'Has left the team' } })
