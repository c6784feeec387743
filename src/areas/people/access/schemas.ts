import { z } from '@hono/zod-openapi'
import { type Actor, userRoles as accountRoles } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { isPermission } from '../../../core/permissions.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, PlannedTime, Timestamp } from '../../../http/schemas.ts'
import { grantMachine, ownGrantMachine, partyToGrant } from './grant-actions.ts'
import type { RoleRow, UserRoleRow, UserRow } from './rows.ts'

const PermissionName = z.string().openapi({ example: 'tasks.read', description: '`resource.action`' })
const KnownPermissions = z
  .array(z.string().max(100).refine(isPermission, valueTexts.knownPermission))
  .max(100)
  .openapi({ description: 'In place of those it had. Only what you hold yourself.', example: ['tasks.read'] })

export const PermissionItem = z
  .object({
    name: PermissionName,
    resource: z.string().openapi({ example: 'tasks' }),
    action: z.string().openapi({ example: 'read' }),
    description: z.string().openapi({ example: 'See all tasks and their candidates' }),
  })
  .openapi('Permission')
export const PermissionPage = pageOf(PermissionItem, 'PermissionPage')

const audience = z.enum(['internal', 'external'])
const roleFields = {
  displayName: z.string().trim().min(1).max(100),
  description: z.string().trim().max(500).nullable(),
  audience,
  departmentId: Id.nullable(),
  canApproveRequests: z.boolean(),
  canManageSystemSettings: z.boolean(),
  isActive: z.boolean(),
}

export const Role = z
  .object({
    id: Id,
    name: z.string().openapi({ example: 'dispatcher' }),
    displayName: z.string().openapi({ example: 'Dispatcher' }),
    description: z.string().nullable(),
    audience,
    departmentId: z.uuid().nullable(),
    canApproveRequests: z.boolean(),
    canManageSystemSettings: z.boolean(),
    isSystemRole: z.boolean().openapi({ example: false, description: 'Such a role cannot be changed.' }),
    isActive: z.boolean().openapi({ description: 'One that is not gives nobody anything.' }),
    permissions: z.array(PermissionName),
    version: z.int(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Role')
export const RolePage = pageOf(Role, 'RolePage')
export const toRole = (row: RoleRow): z.infer<typeof Role> => row

export const CreateRole = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z_]{1,49}$/, valueTexts.roleName),
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

const status = z.enum(['pending', 'approved', 'rejected', 'revoked', 'expired'])
const accountStatus = z.enum(['active', 'suspended', 'closed'])

const grantFields = {
  id: Id,
  userId: z.uuid(),
  roleId: z.uuid(),
  role: z.string().openapi({ example: 'support' }),
  status,
  reason: z.string().nullable().openapi({ description: 'Why it was asked for, or granted.' }),
  assignedAt: Timestamp.nullable().openapi({ description: 'Since when they have it, or had it.' }),
  decidedAt: Timestamp.nullable(),
  decisionReason: z
    .string()
    .nullable()
    .openapi({ description: 'Of a request: why it was approved or rejected.' }),
  endedAt: Timestamp.nullable(),
  endReason: z.string().nullable().openapi({ description: 'Why it was revoked.' }),
  expiresAt: Timestamp.nullable(),
  allowedActions: AllowedActions,
  version: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

export const UserRole = z
  .object({
    ...grantFields,
    assignedBy: z.uuid().nullable().openapi({ description: 'Who granted or approved it; null: the system.' }),
    decidedBy: z.uuid().nullable().openapi({ description: 'Who answered the request.' }),
    endedBy: z
      .uuid()
      .nullable()
      .openapi({ description: 'Who revoked it or gave it back; null: it ran out.' }),
  })
  .openapi('UserRole')
export const UserRolePage = pageOf(UserRole, 'UserRolePage')

/** As its owner sees it: who among the staff decided stays with staff. */
export const OwnRole = z.object(grantFields).openapi('OwnRole')
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
    allowedActions: allowedActions(grantMachine, row.status, partyToGrant(actor, row)),
  })

export const toOwnRole = (row: UserRoleRow): z.infer<typeof OwnRole> => ({
  ...toGrant(row),
  allowedActions: allowedActions(ownGrantMachine, row.status, 'owner'),
})

export const UserRoleFilters = z.object({
  ...pageQuery,
  userId: Id.optional(),
  roleId: Id.optional(),
  status: status.optional(),
})

const Reason = z.string().trim().min(1).max(500).openapi({ example: 'Joins the night shift' })

export const GrantRole = z
  .strictObject({ userId: Id, roleId: Id, expiresAt: PlannedTime.optional(), reason: Reason.optional() })
  .openapi('GrantRole', {
    example: {
      userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      roleId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
      reason: 'Joins the night shift',
    },
  })

export const RequestRole = z
  .strictObject({ role: z.string().regex(/^[a-z][a-z_]{1,49}$/, valueTexts.roleName), reason: Reason })
  .openapi('RequestRole', { example: { role: 'support', reason: 'I join the night shift' } })

export const DecideRole = z
  .strictObject({ reason: Reason.optional(), expiresAt: PlannedTime.optional() })
  .openapi('DecideRole', { example: { reason: 'As agreed with the department' } })

export const EndRole = z
  .strictObject({ reason: Reason })
  .openapi('EndRole', { example: { reason: 'Has left the team' } })

export const User = z
  .object({
    id: Id,
    role: z.enum(accountRoles),
    status: accountStatus,
    phone: z.string().nullable(),
    email: z.string().nullable(),
    username: z.string().nullable(),
    fullName: z.string().nullable(),
    locale: z.string(),
    suspendedAt: Timestamp.nullable().openapi({ description: 'Null of who is not suspended.' }),
    suspendedBy: z.uuid().nullable(),
    suspensionReason: z.string().nullable().openapi({ example: 'Stolen phone, under investigation' }),
    version: z.int(),
    createdAt: Timestamp,
  })
  .openapi('UserAccount')
export const UserPage = pageOf(User, 'UserAccountPage')
export function toUser(row: UserRow): z.infer<typeof User> {
  const { id, role, status, phone, email, username, fullName, locale, version, createdAt } = row
  const { suspendedAt, suspendedBy, suspensionReason } = row
  return {
    id,
    role,
    status,
    phone,
    email,
    username,
    fullName,
    locale,
    suspendedAt,
    suspendedBy,
    suspensionReason,
    version,
    createdAt,
  }
}

export const SignedOut = z
  .object({ sessions: z.int().openapi({ example: 2 }), apiKeys: z.int().openapi({ example: 1 }) })
  .openapi('SignedOut', { description: 'How many have ended.' })

export const UserFilters = z.object({
  ...pageQuery,
  role: z.enum(accountRoles).optional(),
  status: accountStatus.optional(),
  search: z
    .string()
    .trim()
    .min(3)
    .max(100)
    .optional()
    .openapi({ description: 'The beginning of a phone number, e-mail address, user name or name.' }),
})
